"""What cannot be in orbit is found by `check`, before anything runs, and said with what would be right."""

import warnings

import pytest

from opendome import cli
from opendome.engagement import ReachWarning
from opendome.errors import ScenarioError
from opendome.scenario import reader
from opendome.study import run
from opendome.study.checking import problems_of
from tiny_space import in_orbit

CASES = [
    ({"constellations.low.altitude_km": 50}, "lies in the atmosphere"),
    ({"constellations.low.n_planes": 5}, "must divide n_satellites = 12"),
    ({"constellations.low.n_planes": 0}, "must be at least 1"),
    ({"constellations.low.inclination_deg": 200}, "must be at most 180"),
    ({"constellations.low.deployed": 0.1}, "leaves no satellite in orbit"),
    ({"constellations.low.longitudes_deg": [0]}, "pattern 'delta' has no longitudes_deg"),
    ({"constellations.slots.pattern": "star"}, "pattern 'star' needs n_satellites, inclination_deg, altitude_km"),
    ({"constellations.slots": {"pattern": "listed", "satellites": [
        {"perigee_km": 50, "apogee_km": 600, "inclination_deg": 40}]}}, "lies in the atmosphere"),
    ({"constellations.slots": {"pattern": "listed", "satellites": [
        {"perigee_km": 700, "apogee_km": 600, "inclination_deg": 40}]}}, "must not exceed apogee_km = 600"),
    ({"layers.boost.constellation": "lo"}, "did you mean low"),
    ({"layers.boost.interceptor": "thaad"}, "stands on the ground"),
    ({"layers.only.interceptor": "spear"}, "waits in orbit"),
    ({"layers.boost.p_decoy_as_threat": 0.5}, "means nothing in orbit"),
    ({"sensors.plume-eye": {"type": "plume-eye-type"}}, "an infrared sensor needs a constellation"),
    ({"sensors.plume-eye.lat_deg": 10.0, "sensors.plume-eye.lon_deg": 10.0}, "stands where its satellites are"),
    ({"sensors.eye.constellation": "low"}, "a radar stands on the ground"),
    ({"layers.again": {"interceptor": "spear", "constellation": "low"}}, "carries the interceptors of layer 'boost'"),
    ({"raids.raid.waves.0.decoys": 2, "raids.raid.waves.0.threat": "drone"}, "only ballistic missiles have any"),
]


@pytest.mark.parametrize(("changes", "expected"), CASES, ids=[text for _, text in CASES])
def test_check_finds_what_run_would_refuse(changes, expected):
    text = reader.to_toml(in_orbit(ground={}))
    assert problems_of(text) == []
    found = problems_of(text, changes)
    assert expected in "\n".join(str(problem) for problem in found)
    with pytest.raises(ScenarioError):
        run(reader.parse(text, changes=changes), runs=1)


def test_a_reach_that_covers_the_earth_is_said():
    with pytest.warns(ReachWarning, match="is the whole Earth from any orbit"):
        run(in_orbit(spear={"speed_km_s": 500, "flight_max_s": 1000}), runs=1)


def test_warnings_read_as_sentences_on_the_command_line(tmp_path, capsys):
    file = tmp_path / "low.toml"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.write_text(reader.to_toml(in_orbit(low={"altitude_km": 150})))
    assert cli.main(["run", str(file), "--runs", "1", "--quiet"]) == 0
    talk = capsys.readouterr().err
    assert talk.count("note: an orbit with its lowest point at 150 km is short-lived") == 1
    assert "Warning:" not in talk
