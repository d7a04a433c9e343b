"""Recorded, past runs written for others to read: the page that replays them, and other tools.

For the page: `page` (Arrow). For other tools: CZML, KML, GeoJSON, CCSDS OEM, CSV, Parquet; `formats.FORMATS` lists them
and `write_export` writes one. Nothing here is live.
"""
