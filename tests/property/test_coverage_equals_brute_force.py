"""Counts by footprints against every pair tested: with the same predicate (exactly equal), and by plain vectors."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fixed_satellites import Fixed
from opendome.orbits import coverage, coverage_at
from opendome.orbits.footprint import count_grid, scratch
from opendome.orbits.sight import conditions_of, count_points, rows_of
from opendome.orbits.zones import grid_of
from opendome.world import WGS84

pytestmark = [pytest.mark.compiled, pytest.mark.filterwarnings("ignore::opendome.orbits.CoverageWarning")]
NONE = {"field_of_regard_deg": None, "min_elevation_deg": None, "reach_km": None, "limb_km": None, "grazing_km": 0.0}
A, B = WGS84.a_m, WGS84.a_m * (1.0 - WGS84.f)



@st.composite
def satellites(draw):
    """(S, 3) ECEF in m: anywhere from 200 km up, some on the axis, on the date line, on cells' meridians, in pairs."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 30))
    top_km = draw(st.sampled_from([600.0, 1500.0, 20000.0, 60000.0]))
    alt_m = 1e3 * rng.uniform(200.0, top_km, n)
    lat = np.arcsin(rng.uniform(-1.0, 1.0, n))
    lon = rng.uniform(-math.pi, math.pi, n)
    special = rng.random(n)
    lat = np.where(special < 0.1, 0.5 * math.pi * rng.choice([-1.0, 1.0, -1 + 1e-9, 1 - 1e-6, 1 - 1e-4], n), lat)
    lat = np.where(special > 0.95, 0.0, lat)
    lon = np.where((special > 0.2) & (special < 0.3), math.pi * rng.choice([-1.0, 1.0], n), lon)
    lon = np.where((special > 0.3) & (special < 0.4), np.radians(rng.integers(-60, 60, n) * 3.0), lon)
    r = A + alt_m
    return np.stack([r * np.cos(lat) * np.cos(lon), r * np.cos(lat) * np.sin(lon), r * np.sin(lat)], axis=1)


@st.composite
def conditions(draw):
    """Keywords of `coverage`: any combination of conditions that is not refused."""
    alt = draw(st.sampled_from([0.0, 0.0, 10.0, 40.0, 200.0, 500.0, 1000.0, 40000.0]))
    found = {"target_alt_km": alt}
    if draw(st.booleans()):
        found["field_of_regard_deg"] = draw(st.one_of(st.floats(1.0, 360.0), st.floats(90.0, 150.0), st.just(180.0)))
    if draw(st.booleans()):
        found["min_elevation_deg"] = draw(st.one_of(st.floats(-90.0, 89.0), st.floats(0.0, 30.0), st.just(0.0),
                                                    st.floats(-1e-6, 1e-6)))
    if draw(st.booleans()):
        found["reach_km"] = draw(st.floats(100.0, 6000.0))
    if alt and draw(st.booleans()):
        found["limb_km"] = draw(st.floats(0.0, min(alt, 300.0)))
    if alt and draw(st.booleans()):
        found["grazing_km"] = draw(st.floats(0.0, min(alt, 300.0)))
    return found


def in_view(r, lat_deg, lon_deg, *, target_alt_km, field_of_regard_deg=None, min_elevation_deg=None, reach_km=None,
            limb_km=None, grazing_km=0.0):
    """Whether satellites (S, 3) see points (N,), and whether that is too near to call, by vectors; each (N, S)."""
    lat, lon, alt = np.radians(lat_deg), np.radians(lon_deg), 1e3 * target_alt_km
    up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    n = A / np.sqrt(1.0 - (1.0 - (B / A) ** 2) * np.sin(lat) ** 2)
    p = (np.stack([n, n, n * (B / A) ** 2], axis=1) + alt) * up
    ray = p[:, None] - r[None]
    distance = np.linalg.norm(ray, axis=2)

    def lowest2(start, along, height_km, last):
        """Square of the least distance from the centre, over that of the ellipsoid, on start + (0 .. last) along."""
        scale = 1.0 / np.array([A + 1e3 * height_km, A + 1e3 * height_km, B + 1e3 * height_km])
        u, v = start * scale, along * scale
        at = np.clip(-(u * v).sum(axis=2) / (v * v).sum(axis=2), 0.0, last)
        return ((u + at[..., None] * v) ** 2).sum(axis=2)

    start = np.broadcast_to(r[None], ray.shape)
    margins = [lowest2(start, ray, grazing_km, 1.0) - 1.0]
    if target_alt_km == grazing_km:  # the far end touches: ask for the elevation instead
        margins = [-(ray * up[:, None]).sum(axis=2) / distance]
    if reach_km is not None:
        margins.append(1.0 - distance / (1e3 * reach_km))
    if min_elevation_deg is not None:
        margins.append(-(ray * up[:, None]).sum(axis=2) / distance - math.sin(math.radians(min_elevation_deg)))
    if field_of_regard_deg is not None:
        off = np.arccos(np.clip(-(ray * start).sum(axis=2) / distance / np.linalg.norm(start, axis=2), -1.0, 1.0))
        margins.append(math.radians(0.5 * field_of_regard_deg) - off)
    if limb_km is not None:
        # Satellites below the target look up: the line goes on rising.
        beyond = lowest2(np.broadcast_to(p[:, None], ray.shape), ray, limb_km, 1e9) - 1.0
        margins.append(np.where(beyond == lowest2(np.broadcast_to(p[:, None], ray.shape), ray, limb_km, 0.0) - 1.0,
                                np.inf, beyond))
    least = np.minimum.reduce(margins)
    return least >= 0.0, np.minimum.reduce([np.abs(margin) for margin in margins]) < 3e-8


grids = st.sampled_from([(1.0, 5.0), (2.5, 2.0), (7.0, 11.0), (3.0, 6.0), (30.0, 45.0), (0.5, 20.0), (9.0, 1.0)])
zones = st.sampled_from([(-90.0, 90.0), (-90.0, 90.0), (30.0, 61.0), (85.0, 90.0)])


def both_counts(r, keywords, grid_deg, zone=(-90.0, 90.0)):
    """Counts by footprints and by pairs, (L, M) each."""
    allowed = conditions_of(**NONE | keywords)
    edges, lon_deg, grid = grid_of(grid_deg, zone)
    rows = rows_of(0.5 * (edges[1:] + edges[:-1]), allowed, keywords["target_alt_km"])
    lon_cos, lon_sin = np.cos(np.radians(lon_deg)), np.sin(np.radians(lon_deg))
    positions = np.ascontiguousarray(r.T[None])
    fast, pairs = np.zeros((2, 1, grid.n_lat, grid.n_lon), np.int16)
    count_grid(positions, rows, lon_cos, lon_sin, grid, allowed, fast, 0, 1, *scratch(grid.n_lat, grid.n_lon, np.int16))
    count_points(positions, rows, lon_cos, lon_sin, grid.n_lon, allowed, pairs, 0, 1)
    return fast[0], pairs[0]


@settings(deadline=None, max_examples=300)
@given(r=satellites(), keywords=conditions(), grid_deg=grids, zone=zones)
def test_footprints_equal_pairs(r, keywords, grid_deg, zone):
    fast, pairs = both_counts(r, keywords, grid_deg, zone)
    assert (fast == pairs).all()


@settings(deadline=None, max_examples=400)
@given(seed=st.integers(0, 2**32), place=st.sampled_from(["anywhere", "axis", "level", "below", "tangent", "mirror"]),
       edge=st.sampled_from(["range", "elevation", "cone", "tangent cone"]), alt_km=st.sampled_from([0.0, 500.0]),
       grid_deg=st.sampled_from([(3.0, 6.0), (1.0, 10.0), (45.0, 1.0)]))
def test_edges_through_a_cell(seed, place, edge, alt_km, grid_deg):
    """The edge of a condition goes through the centre of a cell, to rounding: the hardest case for footprints."""
    rng = np.random.default_rng(seed)
    edges, lon_deg, _ = grid_of(grid_deg, (-90.0, 90.0))
    lat, lon = math.radians(rng.choice(0.5 * (edges[1:] + edges[:-1]))), math.radians(rng.choice(lon_deg))
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    n = A / math.sqrt(1.0 - (1.0 - (B / A) ** 2) * math.sin(lat) ** 2)
    p = (np.array([n, n, n * (B / A) ** 2]) + 1e3 * alt_km) * up
    near = up + rng.normal(size=3) * rng.choice([0.01, 0.1, 0.5])
    r = near / np.linalg.norm(near) * (A + 1e3 * rng.uniform(300.0, 3000.0))
    if place == "axis":
        r = np.array([*rng.normal(size=2) * 10.0 ** rng.uniform(-2.0, 5.0), math.copysign(np.linalg.norm(r), lat)])
    elif place == "level":  # as far from where the target's normal meets the axis: two roots of elevation meet
        centre = p - (n + 1e3 * alt_km) * up
        r = centre + (n + 1e3 * alt_km + rng.choice([0.0, 1e-9, -1e-9, 1e-3])) * near / np.linalg.norm(near)
    elif place == "below":  # the lowest elevation at which such a satellite is ever seen: the two roots meet again
        centre, dip, aside = p - (n + 1e3 * alt_km) * up, rng.uniform(0.05, 0.3), np.cross(up, rng.normal(size=3))
        toward = math.cos(dip) * up + math.sin(dip) * aside / np.linalg.norm(aside)
        r = centre + (n + 1e3 * alt_km) * math.cos(dip) * toward
    elif place == "tangent":  # the line of sight touches the target's shell at the target: the cone's two bounds meet
        aside = np.cross(p, rng.normal(size=3))
        r = p + aside / np.linalg.norm(aside) * rng.uniform(1e5, 4e6)
    elif place == "mirror":  # as far from one meridian of cells as from another
        turn = math.radians(lon_deg[0] + 0.5 * grid_deg[1] * rng.integers(0, 60))
        r = np.array([math.hypot(r[0], r[1]) * math.cos(turn), math.hypot(r[0], r[1]) * math.sin(turn), r[2]])
    ray, height = p - r, np.linalg.norm(r)
    distance = np.linalg.norm(ray)
    if np.linalg.norm(r / [A, A, B]) <= 1.0:
        return
    off = math.acos(-(ray @ r) / distance / height)
    if edge == "tangent cone":
        off = math.asin(min(1.0, np.linalg.norm(p) / height * (1.0 + rng.choice([0.0, 1e-15, -1e-12, 1e-9]))))
    keywords = {"target_alt_km": alt_km} | {
        "range": {"reach_km": distance / 1e3}, "elevation": {"min_elevation_deg": math.degrees(math.asin(
            max(-1.0, min(1.0, -(ray @ up) / distance))))}}.get(edge, {"field_of_regard_deg": math.degrees(2.0 * off)})
    if abs(keywords.get("min_elevation_deg", 0.0)) > 89.0 or off < 1e-3:
        return
    fast, pairs = both_counts(r[None], keywords, grid_deg)
    assert (fast == pairs).all()


@settings(deadline=None, max_examples=150)
@given(r=satellites(), keywords=conditions(), grid_deg=st.sampled_from([(6.0, 10.0), (7.5, 4.0)]))
def test_counts_equal_plain_vectors(r, keywords, grid_deg):
    # Lines that touch the target's own shell: in plain vectors all cells are then too close to call.
    heights = [keywords[name] for name in ("grazing_km", "limb_km") if keywords.get(name) is not None]
    assume(all(abs(height - keywords.get("target_alt_km", 0.0)) > 1e-6 for height in heights))
    found = coverage(Fixed(r), **keywords, grid_deg=grid_deg, t_s=0.0)
    lat_deg, lon_deg = (x.ravel() for x in np.meshgrid(found.lat_deg, found.lon_deg, indexing="ij"))
    sees, is_close = in_view(r, lat_deg, lon_deg, **keywords)
    low, high = (sees & ~is_close).sum(axis=1), (sees | is_close).sum(axis=1)
    counts = found.counts[0].ravel()
    assert ((low <= counts) & (counts <= high)).all()
    assert (low == high).mean() > 0.9
    assert (coverage_at(Fixed(r), lat_deg=lat_deg, lon_deg=lon_deg, **keywords, t_s=0.0).counts[0, :, 0]
            == counts).mean() > 0.999
