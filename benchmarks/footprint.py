"""Defended footprints: 100 x 100 aim points for each class, two cores, and the same search in NumPy and SciPy.

    python benchmarks/footprint.py [--rounds 5] [--peer-grid 12]

The scenario is gulf-2026 as shipped. The peer is given the flights for nothing (those of `fly_route`, solved and aimed
beforehand, with altitudes and horizons), looks at all samples with all radars in one array operation, interpolates the
fly-out table with SciPy, and looks for the first instant that fits by argmax. It runs on a coarser grid; rates are in
aim points a second. OpenDome's time is that of the whole public call: solving the flights and the warnings from orbit
too.
"""

import argparse
import math

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from common import interleave, say_where, show
from opendome.catalogue.entries import Radar
from opendome.engagement import flyout_tables
from opendome.engagement.flyout import N_ALT, N_RANGE
from opendome.engagement.footprint import path_steps_s
from opendome.raid.lower import _radar_sites as radar_sites
from opendome.scenario import reader
from opendome.sensing import lower_radars
from opendome.study import catalogue_for
from opendome.study.footprints import footprint, middle_of
from opendome.study.lattice import grid_around, lattice
from opendome.study.sky_cues import clues_of
from opendome.threats import fly_route, lower_routes, samples_max, state_at
from opendome.world import MEAN_RADIUS_M, altitude, ecef_from_geodetic, horizon_angle

CASES = {"srbm": ("lower", "fars"), "mrbm": ("upper", "kermanshah"), "cruise-missile": ("lower", "bushehr"),
         "one-way-drone": ("short-range", "bushehr")}
SIZE_KM = 400.0


class Peer:
    """The same question in arrays, for one case."""

    def __init__(self, scenario, threat, layer, place, grid):
        self.catalogue, self.battery = catalogue_for(scenario), scenario.layers[layer]
        self.entry = self.catalogue.threats[threat]
        self.gun = self.catalogue.interceptors[self.battery.interceptor]
        start = scenario.places[place]
        lat, lon = grid_around(middle_of(scenario, layer), SIZE_KM, grid)
        solved, cells, self.is_reached = lattice(threat, self.entry, (place, (start.lat_deg, start.lon_deg)), lat, lon)
        clues = clues_of(scenario, self.catalogue, self.entry, solved)
        self.paths = self._paths(solved, cells)
        self.cues = [(clues.warned_s[q], clues.gain[q]) for q in cells.route]
        names = [n for n, s in scenario.sensors.items() if isinstance(self.catalogue.sensors[s.type], Radar)]
        self.radars = lower_radars(radar_sites(scenario, self.catalogue, names))
        self.sites = [(np.array(ecef_from_geodetic(math.radians(s.lat_deg), math.radians(s.lon_deg), s.alt_m)),
                       names.index(s.radar) if s.radar else None) for s in self.battery.sites.values()]
        tables = flyout_tables([self.gun])
        ranges = tables.range_min_m[0] + tables.range_step_m[0] * np.arange(N_RANGE)
        alts = tables.alt_min_m[0] + tables.alt_step_m[0] * np.arange(N_ALT)
        self.table = RegularGridInterpolator((ranges, alts), tables.time_s[0], bounds_error=False, fill_value=1e30)
        self.eye_up = np.array([horizon_angle(altitude(*r)) for r in self.radars.r_ecef_m])

    def _paths(self, solved, cells):
        routes, r = lower_routes(solved), np.empty((samples_max(solved), 3))
        v, steps, paths = np.empty_like(r), path_steps_s(solved), []
        for q, east, north, longer in zip(*cells, strict=True):
            _, n, end_s = fly_route(routes, q, east, north, r, v)
            count = max(2, math.ceil(end_s / steps[q]) + 1)
            t = np.linspace(0.0, end_s, count)
            points = np.array([state_at(r, v, 0, n, routes.dt_s[q], at)[:3] for at in t])
            alt = np.array([altitude(*point) for point in points])
            paths.append((longer * t, points, alt, np.array([horizon_angle(a) for a in alt])))
        return paths

    def looks(self, t, r, up, warned_s, gain):
        """(S, K) whether each radar sees each sample."""
        n = self.radars
        d = r[None] - n.r_ecef_m[:, None]
        away = np.sqrt((d * d).sum(axis=2))
        enu = np.einsum("sij,skj->ski", n.c_enu_ecef, d)
        sin_el = enu[:, :, 2] / away
        bent = np.minimum(away, 13200.0 / (np.maximum(sin_el, 0.0) + 0.025)) / (8.0 * MEAN_RADIUS_M)
        flat = np.hypot(enu[:, :, 0], enu[:, :, 1])
        ok = (away <= n.range_max_m[:, None]) & (sin_el + bent >= n.sin_el_min[:, None])
        ok &= sin_el + bent <= n.sin_el_max[:, None]
        ahead = enu[:, :, 0] * n.boresight[:, :1] + enu[:, :, 1] * n.boresight[:, 1:]
        ok &= (ahead >= n.cos_half_sector[:, None] * flat) | (n.cos_half_sector[:, None] <= -1.0)
        snr = (n.snr_ref * self.entry.rcs_m2.value / n.rcs_ref_m2)[:, None] * (n.range_ref_m[:, None] / away) ** 4
        snr = snr * np.where(t >= warned_s, gain, 1.0)
        threshold = -np.log(n.p_false_alarm)[:, None]
        p = np.exp(-threshold / (1.0 + snr))
        if self.entry.swerling == 3:
            p = (1.0 + threshold * 0.5 * snr / (1.0 + 0.5 * snr) ** 2) * np.exp(-threshold / (1.0 + 0.5 * snr))
        cosine = (n.r_ecef_m @ r.T) / (np.linalg.norm(n.r_ecef_m, axis=1)[:, None] * np.linalg.norm(r, axis=1)[None])
        return ok & (p >= 0.5) & (np.arccos(np.clip(cosine, -1.0, 1.0)) <= up[None] + self.eye_up[:, None])

    def count(self, t, r, alt, up, cue):
        """Engagements of one flight, to the next sample."""
        sees = self.looks(t, r, up, *cue)
        ready = [t[np.argmax(row)] + 3.0 * scan + late for row, scan, late in
                 zip(sees, self.radars.scan_s, self.radars.latency_s) if row.any()]
        ready, delay, found = min(ready, default=math.inf), self._delay(), 0
        flights = []
        for site, own in self.sites:
            size = np.linalg.norm(site)
            cosine = r @ site / (np.linalg.norm(r, axis=1) * size)
            fly = self.table(np.stack([size * np.arccos(np.clip(cosine, -1.0, 1.0)), alt], axis=1))
            held = np.ones(len(t), bool)
            if own is not None:
                held = sees[own, np.clip(np.searchsorted(t, t - fly - delay), 0, len(t) - 1)]
            flights.append((np.where(fly <= self.gun.flight_max_s.value, fly, np.inf), held))
        while found < self._most() and ready < math.inf:
            fits = [t[np.argmax(ok)] for fly, held in flights if (ok := (t - fly >= ready + delay) & held).any()]
            if not fits:
                break
            found, ready = found + 1, min(fits) + self._after()
        return found

    def _delay(self):
        return self.battery.decision_s.value + self.gun.reaction_s.value

    def _after(self):
        return (self.battery.salvo - 1) * self.gun.shot_spacing_s.value + self.gun.assess_s.value

    def _most(self):
        return 1 if self.battery.doctrine == "salvo" else math.ceil(self.battery.shots_max / self.battery.salvo)

    def run(self):
        return np.array([self.count(*path, cue) for path, cue in zip(self.paths, self.cues)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-grid", type=int, default=12)
    options = parser.parse_args()
    scenario = reader.load("gulf-2026")
    say_where("numpy", "scipy", "numba")
    for threat, (layer, place) in CASES.items():
        peer = Peer(scenario, threat, layer, place, options.peer_grid)

        def ours(grid=100, layer=layer, threat=threat, place=place):
            return footprint(scenario, layer=layer, threat=threat, origins=[place], size_km=SIZE_KM, grid=grid)

        same = ours(options.peer_grid)
        counts, theirs = same.shots[same.is_reached], peer.run()
        equal = float((counts == theirs).mean())
        print(f"\n{threat}: the same count at {100.0 * equal:.1f} % of {counts.size} aim points; sums {counts.sum()}, "
              f"{theirs.sum()}")
        assert equal > 0.9
        timings = interleave({"NumPy and SciPy, flights given": (peer.run, counts.size),
                              "OpenDome": (ours, 10000)}, options.rounds)
        seconds = sorted(timings["OpenDome"].seconds)[options.rounds // 2]
        show(f"{threat} against layer {layer}, aim points a second", timings,
             {"OpenDome": f"100 x 100 in {seconds:.2f} s"}, ("NumPy and SciPy, flights given",))


if __name__ == "__main__":
    main()
