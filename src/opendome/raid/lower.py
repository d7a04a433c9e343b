"""A scenario and the catalogue, lowered: units, frames, names and defaults are all settled here, once."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from opendome import rng
from opendome.battle import CLASSES, ground_weapons, lower_layers, lower_sites, site_names
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import AnyInterceptor, GlideThreat, Radar, Threat, WaypointThreat
from opendome.catalogue.entries import Sensor as SensorEntry
from opendome.engagement import flyout_tables
from opendome.errors import InputError, ScenarioError, nearest
from opendome.errors import Problem as Wrong
from opendome.kernel import BoolArray, F64Array, I64Array, pack
from opendome.raid.draws import Draws, KindDraws, LayerDraws
from opendome.raid.lower_sky import eye_gains, eye_names, first_start, kinematics, lower_sky, orbit_problems, working
from opendome.raid.problem import Areas, Choices, Kinds, Names, Problem, Raids, Tables, Waves
from opendome.raid.sky import Sky
from opendome.sampling import Assumption, Sampler, assumptions
from opendome.scenario.campaign_checks import catalogue_problems
from opendome.scenario.quantity import Quantity, Spec
from opendome.scenario.specs import Area, Place, Scenario, Sensor, Wave
from opendome.sensing import RadarSite, lower_radars
from opendome.threats import Route, lower_routes, samples_max, solve_route
from opendome.tracking import AIR_BREATHER, BALLISTIC, GLIDER
from opendome.units import G0_M_S2
from opendome.world import earth_angle_at, ecef_from_geodetic, enu_axes

NONE = Quantity(value=0.0)
"""Stands for a value that an entry of its kind does not have."""

MOTIONS = {"ballistic": BALLISTIC, "waypoint": AIR_BREATHER, "glide": GLIDER}
"""How the defence takes the kinds of the catalogue to move."""

ALWAYS = Quantity(value=1.0)
"""The chance of a radar to be there when the scenario does not say otherwise."""


def lower(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int) -> Problem:
    """Tables of a scenario for `runs` runs.

    Raises `ScenarioError` with every name the catalogue lacks and every flight its class cannot make.
    """
    wrong = [*missing_names(scenario, catalogue), *orbit_problems(scenario, catalogue)]
    if wrong:
        raise ScenarioError("scenario", wrong)
    key = rng.key(seed)
    sampler = Sampler(key, runs, scenario.assumptions == "sampled")
    kind_names = list(dict.fromkeys(w.threat for raid in scenario.raids.values() for w in raid.waves))
    kinds = {name: catalogue.threats[name] for name in kind_names}
    raids, waves, choices, routes = _raids(scenario, kinds)
    radar_names = [n for n, s in scenario.sensors.items() if isinstance(catalogue.sensors[s.type], Radar)]
    interceptors = {layer.interceptor: catalogue.interceptors[layer.interceptor] for layer in scenario.layers.values()}
    sky = lower_sky(scenario, catalogue, kinds, site_names(scenario.layers))
    tables = Tables(
        key=key,
        step_s=scenario.step_s,
        raids=pack(raids),
        waves=pack(waves),
        choices=pack(choices),
        routes=lower_routes(routes),
        kinds=pack(_kinds(kinds)),
        areas=pack(_areas(scenario)),
        radars=pack(lower_radars(radar_sites(scenario, catalogue, radar_names))),
        sky=sky,
        layers=pack(lower_layers(scenario.layers, interceptors)),
        sites=pack(lower_sites(scenario.layers, interceptors, radar_names,
                               [raid.start for raid in scenario.raids.values()])),
        flyouts=pack(flyout_tables(list(ground_weapons(scenario.layers, interceptors).values()))),
        draws=_draws(scenario, catalogue, sampler, kinds, radar_names, sky),
    )
    return Problem(
        tables=tables,
        names=_names(scenario, kind_names, [*radar_names, *eye_names(scenario, catalogue)]),
        routes=routes,
        assumptions=assumptions(_entries(scenario, catalogue, kinds), sampler.sampled)
        + _scenario_assumptions(scenario, sampler),
        runs=runs,
        seed=seed,
    )


def look_up(where: str, name: str, kind: str, known: Mapping[str, Spec]) -> Iterator[Wrong]:
    """The problem that a name is not in a part of the catalogue, if it is not. `kind` is "a sensor" and the like."""
    if name not in known:
        yield Wrong(where, repr(name), f"must name {kind} of the catalogue",
                    nearest(name, known) or f"see `opendome list {kind.split()[-1]}s`")


def missing_names(scenario: Scenario, catalogue: Catalogue) -> Iterator[Wrong]:
    """Names in the scenario that the catalogue does not have, and sensors without what their kind needs."""
    for raid_name, raid in scenario.raids.items():
        for i, wave in enumerate(raid.waves):
            yield from look_up(f"raids.{raid_name}.waves[{i}].threat", wave.threat, "a threat", catalogue.threats)
    for name, sensor in scenario.sensors.items():
        yield from look_up(f"sensors.{name}.type", sensor.type, "a sensor", catalogue.sensors)
        yield from _radar_problems(f"sensors.{name}", sensor, catalogue.sensors.get(sensor.type))
    for name, layer in scenario.layers.items():
        where = f"layers.{name}.interceptor"
        yield from look_up(where, layer.interceptor, "an interceptor", catalogue.interceptors)
        for site_name, site in layer.sites.items():
            own = scenario.sensors.get(site.radar) if site.radar else None
            if own and not isinstance(catalogue.sensors.get(own.type), Radar | None):
                yield Wrong(f"layers.{name}.sites.{site_name}.radar", repr(site.radar), "must name a radar")
    classes = {name: entry.threat_class for name, entry in catalogue.threats.items()}
    yield from catalogue_problems(scenario, catalogue.interceptors, classes)
    for i, observation in enumerate(scenario.observations):
        yield from look_up(f"observations[{i}].source", observation.source, "a reference", catalogue.references)


def _radar_problems(where: str, sensor: Sensor, entry: SensorEntry | None) -> Iterator[Wrong]:
    """What a radar lacks, or what another sensor has that only radars have."""
    if isinstance(entry, Radar):
        if sensor.lat_deg is None or sensor.lon_deg is None:
            yield Wrong(where, "", "a radar needs lat_deg and lon_deg")
        antenna_m = sensor.alt_m + entry.antenna_m.value
        if 0.0 < sensor.roughness_m >= antenna_m:
            yield Wrong(f"{where}.roughness_m", f"{sensor.roughness_m:g}",
                        f"must be below the antenna, which is at {antenna_m:g} m (alt_m + antenna_m)",
                        "put the radar on a hill or a mast (alt_m), or take a lower roughness")
    elif entry is not None:
        if sensor.roughness_m > 0.0:
            yield Wrong(f"{where}.roughness_m", f"{sensor.roughness_m:g}", "is for radars alone")
        if sensor.on_station != ALWAYS:
            yield Wrong(f"{where}.on_station", f"{sensor.on_station.value:g}", "is for radars alone",
                        "satellites that do not work: constellations.NAME.outage")


Pair = tuple[str, str, float, Route]
"""Place, area, weight and route of one way that a wave may take."""


def flight_problems(scenario: Scenario, catalogue: Catalogue) -> list[Wrong]:
    """Every flight that its class cannot make; waves of unknown threats are passed over."""
    wrong: list[Wrong] = []
    _solve(scenario, catalogue.threats, wrong)
    return wrong


def _solve(scenario: Scenario, threats: Mapping[str, Threat], wrong: list[Wrong]) -> list[list[Pair]]:
    """Per wave, in order: place, area, weight and solved route of each pair; problems are added to `wrong`."""
    solved: dict[tuple[object, ...], Route | Wrong] = {}
    waves = [(f"raids.{name}.waves[{i}]", w) for name, raid in scenario.raids.items() for i, w in enumerate(raid.waves)]
    found = []
    for where, wave in waves:
        pairs = []
        for place, area in itertools.product(wave.from_, wave.at):
            start, aim, entry = scenario.places.get(place), scenario.areas.get(area), threats.get(wave.threat)
            if start is None or aim is None or entry is None:
                continue
            identity = (wave.threat, place, area, wave.trajectory, tuple(wave.via))
            if identity not in solved:
                solved[identity] = _route(where, wave, entry, start, aim)
            route = solved[identity]
            if isinstance(route, Wrong):
                wrong.append(replace(route, where=where, found=f"{place} to {area}"))
            else:
                pairs.append((place, area, wave.from_[place] * wave.at[area], route))
        found.append(pairs)
    return found


def _route(where: str, wave: Wave, entry: Threat, start: Place, aim: Area) -> Route | Wrong:
    try:
        return solve_route(wave.threat, entry, launch=(start.lat_deg, start.lon_deg), aim=(aim.lat_deg, aim.lon_deg),
                           trajectory=wave.trajectory, via=wave.via)
    except InputError as error:
        text, _, hint = str(error).partition("hint: ")
        return Wrong(where, "", "\n  ".join(line.strip() for line in text.strip().splitlines()), hint.strip())


def _raids(scenario: Scenario, kinds: Mapping[str, Threat]) -> tuple[Raids, Waves, Choices, list[Route]]:
    """Tables of raids, waves and route choices, and the solved routes in the same order."""
    wrong: list[Wrong] = []
    solved = iter(_solve(scenario, kinds, wrong))
    if wrong:
        raise ScenarioError("scenario", wrong)
    places, areas, kind_names = list(scenario.places), list(scenario.areas), list(kinds)
    routes: list[Route] = []
    wave_rows: list[tuple[int, int, int, int, float, float, int, int]] = []
    choice_rows: list[tuple[float, int, int]] = []
    raid_rows: list[tuple[int, int, int, int, int, float, float]] = []
    n_threats, first_s = 0, first_start(scenario)
    for raid_name, raid in scenario.raids.items():
        first_wave, threats_before, samples = len(wave_rows), n_threats, 0
        for ordinal, wave in enumerate(raid.waves):
            pairs = next(solved)
            weights = np.cumsum([weight for _, _, weight, _ in pairs])
            address = int(rng.child(np.uint64(rng.address(raid_name)), np.uint64(ordinal)))
            wave_rows.append((address, kind_names.index(wave.threat), wave.count, wave.decoys, wave.start_min * 60.0,
                              wave.spread_min * 60.0, len(routes), len(pairs)))
            for (place, area, _, route), share in zip(pairs, weights / weights[-1], strict=True):
                routes.append(route)
                choice_rows.append((float(share), places.index(place), areas.index(area)))
            n_threats += wave.count * (1 + wave.decoys)
            samples += wave.count * (1 + wave.decoys) * samples_max([route for _, _, _, route in pairs])
        raid_rows.append((first_wave, len(raid.waves), threats_before, n_threats - threats_before, samples,
                          (raid.start - first_s).total_seconds(), earth_angle_at(raid.start)))
    return (
        Raids(*_columns(raid_rows, (*(np.int64,) * 5, np.float64, np.float64))),
        Waves(*_columns(wave_rows, (np.uint64, *(np.int64,) * 3, np.float64, np.float64, np.int64, np.int64))),
        Choices(*_columns(choice_rows, (np.float64, np.int64, np.int64))),
        routes,
    )


def _columns(rows: Sequence[tuple[Any, ...]], kinds: Sequence[type]) -> list[Any]:
    """Columns of rows as arrays of the given kinds."""
    return [np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]


def _kinds(kinds: Mapping[str, Threat]) -> Kinds:
    every = list(kinds.values())
    return Kinds(
        class_code=np.array([CLASSES.index(t.threat_class) for t in every], np.int64),
        motion=np.array([MOTIONS[t.kind] for t in every], np.int64),
        swerling=np.array([t.swerling for t in every], np.int64),
        inv_beta_m2_kg=np.array([0.0 if isinstance(t, WaypointThreat) else 1.0 / t.beta_kg_m2.value for t in every]),
    )


def _areas(scenario: Scenario) -> Areas:
    every = list(scenario.areas.values())
    latlon = [(np.radians(a.lat_deg), np.radians(a.lon_deg)) for a in every]
    axes = [enu_axes(lat, lon) for lat, lon in latlon]
    return Areas(
        r_ecef_m=np.array([ecef_from_geodetic(lat, lon, 0.0) for lat, lon in latlon]),
        east=np.array([a[0:3] for a in axes]),
        north=np.array([a[3:6] for a in axes]),
        radius_m=np.array([a.radius_km * 1000.0 for a in every]),
        aim_radius_m=np.array([a.aim_radius_or_default_km * 1000.0 for a in every]),
        value=np.array([a.value for a in every]),
    )


def radar_sites(scenario: Scenario, catalogue: Catalogue, names: list[str]) -> list[RadarSite]:
    """The radars of those names, where they stand."""
    sites = []
    for name in names:
        sensor = scenario.sensors[name]
        entry = catalogue.sensors[sensor.type]
        assert isinstance(entry, Radar)
        assert sensor.lat_deg is not None
        assert sensor.lon_deg is not None
        sites.append(RadarSite(name=name, entry=entry, lat_deg=sensor.lat_deg, lon_deg=sensor.lon_deg,
                               alt_m=sensor.alt_m, azimuth_deg=sensor.azimuth_deg, roughness_m=sensor.roughness_m))
    return sites


def _draws(scenario: Scenario, catalogue: Catalogue, sampler: Sampler, kinds: Mapping[str, Threat],
           radars: list[str], sky: Sky) -> Draws:
    """The columns of everything that is drawn once per run."""
    layers = scenario.layers
    guns = {name: (f"interceptors.{layer.interceptor}", catalogue.interceptors[layer.interceptor])
            for name, layer in layers.items()}

    def by_layer(field: str) -> F64Array:
        return _stack(sampler, [(f"{path}.{field}", getattr(entry, field, None) or NONE)
                                for path, entry in guns.values()])

    def by_kind(field: str) -> F64Array:
        return _stack(sampler, [(f"threats.{name}.{field}", getattr(entry, field, NONE))
                                for name, entry in kinds.items()])

    def radar_gain(name: str) -> F64Array:
        """(R,) by how much the radar's signal differs from its table: fourth power of the reference range; 0 when it
        is not there."""
        path = f"sensors.{scenario.sensors[name].type}"
        entry = catalogue.sensors[scenario.sensors[name].type]
        assert isinstance(entry, Radar)
        gain = (sampler.column(f"{path}.range_ref_km", entry.range_ref_km) / entry.range_ref_km.value) ** 4
        return np.where(_is_on_station(scenario.sensors[name], name, sampler), gain, 0.0)

    common = [(f"layers.{name}.common_mode", layer.common_mode) if layer.common_mode is not None
              else (f"{guns[name][0]}.common_mode", guns[name][1].common_mode) for name, layer in layers.items()]
    is_working = working(scenario, sampler, sky)
    p_kill = [_kill_probabilities(sampler, path, entry) for path, entry in guns.values()]
    by_layers = LayerDraws(
        p_kill=np.stack(p_kill, axis=1) if guns else np.zeros((sampler.runs, 0, len(CLASSES))),
        common_mode=_stack(sampler, common),
        track_sigma_m=by_layer("track_sigma_m"),
        decision_s=_stack(sampler, [(f"layers.{n}.decision_s", layer.decision_s) for n, layer in layers.items()]),
        reaction_s=by_layer("reaction_s"),
        assess_s=by_layer("assess_s"),
        spacing_s=by_layer("shot_spacing_s"),
        reload_s=by_layer("reload_s"),
        cost_musd=by_layer("cost_musd"),
        divert_m_s=by_layer("divert_m_s"),
        basket_m=by_layer("basket_km") * 1000.0,
        p_decoy_as_threat=_stack(sampler, [(f"layers.{n}.p_decoy_as_threat", layer.p_decoy_as_threat)
                                           for n, layer in layers.items()]),
        **kinematics(sampler, list(guns.values())),
    )
    by_kinds = KindDraws(
        rcs_m2=by_kind("rcs_m2"),
        cep_m=by_kind("cep_m"),
        p_stray=by_kind("p_stray"),
        stray_m=by_kind("stray_km") * 1000.0,
        plume_w_sr=by_kind("plume_kw_sr") * 1000.0,
        glow_w_sr=by_kind("glow_kw_sr") * 1000.0,
        glow_k=np.column_stack([_glow_k(sampler, f"threats.{name}", entry) for name, entry in kinds.items()]),
        manoeuvre_m_s2=by_kind("manoeuvre_g") * G0_M_S2,
    )
    return Draws(
        layers=pack(by_layers, axes=2),
        kinds=pack(by_kinds, axes=2),
        stock=_stocks(scenario, catalogue, sampler, sky, is_working),
        radar_gain=np.column_stack([radar_gain(name) for name in radars]) if radars else np.zeros((sampler.runs, 0)),
        eye_gain=eye_gains(scenario, catalogue, sampler),
        is_working=is_working,
    )


def _glow_k(sampler: Sampler, path: str, entry: Threat) -> F64Array:
    """(R,) temperature of a glider's glow, drawn by the same number as its intensity (`sampling.DRAWN_AS`)."""
    if not isinstance(entry, GlideThreat):
        return np.zeros(sampler.runs)
    return sampler.column(f"{path}.glow_k", entry.glow_k)


def _is_on_station(sensor: Sensor, name: str, sampler: Sampler) -> BoolArray:
    """(R,) whether a sensor is there in each run, for all of its raids. Draws: ON_STATION at (run, sensor)."""
    u = np.zeros(sampler.runs)
    if sensor.on_station != ALWAYS:
        rng.uniform_column(sampler.key, 0, rng.ON_STATION, rng.address(name), 0, u)
    return np.asarray(u < sampler.column(f"sensors.{name}.on_station", sensor.on_station))


def _stocks(scenario: Scenario, catalogue: Catalogue, sampler: Sampler, sky: Sky, is_working: BoolArray) -> I64Array:
    """(R, B) rounds at every site; in orbit, those of the satellites that work."""
    columns = []
    for i, (name, layer) in enumerate(scenario.layers.items()):
        if layer.constellation is not None:
            fleet = sky.fleets[sky.weapons.fleet[i]]
            mine = is_working[:, fleet.first : fleet.first + fleet.n_satellites]
            columns.append(sky.weapons.per_satellite[i] * mine.sum(axis=1))
        columns += [sampler.column(f"layers.{name}.sites.{site_name}.stock", site.stock)
                    for site_name, site in layer.sites.items()]
    return np.asarray(np.rint(np.column_stack([np.zeros((sampler.runs, 0)), *columns])), dtype=np.int64)


def _stack(sampler: Sampler, columns: list[tuple[str, Quantity]]) -> F64Array:
    if not columns:
        return np.zeros((sampler.runs, 0))
    return np.column_stack([sampler.column(path, quantity) for path, quantity in columns])


def _kill_probabilities(sampler: Sampler, path: str, entry: AnyInterceptor) -> F64Array:
    """(R, classes) single-shot kill probabilities by class; 0 for a class that is not engaged."""
    return _stack(sampler, [(f"{path}.p_kill.{name}", getattr(entry.p_kill, name) or NONE) for name in CLASSES])


def _entries(scenario: Scenario, catalogue: Catalogue, kinds: Mapping[str, Threat]) -> dict[str, Spec]:
    """Every catalogue entry that the scenario uses, by path."""
    used: dict[str, Spec] = {f"threats.{name}": entry for name, entry in kinds.items()}
    used |= {f"sensors.{s.type}": catalogue.sensors[s.type] for s in scenario.sensors.values()}
    used |= {f"interceptors.{x.interceptor}": catalogue.interceptors[x.interceptor] for x in scenario.layers.values()}
    return used


def _scenario_assumptions(scenario: Scenario, sampler: Sampler) -> list[Assumption]:
    """The quantities that stand in the scenario itself."""
    entries: dict[str, Spec] = {f"constellations.{name}": spec for name, spec in scenario.constellations.items()}
    entries |= {f"sensors.{name}": spec for name, spec in scenario.sensors.items() if spec.on_station != ALWAYS}
    entries |= {f"layers.{name}": layer for name, layer in scenario.layers.items()}  # sites and their stocks with them
    return assumptions(entries, sampler.sampled)


def _names(scenario: Scenario, kinds: list[str], radars: list[str]) -> Names:
    every = {raid_name: [(w.threat, k > 0) for w in raid.waves for _ in range(w.count) for k in range(1 + w.decoys)]
             for raid_name, raid in scenario.raids.items()}
    sites = [(name, site) for name, layer in scenario.layers.items() for site in site_names({name: layer})]
    return Names(
        raids=list(scenario.raids),
        threats=[(raid_name, ordinal, kind) for raid_name, threats in every.items()
                 for ordinal, (kind, _) in enumerate(threats)],
        decoys=[is_decoy for threats in every.values() for _, is_decoy in threats],
        kinds=kinds,
        places=list(scenario.places),
        areas=list(scenario.areas),
        sensors=radars,
        layers=list(scenario.layers),
        sites=[site for _, site in sites],
        site_layers=[layer for layer, _ in sites],
        interceptors=[layer.interceptor for layer in scenario.layers.values()],
    )
