"""Everything a user may write, as frozen models: TOML in and out, JSON Schema, every error of a file at once."""

from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Area, Layer, Observation, Place, Raid, Scenario, Sensor, Site, Wave

__all__ = ["Area", "Layer", "Observation", "Place", "Quantity", "Raid", "Scenario", "Sensor", "Site", "Wave"]
