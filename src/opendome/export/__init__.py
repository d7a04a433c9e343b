"""What a study recorded, in formats of other tools: CZML, KML, GeoJSON, CCSDS OEM, CSV, Parquet.

Recorded, past runs only; nothing here is live. `formats.FORMATS` lists them, `write_export` writes one.
"""
