"""What is in orbit, lowered: constellations to mean orbits, infrared sensors to tables, layers in orbit to weapons."""

import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np

from opendome import orbits, rng
from opendome.air.heating import COLD_K
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import (
    AnyInterceptor,
    BallisticThreat,
    GlideThreat,
    InfraredSensor,
    Interceptor,
    Radar,
    SpaceInterceptor,
    Threat,
)
from opendome.engagement import ReachWarning
from opendome.errors import InputError
from opendome.errors import Problem as Wrong
from opendome.kernel import BoolArray, F64Array, I64Array, pack
from opendome.orbits import Constellation, orbits_of
from opendome.raid.sky import Fleet, Sky, Weapon
from opendome.sampling import Sampler
from opendome.scenario import specs
from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Scenario
from opendome.sensing import (
    GLIDE_REF_M,
    GLIDE_REF_M_S,
    InfraredSite,
    glow_w_sr,
    infrared_range_km,
    lower_eyes,
    planck_band,
    plume_in_band,
)
from opendome.units import G0_M_S2, M_PER_KM
from opendome.world import WGS84

WALKERS = ("delta", "star")

TRACK_KM = 500.0
"""A sensor that cannot see the largest cold body of the scenario from this far, against cold space, does not track."""


def constellation_of(spec: specs.Constellation, epoch: datetime) -> Constellation:
    """The satellites of a scenario's constellation that are in orbit. Raises `InputError` for impossible orbits."""
    if spec.pattern in WALKERS:
        assert spec.n_satellites is not None
        assert spec.inclination_deg is not None
        assert spec.altitude_km is not None
        n_planes = spec.n_planes or orbits.planes_for(spec.n_satellites)
        whole = orbits.walker(n_satellites=spec.n_satellites, n_planes=n_planes, phasing=spec.phasing,
                              inclination_deg=spec.inclination_deg, altitude_km=spec.altitude_km,
                              pattern="star" if spec.pattern == "star" else "delta", epoch=epoch)
        return whole.keep(whole.plane < int(spec.deployed * n_planes + 1e-9))
    if spec.pattern == "geostationary":
        assert spec.longitudes_deg is not None
        whole = orbits.geostationary(longitudes_deg=spec.longitudes_deg, epoch=epoch)
    else:
        assert spec.satellites is not None
        found = spec.satellites
        whole = orbits.listed(
            perigee_km=[o.perigee_km for o in found], apogee_km=[o.apogee_km for o in found],
            inclination_deg=[o.inclination_deg for o in found], raan_deg=[o.raan_deg for o in found],
            argp_deg=[o.argp_deg for o in found], mean_anomaly_deg=[o.anomaly_deg for o in found], epoch=epoch)
    return whole.keep(np.arange(len(whole)) < int(spec.deployed * len(whole) + 1e-9))


def eye_names(scenario: Scenario, catalogue: Catalogue) -> list[str]:
    """The scenario's infrared sensors, in order."""
    return [n for n, s in scenario.sensors.items() if isinstance(catalogue.sensors[s.type], InfraredSensor)]


def orbit_problems(scenario: Scenario, catalogue: Catalogue) -> Iterator[Wrong]:
    """Orbits that nothing can fly; sensors and layers with satellites where they need none, or the other way round."""
    yield from _impossible_orbits(scenario)
    yield from _misplaced_sensors(scenario, catalogue)
    yield from _misplaced_layers(scenario, catalogue)
    for raid_name, raid in scenario.raids.items():
        for i, wave in enumerate(raid.waves):
            kind = catalogue.threats.get(wave.threat)
            if wave.decoys and kind is not None and not isinstance(kind, BallisticThreat):
                yield Wrong(f"raids.{raid_name}.waves[{i}].decoys", str(wave.decoys),
                            "only ballistic missiles have any")


def _impossible_orbits(scenario: Scenario) -> Iterator[Wrong]:
    epoch = first_start(scenario)
    for name, spec in scenario.constellations.items():
        try:
            if not len(constellation_of(spec, epoch)) and spec.deployed > 0.0:
                yield Wrong(f"constellations.{name}.deployed", f"{spec.deployed:g}", "leaves no satellite in orbit",
                            "0 says so on purpose; else at least one whole plane, or one satellite of a list")
        except InputError as error:
            text, _, hint = str(error).partition("\nhint: ")
            head, _, expected = text.partition("\n")
            field, _, found = head.partition(" = ")
            yield Wrong(f"constellations.{name}.{field}" if found else f"constellations.{name}", found,
                        "\n  ".join(line.strip() for line in expected.splitlines()) or head, hint)


def _misplaced_sensors(scenario: Scenario, catalogue: Catalogue) -> Iterator[Wrong]:
    for name, sensor in scenario.sensors.items():
        entry = catalogue.sensors.get(sensor.type)
        if isinstance(entry, InfraredSensor) and sensor.constellation is None:
            yield Wrong(f"sensors.{name}", "", "an infrared sensor needs a constellation")
        if isinstance(entry, InfraredSensor) and not sensor.lat_deg is sensor.lon_deg is None:
            yield Wrong(f"sensors.{name}", "", "an infrared sensor stands where its satellites are",
                        "leave lat_deg and lon_deg out")
        if isinstance(entry, Radar) and sensor.constellation is not None:
            yield Wrong(f"sensors.{name}.constellation", repr(sensor.constellation), "a radar stands on the ground",
                        "leave it out, or take an infrared sensor")


def _misplaced_layers(scenario: Scenario, catalogue: Catalogue) -> Iterator[Wrong]:
    riders: dict[str, str] = {}
    for name, layer in scenario.layers.items():
        entry, where, what = catalogue.interceptors.get(layer.interceptor), f"layers.{name}", repr(layer.interceptor)
        if isinstance(entry, SpaceInterceptor) and layer.constellation is None:
            yield Wrong(f"{where}.interceptor", what, "waits in orbit: it needs a constellation instead of sites")
        if isinstance(entry, Interceptor) and layer.constellation is not None:
            yield Wrong(f"{where}.interceptor", what, "stands on the ground: it needs sites, not a constellation")
        if layer.constellation is not None and layer.p_decoy_as_threat != Quantity(value=1.0):
            yield Wrong(f"{where}.p_decoy_as_threat", "", "means nothing in orbit: decoys are never warned of",
                        "leave it out")
        other = riders.setdefault(layer.constellation or name, name)
        if other != name:
            yield Wrong(f"{where}.constellation", repr(layer.constellation),
                        f"carries the interceptors of layer {other!r} already", "declare a second constellation")


def first_start(scenario: Scenario) -> datetime:
    """Start of the first raid, which is the epoch of all orbits; some day where there are no raids."""
    return min((raid.start for raid in scenario.raids.values()), default=datetime(2000, 1, 1, tzinfo=UTC))


def lower_sky(scenario: Scenario, catalogue: Catalogue, kinds: Mapping[str, Threat], sites: list[str]) -> Sky:
    """The table of everything in orbit; `sites` are the names of the rows of the sites' table."""
    epoch, names = first_start(scenario), list(scenario.constellations)
    fleets = [constellation_of(spec, epoch) for spec in scenario.constellations.values()]
    counts = np.array([len(fleet) for fleet in fleets], np.int64)
    eyes = eye_names(scenario, catalogue)
    entries = [catalogue.sensors[scenario.sensors[name].type] for name in eyes]
    infrared = [entry for entry in entries if isinstance(entry, InfraredSensor)]
    table = lower_eyes([InfraredSite(name, entry) for name, entry in zip(eyes, infrared, strict=True)])
    plume, body = _signatures(kinds, infrared)
    return Sky(
        fleets=pack(Fleet(
            id=np.array([rng.address(name) for name in names], np.uint64),
            first=np.concatenate([[0], np.cumsum(counts)])[:-1].astype(np.int64), n_satellites=counts,
            is_random=np.array([spec.pattern in WALKERS for spec in scenario.constellations.values()], np.bool_))),
        orbits=orbits_of(*_columns(fleets)),
        eyes=pack(table),
        eye_fleet=np.array([names.index(str(scenario.sensors[name].constellation)) for name in eyes], np.int64),
        plume=plume,
        body_w_sr=body,
        tracks=np.array([[can_track(w_sr, entry) for w_sr, entry in zip(row, infrared, strict=True)] for row in body],
                        np.bool_).reshape(body.shape),
        weapons=pack(_weapons(scenario, catalogue, names, sites)),
    )


def _columns(fleets: list[Constellation]) -> list[F64Array]:
    if not fleets:
        return [np.zeros(0)] * 6
    return [np.concatenate(column) for column in zip(*(fleet.elements for fleet in fleets), strict=True)]


def _signatures(kinds: Mapping[str, Threat], entries: list[InfraredSensor]) -> tuple[F64Array, F64Array]:
    """(K, E) plume in each sensor's band over that in the reference band, and W/sr there of what flies on after
    burnout: a cold body, or a glider in its reference state."""
    plume, body = np.zeros((len(kinds), len(entries))), np.zeros((len(kinds), len(entries)))
    for k, kind in enumerate(kinds.values()):
        for e, entry in enumerate(entries):
            band = entry.band_min_um.value, entry.band_max_um.value
            if isinstance(kind, BallisticThreat | GlideThreat):
                plume[k, e] = plume_in_band(1.0, kind.plume_k.value, *band)
            body[k, e] = after_burnout_w_sr(kind, entry)
    return plume, body


def after_burnout_w_sr(kind: Threat, sensor: InfraredSensor) -> float:
    """Radiant intensity in a sensor's band of what flies on after burnout: a cold body, or a glider in its reference
    state; 0 for what flies under power."""
    band = sensor.band_min_um.value, sensor.band_max_um.value
    if isinstance(kind, BallisticThreat):
        return float(kind.body_m2.value * planck_band(COLD_K, *band))
    if isinstance(kind, GlideThreat):
        return float(glow_w_sr(1000.0 * kind.glow_kw_sr.value, kind.glow_k.value, GLIDE_REF_M, GLIDE_REF_M_S, *band))
    return 0.0


def can_track(w_sr: float, sensor: InfraredSensor) -> bool:
    """Whether a sensor tracks a body of this radiant intensity at all: from TRACK_KM away, against cold space."""
    return w_sr > 0.0 and infrared_range_km(sensor, w_sr) > TRACK_KM


def _weapons(scenario: Scenario, catalogue: Catalogue, fleets: list[str], sites: list[str]) -> Weapon:
    every = [(layer, catalogue.interceptors[layer.interceptor]) for layer in scenario.layers.values()]
    in_orbit = [(layer, entry if isinstance(entry, SpaceInterceptor) else None) for layer, entry in every]

    def column(name: str, factor: float = 1.0) -> F64Array:
        return np.array([getattr(entry, name).value * factor if entry else 0.0 for _, entry in in_orbit])

    def row(known: list[str]) -> I64Array:
        return np.array([known.index(str(layer.constellation)) if entry else 0 for layer, entry in in_orbit], np.int64)

    return Weapon(
        is_space=np.array([entry is not None for _, entry in in_orbit], np.bool_), fleet=row(fleets), site=row(sites),
        per_satellite=np.rint(column("per_satellite")).astype(np.int64), alt_min_m=column("alt_min_km", M_PER_KM),
        alt_max_m=column("alt_max_km", M_PER_KM),
        needs_plume=np.array([entry is not None and entry.needs_plume for _, entry in in_orbit], np.bool_))


def _warn_of_reach(name: str, entry: SpaceInterceptor) -> None:
    """Warn where one interceptor reaches every target, wherever it is: then numbers of satellites mean little."""
    speed_m_s, flight_s = entry.speed_km_s.value * M_PER_KM, entry.flight_max_s.value
    reach_m = speed_m_s * (flight_s - 0.5 * speed_m_s / (entry.accel_g.value * G0_M_S2))
    if reach_m >= 2.0 * (WGS84.a_m + entry.alt_max_km.value * M_PER_KM):
        warnings.warn(f"{name}: in {flight_s:g} s it reaches {reach_m / M_PER_KM:,.0f} km, which is the whole Earth "
                      "from any orbit; how many satellites there are means little then", ReachWarning,
                      stacklevel=2)


def kinematics(sampler: Sampler, layers: list[tuple[str, AnyInterceptor]]) -> dict[str, F64Array]:
    """(R, L) columns of the layers in orbit by their names in `LayerDraws`; zero for those on the ground.

    `layers`: path in the catalogue and entry of each layer's interceptor.
    """
    fields = (("speed_m_s", "speed_km_s", M_PER_KM), ("accel_m_s2", "accel_g", G0_M_S2),
              ("flight_max_s", "flight_max_s", 1.0))

    def column(path: str, entry: AnyInterceptor, field: str) -> F64Array:
        if isinstance(entry, SpaceInterceptor):
            _warn_of_reach(path, entry)
            return sampler.column(f"{path}.{field}", getattr(entry, field))
        return np.zeros(sampler.runs)

    return {name: np.column_stack([np.zeros((sampler.runs, 0)), *(column(*layer, field) for layer in layers)]) * factor
            for name, field, factor in fields}


def working(scenario: Scenario, sampler: Sampler, sky: Sky) -> BoolArray:
    """(R, N) whether each satellite works in each run. Draws: OUTAGE at (run, constellation and satellite)."""
    is_working = np.ones((sampler.runs, len(sky.orbits)), np.bool_)
    u = np.empty(sampler.runs)
    for c, (name, spec) in enumerate(scenario.constellations.items()):
        p_out = sampler.column(f"constellations.{name}.outage", spec.outage)
        if not p_out.any():
            continue
        for k in range(sky.fleets.n_satellites[c]):
            satellite = rng.child(np.uint64(sky.fleets.id[c]), np.uint64(k))
            rng.uniform_column(sampler.key, 0, rng.OUTAGE, satellite, 0, u)
            is_working[:, sky.fleets.first[c] + k] = u >= p_out
    return is_working


def eye_gains(scenario: Scenario, catalogue: Catalogue, sampler: Sampler) -> F64Array:
    """(R, E) by how much each infrared sensor's signal differs from its table: one over its noise or threshold."""
    columns = [np.zeros((sampler.runs, 0))]
    for name in eye_names(scenario, catalogue):
        path, entry = f"sensors.{scenario.sensors[name].type}", catalogue.sensors[scenario.sensors[name].type]
        assert isinstance(entry, InfraredSensor)
        field = "nei_w_m2" if entry.nei_w_m2 is not None else "threshold_kw_sr"
        quantity = getattr(entry, field)
        columns.append((quantity.value / sampler.column(f"{path}.{field}", quantity))[:, np.newaxis])
    return np.column_stack(columns)
