"""Areas laid over the picture: which there are, what is written of them, and that each is made once, when asked for."""

import asyncio
import json
import threading

import numpy as np
import pytest

import asgi
import served
from opendome.errors import InputError
from opendome.export import overlays
from opendome.export.overlays import coverage_bytes, footprint_bytes, listed
from opendome.scenario import reader
from opendome.study import catalogue_for
from opendome.study.footprint_views import View, footprint_views, is_cut, square_km
from opendome.study.footprints import Footprint
from opendome.study.lattice import cell_areas_km2, edges_of
from opendome.viewer.guard import Rules
from opendome.viewer.made import Made
from opendome.viewer.server import app
from opendome.world import MEAN_RADIUS_M, geodesic_inverse
from tiny_file import PATH
from tiny_space import in_orbit

EARTH_KM = MEAN_RADIUS_M / 1000.0


def made_up(shots, salvo=1, origins=("north", "east")) -> Footprint:
    """A footprint of these engagements around 25 N 55 E, cells of about 11 km."""
    rows, columns = np.shape(shots)
    lat, lon = 25.0 + 0.1 * np.arange(rows), 55.0 + 0.1 * np.arange(columns)
    reached = np.ones((rows, columns), np.bool_)
    reached[0, 0] = False
    return Footprint(lat, lon, np.array(shots), reached, np.zeros((rows, columns)),
                     cell_areas_km2(edges_of(lat), edges_of(lon)), "", "upper", "srbm", {"battery": (25.1, 55.1)},
                     dict.fromkeys(origins, (27.0, 55.0)), {}, {"eye": "warns at 67 s of 414 s"}, 2, salvo, 0.05)


# ---- footprints -----------------------------------------------------------------------------------------------------


def test_a_layer_goes_with_each_threat_that_is_sent_and_that_it_fires_at():
    scenario = reader.load("gulf-2026")
    views = footprint_views(scenario, catalogue_for(scenario))
    assert View("upper", None, "srbm") in views
    assert View("upper", None, "one-way-drone") not in views  # thaad fires at ballistic missiles alone
    assert View("guns", None, "one-way-drone") in views
    assert footprint_views(in_orbit(), catalogue_for(in_orbit())) == []  # its only layer is in orbit


def test_sites_that_are_far_apart_and_reach_little_stand_alone():
    scenario = reader.load("homeland-2028")
    views = footprint_views(scenario, catalogue_for(scenario))
    terminal = [view.site for view in views if view.layer == "terminal"]
    assert terminal == list(scenario.layers["terminal"].sites)
    assert [view.site for view in views if view.layer == "midcourse"] == [None]
    assert square_km(scenario, "terminal", terminal[0])[1] < 1000


@pytest.mark.parametrize(("name", "layer"), [("gulf-2026", "upper"), ("gulf-2026", "guns"),
                                             ("homeland-2028", "midcourse")])
def test_the_square_holds_the_sites_and_what_they_reach(name, layer):
    scenario = reader.load(name)
    (lat, lon), size_km = square_km(scenario, layer)
    reach_km = catalogue_for(scenario).interceptors[scenario.layers[layer].interceptor].range_max_km.value
    for site in scenario.layers[layer].sites.values():
        far_km = geodesic_inverse(lat1_deg=lat, lon1_deg=lon, lat2_deg=site.lat_deg, lon2_deg=site.lon_deg).distance_km
        assert far_km + reach_km <= size_km / 2 or size_km == 5000


def test_what_is_written_of_a_footprint():
    """The cell that is not reached does not count; areas are those of the cells."""
    found = made_up([[2, 0, 0], [0, 1, 0], [0, 2, 0]])
    data = json.loads(footprint_bytes(found, "upper against srbm"))
    assert data["level"] == [[0, 0, 0], [0, 1, 0], [0, 2, 0]]
    assert data["lat_edges_deg"] == pytest.approx([24.95, 25.05, 25.15, 25.25])
    assert data["lon_edges_deg"] == pytest.approx([54.95, 55.05, 55.15, 55.25])
    assert data["levels"] == [f"time for 1 engagement or more: {found.area_km2(1):,.0f} km2",
                              f"time for 2 engagements or more: {found.area_km2(2):,.0f} km2"]
    assert found.area_km2(1) == pytest.approx(2 * 11.1 * 10.07, rel=0.01)
    said = " ".join(data["about"])
    assert "Where upper at battery has time to engage srbm from north and east, whichever of these is worst" in said
    assert "goes on beyond the square" in said  # its last row is on the edge
    assert "eye: warns at 67 s of 414 s." in said
    assert "no stocks" in said


def test_it_says_where_it_ends_and_where_there_is_nothing():
    inside = made_up([[0, 0, 0], [0, 2, 0], [0, 0, 0]], salvo=2, origins=("north",))
    assert not is_cut(inside)
    data = json.loads(footprint_bytes(inside, ""))
    assert data["levels"][1].startswith("time for 2 salvos of 2 or more")
    assert "whichever" not in " ".join(data["about"])
    nowhere = json.loads(footprint_bytes(made_up([[0, 0], [0, 0]]), ""))
    assert "There is time nowhere in this square." in nowhere["about"]
    assert len(nowhere["levels"]) == 1


# ---- coverage -------------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_coverage_by_two_satellites_that_stand_still():
    """Over 40 E and 70 E, seeing to the horizon, 81.3 degrees away: a cell is in view all day, or never."""
    scenario = in_orbit()
    data = json.loads(coverage_bytes(scenario, catalogue_for(scenario), "plume-eye"))
    lat, lon = (0.5 * (np.array(edges)[1:] + np.array(edges)[:-1]) for edges in (data["lat_edges_deg"],
                                                                                 data["lon_edges_deg"]))
    level = np.array(data["level"])
    apart = [np.degrees(np.arccos(np.cos(np.radians(lat))[:, None] * np.cos(np.radians(lon - at)))) for at in (40, 70)]
    nearest = np.minimum(*apart)
    assert (level[nearest < 81.0] == 4).all()
    assert (level[nearest > 81.6] == 0).all()
    assert data["levels"][0].startswith("one or more")
    assert "2 satellites of slots" in data["about"][0]


@pytest.mark.compiled
def test_cold_bodies_are_covered_where_two_see_them_beside_the_earth():
    """At 200 km over a round Earth, against space alone: in a ring about the horizon of each of the two satellites, and
    both rings have to hold: the line goes on beyond the body above 60 km, and where it has passed the Earth before it
    meets the body, it did so above the ground. Cells by the edge of a ring are left to either side."""
    scenario = in_orbit(eye={"needs_cold_space": True, "band_min_um": 8, "band_max_um": 12})
    data = json.loads(coverage_bytes(scenario, catalogue_for(scenario), "plume-eye"))
    lat, lon = (0.5 * (np.array(edges)[1:] + np.array(edges)[:-1]) for edges in (data["lat_edges_deg"],
                                                                                 data["lon_edges_deg"]))
    level = np.array(data["level"])
    far_km, body_km = 42_164.2, EARTH_KM + 200.0

    def spare_km(at_deg):
        """By how much the line of sight stays above what it has to, body by body."""
        cos = np.cos(np.radians(lat))[:, None] * np.cos(np.radians(lon - at_deg))
        length_km = np.sqrt(far_km**2 + body_km**2 - 2.0 * far_km * body_km * cos)
        nearest_km = far_km * body_km * np.sqrt(1.0 - cos**2) / length_km  # to the Earth's centre
        return nearest_km - EARTH_KM - np.where(body_km < far_km * cos, 60.0, 0.0)

    spare = np.minimum(spare_km(40), spare_km(70))
    assert (level[spare > 35.0] == 4).all()  # the Earth is flatter than a ball by 21 km
    assert (level[spare < -35.0] == 0).all()
    assert min((level == 4).sum(), (level == 0).sum()) > 100
    assert data["levels"][0].startswith("two or more at once")
    assert "with cold space behind it" in data["about"][0]


def test_the_index_names_them_and_a_campaign_has_none():
    assert listed(reader.load(PATH)) == [
        {"name": f"overlay-{k}.json", "kind": "footprint", "label": f"lower against {threat}", "of": "lower"}
        for k, threat in enumerate(("srbm", "one-way-drone"))]
    assert [one["label"] for one in listed(in_orbit())] == ["plume-eye on slots"]
    assert overlays.overlays(reader.load("stocks-2026")) == {}


# ---- made when asked for --------------------------------------------------------------------------------------------


def test_each_is_made_once_for_all_who_ask():
    made, go = [], threading.Event()

    def make() -> bytes:
        made.append(1)
        go.wait(10)
        return b"{}"

    async def every(made: Made):
        waiting = [asyncio.create_task(asked.part("a.json")) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert asked.is_busy
        go.set()
        return [*await asyncio.gather(*waiting), await asked.part("a.json"), await asked.part("../a.json")]

    asked = Made({"a.json": make})
    one, other, third, later, none = asyncio.run(every(asked))
    assert one == other == third == later
    assert one.kind == "application/json"
    assert none is None
    assert made == [1]


def test_what_waits_at_the_end_is_not_made():
    made, go = [], threading.Event()

    def first() -> bytes:
        go.wait(10)
        return b"1"

    def second() -> bytes:
        made.append(2)
        return b"2"

    async def every(made: Made):
        waiting = [asyncio.create_task(made.part(name)) for name in ("a.json", "b.json")]
        await asyncio.sleep(0.05)
        made.close()
        go.set()
        return await asyncio.gather(*waiting)

    one, other = asyncio.run(every(Made({"a.json": first, "b.json": second})))
    assert one is not None
    assert other is None
    assert made == []


def test_the_server_gives_them_by_name_and_says_why_one_cannot_be_had(tmp_path, monkeypatch):
    def wrong() -> bytes:
        raise InputError("its sites are there from 2029 on")

    served.built_page(tmp_path, monkeypatch)
    shelf = served.shelf(make={"overlay-0.json": lambda: b'{"format":1}', "overlay-1.json": wrong})
    application = app(lambda: shelf, Rules(asgi.PORT))

    async def every():
        return [await asgi.ask(application, f"/data/{name}") for name in (
            "overlay-0.json", "overlay-1.json", "overlay-2.json", "..%2findex.json")]

    good, refused, *unknown = asyncio.run(every())
    assert (good.status, good.data) == (200, {"format": 1})
    assert (refused.status, refused.data) == (409, {"error": "its sites are there from 2029 on"})
    assert [answer.status for answer in unknown] == [404, 404]
