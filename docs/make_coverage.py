"""Write docs/images/coverage-91.svg and print the tables of docs/models/coverage.md."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from opendome.orbits import Constellation, Elements, coverage, plane_losses, walker

IMAGE = Path(__file__).parent / "images" / "coverage-91.svg"
DAY = np.arange(0.0, 86400.0, 120.0)
GRID = (3.0, 6.0)
COLORS = ("#7a1f1f", "#e0a36a", "#a9d6e5", "#61a5c2", "#2a6f97")
"""From none in view to many."""
LAYERS = {28: (4, 0), 54: (6, 0), 91: (7, 4)}
"""Satellites: planes and phasing; 1,000 km, 81 degrees, planes over 360 degrees."""


def layer(n, altitude_km=1000.0, inclination_deg=81.0, pattern="delta", planes=None, phasing=None):
    known = LAYERS.get(n, (planes, 0))
    return walker(n_satellites=n, n_planes=planes or known[0], phasing=known[1] if phasing is None else phasing,
                  inclination_deg=inclination_deg, altitude_km=altitude_km, pattern=pattern)


def three(found):
    """Shares with one and two in view, and of the area that never has fewer than two."""
    return percent(found.fraction(1), found.fraction(2), found.always(2))


def percent(*shares):
    return " | ".join("100" if s == 1.0 else f"{100.0 * s:.1f}" for s in shares)


def getting_on_track():
    print("\n91 satellites: phasing | k = 1, 2 at 120, 110, 100")
    for name, keywords in (("81 deg delta", {}), ("90 deg star", {"inclination_deg": 90.0, "pattern": "star"})):
        for phasing in range(7):
            found = [coverage(layer(91, phasing=phasing, **keywords), field_of_regard_deg=field, grid_deg=GRID, t_s=DAY)
                     for field in (120.0, 110.0, 100.0)]
            print(f"| {name} {phasing} | {percent(*(f.fraction(k) for f in found for k in (1, 2)))} |")
    print("\nother cases: k = 1, k = 2, never fewer than 2")
    for n, planes, field in ((135, 9, 120.0), (135, 15, 120.0), (312, 12, 110.0), (312, 24, 110.0)):
        found = coverage(layer(n, planes=planes), field_of_regard_deg=field, grid_deg=GRID, t_s=DAY)
        print(f"| {n} in {planes} planes, {field:g} deg | {three(found)} |")
    for n, planes in ((15, 3), (15, 5)):
        for elevation in (0.0, 5.0, 10.0, 20.0):
            found = medium(n, planes, elevation)
            print(f"| {n} MEO in {planes}, {elevation:g} deg | {three(found)} |")
    for elevation in (0.0, 5.0, 10.0):
        low = {n: coverage(layer(n, planes=p), field_of_regard_deg=120.0, grid_deg=GRID, t_s=DAY)
               for n, p in ((36, 4), (70, 7), (135, 9))}
        high = coverage(molniya(), min_elevation_deg=elevation, grid_deg=GRID, t_s=DAY)
        eight = medium(8, 2, elevation)
        mixes = {"36 LEO + 8 MEO": low[36] + eight, "135 LEO + 8 MEO": low[135] + eight, "4 HEO + 8 MEO": high + eight,
                 "4 HEO + 15 MEO + 70 LEO": high + medium(15, 3, elevation) + low[70],
                 "30 MEO + 135 LEO": medium(30, 3, elevation) + low[135]}
        for name, found in mixes.items():
            print(f"| {name}, {elevation:g} deg | {three(found)} |")


def medium(n, planes, elevation_deg):
    return coverage(layer(n, 10000.0, 55.0, planes=planes, phasing=1), min_elevation_deg=elevation_deg, grid_deg=GRID,
                    t_s=DAY)


def molniya():
    """Four satellites on 12-hour orbits, 63.4 degrees, perigee 1,000 km in the south, a quarter of a turn apart."""
    a, ones = 26561743.0, np.ones(4)
    e = 1.0 - (6378137.0 + 1000e3) / a
    return Constellation(Elements(a * ones, e * ones, np.radians(63.4) * ones, np.radians([0.0, 90.0, 180.0, 270.0]),
                                  np.radians(270.0) * ones, np.radians([0.0, 180.0, 0.0, 180.0])),
                         np.arange(4), np.zeros(4, np.int64))


def losses():
    print("\nstereo at 120 deg by latitude: 0-30, 30-60, 60-90, all | 5, 10, 20 % lost | 1, 2 planes lost: worst, mean")
    for n in LAYERS:
        keywords = {"field_of_regard_deg": 120.0, "grid_deg": GRID, "t_s": DAY}
        found = coverage(layer(n), **keywords)
        bands = found.by_latitude(2, band_deg=30.0)["fraction"].to_numpy()
        planes = [plane_losses(layer(n), n_lost=lost, k=2, **keywords)["fraction"] for lost in (1, 2)]
        print(f"| {n} | {percent(*(0.5 * (bands[[3, 4, 5]] + bands[[2, 1, 0]])), found.fraction(2))} | "
              f"{percent(*(found.after_losses(2, p_lost=p) for p in (0.05, 0.1, 0.2)))} | "
              f"{percent(*(share for one in planes for share in (one.min(), one.mean())))} |")
        gaps = found.gaps(2).by_latitude(band_deg=180.0)
        print(f"  k = 1: {100 * found.fraction(1):.1f}; mean in view {found.mean_in_view():.2f}; stereo gaps a day "
              f"{gaps['gaps_per_day'][0]:.1f}, mean {gaps['mean_gap_s'][0] / 60:.1f} min, "
              f"longest {gaps['longest_gap_s'][0] / 60:.0f} min, response {gaps['response_s'][0] / 60:.1f} min")


def altitudes():
    print("\n91 satellites, targets at altitude: k = 1, k = 2, never fewer than 2, mean in view")
    cold = {"target_alt_km": 500.0, "limb_km": 100.0, "grazing_km": 100.0}
    cases = {"ground, 120": {"field_of_regard_deg": 120.0},
             "40 km, 120": {"field_of_regard_deg": 120.0, "target_alt_km": 40.0},
             "40 km, 122": {"field_of_regard_deg": 122.0, "target_alt_km": 40.0},
             "40 km, 110": {"field_of_regard_deg": 110.0, "target_alt_km": 40.0},
             "500 km, 120": {"field_of_regard_deg": 120.0, "target_alt_km": 500.0},
             "500 km, all round": {"target_alt_km": 500.0}, "500 km, cold space": cold,
             "500 km, cold space, within 3,000 km": cold | {"reach_km": 3000.0},
             "500 km, cold space, 120": cold | {"field_of_regard_deg": 120.0},
             "500 km, cold space, 140": cold | {"field_of_regard_deg": 140.0}}
    for name, keywords in cases.items():
        found = coverage(layer(91), **keywords, grid_deg=GRID, t_s=DAY)
        print(f"| {name} | {three(found)} | {found.mean_in_view():.1f} |")


def picture():
    """How many are in view at one instant at 110 degrees, as five shades over a grid of 2 degrees."""
    counts = coverage(layer(91), field_of_regard_deg=110.0, grid_deg=2.0, t_s=0.0).counts[0]
    cell, left, top = 4, 46, 34
    width, height = cell * counts.shape[1], cell * counts.shape[0]
    runs: list[list[str]] = [[] for _ in COLORS]
    for i, row in enumerate(counts[::-1]):
        shade = np.minimum(row, len(COLORS) - 1)
        ends = [0, *(np.flatnonzero(np.diff(shade)) + 1), len(row)]
        for a, b in pairwise(ends):
            runs[shade[a]].append(f"M{left + cell * a} {top + cell * i}h{cell * (b - a)}v{cell}h{-cell * (b - a)}z")
    body = [f'<path fill="{color}" d="{"".join(run)}"/>' for color, run in zip(COLORS, runs)]
    for lat in (-60, -30, 0, 30, 60):
        y = top + height * (90 - lat) / 180
        body.append(f'<path d="M{left} {y:.0f}h{width}" stroke="#fff" stroke-opacity=".5"/>'
                    f'<text x="{left - 6}" y="{y + 5:.0f}" text-anchor="end">{lat}°</text>')
    for lon in (-120, -60, 0, 60, 120):
        x = left + width * (lon + 180) / 360
        body.append(f'<path d="M{x:.0f} {top}v{height}" stroke="#fff" stroke-opacity=".5"/>'
                    f'<text x="{x:.0f}" y="{top + height + 18}" text-anchor="middle">{lon}°</text>')
    for n, color in enumerate(COLORS):
        x = left + 120 * n
        label = f"{n} or more" if n == len(COLORS) - 1 else n
        body.append(f'<rect x="{x}" y="{top + height + 30}" width="24" height="14" fill="{color}" stroke="#666"/>'
                    f'<text x="{x + 32}" y="{top + height + 42}">{label}</text>')
    title = "How many of 91 satellites are in view of the ground at one instant, field of regard 110 degrees"
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
            f'viewBox="0 0 {left + width + 14} {top + height + 54}" font-family="sans-serif" font-size="13" '
            f'shape-rendering="crispEdges">'
            f'<rect width="100%" height="100%" fill="#fff"/><text x="{left}" y="21" font-size="15">{title}</text>')
    IMAGE.write_text(head + "".join(body) + "</svg>\n", encoding="utf-8")


def main():
    picture()
    getting_on_track()
    losses()
    altitudes()


if __name__ == "__main__":
    main()
