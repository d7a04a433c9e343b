"""Satellite states a second on one core: OpenDome's mean orbits beside SGP4 in the sgp4 library and in heyoka.

8,000 satellites of a Walker constellation (53 degrees, 550 km, 80 planes) over a day in steps of a minute, positions
and velocities: 1,441 x 8,000 states of 48 bytes. Peers fly the same elements without drag. They do more for it: SGP4
has the wobble within a revolution, which mean orbits leave out. What that costs is said below the table: OpenDome's
positions against an orbit integrated with J2 and J4 (`fly_many`, DOP853, 1e-12) over a day, for mean elements fitted
to that day, for those fitted to its first three revolutions and then followed, and for osculating elements of its
first instant mistaken for mean ones.

The machine's limits: writing such an array with one number, and sines and cosines alone.
"""

import math

import numpy as np

from common import interleave, say_where, show
from opendome.fly import fly_many
from opendome.kernel import kernel
from opendome.orbits import geostationary, listed, orbits_of, states, walker
from opendome.orbits.bulk import propagate
from opendome.orbits.constellation import Constellation
from opendome.orbits.fit import fit_mean_orbits, osculating_elements
from opendome.world import WGS84, WGS84_J4, sin_cos

COUNT, PLANES, STEP_S = 8000, 80, 60.0
T_S = np.arange(0.0, 86400.0 + 1.0, STEP_S)


def constellation(eccentricity):
    """The constellation, or nearly: circular, or with a little eccentricity as real ones have."""
    made = walker(n_satellites=COUNT, n_planes=PLANES, phasing=1, inclination_deg=53.0, altitude_km=550.0)
    elements = made.elements._replace(e=np.full(COUNT, eccentricity))
    return Constellation(elements, made.plane, made.shell, made.epoch)


def satrecs(elements):
    """The same elements for SGP4: no drag."""
    from sgp4.api import WGS72, Satrec

    found = []
    for number, (a, e, tilt, node, perigee, anomaly) in enumerate(zip(*elements)):
        satrec = Satrec()
        satrec.sgp4init(WGS72, "i", number + 1, 28854.0, 0.0, 0.0, 0.0, e, perigee, tilt, anomaly,
                        60.0 * math.sqrt(WGS84.mu_m3_s2 / a**3), node)
        found.append(satrec)
    return found


@kernel(lanes=True)
def sines(angles, sine, cosine):
    """Sines and cosines of a small array, which stays in the cache."""
    for i in range(angles.shape[0]):
        sine[i], cosine[i] = sin_cos(angles[i])


def speed():
    """The table of states a second."""
    import heyoka as hy
    from sgp4.api import SatrecArray

    hy.set_nthreads(1)
    near, circular = constellation(0.001), constellation(0.0)
    sats = satrecs(near.elements)
    array, peer = SatrecArray(sats), hy.model.sgp4_propagator(sats)
    day, fraction = np.full(T_S.size, 2462137.5), T_S / 86400.0
    minutes = np.ascontiguousarray(np.broadcast_to((T_S / 60.0)[:, None], (T_S.size, COUNT)))
    room, out = np.empty((T_S.size, 7, COUNT)), np.empty((T_S.size, 6, COUNT))
    angles, sine, cosine = np.linspace(0.0, 700.0, 4096), np.empty(4096), np.empty(4096)

    def many_sines():
        for _ in range(2 * T_S.size * COUNT // 4096 // 10):
            sines(angles, sine, cosine)

    units = T_S.size * COUNT
    sgp4, heyoka = "sgp4 SatrecArray", "heyoka sgp4_propagator, array given"
    ours = "OpenDome, e = 0.001, array given"
    timings = interleave({
        sgp4: (lambda: array.sgp4(day, fraction), units),
        heyoka: (lambda: peer(minutes, out=room), units),
        ours: (lambda: states(near, T_S, jobs=1, out=out), units),
        "OpenDome, e = 0.001, new array": (lambda: states(near, T_S, jobs=1), units),
        "OpenDome, circular, array given": (lambda: states(circular, T_S, jobs=1, out=out), units),
        "OpenDome, circular, two threads": (lambda: states(circular, T_S, jobs=2, out=out), units),
        "limit: fill the array": (lambda: out.fill(1.0), units),
        "limit: two sine-cosine pairs": (many_sines, units // 10),
    })
    show("8,000 satellites x 1,441 instants, one core", timings, {}, (sgp4, heyoka))


def inertial(flights):
    """States (T, 6, S) of flights in the frame that stood still with the Earth at t = 0."""
    r, v = flights.r_ecef_m.transpose(1, 2, 0), flights.v_ecef_m_s.transpose(1, 2, 0)
    turn = WGS84.omega_rad_s
    c, s = np.cos(turn * T_S)[:, None], np.sin(turn * T_S)[:, None]
    vx, vy = v[:, 0] - turn * r[:, 1], v[:, 1] + turn * r[:, 0]
    return np.stack([c * r[:, 0] - s * r[:, 1], s * r[:, 0] + c * r[:, 1], r[:, 2], c * vx - s * vy, s * vx + c * vy,
                     v[:, 2]], axis=1)


def flown(made):
    """States (T, 6, S) over a day, integrated with J2 and J4, of orbits that begin as these do."""
    start = states(made, 0.0)[0].T.copy()
    start[:, 3] += WGS84.omega_rad_s * start[:, 1]
    start[:, 4] -= WGS84.omega_rad_s * start[:, 0]
    return inertial(fly_many(start, math.inf, t_max_s=86400.0, step_s=STEP_S, earth=WGS84_J4, tol=1e-12))


def error_text(elements, truth):
    """Mean and worst distance in km of mean orbits from states over the day, and the worst along the track."""
    out = np.empty_like(truth)
    propagate(orbits_of(*elements), T_S, 0.0, 0.0, out)
    off = out[:, :3] - truth[:, :3]
    distance = np.linalg.norm(off, axis=1)
    along = abs((off * truth[:, 3:]).sum(axis=1)) / np.linalg.norm(truth[:, 3:], axis=1)
    return f"{distance.mean() / 1e3:8.2f}{distance.max() / 1e3:8.2f}{along.max() / 1e3:8.2f}"


def errors():
    """The table of errors."""
    around = {"mean_anomaly_deg": np.arange(0.0, 360.0, 45.0)}
    orbits = {"300 km, 45 deg": listed(altitude_km=300, inclination_deg=45, **around),
              "550 km, 53 deg": listed(altitude_km=550, inclination_deg=53, **around),
              "1,000 km, 81 deg": listed(altitude_km=1000, inclination_deg=81, **around),
              "10,000 km, 50 deg": listed(altitude_km=10000, inclination_deg=50, **around),
              "geostationary": geostationary(longitudes_deg=around["mean_anomaly_deg"]),
              "600 x 39,700 km, 63.4 deg": listed(perigee_km=600, apogee_km=39700, inclination_deg=63.4, argp_deg=270,
                                                  **around)}
    print("\nError in km over a day against J2 and J4 integrated: mean, worst, worst along the track")
    print(f"{'':28s}{'fitted to the day':>24s}{'to three revolutions':>24s}{'osculating as mean':>24s}")
    for name, made in orbits.items():
        truth = flown(made)
        few = min(T_S.size, int(3.0 * made.period_s[0] / STEP_S) + 1)
        texts = [error_text(elements, truth) for elements in (
            fit_mean_orbits(T_S, truth)[0], fit_mean_orbits(T_S[:few], truth[:few])[0],
            osculating_elements(truth[0]))]
        print(f"{name:28s}{''.join(texts)}")


def main():
    """Both tables."""
    say_where("numpy", "numba", "sgp4", "heyoka")
    speed()
    errors()


if __name__ == "__main__":
    main()
