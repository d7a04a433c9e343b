"""Detection times: against the closed forms of the simple model, against drawn looks, and by hand."""

import math

import numpy as np
import pytest

from opendome import orbits, sensing, threats
from opendome.catalogue import shipped
from opendome.errors import InputError
from opendome.fly import trajectory
from opendome.world import ecef_from_geodetic
from sample_sensors import A, entry

P_LOOK = 0.6


def still(duration_s, step_s=1.0, alt_m=200e3):
    """A target that stands over the equator at 0 E."""
    t_s = np.arange(0.0, duration_s + 1e-9, step_s)
    r = np.tile([A + alt_m, 0.0, 0.0], (t_s.size, 1))
    return trajectory(t_s, r, 0.0 * r)


OVERHEAD = np.array([[A + 1e6, 0.0, 0.0]])


def intensity_for(p, range_m=8e5, noise=100.0):
    """W/sr that one look against the Earth detects with probability p; bisection on the error function."""
    low, high = 0.0, 20.0
    for _ in range(80):
        snr = 0.5 * (low + high)
        low, high = (snr, high) if 0.5 * math.erfc((6.0 - snr) / math.sqrt(2)) < p else (low, snr)
    return low * range_m**2 * 1e-12 * noise


def constant(duration_s, **changes):
    flight = still(duration_s)
    return sensing.detection_times(entry(revisit_s=10, looks_needed=3, latency_s=30, **changes), flight, OVERHEAD,
                                   intensity_w_sr=intensity_for(P_LOOK))


SIMPLE = {"revisit_s": 10.0, "p_detect": P_LOOK, "looks_needed": 3}


@pytest.mark.parametrize("duration_s", [15.0, 33.0, 62.0, 200.0])
def test_constant_chance_gives_the_closed_form_of_a_warning(duration_s):
    assert constant(duration_s).p_warned == pytest.approx(sensing.p_warning(**SIMPLE, seen_s=duration_s), abs=1e-9)


def test_constant_chance_gives_the_closed_form_of_the_delay():
    found = constant(2000.0)
    assert found.p_warned == pytest.approx(1.0, abs=1e-9)
    assert found.warned_s == pytest.approx(sensing.mean_warning_delay_s(**SIMPLE, latency_s=30.0), abs=1e-6)


def test_sure_looks_by_hand():
    """Looks at phase, phase + 10, phase + 20: seen in the first revisit, warned between 50 and 60 s."""
    found = sensing.detection_times(entry(revisit_s=10, looks_needed=3, latency_s=30), still(100.0), OVERHEAD,
                                    intensity_w_sr=1e9)
    assert (found.p_seen_by_any, found.p_warned) == (1.0, pytest.approx(1.0))
    assert found.p_warned <= 1.0  # the sum of fifty times 1 / 50 is more, by a digit
    assert found.warned_s == pytest.approx(55.0)
    assert found.warned_half_s == pytest.approx(55.0, abs=0.11)
    assert found.warned_most_s == pytest.approx(59.0, abs=0.11)
    assert (found.first_s[0], found.last_s[0]) == (0.0, 100.0)


@pytest.mark.compiled
def test_changing_chance_against_drawn_looks():
    draw = np.random.default_rng(9)
    flight = still(120.0)
    intensity = intensity_for(0.5) * (1.0 + 0.15 * np.sin(flight.t_s / 15.0))
    sensor = entry(revisit_s=7, looks_needed=4, latency_s=12)
    found = sensing.detection_times(sensor, flight, OVERHEAD, intensity_w_sr=intensity)
    n, times = 4000, []
    for _ in range(n):
        looks = np.arange(draw.uniform(0, 7), 120.0, 7.0)
        hits = looks[draw.uniform(size=looks.size) < np.interp(looks, flight.t_s, found.p[:, 0])]
        times.append(hits[3] + 12.0 if hits.size >= 4 else math.inf)
    warned = np.array(times) < math.inf
    assert abs(warned.mean() - found.p_warned) < 4 * math.sqrt(found.p_warned * (1 - found.p_warned) / n)
    spread = np.array(times)[warned].std() / math.sqrt(warned.sum())
    assert abs(np.array(times)[warned].mean() - found.warned_s) < 4 * spread


def test_two_satellites_count_as_one_look_that_either_makes():
    flight, bright = still(300.0), intensity_for(P_LOOK)
    both = sensing.detection_times(entry(revisit_s=10, looks_needed=3, latency_s=30), flight,
                                   np.repeat(OVERHEAD, 2, axis=0), intensity_w_sr=bright)
    either = SIMPLE | {"p_detect": 1 - 0.4**2}
    assert both.warned_s == pytest.approx(sensing.mean_warning_delay_s(**either, latency_s=30.0), abs=1e-3)
    alone = constant(300.0)
    assert np.all(both.p_seen == pytest.approx(alone.p_seen[0]))


def test_never_seen_says_never():
    behind = sensing.detection_times(entry(), still(50.0), -OVERHEAD, intensity_w_sr=1e9)
    assert (behind.p_warned, behind.p_seen_by_any) == (0.0, 0.0)
    assert behind.warned_s == behind.warned_half_s == behind.warned_most_s == behind.seen_from_s == math.inf
    assert behind.last_s[0] == -math.inf


def test_a_constellation_is_asked_where_it_is():
    """Satellites on orbits, and the same ones as positions at the flight's own instants."""
    shell = orbits.walker(n_satellites=12, n_planes=3, phasing=1, inclination_deg=60.0, altitude_km=1000.0)
    flight, start_s = still(600.0, step_s=20.0), 5000.0
    places = np.array([[orbits.orbit_position_ecef(shell.orbits, s, start_s + t, shell.earth_angle_rad)
                        for s in range(12)] for t in flight.t_s])
    a, b = (sensing.detection_times(entry(), flight, where, intensity_w_sr=1e6, start_s=start_s)
            for where in (shell, places))
    assert np.array_equal(a.p, b.p)
    assert 0 < np.count_nonzero(a.p) < a.p.size


@pytest.mark.compiled
def test_a_boost_is_bright_then_cold_then_hot():
    icbm, sensor = shipped().threats["icbm-solid"], shipped().sensors["ir-leo-track"]
    flight = threats.fly("icbm-solid", launch=(40.0, 0.0), aim=(60.0, 180.0), step_s=5.0)
    found = sensing.intensity_along(sensor, icbm, flight)
    burning, up = flight.phase == threats.BOOST, flight.alt_m > 120e3
    plume = sensing.plume_in_band(icbm.plume_kw_sr.value, icbm.plume_k.value, 8.0, 12.0)
    assert np.all(found[burning] == pytest.approx(plume))
    assert np.all(found[up & ~burning] == pytest.approx(icbm.body_m2.value * sensing.planck_band(300.0, 8.0, 12.0)))
    last = found[~burning & ~up]
    assert last[-10:].max() > 50 * found[up & ~burning][0]


def test_clouds_delay_a_warning_by_the_climb_through_them():
    t_s = np.arange(0.0, 120.0, 0.5)
    r = np.array([ecef_from_geodetic(0.0, 0.0, 200.0 * t) for t in t_s])
    flight = trajectory(t_s, r, 0.0 * r)
    sensor = entry(revisit_s=1, looks_needed=1, latency_s=0)
    seen = [sensing.detection_times(sensor, flight, OVERHEAD, intensity_w_sr=1e9, values={"cloud_break_km": km})
            for km in (4.0, 10.0)]
    assert seen[1].seen_from_s - seen[0].seen_from_s == pytest.approx(30.0, abs=0.5)
    assert seen[1].warned_s - seen[0].warned_s == pytest.approx(30.0, abs=0.5)


@pytest.mark.parametrize(("change", "says"), [
    ({"satellites": np.zeros((5, 2))}, r"satellites, of shape \(5, 2\)"),
    ({"satellites": np.zeros((4, 2, 3))}, r"\(51, S, 3\)"),
    ({"intensity_w_sr": np.zeros(7)}, "one for each of the 51 samples"),
    ({"intensity_w_sr": -1.0}, "at least 0"),
    ({"flight": still(0.0)}, "two samples or more"),
    ({"values": {"revisit": 3.0}}, "revisit_s"),
])
def test_nonsense_is_refused(change, says):
    good = {"sensor": entry(), "flight": still(50.0), "satellites": OVERHEAD, "intensity_w_sr": 1e5}
    with pytest.raises(InputError, match=says):
        sensing.detection_times(**(good | change))
    with pytest.raises(InputError, match="must have phases"):
        sensing.intensity_along(entry(), shipped().threats["srbm"], still(50.0))
