"""The track filter against its textbook form, its motion against the integrator, and the life of a track."""

import math

import numpy as np
import pytest

from opendome import tracking, world
from opendome.fly import flight

SITE = np.array(world.ecef_from_geodetic(math.radians(24.0), math.radians(54.0), 20.0))
AXES = np.array(world.enu_axes(math.radians(24.0), math.radians(54.0))).reshape(3, 3)


def state(east, north, up, v_east, v_north, v_up):
    """(1, 6) of a target given in east, north, up of the site."""
    return np.concatenate([SITE + AXES.T @ [east, north, up], AXES.T @ [v_east, v_north, v_up]])[None]


def some_cov(position_m, speed_m_s, seed=1):
    """(1, 6, 6) with correlations everywhere."""
    scale = np.array([position_m] * 3 + [speed_m_s] * 3)
    mix = np.eye(6) + 0.3 * np.random.default_rng(seed).standard_normal((6, 6))
    return (mix @ mix.T * np.outer(scale, scale))[None]


def seen(point, sigma_range_m, sigma_angle_rad):
    away = np.asarray(point) - SITE
    range_m = float(np.linalg.norm(away))
    return (range_m, *(float(u) for u in away / range_m), sigma_range_m, sigma_angle_rad)


@pytest.mark.parametrize("position_m", [100.0, 20e3])
def test_update_is_the_textbook_one(position_m):
    """All three components at once, with matrices; the line of sight is the better known of the two."""
    x, cov = state(80e3, 120e3, 60e3, 500, -900, -300), some_cov(position_m, 50.0)
    measurement = seen(x[0, :3] + [300.0, -200.0, 150.0], 25.0, 2e-3)
    range_m = measurement[0]
    line = x[0, :3] - SITE if position_m < 1e3 else np.array(measurement[1:4])
    d = line / np.linalg.norm(line)
    p = np.cross(d, [0.0, 0.0, 1.0])
    p /= np.linalg.norm(p)
    h = np.zeros((3, 6))
    h[:, :3] = d, p, np.cross(d, p)
    sideways = range_m * 2e-3
    innovation = h[:, :3] @ (range_m * np.array(measurement[1:4]) - (x[0, :3] - SITE))
    innovation[0] = range_m - d @ (x[0, :3] - SITE)
    spread = h @ cov[0] @ h.T + np.diag([25.0**2, sideways**2, sideways**2])
    gain = cov[0] @ h.T @ np.linalg.inv(spread)
    wanted_x, wanted_cov = x[0] + gain @ innovation, cov[0] - gain @ spread @ gain.T
    nis = tracking.misfit(x, cov, 0, SITE, measurement)
    tracking.update(x, cov, 0, SITE, measurement)
    assert nis == pytest.approx(innovation @ np.linalg.solve(spread, innovation), rel=1e-6)
    assert np.allclose(x[0], wanted_x, rtol=0, atol=1e-6)
    assert np.allclose(cov[0], wanted_cov, rtol=0, atol=1e-6 * np.abs(wanted_cov).max())


@pytest.mark.parametrize(("kind", "inv_beta", "up", "dt", "tolerance"), [
    (tracking.BALLISTIC, 0.0, 300e3, 10.0, 0.002),        # first order in the kick: rate times step is 1e-3
    (tracking.BALLISTIC, 0.0, 300e3, 200.0, 0.01),        # with the wrong sign of gravity's gradient: 0.13
    (tracking.BALLISTIC, 1 / 2000, 15e3, 1.0, 0.03),      # a tenth of the speed is lost within the step
    (tracking.AIR_BREATHER, 0.0, 1e3, 10.0, 0.001),       # the turn of the horizon, 4e-4, is left out
])
def test_covariance_follows_the_motion(kind, inv_beta, up, dt, tolerance):
    """Against F cov F' with F from differences of the motion itself."""
    scratch = np.zeros((6, 6))
    x0 = state(80e3, 120e3, up, 500, -800, -600) if kind == tracking.BALLISTIC else state(80e3, 120e3, up, 150, -200, 0)

    def flown(x):
        x = x.copy()
        tracking.predict(x, np.zeros((1, 6, 6)), 0, kind, inv_beta, 0.0, dt, scratch)
        return x[0]

    f = np.zeros((6, 6))
    for c, delta in enumerate([10.0] * 3 + [0.1] * 3):
        shift = np.zeros((1, 6))
        shift[0, c] = delta
        f[:, c] = (flown(x0 + shift) - flown(x0 - shift)) / (2 * delta)
    cov, x = some_cov(100.0, 20.0), x0.copy()
    density = 0.5 if dt <= 10.0 else 0.0
    noise = density * np.kron([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]], np.eye(3))
    wanted = f @ cov[0] @ f.T + noise
    tracking.predict(x, cov, 0, kind, inv_beta, density, dt, scratch)
    scale = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    assert np.abs((cov[0] - wanted) / scale).max() < tolerance
    assert np.array_equal(cov[0], cov[0].T)


def fly(start, beta, duration_s, event=flight.NO_EVENT):
    """State at the end and time of it, by the adaptive integrator at 1e-11."""
    end = np.zeros(6)
    _, _, t = flight.fly(world.WGS84, start, beta, duration_s, event, 0.0, 1e-11, 1.0, np.zeros((0, 3)),
                         np.zeros((0, 3)), end)
    return end, t


@pytest.mark.parametrize(("up", "v", "beta"), [
    (150e3, (800.0, -600.0, 300.0), 3000.0),
    (60e3, (900.0, -900.0, -700.0), 1500.0),
    (400e3, (3500.0, -3500.0, -500.0), 8000.0),
])
def test_path_falls_where_the_integrator_says(up, v, beta):
    """10 m and 0.02 s: a tenth of the best track error, from steps of 1 s in dense air."""
    x = state(50e3, 50e3, up, *v)[0]
    end, t_impact = fly(x, beta, 2000.0, flight.FALLING)
    path = np.zeros((200, 3))
    rows, t, *ground = tracking.predict_path(x, tracking.BALLISTIC, 1 / beta, 10.0, path)
    assert math.dist(ground, end[:3]) < 10.0
    assert t == pytest.approx(t_impact, abs=0.02)
    assert rows == math.floor(t / 10.0) + 1
    assert math.dist(path[rows - 1], fly(x, beta, (rows - 1) * 10.0)[0][:3]) < 10.0


def test_path_in_vacuum_is_exact_to_a_metre():
    x = state(50e3, 50e3, 300e3, 3000.0, 2000.0, 1500.0)[0]
    path = np.zeros((31, 3))
    rows, t, *last = tracking.predict_path(x, tracking.BALLISTIC, 0.0, 10.0, path)
    assert (rows, t) == (31, math.inf)
    assert math.dist(last, fly(x, math.inf, 300.0)[0][:3]) < 1.0


def test_level_flight_stays_level():
    """500 km at 250 m/s: the Earth is round (20 km of fall from the tangent) and a little flat (tens of metres)."""
    x = state(0.0, 0.0, 100.0, 150.0, 200.0, 0.0)[0]
    path = np.zeros((41, 3))
    rows, t, *last = tracking.predict_path(x, tracking.AIR_BREATHER, 0.0, 50.0, path)
    assert (rows, t) == (41, math.inf)
    assert abs(world.altitude(*last) - 120.0) < 80.0
    assert math.dist(last, x[:3]) == pytest.approx(500e3, rel=1e-3)


def test_low_flyer_with_a_poor_height_still_flies():
    """200 m under ground and sinking by error: the path is level at the ground, the speed over it the same."""
    x = state(0.0, 0.0, -200.0, 150.0, 200.0, -20.0)[0]
    path = np.zeros((11, 3))
    rows, t, *last = tracking.predict_path(x, tracking.AIR_BREATHER, 0.0, 10.0, path)
    assert (rows, t) == (11, math.inf)
    assert [world.altitude(*p) for p in path] == pytest.approx([0.0] * 11, abs=1.0)
    assert math.dist(last, path[0]) == pytest.approx(25e3, rel=1e-3)
    x = state(0.0, 0.0, -200.0, 150.0, 200.0, -20.0)[0]
    assert tracking.predict_path(x, tracking.BALLISTIC, 0.0, 10.0, path)[:2] == (1, 0.0)


def follow(tracks, truth, times, sigma_angle_rad=1e-3, seed=4):
    """Run target 0 through detections of `truth(t)`; errors (K,), claims (K,) and misfits (K,)."""
    draw, rows = np.random.default_rng(seed), []
    for t in times:
        point = truth(t)
        range_m, *u, _, _ = seen(point, 0, 0)
        noisy = np.array(u) + sigma_angle_rad * draw.standard_normal(3)
        noisy /= np.linalg.norm(noisy)
        measured = (range_m + 20.0 * draw.standard_normal(), *(float(c) for c in noisy), 20.0, sigma_angle_rad)
        nis = tracking.observe(tracks, 0, float(t), SITE, measured)
        rows.append((math.dist(tracks.state[0, :3], point), tracking.position_sigma(tracks.cov, 0, 0.0), nis))
    return np.array(rows).T


def test_boost_is_noticed_and_forgotten():
    """60 s of 30 m/s2, then a coast of 120 s: errors grow with the boost, claims with them, and both recover."""
    start = state(60e3, 150e3, 20e3, 0, -50, 200)[0]
    up = np.concatenate([np.zeros(3), AXES.T @ [0.0, -20.0, 22.0]])
    burnt = start.copy()
    burnt[:3] += 60 * start[3:] + 0.5 * 60**2 * up[3:]
    burnt[3:] += 60 * up[3:]

    def truth(t):
        return start[:3] + t * start[3:] + 0.5 * t * t * up[3:] if t <= 60 else fly(burnt, math.inf, t - 60.0)[0][:3]

    tracks = tracking.new_track_file(np.array([tracking.BALLISTIC]), np.array([0.0]), 1)
    error, claim, nis = follow(tracks, truth, np.arange(0.0, 180.0, 2.0))
    boost, late = slice(10, 30), slice(75, 90)
    assert np.any(nis[boost] > tracking.GATE)
    assert error[boost].mean() > 3 * error[late].mean()
    assert claim[boost].mean() > 2 * claim[late].mean()
    assert np.all(error[late] < 4 * claim[late])


def test_more_radars_make_a_better_track():
    """Two looks from far apart beat two from one place: range is good where angle is poor.

    From one place both ways across the line are 209 m / root 2; from two only the way out of their plane is.
    """
    truth = state(80e3, 60e3, 30e3, 0, 0, 0)[0, :3]
    other = SITE + AXES.T @ [150e3, 0.0, -1800.0]
    sigmas = []
    for second in (SITE, other):
        tracks = tracking.new_track_file(np.array([tracking.BALLISTIC]), np.array([0.0]), 2)
        for k, site in enumerate((SITE, second)):
            away = truth - site
            range_m = float(np.linalg.norm(away))
            measured = (range_m, *(float(u) for u in away / range_m), 20.0, 2e-3)
            tracking.observe(tracks, 0, 0.001 * k, site, measured)
        sigmas.append(tracking.position_sigma(tracks.cov, 0, 0.0))
    range_m = math.dist(truth, SITE)
    assert sigmas[0] == pytest.approx(math.hypot(range_m * 2e-3, 20.0 / math.sqrt(2)), rel=0.01)
    assert sigmas[1] == pytest.approx(sigmas[0] / math.sqrt(2), rel=0.05)


def test_covariance_stays_positive_over_a_long_track():
    tracks = tracking.new_track_file(np.array([tracking.BALLISTIC]), np.array([1 / 3000]), 1)
    start = state(60e3, 300e3, 120e3, 0, -1200, 600)[0]
    follow(tracks, lambda t: fly(start, 3000.0, t)[0][:3], np.arange(0.5, 240.0, 0.5), sigma_angle_rad=5e-5)
    scale = np.sqrt(np.diag(tracks.cov[0]))
    assert np.linalg.eigvalsh(tracks.cov[0] / np.outer(scale, scale)).min() > 1e-9
    assert np.abs(tracks.cov[0] - tracks.cov[0].T).max() <= 1e-12 * np.abs(tracks.cov[0]).max()


def test_claim_ahead_grows_with_the_velocity_error():
    cov = np.zeros((1, 6, 6))
    cov[0] = np.diag([9.0, 16.0, 0.0, 4.0, 0.0, 0.0])
    assert tracking.position_sigma(cov, 0, 0.0) == pytest.approx(5.0)
    assert tracking.position_sigma(cov, 0, 10.0) == pytest.approx(math.sqrt(25 + 4 * 100))


def test_confirmation_needs_m_of_n():
    register, answers = 0, []
    for hit in (1, 0, 0, 0, 0, 1, 0, 1, 1):
        register, is_sure = tracking.confirm(register, hit, 3, 5)
        answers.append(bool(is_sure))
    assert answers == [False] * 8 + [True]


def test_track_is_born_confirmed_and_dropped():
    tracks = tracking.new_track_file(np.zeros(2, np.int64), np.zeros(2), 2)
    hit = seen(state(50e3, 50e3, 50e3, 0, 0, 0)[0, :3], 20.0, 1e-3)
    assert tracking.note_look(tracks, 0, 1, False, 2, 3) == tracking.NO_TRACK
    for t in (0.0, 2.0):
        tracking.observe(tracks, 1, t, SITE, hit)
        status = tracking.note_look(tracks, 0, 1, True, 2, 3)
        assert status == (tracking.TENTATIVE if t == 0.0 else tracking.CONFIRMED)
    # Looks of different radars are not added up, and target 0 has none of this.
    assert tracks.looks.tolist() == [[0, 0b011], [0, 0]]
    assert tracks.status[0] == tracking.NO_TRACK
    assert not tracking.drop_if_lost(tracks, 1, 12.0, 10.0)
    assert tracking.drop_if_lost(tracks, 1, 12.1, 10.0)
    assert (tracks.status[1], tracks.looks[0, 1]) == (tracking.NO_TRACK, 0)
    assert not tracking.drop_if_lost(tracks, 1, 99.0, 10.0)


def test_advance_moves_only_its_own_track():
    tracks = tracking.new_track_file(np.zeros(2, np.int64), np.zeros(2), 1)
    tracks.state[:] = state(50e3, 50e3, 50e3, 100, 0, 0)
    tracking.advance(tracks, 1, 3.0)
    assert tracks.t_s.tolist() == [0.0, 3.0]
    assert np.array_equal(tracks.state[0], state(50e3, 50e3, 50e3, 100, 0, 0)[0])
    assert math.dist(tracks.state[1, :3], tracks.state[0, :3]) == pytest.approx(300.0, abs=50.0)


def test_one_detection_starts_a_track_of_a_fast_target():
    """7 km/s, seen every 5 s: after five detections the velocity is known to three times what two points give."""
    start = state(-300e3, 900e3, 400e3, 2000.0, -6600.0, -1000.0)[0]
    tracks = tracking.new_track_file(np.array([tracking.BALLISTIC]), np.array([0.0]), 1)
    error, claim, nis = follow(tracks, lambda t: fly(start, math.inf, t)[0][:3], np.arange(0.0, 25.0, 5.0))
    assert np.all(nis < tracking.GATE)
    assert np.all(error < 3 * claim)
    truth = fly(start, math.inf, 20.0)[0]
    assert math.dist(tracks.state[0, 3:], truth[3:]) < 3 * math.sqrt(2 * 2) * 1e6 * 1e-3 / 5.0
