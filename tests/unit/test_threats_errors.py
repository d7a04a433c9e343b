"""What cannot be flown is refused with what would be right."""

import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.errors import InputError


def refused(**call):
    with pytest.raises(InputError) as caught:
        threats.fly(call.pop("spec", "srbm"), **{"launch": (30.0, 50.0), "aim": (28.0, 50.0), "step_s": 1.0, **call})
    return str(caught.value)


def test_too_far_names_the_distance_the_limits_and_who_could():
    text = refused(aim=(10.0, 50.0))
    assert "2214 km" in text
    assert "must be 100 to 1000 km" in text
    assert "mrbm" in text.partition("hint:")[2]


def test_too_near():
    assert "must be 100 to 1000 km" in refused(aim=(30.2, 50.0))


def test_aim_at_the_launch_point():
    for spec in ("srbm", "one-way-drone"):
        assert "is at the launch point" in refused(spec=spec, aim=(30.0, 50.0))
    assert "is at the launch point" in refused(launch=(90.0, 0.0), aim=(90.0, 120.0))


def test_unknown_name_gets_the_nearest():
    assert "did you mean srbm" in refused(spec="srbn")


def test_unknown_trajectory_gets_the_nearest():
    assert "did you mean lofted" in refused(trajectory="loftet")
    assert "0.5 to 85 degrees" in refused(trajectory=95.0)


def test_waypoints_are_for_those_that_fly_them():
    assert "flies no waypoints" in refused(via=[(29.0, 50.0)])


def test_path_longer_than_the_range():
    text = refused(spec="cruise-missile", aim=(10.0, 50.0))
    assert "2214 km long" in text
    assert "must be at most 1500 km" in text


def test_path_shorter_than_its_dive():
    entry = shipped().threats["one-way-drone"]
    drone = entry.model_copy(update={"dive_deg": entry.dive_deg.model_copy(update={"value": 10.0})})
    assert "longer than its dive" in refused(spec=drone, aim=(30.015, 50.0))


@pytest.mark.parametrize("call", [{"launch": (95.0, 0.0)}, {"aim": (0.0, float("nan"))}, {"aim": (1.0,)},
                                  {"aim": "north"}, {"step_s": 0.0}])
def test_nonsense_is_an_input_error(call):
    assert refused(**call)
