"""Recorded, past runs written for others to read: the page that replays them, and other tools."""
