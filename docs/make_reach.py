"""Draw docs/images/reachable-ground.svg: ground within reach of the glider classes under three bank limits.

    python docs/make_reach.py

Launched east from the equator, where the picture would be symmetric on a sphere at rest as well. Distances and bearings
from launch are true, all others are not (azimuthal equidistant).
"""

import math
from pathlib import Path

from opendome.catalogue import shipped
from opendome.threats import Reach, fly, reachable
from opendome.world import geodesic_direct, geodesic_inverse

IMAGE = Path(__file__).parent / "images" / "reachable-ground.svg"
LAUNCH = (0.0, 0.0)
LIMITS = ((60.0, "#a9d6e5", ""), (30.0, "#61a5c2", "6 4"), (10.0, "#2a6f97", "2 3"))
"""Bank limit, colour, dashes."""
PANELS = (("hgv-regional", 2600.0, 500.0, 500.0), ("hgv-long", 10500.0, 2000.0, 560.0))
"""Class, width in km, grid in km, height in pixels."""
WIDTH, LEFT, RIGHT = 960.0, 20.0, 20.0


def plane(point: tuple[float, float]) -> tuple[float, float]:
    """Kilometres ahead and to the right of a place, by distance and bearing from launch."""
    line = geodesic_inverse(lat1_deg=LAUNCH[0], lon1_deg=LAUNCH[1], lat2_deg=point[0], lon2_deg=point[1])
    angle = math.radians(line.azimuth_deg - 90.0)
    return line.distance_km * math.cos(angle), line.distance_km * math.sin(angle)


def outline(reach: Reach) -> list[tuple[float, float]]:
    return [plane(p) for p in zip(reach.lat_deg, reach.lon_deg, strict=True)]


def track(name: str, aim_deg: float, range_km: float, via_km: float | None) -> list[tuple[float, float]]:
    """A solved flight, straight or over one waypoint ahead."""
    aim = geodesic_direct(lat_deg=LAUNCH[0], lon_deg=LAUNCH[1], azimuth_deg=90.0 + aim_deg, distance_km=range_km)
    via = [] if via_km is None else [geodesic_direct(lat_deg=LAUNCH[0], lon_deg=LAUNCH[1], azimuth_deg=90.0,
                                                     distance_km=via_km)]
    path = fly(name, launch=LAUNCH, aim=aim, via=via, step_s=10.0)
    return [plane((float(a), float(o))) for a, o in zip(path.lat_deg[1:], path.lon_deg[1:], strict=True)]


def panel(name: str, width_km: float, grid_km: float, height: float, top: float) -> tuple[str, list[str]]:
    scale = (WIDTH - LEFT - RIGHT) / width_km
    middle = top + 0.5 * height

    def pixels(points: list[tuple[float, float]]) -> str:
        return " ".join(f"{LEFT + scale * x:.1f},{middle + scale * y:.1f}" for x, y in points)

    out, rows = [], []
    for k in range(1, math.floor(width_km / grid_km) + 1):
        r = k * grid_km
        half = min(math.asin(min(1.0, (0.5 * height - 4.0) / scale / r)), 0.6)
        arc = [(r * math.cos(a), r * math.sin(a)) for a in (half * (j / 20.0 - 1.0) for j in range(41))]
        out.append(f'<polyline points="{pixels(arc)}" fill="none" stroke="#999" stroke-width="0.6"/>')
        out.append(f'<text x="{LEFT + scale * r + 3:.1f}" y="{top + height - 2:.1f}" fill="#666">{r:,.0f} km</text>')
    for limit, color, dashes in LIMITS:
        reach = reachable(name, launch=LAUNCH, toward_deg=90.0, bank_max_deg=limit)
        out.append(f'<polygon points="{pixels(outline(reach))}" fill="{color}" fill-opacity="0.55" stroke="#123" '
                   f'stroke-width="1.2" stroke-dasharray="{dashes}"/>')
        rows.append(f"| `{name}` | {limit:.0f}° | {1e-6 * reach.area_km2:.2f} | {reach.nearest_km:,.0f} to "
                    f"{reach.farthest_km:,.0f} | {reach.side_deg[1]:.1f}° |")
    long = name == "hgv-long"
    flights = (track(name, 0.0, 6500.0 if long else 1800.0, None),
               track(name, 7.0, 7000.0 if long else 1800.0, 4500.0 if long else 900.0))
    out += [f'<polyline points="{pixels(f)}" fill="none" stroke="#a03020" stroke-width="1.8"/>' for f in flights]
    out.append(f'<circle cx="{LEFT:.1f}" cy="{middle:.1f}" r="4" fill="#a03020"/>')
    note = shipped().threats[name].note.split(":")[0]
    out.append(f'<text x="{LEFT:.0f}" y="{top + 12:.0f}" font-weight="bold" fill="#222">{name}: {note}</text>')
    return "".join(out), rows


def main() -> None:
    body, rows, top = [], [], 8.0
    for name, width_km, grid_km, height in PANELS:
        drawn, lines = panel(name, width_km, grid_km, height, top)
        body.append(drawn)
        rows += lines
        top += height + 16.0
    x = LEFT
    for limit, color, dashes in LIMITS:
        body.append(f'<rect x="{x:.0f}" y="{top:.0f}" width="26" height="13" fill="{color}" fill-opacity="0.7" '
                    f'stroke="#123" stroke-dasharray="{dashes}"/><text x="{x + 32:.0f}" y="{top + 11:.0f}" fill="#222">'
                    f"bank up to {limit:.0f}°</text>")
        x += 160.0
    body.append(f'<path d="M{x:.0f} {top + 7:.0f}h26" stroke="#a03020" stroke-width="1.8"/><text x="{x + 32:.0f}" '
                f'y="{top + 11:.0f}" fill="#222">a flight straight to its aim, and one over a waypoint</text>')
    title = "Ground within reach of two glider classes, launched east from the equator, under three bank limits"
    IMAGE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {top + 24:.0f}" '
                     f'font-family="sans-serif" font-size="12" role="img" aria-label="{title}"><title>{title}</title>'
                     f'<rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n', encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
