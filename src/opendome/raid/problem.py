"""What a run needs to know: tables of arrays in SI units for the kernels, and names for people."""

from dataclasses import dataclass
from typing import NamedTuple

from opendome.kernel import F64Array, I64Array, Packed, U64Array
from opendome.raid.draws import Draws
from opendome.raid.sky import Sky
from opendome.sampling import Assumption
from opendome.threats import Route, Routes


class Kinds(NamedTuple):
    """Every kind of threat in the scenario. K kinds."""

    class_code: I64Array  # (K,) place in battle.CLASSES
    motion: I64Array  # (K,) how the defence takes it to move: BALLISTIC, AIR_BREATHER or GLIDER of tracking
    swerling: I64Array  # (K,)
    inv_beta_m2_kg: F64Array  # (K,) one over the ballistic coefficient that the defence expects; 0 for none


class Waves(NamedTuple):
    """Every wave of every raid, raid by raid. V waves."""

    id: U64Array  # (V,)
    kind: I64Array  # (V,)
    n_threats: I64Array  # (V,) missiles, drones and so on; decoys not counted
    n_decoys: I64Array  # (V,) of each of them
    start_s: F64Array  # (V,)
    spread_s: F64Array  # (V,)
    first_route: I64Array  # (V,) the wave's routes are rows first_route .. first_route + n_routes of Choices
    n_routes: I64Array  # (V,)


class Choices(NamedTuple):
    """The routes that the threats of a wave choose from. Q routes."""

    share: F64Array  # (Q,) cumulative within its wave; the last one is 1
    place: I64Array  # (Q,)
    area: I64Array  # (Q,)


class Raids(NamedTuple):
    """Every raid. D raids."""

    first_wave: I64Array  # (D,)
    n_waves: I64Array  # (D,)
    first_threat: I64Array  # (D,) column of its first threat in the records
    n_threats: I64Array  # (D,) decoys counted
    n_samples: I64Array  # (D,) most trajectory samples it can need
    start_s: F64Array  # (D,) after the start of the first raid
    earth_angle: F64Array  # (D,) the Earth's angle at its start, rad


class Areas(NamedTuple):
    """Every defended area. A areas."""

    r_ecef_m: F64Array  # (A, 3)
    east: F64Array  # (A, 3) unit vector
    north: F64Array  # (A, 3) unit vector
    radius_m: F64Array  # (A,)
    aim_radius_m: F64Array  # (A,)
    value: F64Array  # (A,)


class Tables(NamedTuple):
    """Everything that the kernels of a raid read and never write; each table but the routes packed into records."""

    key: U64Array  # (2,)
    step_s: float
    raids: Packed  # of Raids
    waves: Packed  # of Waves
    choices: Packed  # of Choices
    routes: Routes
    kinds: Packed  # of Kinds
    areas: Packed  # of Areas
    radars: Packed  # of sensing.Radars
    sky: Sky
    layers: Packed  # of battle.Layers
    sites: Packed  # of battle.Sites
    flyouts: Packed  # of engagement.FlyoutTables
    draws: Draws


@dataclass(frozen=True)
class Names:
    """What the rows of the tables are called."""

    raids: list[str]
    threats: list[tuple[str, int, str]]
    """Raid, ordinal and kind of every threat, in column order."""
    decoys: list[bool]
    """Whether each of them is a decoy."""
    kinds: list[str]
    places: list[str]
    areas: list[str]
    sensors: list[str]
    """Radars, then infrared sensors in orbit."""
    layers: list[str]
    sites: list[str]
    site_layers: list[str]
    interceptors: list[str]
    """Interceptor of each layer."""


@dataclass(frozen=True)
class Problem:
    """A scenario ready to run: tables for the kernels, names for people, and what it all rests on."""

    tables: Tables
    names: Names
    routes: list[Route]
    assumptions: list[Assumption]
    runs: int
    seed: int
