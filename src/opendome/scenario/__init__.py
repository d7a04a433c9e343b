"""Everything a user may write, as frozen models: TOML in and out, JSON Schema, every error of a file at once."""
