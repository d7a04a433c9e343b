"""The families of threats."""

from typing import Literal

ThreatClass = Literal["ballistic", "cruise", "drone", "glide"]
"""Families that kill probabilities and results are given by."""
