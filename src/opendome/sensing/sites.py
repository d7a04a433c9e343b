"""What stands where: a catalogue entry with a name in the scenario, and values that replace some of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opendome.catalogue.entries import InfraredSensor, Radar
from opendome.errors import InputError, nearest


@dataclass(frozen=True)
class RadarSite:
    """One radar of a scenario: a catalogue entry at a place."""

    name: str
    """Name in the scenario; its random draws are addressed by it."""
    entry: Radar
    lat_deg: float
    lon_deg: float
    alt_m: float
    """Ground height above the ellipsoid, which is also the country around (there is no terrain)."""
    azimuth_deg: float = 0.0
    """Where the middle of its sector faces, clockwise from north."""
    values: Mapping[str, float] = field(default_factory=dict)
    """Values that replace those of the entry, by field name (sampled assumptions)."""
    roughness_m: float = 0.0
    """Height over the ellipsoid that trees, buildings and hills fill all round; the antenna stands above it."""

    def value(self, name: str) -> float:
        """The value of a field of the entry, or the one that replaces it."""
        return _value(self.entry, self.values, name)

    @property
    def antenna_alt_m(self) -> float:
        """Height of the antenna over the ellipsoid."""
        return self.alt_m + self.value("antenna_m")


@dataclass(frozen=True)
class InfraredSite:
    """The infrared sensors of one constellation: all of its satellites carry the same one."""

    name: str
    """Name in the scenario; the random draws are addressed by it."""
    entry: InfraredSensor
    values: Mapping[str, float] = field(default_factory=dict)
    """Values that replace those of the entry, by field name (sampled assumptions)."""

    def value(self, name: str) -> float:
        """The value of a field of the entry, or the one that replaces it."""
        return _value(self.entry, self.values, name)


Site = RadarSite | InfraredSite


def _value(entry: Radar | InfraredSensor, values: Mapping[str, float], name: str) -> float:
    return float(values[name]) if name in values else float(getattr(entry, name).value)


def check_names(sites: Sequence[Site]) -> None:
    """Refuse replaced values that the entries do not have."""
    for site in sites:
        known = type(site.entry).model_fields
        for name in site.values:
            if name not in known:
                raise InputError(f"{site.name}.{name}\n  is no value of the kind {site.entry.kind!r}\n"
                                 f"  hint: {nearest(name, known)}")


def check_roughness(sites: Sequence[RadarSite]) -> None:
    """Refuse radars that stand in the roughness around them."""
    for site in sites:
        if 0.0 < site.roughness_m >= site.antenna_alt_m:
            raise InputError(f"{site.name}.roughness_m = {site.roughness_m:g}\n"
                             f"  must be below the antenna, which is at {site.antenna_alt_m:g} m (alt_m + antenna_m)\n"
                             "  hint: put the radar on a hill or a mast (alt_m), or take a lower roughness")
