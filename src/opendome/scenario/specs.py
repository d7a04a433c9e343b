"""The models a scenario file is read into. The text under each field is its documentation and its help message."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from opendome.scenario.campaign_specs import Campaign
from opendome.scenario.cost_specs import Programme
from opendome.scenario.quantity import NotNegative, Probability, Quantity, Spec
from opendome.scenario.stock_specs import Stockpile
from opendome.scenario.threat_class import ThreatClass

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Count = Annotated[int, Field(ge=1, le=100_000)]
Weights = Annotated[dict[str, Annotated[float, Field(gt=0)]], Field(min_length=1)]


def _instant(found: Any) -> Any:
    if isinstance(found, datetime) or (isinstance(found, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d", found)):
        return found
    raise ValueError("must be a date with a time of day, for example 2026-02-28T06:00:00Z")


def _in_utc(found: datetime) -> datetime:
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie within the years 1 to 9999 in UTC too") from None


Utc = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc),
                BeforeValidator(_instant)]
Waypoint = Annotated[tuple[Latitude, Longitude], Field(strict=False)]

FORMAT: Literal[1] = 1
"""Version of the scenario format."""


class Place(Spec):
    """Where threats start from."""

    lat_deg: Latitude
    """Geodetic latitude, north positive."""
    lon_deg: Longitude
    """Longitude, east positive."""
    note: str = ""
    """What the place stands for."""


class Area(Spec):
    """A defended area: what comes down inside has leaked."""

    lat_deg: Latitude
    """Geodetic latitude of the centre, north positive."""
    lon_deg: Longitude
    """Longitude of the centre, east positive."""
    radius_km: Annotated[float, Field(gt=0, le=500)]
    """Radius of the defended area."""
    aim_radius_km: Annotated[float, Field(ge=0, le=500)] | None = None
    """Aim points are spread evenly within this radius (half of `radius_km` when left out)."""
    value: Annotated[float, Field(gt=0)] = 1.0
    """Worth of what is defended, relative to the other areas; decides who is engaged first."""
    note: str = ""
    """What the area stands for."""

    @property
    def aim_radius_or_default_km(self) -> float:
        """Radius within which aim points are spread."""
        return 0.5 * self.radius_km if self.aim_radius_km is None else self.aim_radius_km

    @model_validator(mode="after")
    def _aims_inside(self) -> Self:
        if self.aim_radius_km is not None and self.aim_radius_km > self.radius_km:
            raise ValueError(f"aim_radius_km must not exceed radius_km = {self.radius_km:g}")
        return self


class MeanOrbit(Spec):
    """One satellite of a listed constellation, by its mean elements at the start of the first raid."""

    perigee_km: Annotated[float, Field(gt=0, le=400_000)]
    """Lowest altitude, above the equatorial radius."""
    apogee_km: Annotated[float, Field(gt=0, le=400_000)]
    """Highest altitude, above the equatorial radius."""
    inclination_deg: Annotated[float, Field(ge=0, le=180)]
    """Angle of the orbit to the equator."""
    raan_deg: Annotated[float, Field(ge=-360, le=360)] = 0.0
    """Right ascension of the ascending node."""
    argp_deg: Annotated[float, Field(ge=-360, le=360)] = 0.0
    """Argument of perigee."""
    anomaly_deg: Annotated[float, Field(ge=-360, le=360)] = 0.0
    """Mean anomaly."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.perigee_km > self.apogee_km:
            raise ValueError(f"perigee_km must not exceed apogee_km = {self.apogee_km:g}")
        return self


class Constellation(Spec):
    """Satellites that sensors and interceptors of the defence ride on."""

    pattern: Literal["delta", "star", "geostationary", "listed"] = "delta"
    """Walker `delta` (planes all round) or `star` (over half the equator), `geostationary` slots, or `listed`."""
    n_satellites: Count | None = None
    """Satellites of a Walker pattern when all are there."""
    n_planes: Count | None = None
    """Planes of a Walker pattern; must divide `n_satellites` (the divisor nearest to its root when left out)."""
    phasing: Annotated[float, Field(ge=0)] = 1.0
    """How far each next plane is ahead, in units of 360 degrees / `n_satellites`."""
    inclination_deg: Annotated[float, Field(ge=0, le=180)] | None = None
    """Angle of a Walker pattern's orbits to the equator."""
    altitude_km: Annotated[float, Field(gt=0, le=400_000)] | None = None
    """Altitude of a Walker pattern, above the equatorial radius."""
    longitudes_deg: Annotated[list[Longitude], Field(min_length=1)] | None = None
    """Where geostationary satellites stand."""
    satellites: Annotated[list[MeanOrbit], Field(min_length=1)] | None = None
    """The satellites of a listed constellation."""
    deployed: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share that is in orbit: the first whole planes of a Walker pattern, else the first satellites (rounded down)."""
    outage: Probability = Quantity(value=0.0)
    """Share of those in orbit that do not work; each run draws which."""
    note: str = ""
    """What the constellation stands for, and where its numbers are from."""

    @property
    def n_deployed(self) -> int:
        """How many satellites are in orbit, working or not; a Walker pattern without `n_planes` to a plane."""
        listed = self.longitudes_deg or self.satellites or []
        if self.n_satellites is None:
            return int(self.deployed * len(listed) + 1e-9)
        if self.n_planes is None:
            return round(self.deployed * self.n_satellites)
        return int(self.deployed * self.n_planes + 1e-9) * (self.n_satellites // self.n_planes)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        walker = ("n_satellites", "inclination_deg", "altitude_km")
        needed = {"delta": walker, "star": walker, "geostationary": ("longitudes_deg",), "listed": ("satellites",)}
        lacking = [name for name in needed[self.pattern] if getattr(self, name) is None]
        if lacking:
            raise ValueError(f"pattern {self.pattern!r} needs {', '.join(lacking)}")
        own = {"n_planes", *needed[self.pattern]} if self.pattern in ("delta", "star") else set(needed[self.pattern])
        foreign = [name for name in ("n_planes", *walker, "longitudes_deg", "satellites")
                   if name not in own and getattr(self, name) is not None]
        if foreign:
            raise ValueError(f"pattern {self.pattern!r} has no {', '.join(foreign)}")
        if self.n_planes and self.n_satellites and self.n_satellites % self.n_planes:
            raise ValueError(f"n_planes = {self.n_planes} must divide n_satellites = {self.n_satellites}")
        return self


class Sensor(Spec):
    """A sensor of the defence: an entry of the catalogue at a place, or on every satellite of a constellation."""

    type: str
    """Name of a sensor in the catalogue."""
    constellation: str | None = None
    """Constellation that carries it (infrared sensors)."""
    lat_deg: Latitude | None = None
    """Geodetic latitude (ground sensors)."""
    lon_deg: Longitude | None = None
    """Longitude (ground sensors)."""
    alt_m: Annotated[float, Field(ge=-450, le=9000)] = 0.0
    """Height of the ground over the ellipsoid; the catalogue adds the antenna's own."""
    azimuth_deg: Annotated[float, Field(ge=0, lt=360)] = 0.0
    """Where a sector radar faces, clockwise from north."""
    roughness_m: Annotated[float, Field(ge=0, le=3000)] = 0.0
    """Trees, buildings and hills fill the ground all round up to this height over the ellipsoid; what flies lower is
    not seen (radars)."""
    on_station: Probability = Quantity(value=1.0)
    """Chance that it is there, as for a balloon or an aircraft; each run draws whether it is (radars)."""
    note: str = ""
    """What the sensor stands for, and where its position is from."""


class Site(Spec):
    """A battery or firing unit of a layer."""

    lat_deg: Latitude
    """Geodetic latitude."""
    lon_deg: Longitude
    """Longitude."""
    alt_m: Annotated[float, Field(ge=-450, le=9000)] = 0.0
    """Height of the ground over the ellipsoid."""
    launchers: Annotated[int, Field(ge=1, le=1000)]
    """Launchers at the site."""
    stock: NotNegative
    """Rounds at the site at the start, those on the launchers included; none come later."""
    channels: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Targets it engages at the same time (as the catalogue says when left out; for guns, one per mount)."""
    radar: str | None = None
    """Sensor that must hold the target for a shot (its own fire-control radar); left out: any track will do."""
    available_from: Utc | None = None
    """When it is there with its rounds, UTC: raids that start earlier meet a defence without it."""
    note: str = ""
    """What the site stands for, and where its position is from."""


class Layer(Spec):
    """Sites, or the satellites of a constellation, that share an interceptor and a firing doctrine."""

    interceptor: str
    """Name of an interceptor in the catalogue."""
    engages: list[ThreatClass] | None = None
    """Threat classes it fires at (all that the interceptor has a kill probability for, when left out)."""
    doctrine: Literal["shoot-look-shoot", "salvo"] = "shoot-look-shoot"
    """`salvo`: one salvo at each target; `shoot-look-shoot`: again after the assessment, while there is time."""
    salvo: Annotated[int, Field(ge=1, le=16)] = 1
    """Rounds in one salvo."""
    salvo_last: Annotated[int, Field(ge=1, le=16)] | None = None
    """Rounds in a salvo when there is no time to look and fire again (as `salvo` when left out)."""
    shots_max: Annotated[int, Field(ge=1, le=64)] = 4
    """Most rounds that the layer spends on one target."""
    decision_s: NotNegative = Quantity(value=5.0)
    """From a good enough track to the decision to fire."""
    common_mode: Probability | None = None
    """Share of misses whose cause all shots of the layer at one target have in common (default: the interceptor's)."""
    p_decoy_as_threat: Probability = Quantity(value=1.0)
    """Chance that the layer takes a decoy for a warhead and fires at it (the same for all its shots at that decoy)."""
    constellation: str | None = None
    """Constellation that carries its interceptors, instead of sites."""
    sites: dict[str, Site] = {}
    """The layer's sites by name."""
    note: str = ""
    """What the layer stands for."""

    @model_validator(mode="after")
    def _on_the_ground_or_in_orbit(self) -> Self:
        if bool(self.sites) == (self.constellation is not None):
            raise ValueError("a layer has either sites or a constellation")
        return self


class Wave(Spec):
    """Threats of one kind that start within one span of time."""

    threat: str
    """Name of a threat in the catalogue."""
    count: Count
    """How many."""
    from_: Annotated[Weights, Field(alias="from")]
    """Places they start from, with weights."""
    at: Weights
    """Areas they are sent to, with weights."""
    start_min: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    """First start, after the start of the raid."""
    spread_min: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    """Starts are spread evenly over this span."""
    trajectory: Literal["minimum-energy", "lofted", "depressed"] = "minimum-energy"
    """Shape of a ballistic flight."""
    via: Annotated[list[Waypoint], Field(max_length=50)] = []
    """Waypoints on the way, [latitude, longitude] (drones and cruise missiles)."""
    decoys: Annotated[int, Field(ge=0, le=100)] = 0
    """Light decoys that each missile sets free at burnout; the air stops them at 100 km (ballistic missiles)."""


class Raid(Spec):
    """One attack: everything that starts within some hours."""

    start: Utc
    """Start, UTC."""
    waves: Annotated[list[Wave], Field(min_length=1)]
    """What comes."""
    note: str = ""
    """What the raid stands for; what was assumed about it."""


class Observation(Spec):
    """What was reported of one or more raids, to set beside the simulation."""

    raids: Annotated[list[str], Field(min_length=1)]
    """The raids it counts together."""
    threat_class: ThreatClass
    """The threats it counts."""
    launched: Annotated[int, Field(ge=0)]
    """Reported as detected."""
    destroyed: Annotated[int, Field(ge=0)]
    """Reported as destroyed."""
    outside: Annotated[int, Field(ge=0)] | None = None
    """Reported as fallen into the sea or elsewhere harmless."""
    leaked: Annotated[int, Field(ge=0)] | None = None
    """Reported as come down in the country."""
    used_for: Literal["calibration", "test"]
    """Whether kill probabilities were fitted to it, or are tested on it."""
    source: str
    """Key of the source in the catalogue's references."""
    note: str = ""
    """What is uncertain about it."""


class Scenario(Spec):
    """A whole study: what comes, what defends, and what was seen."""

    format: Literal[1] = FORMAT
    """Version of this format."""
    title: Annotated[str, Field(min_length=1, max_length=200)]
    """One line that says what the scenario is."""
    note: str = ""
    """What it shows and what it leaves out."""
    price_year: Annotated[int, Field(ge=1980, le=2100)]
    """Year of the dollars in it."""
    runs: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    """Runs when none are asked for."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """Seed when none is asked for."""
    assumptions: Literal["sampled", "fixed"] = "sampled"
    """`sampled`: each run draws every uncertain value from its range; `fixed`: all runs use the values."""
    step_s: Annotated[float, Field(ge=0.5, le=30)] = 2.0
    """Time step of the battle."""
    places: dict[str, Place] = {}
    """Where threats start from, by name."""
    areas: dict[str, Area] = {}
    """What is defended, by name."""
    constellations: dict[str, Constellation] = {}
    """Satellites that carry sensors or interceptors, by name."""
    sensors: dict[str, Sensor] = {}
    """The sensors, by name."""
    layers: dict[str, Layer] = {}
    """The layers of the defence, by name; the first has the first shot when two are equally good."""
    raids: dict[str, Raid] = {}
    """The raids in order, by name; stocks carry over from one to the next. With campaigns: their templates."""
    stockpile: Stockpile | None = None
    """Stocks, lines and orders from month to month; a scenario that has them is run as campaigns over those months."""
    campaigns: dict[str, Campaign] = {}
    """Raids over months that use up stocks of the stockpile, by name."""
    cost: Programme | None = None
    """What it costs to develop, buy, launch, replace and operate what is in the scenario, and when it is delivered."""
    observations: list[Observation] = []
    """What was reported, to set beside the simulation."""
    catalogue: dict[Literal["threats", "sensors", "interceptors", "references"], dict[str, dict[str, Any]]] = {}
    """Changes to the catalogue for this scenario alone, or new entries: [catalogue.interceptors.thaad] ..."""
    variants: dict[str, dict[str, Any]] = {}
    """Named changes to the scenario, run as SCENARIO:NAME. Each is a table of keys in quotes and their values, and may
    have a `note`: [variants.late], "layers.upper.salvo" = 2 ..."""


