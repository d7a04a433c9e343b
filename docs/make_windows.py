"""Write docs/images/detection-windows.svg and docs/images/defended-footprint.svg, and print their tables.

The first: one flight of each class against a ground radar, radars in the sky where the catalogue has them, warning from
geostationary orbit, and a low-orbit layer as announced. The second: the upper layer of a shipped scenario, as
`opendome footprint` draws it.
"""

from pathlib import Path
from typing import Any

from opendome.catalogue import shipped
from opendome.cli.footprints import text, windows_text
from opendome.report.footprint_map import draw, windows_chart
from opendome.scenario import Scenario, reader
from opendome.study.footprints import footprint
from opendome.study.windows import rows, windows
from opendome.world import geodesic_direct

IMAGES = Path(__file__).parent / "images"
TOWN = (35.0, 135.0)
BEARING_DEG = 300.0
"""Where all threats come from."""

CLASSES = {"srbm": 600.0, "mrbm": 1300.0, "hgv-regional": 1300.0, "cruise-missile": 600.0, "one-way-drone": 600.0}
"""Classes by the distance in km that they start from; those that the catalogue lacks are left out."""

RADARS = ("air-defence-radar", "ground-surveillance-radar", "aerostat-radar", "aew-radar")


def scenario() -> Scenario:
    """One flight of each class at one town, and nothing that shoots."""
    known = shipped()
    classes = {name: km for name, km in CLASSES.items() if name in known.threats}
    places = {f"{km:.0f}-km": geodesic_direct(lat_deg=TOWN[0], lon_deg=TOWN[1], azimuth_deg=BEARING_DEG, distance_km=km)
              for km in classes.values()}
    sensors: dict[str, Any] = {name: {"type": name, "lat_deg": TOWN[0], "lon_deg": TOWN[1], "azimuth_deg": BEARING_DEG}
                               for name in RADARS if name in known.sensors}
    sensors |= {"geostationary": {"type": "ir-geo-stare", "constellation": "geo"},
                "low-orbit": {"type": "ir-leo-track", "constellation": "tranche-2"}}
    shared = reader.to_data(reader.load("warning-2028"))["constellations"]
    return reader.from_data({
        "title": "First sight of five classes, before impact", "price_year": 2026, "assumptions": "fixed",
        "places": {name: {"lat_deg": lat, "lon_deg": lon} for name, (lat, lon) in places.items()},
        "areas": {"town": {"lat_deg": TOWN[0], "lon_deg": TOWN[1], "radius_km": 20}},
        "constellations": {name: shared[name] for name in ("geo", "tranche-2")}, "sensors": sensors, "layers": {},
        "raids": {"one-of-each": {"start": "2028-07-01T00:00:00Z", "waves": [
            {"threat": name, "count": 1, "from": {f"{km:.0f}-km": 1}, "at": {"town": 1}}
            for name, km in classes.items()]}},
    })


def main() -> None:
    seen = windows(scenario())
    (IMAGES / "detection-windows.svg").write_text(windows_chart(seen, scenario().title), encoding="utf-8")
    print(windows_text(rows(seen)))
    found = footprint("gulf-2026", layer="upper", threat="mrbm", origins=["kermanshah"])
    (IMAGES / "defended-footprint.svg").write_text(draw(found), encoding="utf-8")
    print(f"\n{text(found)}")


if __name__ == "__main__":
    main()
