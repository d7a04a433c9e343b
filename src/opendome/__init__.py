"""OpenDome: an open, end-to-end simulator of a layered missile defence."""

__version__ = "0.1.0"
