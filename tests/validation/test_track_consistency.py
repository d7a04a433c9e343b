"""Track errors against the errors that the tracker claims.

verifies    tracking (predict, update, observe) with sensing.py (measure)
source      chi-square law of the normalised estimation error squared, 6 degrees of freedom (Bar-Shalom, Li and
            Kirubarajan 2001, chapter 5)
inputs      one radar, 20 m and 2 mrad at its reference signal; 100 ballistic arcs in vacuum (600 km range, a detection
            every 5 s for 200 s); 100 flyers at 500 m and 60 m/s with white acceleration (a detection every 5 s for
            200 s); and the same arcs with the process noise that a run uses
tolerance   the mean over 100 independent runs within its two-sided 99.9 % interval about 6, from chi-square with 600
            degrees of freedom; with a run's process noise it may be lower but not above (claims never too good)
"""

import math

import numpy as np
import pytest
from scipy.stats import chi2

from opendome import sensing, tracking, world
from opendome.catalogue.entries import Radar
from opendome.fly import flight

RADAR = {
    "kind": "radar", "note": "Made up for this test.", "range_ref_km": 300, "rcs_ref_m2": 1, "snr_ref_db": 15,
    "range_max_km": 1000, "p_false_alarm": 1e-6, "scan_s": 5, "el_min_deg": -5, "el_max_deg": 90, "sector_deg": 360,
    "antenna_m": 20, "sigma_range_m": 20, "sigma_angle_mrad": 2, "track_capacity": 100, "latency_s": 1,
}
RUNS, LOOKS, SCAN_S = 100, 40, 5.0


@pytest.fixture(scope="module")
def radars():
    return sensing.lower_radars([sensing.RadarSite("one", Radar(**RADAR), 24.0, 54.0, 0.0)])


def start(radars, east, north, up, v_east, v_north, v_up):
    axes = radars.c_enu_ecef[0].T
    return np.concatenate([radars.r_ecef_m[0] + axes @ [east, north, up], axes @ [v_east, v_north, v_up]])


def arc(radars):
    """(LOOKS, 6) true states of a ballistic arc that passes 100 km from the radar."""
    r, v = np.zeros((LOOKS, 3)), np.zeros((LOOKS, 3))
    flight.fly(world.WGS84, start(radars, 100e3, 300e3, 120e3, 0.0, -1500.0, 700.0), math.inf, 200.0, flight.NO_EVENT,
               0.0, 1e-11, SCAN_S, r, v, np.zeros(6))
    return np.concatenate([r, v], axis=1)


def flyer(radars, draw, noise_m2_s3):
    """(LOOKS, 6) true states of a low flyer pushed by white acceleration, in steps of a fifth of a scan."""
    x, scratch, states = start(radars, 8e3, 12e3, 500.0, 20.0, -56.0, 0.0)[None], np.zeros((6, 6)), []
    step_s = SCAN_S / 5
    for _ in range(LOOKS):
        states.append(x[0].copy())
        for _ in range(5):
            tracking.predict(x, np.zeros((1, 6, 6)), 0, tracking.AIR_BREATHER, 0.0, 0.0, step_s, scratch)
            # Exact for white noise: a velocity change, and a position change half of it plus an independent part.
            push = math.sqrt(noise_m2_s3 * step_s) * draw.standard_normal(3)
            drift = math.sqrt(noise_m2_s3 * step_s**3 / 12) * draw.standard_normal(3)
            x[0, :3] += 0.5 * step_s * push + drift
            x[0, 3:] += push
    return np.array(states)


def error_squared(radars, truth, kind, noise_m2_s3, draw):
    """Normalised estimation error squared, from the third look on, of one run over true states (LOOKS, 6)."""
    x, cov, scratch, found = np.zeros((1, 6)), np.zeros((1, 6, 6)), np.zeros((6, 6)), []
    site_m = radars.r_ecef_m[0]
    for k, state in enumerate(truth):
        measured = sensing.measure(radars, 0, *state[:3], 30.0, *draw.standard_normal(3))
        if k == 0:
            tracking.initiate(x, cov, 0, site_m, measured, tracking.SPEED_M_S[kind])
        else:
            tracking.predict(x, cov, 0, kind, 0.0, noise_m2_s3, SCAN_S, scratch)
            tracking.update(x, cov, 0, site_m, measured)
        if k >= 2:
            error = x[0] - state
            found.append(error @ np.linalg.solve(cov[0], error))
    return found


def interval(n):
    """Half-width of the 99.9 % interval of the mean of n chi-squares with 6 degrees of freedom."""
    return (chi2.ppf(0.9995, 6 * n) - chi2.ppf(0.0005, 6 * n)) / (2 * n)


def test_ballistic(radars, validation):
    draw, truth = np.random.default_rng(1), arc(radars)
    found = np.array([error_squared(radars, truth, tracking.BALLISTIC, 0.0, draw) for _ in range(RUNS)])
    for look in (5, 20, LOOKS):
        validation(f"ballistic arc, look {look}", 6.0, found[:, look - 3].mean(), interval(RUNS), "1")


def test_low_flyer(radars, validation):
    draw, noise = np.random.default_rng(2), tracking.NOISE_M2_S3[tracking.AIR_BREATHER]
    found = np.array([error_squared(radars, flyer(radars, draw, noise), tracking.AIR_BREATHER, noise, draw)
                      for _ in range(RUNS)])
    for look in (5, 20, LOOKS):
        validation(f"low flyer, look {look}", 6.0, found[:, look - 3].mean(), interval(RUNS), "1")


def test_ballistic_with_process_noise(radars, validation):
    draw, truth, noise = np.random.default_rng(3), arc(radars), tracking.NOISE_M2_S3[tracking.BALLISTIC]
    found = np.array([error_squared(radars, truth, tracking.BALLISTIC, noise, draw) for _ in range(RUNS)])
    for look in (5, 20, LOOKS):
        validation(f"ballistic arc, process noise of a run, look {look}: not above", 6.0 + interval(RUNS),
                   found[:, look - 3].mean(), 0.0, "1", limit=True)
