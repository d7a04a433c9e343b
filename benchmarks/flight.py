"""Flights a second on one core: OpenDome beside SciPy's DOP853 and heyoka's batch mode.

A. To the ground: 1,000 ballistic flights of 25 to 30 min over the turning Earth with J2, from 100 km up and down
   through the air, beta 8,000 kg/m2, states kept every second. OpenDome flies in the US Standard Atmosphere 1976, and
   SciPy once too, with OpenDome's own compiled right side. heyoka, and SciPy in plain Python, have no such air and
   fly in a smooth exponential one, which is easier. heyoka's steps are held to 40 s: it leaps over the re-entry
   otherwise.
B. Empty space: 1,000 arcs of 30 min, J2, no air, states kept every second. The same equations for all.

SciPy and heyoka are asked for 1e-9 relative (SciPy's absolute tolerance is 1e-6), OpenDome for 3e-10 Earth radii a
step, so that its error is that of SciPy's. One core. States are dropped flight by flight, but for fly_many, which
returns them all (86 MB). Slow candidates fly a part of the set. The error of a flight is its largest distance from a
tight solution over all its samples: heyoka's at 1e-16 for the exponential air and for empty space, OpenDome's at
1e-13 for the standard air.
"""

import math

import numpy as np
from scipy.integrate import solve_ivp

from common import interleave, say_where, show
from opendome.fly import FALLING, acceleration, fly_block, fly_many, start_state
from opendome.world import WGS84

COUNT, FEW, DURATION_S, BETA = 1000, 20, 1800, 8000.0
RHO0, SCALE_M, MAX_STEP_S = 1.225, 7200.0, 40.0
BLOCK, TOL = 64, 3e-10
OURS, PUBLIC = "OpenDome fly_block", "OpenDome fly_many, all kept"


def starts(seed, shortest_s, longest_s, beta):
    """COUNT burnout states at 100 km whose flights to the ground last as long as asked."""
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < COUNT:
        speed, climb, azimuth = rng.uniform(6300, 7200), math.radians(rng.uniform(25, 50)), rng.uniform(0, 2 * math.pi)
        start = start_state(lat_deg=rng.uniform(-60, 60), lon_deg=rng.uniform(-180, 180), alt_m=100e3,
                            v_east_m_s=speed * math.cos(climb) * math.sin(azimuth),
                            v_north_m_s=speed * math.cos(climb) * math.cos(azimuth), v_up_m_s=speed * math.sin(climb))
        if shortest_s <= fly_many(start, beta, t_max_s=4000.0).t_end_s[0] < longest_s:
            found.append(start)
    return np.array(found)


class OpenDome:
    """fly_block on 64 flights at a time, whose states are dropped; and the public call, which keeps them all."""

    def __init__(self, start, beta, tol=TOL):
        n, rows = BLOCK, DURATION_S + 1
        self.start, self.beta, self.tol = start, np.full(len(start), beta), tol
        self.r, self.v = np.empty((n, rows, 3)), np.empty((n, rows, 3))
        self.rows, self.t_end_s, self.end = np.zeros(n, np.int64), np.empty(n), np.empty((n, 6))
        self.status = np.zeros(n, np.int64)

    def kernel(self, keep=False):
        kept = []
        for i in range(0, len(self.start), BLOCK):
            start, beta = self.start[i:i + BLOCK], self.beta[i:i + BLOCK]
            fly_block(WGS84, start, beta, float(DURATION_S), FALLING, 0.0, self.tol, 1.0, self.r, self.v, self.rows,
                      self.t_end_s, self.end, self.status, 0, len(start))
            assert not self.status.any()
            if keep:
                kept += [self.r[j, :self.rows[j]].copy() for j in range(len(start))]
        return kept

    def public(self):
        return fly_many(self.start, self.beta, t_max_s=DURATION_S, step_s=1.0, tol=self.tol, jobs=1)


def plain_rate(_, y, inv_beta):
    """J2, the turning frame and exponential air in plain Python, as a user of SciPy would write them."""
    x, yy, z, u, v, w = y
    r2 = x * x + yy * yy + z * z
    s = z * z / r2
    central = -WGS84.mu_m3_s2 / (r2 * math.sqrt(r2))
    j2 = 1.5 * WGS84.j2 * WGS84.a_m**2 / r2
    side = central * (1.0 + j2 * (1.0 - 5.0 * s)) + WGS84.omega_rad_s**2
    turn = 2.0 * WGS84.omega_rad_s
    drag = 0.0
    if inv_beta > 0.0:
        height = math.sqrt(r2) - WGS84.a_m * (1.0 - WGS84.f * s)
        drag = 0.5 * RHO0 * inv_beta * math.exp(-height / SCALE_M) * math.sqrt(u * u + v * v + w * w)
    return [u, v, w, side * x + turn * v - drag * u, side * yy - turn * u - drag * v,
            central * (1.0 + j2 * (3.0 - 5.0 * s)) * z - drag * w]


def compiled_rate(_, y, inv_beta):
    """OpenDome's own right side, with the standard atmosphere."""
    return [*y[3:], *acceleration(WGS84, inv_beta, *y)]


def scipy_flights(rate, inv_beta, start, seconds):
    return [solve_ivp(rate, (0.0, t), y, method="DOP853", t_eval=np.arange(t + 1.0), rtol=1e-9, atol=1e-6,
                      args=(inv_beta,)).y[:3].T for y, t in zip(start, seconds)]


class Heyoka:
    """Taylor series; `lanes` flights side by side (1: the plain integrator)."""

    def __init__(self, start, seconds, tol, lanes, in_air):
        import heyoka as hy
        self.start, self.seconds, self.lanes = start, seconds, lanes
        self.cap = MAX_STEP_S if in_air else math.inf
        first = np.ascontiguousarray(start[:lanes].T)
        if lanes == 1:
            self.flight = hy.taylor_adaptive(self.equations(hy, in_air), first[:, 0], tol=tol, high_accuracy=True)
        else:
            self.flight = hy.taylor_adaptive_batch(self.equations(hy, in_air), first, tol=tol)

    @staticmethod
    def equations(hy, in_air):
        x, y, z, u, v, w = hy.make_vars("x", "y", "z", "u", "v", "w")
        r2 = hy.sum([x * x, y * y, z * z])
        inv_r = r2**-0.5
        s = z * z / r2
        central = -WGS84.mu_m3_s2 * inv_r / r2
        j2 = 1.5 * WGS84.j2 * WGS84.a_m**2 / r2
        side = central * (1.0 + j2 * (1.0 - 5.0 * s)) + WGS84.omega_rad_s**2
        turn = 2.0 * WGS84.omega_rad_s
        ax, ay, az = side * x + turn * v, side * y - turn * u, central * (1.0 + j2 * (3.0 - 5.0 * s)) * z
        if in_air:
            height = r2 * inv_r - WGS84.a_m * (1.0 - WGS84.f * s)
            drag = 0.5 * RHO0 / BETA * hy.exp(-height / SCALE_M) * hy.sum([u * u, v * v, w * w])**0.5
            ax, ay, az = ax - drag * u, ay - drag * v, az - drag * w
        return [(x, u), (y, v), (z, w), (u, ax), (v, ay), (w, az)]

    def fly(self, keep=True):
        """Positions of every flight at whole seconds, or nothing kept (as when timed)."""
        kept = []
        for i in range(0, len(self.start), self.lanes):
            state, seconds = self.start[i:i + self.lanes], self.seconds[i:i + self.lanes]
            if self.lanes == 1:
                self.flight.time = 0.0
                self.flight.state[:] = state[0]
                grid = np.arange(seconds[0] + 1.0)
                out = self.flight.propagate_grid(grid, max_delta_t=self.cap)[-1]
                if keep:
                    kept.append(out[:, :3])
                continue
            self.flight.set_time(0.0)
            self.flight.state[:] = state.T
            # Lanes end together: shorter flights get finer grids, and are left out of the errors.
            grid = np.linspace(0.0, seconds.astype(float), int(seconds.max()) + 1)
            out = self.flight.propagate_grid(grid, max_delta_t=self.cap)
            out = out[1] if isinstance(out, tuple) else out
            if keep:
                kept += [out[:, :3, j] if t == seconds.max() else None for j, t in enumerate(seconds)]
        return kept


def worst(ours, reference):
    """Median and largest, over flights, of the largest distance in m from the reference."""
    distance = [np.linalg.norm(a[:len(b)] - b[:len(a)], axis=1).max() for a, b in zip(ours, reference)
                if a is not None]
    return f"error {np.median(distance):.1e} m median, {np.max(distance):.1e} m worst"


def to_the_ground(lanes):
    start = starts(2, 1500.0, DURATION_S, BETA)
    ours, tight = OpenDome(start, BETA), OpenDome(start, BETA, tol=1e-13)
    standard = tight.kernel(keep=True)
    seconds = np.array([len(r) - 1 for r in standard])
    batch = Heyoka(start, seconds, 1e-9, lanes, in_air=True)
    few = start[:FEW], seconds[:FEW]
    plain, compiled = "SciPy, plain Python, exponential", "SciPy, compiled right side"
    peer = f"heyoka x{lanes}, exponential"
    timings = interleave({
        plain: (lambda: scipy_flights(plain_rate, 1.0 / BETA, *few), FEW),
        compiled: (lambda: scipy_flights(compiled_rate, 1.0 / BETA, *few), FEW),
        peer: (lambda: batch.fly(keep=False), COUNT),
        OURS: (ours.kernel, COUNT),
        PUBLIC: (ours.public, COUNT),
    })
    exponential = Heyoka(start[:10 * FEW], seconds[:10 * FEW], 1e-16, 1, in_air=True).fly()
    show("A. To the ground through the air, 25 to 30 min", timings, {
        plain: worst(scipy_flights(plain_rate, 1.0 / BETA, *few), exponential),
        compiled: worst(scipy_flights(compiled_rate, 1.0 / BETA, *few), standard),
        peer: worst(batch.fly()[:10 * FEW], exponential),
        OURS: worst(ours.kernel(keep=True), standard)}, (plain, compiled, peer))


def empty_space(lanes):
    start = starts(1, DURATION_S, 3000.0, math.inf)
    seconds = np.full(COUNT, DURATION_S)
    ours = OpenDome(start, math.inf)
    batch = Heyoka(start, seconds, 1e-9, lanes, in_air=False)
    few = start[:FEW], seconds[:FEW]
    plain, peer = "SciPy, plain Python", f"heyoka x{lanes}"
    timings = interleave({
        plain: (lambda: scipy_flights(plain_rate, 0.0, *few), FEW),
        peer: (lambda: batch.fly(keep=False), COUNT),
        OURS: (ours.kernel, COUNT),
        PUBLIC: (ours.public, COUNT),
    })
    reference = Heyoka(start, seconds, 1e-16, 1, in_air=False).fly()
    show("B. Empty space, 30 min", timings, {
        plain: worst(scipy_flights(plain_rate, 0.0, *few), reference), peer: worst(batch.fly(), reference),
        OURS: worst(ours.kernel(keep=True), reference)}, (plain, peer))


def main():
    import heyoka as hy

    say_where("numpy", "numba", "scipy", "heyoka")
    lanes = hy.recommended_simd_size()
    to_the_ground(lanes)
    empty_space(lanes)


if __name__ == "__main__":
    main()
