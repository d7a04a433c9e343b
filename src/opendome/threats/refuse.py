"""Words for what cannot be flown: places, and who else flies a distance."""

from opendome.catalogue import shipped
from opendome.catalogue.entries import BallisticThreat, GlideThreat

Point = tuple[float, float]


def place_text(point: Point) -> str:
    """A place as it is written in messages."""
    return f"({point[0]:.3f}, {point[1]:.3f})"


def flown_by(distance_km: float) -> str:
    """A hint naming the threats of the shipped catalogue that fly a distance; gliders have no range of their own."""
    able = [name for name, entry in shipped().threats.items() if not isinstance(entry, GlideThreat)
            and (entry.range_min_km.value if isinstance(entry, BallisticThreat) else 0.0) <= distance_km
            <= entry.range_max_km.value]
    return f"\nhint: {distance_km:.0f} km is flown by {', '.join(able)}" if able else ""
