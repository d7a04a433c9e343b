"""Glides a second on one core: OpenDome beside SciPy's DOP853 and heyoka's batch mode.

1,000 undamped glides of 40 min over the turning Earth with J2: from 60 km, 6.6 to 7.2 km/s and level to 1 degree down,
lift-to-drag ratio 3.2 to 4, beta 6,000 to 13,000 kg/m2, bank 0 to 20 degrees, states kept every second. OpenDome flies
in the US Standard Atmosphere 1976, and SciPy once too, with OpenDome's own compiled right side. heyoka, and SciPy in
plain Python, have no such air and fly in a smooth exponential one, which is easier; the rest of the equations is the
same. All flights last 40 min in both airs, which is checked.

All are asked for 1e-8 of an Earth radius and of the circular speed a step: OpenDome and SciPy by their tolerances,
heyoka by flying in those units. heyoka errs less than it is asked for, so OpenDome flies once more at 1e-10, where its
median error is near heyoka's. One core. States are dropped flight by flight, but for glide_many, which returns them
all. SciPy flies a part of the set. The error of a flight is its largest distance from a tight solution over all its
samples: heyoka's at 1e-16 for the exponential air, OpenDome's at 1e-13 for the standard air.
"""

import math

import numpy as np
from scipy.integrate import solve_ivp

from common import interleave, say_where, show
from opendome.fly import glide_block, glide_many, gliding_acceleration, height, start_state
from opendome.fly.gliding import legs_of
from opendome.world import WGS84

COUNT, FEW, DURATION_S, TOL = 1000, 10, 2400, 1e-8
RHO0, SCALE_M = 1.225, 7200.0
A_M = WGS84.a_m
V_M_S = math.sqrt(WGS84.mu_m3_s2 / A_M)
SCALES = np.array([A_M] * 3 + [V_M_S] * 3)
BLOCK = 64
OURS, FINE, PUBLIC = "OpenDome glide_block", "OpenDome glide_block at 1e-10", "OpenDome glide_many, all kept"


def draw(seed):
    """States (COUNT, 6), lift-to-drag ratios, ballistic coefficients and banks (COUNT,)."""
    rng = np.random.default_rng(seed)
    starts = []
    for _ in range(COUNT):
        speed, path, heading = rng.uniform(6600, 7200), math.radians(rng.uniform(-1, 0)), rng.uniform(0, 2 * math.pi)
        starts.append(start_state(
            lat_deg=rng.uniform(-60, 60), lon_deg=rng.uniform(-180, 180), alt_m=60e3,
            v_east_m_s=speed * math.cos(path) * math.sin(heading),
            v_north_m_s=speed * math.cos(path) * math.cos(heading), v_up_m_s=speed * math.sin(path)))
    return np.array(starts), rng.uniform(3.2, 4.0, COUNT), rng.uniform(6e3, 13e3, COUNT), rng.uniform(0, 20, COUNT)


class OpenDome:
    """glide_block on 64 flights at a time, whose states are dropped; and the public call, which keeps them all."""

    def __init__(self, flights, tol=TOL):
        self.flights, self.tol = flights, tol
        n, rows = BLOCK, DURATION_S + 1
        self.r, self.v = np.empty((n, rows, 3)), np.empty((n, rows, 3))
        self.rows, self.t_end_s, self.end = np.zeros(n, np.int64), np.empty(n), np.empty((n, 6))
        self.status = np.zeros(n, np.int64)

    def kernel(self, keep=False):
        kept = []
        for i in range(0, COUNT, BLOCK):
            start, ratio, beta, bank = (column[i:i + BLOCK] for column in self.flights)
            n = len(start)
            legs = legs_of(ratio, beta, bank, None, 0.0)
            glide_block(WGS84, start, beta, legs, None, float(DURATION_S), 0.0, self.tol, 1.0, self.r, self.v,
                        self.rows, self.t_end_s, self.end, self.status, 0, n)
            assert not self.status[:n].any()
            assert (self.t_end_s[:n] == DURATION_S).all()
            if keep:
                kept += [self.r[j].copy() for j in range(n)]
        return kept

    def public(self):
        start, ratio, beta, bank = self.flights
        return glide_many(start, ratio, beta, bank, t_max_s=DURATION_S, step_s=1.0, tol=self.tol, jobs=1)


def plain_rate(_, s, inv_beta, up, right):
    """J2, the turning frame, exponential air and lift in plain Python, as a user of SciPy would write them."""
    x, y, z, u, v, w = s
    r2 = x * x + y * y + z * z
    sin2 = z * z / r2
    central = -WGS84.mu_m3_s2 / (r2 * math.sqrt(r2))
    j2 = 1.5 * WGS84.j2 * A_M**2 / r2
    side = central * (1.0 + j2 * (1.0 - 5.0 * sin2)) + WGS84.omega_rad_s**2
    turn = 2.0 * WGS84.omega_rad_s
    alt = math.sqrt(r2) - A_M * (1.0 - WGS84.f * sin2)
    v2 = u * u + v * v + w * w
    speed = math.sqrt(v2)
    pressure = 0.5 * RHO0 * math.exp(-alt / SCALE_M) * v2
    nz = z / (1.0 - WGS84.f) ** 2
    rx, ry, rz = v * nz - w * y, w * x - u * nz, u * y - v * x
    across = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz)
    rightward, upward, back = pressure * right * across, pressure * up * across / speed, pressure * inv_beta / speed
    return [u, v, w, side * x + turn * v + rightward * rx + upward * (ry * w - rz * v) - back * u,
            side * y - turn * u + rightward * ry + upward * (rz * u - rx * w) - back * v,
            central * (1.0 + j2 * (3.0 - 5.0 * sin2)) * z + rightward * rz + upward * (rx * v - ry * u) - back * w]


def compiled_rate(_, s, inv_beta, up, right):
    """OpenDome's own right side, with the standard atmosphere."""
    return [*s[3:], *gliding_acceleration(WGS84, inv_beta, up, right, *s)]


def scipy_flights(rate, flights, tol=TOL):
    start, ratio, beta, bank = flights
    legs = legs_of(ratio, beta, bank, None, 0.0)
    return [solve_ivp(rate, (0.0, DURATION_S), y, method="DOP853", t_eval=np.arange(DURATION_S + 1.0), rtol=3e-14,
                      atol=tol * SCALES, args=(1.0 / b, up, right)).y[:3].T
            for y, b, up, right in zip(start, beta, legs.up_m2_kg[:, 0], legs.right_m2_kg[:, 0])]


class Heyoka:
    """Taylor series in Earth radii and circular speeds; `lanes` flights side by side (1: the plain integrator)."""

    def __init__(self, flights, tol, lanes):
        import heyoka as hy
        start, ratio, beta, bank = flights
        legs = legs_of(ratio, beta, bank, None, 0.0)
        self.start, self.lanes = start / SCALES, lanes
        # Per Earth radius of path: rho0 a / beta and the like.
        self.pars = np.stack([1.0 / beta, legs.up_m2_kg[:, 0], legs.right_m2_kg[:, 0]], axis=1) * 0.5 * RHO0 * A_M
        first = np.ascontiguousarray(self.start[:lanes].T)
        if lanes == 1:
            self.flight = hy.taylor_adaptive(self.equations(hy), first[:, 0], tol=tol, high_accuracy=True,
                                             pars=self.pars[0])
        else:
            self.flight = hy.taylor_adaptive_batch(self.equations(hy), first, tol=tol,
                                                   pars=np.ascontiguousarray(self.pars[:lanes].T))
        self.grid = np.arange(DURATION_S + 1.0) * V_M_S / A_M

    @staticmethod
    def equations(hy):
        x, y, z, u, v, w = hy.make_vars("x", "y", "z", "u", "v", "w")
        omega = WGS84.omega_rad_s * A_M / V_M_S
        r2 = hy.sum([x * x, y * y, z * z])
        inv_r = r2**-0.5
        sin2 = z * z / r2
        central = -inv_r / r2
        j2 = 1.5 * WGS84.j2 / r2
        side = central * (1.0 + j2 * (1.0 - 5.0 * sin2)) + omega**2
        alt = r2 * inv_r - (1.0 - WGS84.f * sin2)
        rho, v2 = hy.exp(-alt * (A_M / SCALE_M)), hy.sum([u * u, v * v, w * w])
        nz = z / (1.0 - WGS84.f) ** 2
        rx, ry, rz = v * nz - w * y, w * x - u * nz, u * y - v * x
        across, speed = hy.sum([rx * rx, ry * ry, rz * rz])**-0.5, v2**0.5
        back, upward, rightward = (rho * hy.par[0] * speed, rho * hy.par[1] * speed * across,
                                   rho * hy.par[2] * v2 * across)
        return [(x, u), (y, v), (z, w),
                (u, side * x + 2.0 * omega * v + rightward * rx + upward * (ry * w - rz * v) - back * u),
                (v, side * y - 2.0 * omega * u + rightward * ry + upward * (rz * u - rx * w) - back * v),
                (w, central * (1.0 + j2 * (3.0 - 5.0 * sin2)) * z + rightward * rz + upward * (rx * v - ry * u)
                 - back * w)]

    def fly(self, keep=True):
        """Positions of every flight at whole seconds, or nothing kept (as when timed)."""
        kept = []
        for i in range(0, len(self.start), self.lanes):
            if self.lanes == 1:
                self.flight.time = 0.0
                self.flight.state[:], self.flight.pars[:] = self.start[i], self.pars[i]
                out = self.flight.propagate_grid(self.grid)[-1]
                kept += [out[:, :3] * A_M] if keep else []
                continue
            self.flight.set_time(0.0)
            self.flight.state[:], self.flight.pars[:] = self.start[i:i + self.lanes].T, self.pars[i:i + self.lanes].T
            out = self.flight.propagate_grid(np.repeat(self.grid[:, None], self.lanes, axis=1))
            out = out[1] if isinstance(out, tuple) else out
            kept += [out[:, :3, j] * A_M for j in range(self.lanes)] if keep else []
        return kept


def worst(flights, reference):
    """Median and largest, over flights, of the largest distance in m from the reference."""
    distance = [np.linalg.norm(a - b, axis=1).max() for a, b in zip(flights, reference)]
    return f"error {np.median(distance):.1e} m median, {np.max(distance):.1e} m worst"


def main():
    import heyoka as hy

    say_where("numpy", "numba", "scipy", "heyoka")
    lanes = hy.recommended_simd_size()
    assert COUNT % lanes == 0
    flights = draw(4)
    few, more = tuple(c[:FEW] for c in flights), tuple(c[:10 * FEW] for c in flights)
    ours, fine, batch = OpenDome(flights), OpenDome(flights, tol=1e-10), Heyoka(flights, TOL, lanes)
    plain, compiled = "SciPy, plain Python, exponential", "SciPy, compiled right side"
    peer = f"heyoka x{lanes}, exponential"
    timings = interleave({
        plain: (lambda: scipy_flights(plain_rate, few), FEW),
        compiled: (lambda: scipy_flights(compiled_rate, few), FEW),
        peer: (lambda: batch.fly(keep=False), COUNT),
        OURS: (ours.kernel, COUNT),
        FINE: (fine.kernel, COUNT),
        PUBLIC: (ours.public, COUNT),
    })
    exponential, standard = Heyoka(more, 1e-16, 1).fly(), OpenDome(flights, tol=1e-13).kernel(keep=True)
    lowest = min(height(WGS84, *r) for path in exponential for r in path[::20])
    assert lowest > 10e3, "a flight in the exponential air does not last 40 min"
    show("1,000 glides of 40 min", timings, {
        plain: worst(scipy_flights(plain_rate, few), exponential),
        compiled: worst(scipy_flights(compiled_rate, few), standard),
        peer: worst(batch.fly(), exponential),
        OURS: worst(ours.kernel(keep=True), standard),
        FINE: worst(fine.kernel(keep=True), standard)}, (plain, compiled, peer))


if __name__ == "__main__":
    main()
