"""The US Standard Atmosphere 1976 from its own equations, and the table that the flight kernels read.

Run as `python -m opendome.air.standard` to rewrite `table.py` beside this file; a test sees that it is up to date.
Not used in flight. Constants and equation numbers are those of NOAA-S/T 76-1562, U.S. Standard Atmosphere, 1976.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

F64Array = NDArray[np.float64]

R_STAR = 8314.32          # J/(kmol K)
AVOGADRO = 6.022169e26    # 1/kmol
G0 = 9.80665              # m/s2
R0_KM = 6356.766          # radius at which gravity is G0
M0 = 28.9644              # kg/kmol, mean molecular weight of sea-level air

# Molecular-scale temperature by layers of geopotential height (table 4): base km', gradient K/km'.
BASE_KM = np.array([0.0, 11.0, 20.0, 32.0, 47.0, 51.0, 71.0])
LAPSE_K_KM = np.array([-6.5, 0.0, 1.0, 2.8, 0.0, -2.8, -2.0])

# Above 86 km, species N2, O, O2, Ar, He (tables 5, 6, 7).
MOLECULAR = np.array([28.0134, 15.9994, 31.9988, 39.948, 4.0026])
N_86KM = np.array([1.129794e20, 8.6e16, 3.030898e19, 1.351400e18, 7.5817e14])
DIFFUSION_A = np.array([np.nan, 6.986e20, 4.863e20, 4.487e20, 1.700e21])
DIFFUSION_B = np.array([np.nan, 0.750, 0.750, 0.870, 0.691])
THERMAL = np.array([np.nan, 0.0, 0.0, 0.0, -0.40])
FLUX_Q = np.array([np.nan, -5.809644e-4, 1.366212e-4, 9.434079e-5, -2.457369e-4])
FLUX_U = np.array([np.nan, 56.90311, 86.0, 86.0, 86.0])
FLUX_W = np.array([np.nan, 2.706240e-5, 8.333333e-5, 8.333333e-5, 6.666667e-4])
# Atomic hydrogen, from 150 km up.
M_H, N_H_500KM, FLUX_H, A_H, B_H, THERMAL_H = 1.00797, 8.0e10, 7.2e11, 3.305e21, 0.500, -0.25

# The table's cells of geopotential height: of 1 km up to 71 km', FINE of them from there to the join of the
# standard's two halves, as many of that width again up to FINE_END, then of COARSE_KM. Kinks fall on edges.
FIRST_KM, MESO_KM, COARSE_KM, LAST_KM = -11.0, 71.0, 8.0, 871.0
JOIN_KM = R0_KM * 86.0 / (R0_KM + 86.0)
FINE = 14
FINE_KM = (JOIN_KM - MESO_KM) / FINE
FINE_END = 57
SPLIT_KM = MESO_KM + FINE_END * FINE_KM
DEGREE = 5
CELLS = {"FIRST_KM": FIRST_KM, "MESO_KM": MESO_KM, "FINE_KM": FINE_KM, "FINE_END": FINE_END, "SPLIT_KM": SPLIT_KM,
         "COARSE_KM": COARSE_KM, "KINK_KM": [*BASE_KM[1:].tolist(), JOIN_KM]}
"""What `table.py` says about its cells."""


def geometric_km(h_km: F64Array) -> F64Array:
    """Geometric altitude of a geopotential height (eq. 19)."""
    return R0_KM * h_km / (R0_KM - h_km)


def lower(h_km: F64Array) -> tuple[F64Array, F64Array]:
    """ln density (kg/m3) and ln pressure (Pa) below 86 km against geopotential height (eqs. 33a, 33b, 42)."""
    layer = np.clip(np.searchsorted(BASE_KM, h_km, side="right") - 1, 0, None)
    k = G0 * M0 / R_STAR * 1000.0                                   # K/km'
    t_base, ln_p_base = np.array([288.15]), np.array([np.log(101325.0)])
    for i in range(len(BASE_KM) - 1):
        dh = BASE_KM[i + 1] - BASE_KM[i]
        t_base = np.append(t_base, t_base[i] + LAPSE_K_KM[i] * dh)
        ln_p_base = np.append(ln_p_base, ln_p_base[i] + _ln_pressure_change(k, t_base[i], LAPSE_K_KM[i], dh))
    dh = h_km - BASE_KM[layer]
    t_m = t_base[layer] + LAPSE_K_KM[layer] * dh
    change = [_ln_pressure_change(k, t_base[i], LAPSE_K_KM[i], d) for i, d in zip(layer.ravel(), dh.ravel())]
    ln_p = ln_p_base[layer] + np.array(change).reshape(dh.shape)
    return ln_p + np.log(M0 / (R_STAR * t_m)), ln_p


def _ln_pressure_change(k: float, t_base: float, lapse: float, dh: float) -> float:
    return float(-k * dh / t_base if lapse == 0.0 else -k / lapse * np.log1p(lapse * dh / t_base))


def temperature(z_km: F64Array) -> tuple[F64Array, F64Array]:
    """Kinetic temperature in K and its gradient in K/km from 86 to 1,000 km (eqs. 25, 27, 29, 31)."""
    t_c, a_k, a_km = 263.1905, -76.3232, -19.9429
    x = np.clip((z_km - 91.0) / a_km, -0.999999, 0.0)
    root = np.sqrt(1.0 - x * x)
    decay = 640.0 * np.exp(-12.0 / 640.0 * (z_km - 120.0) * (R0_KM + 120.0) / (R0_KM + z_km))
    where = [z_km <= 91.0, z_km <= 110.0, z_km <= 120.0]
    t = np.select(where, [np.full_like(z_km, 186.8673), t_c + a_k * root, 240.0 + 12.0 * (z_km - 110.0)],
                  1000.0 - decay)
    gradient = np.select(where, [np.zeros_like(z_km), -a_k / a_km * x / root, np.full_like(z_km, 12.0)],
                         12.0 / 640.0 * decay * ((R0_KM + 120.0) / (R0_KM + z_km)) ** 2)
    return t, gradient


def upper() -> tuple[F64Array, F64Array, F64Array]:
    """Altitude in km (86 .. 1,012), ln density and ln pressure, on a 10 m grid.

    Each species in its own diffusive balance with the ones before it as background (eqs. 35 to 39).
    """
    z = np.linspace(86.0, 1012.0, 92601)
    t, gradient = temperature(z)
    g = G0 * (R0_KM / (R0_KM + z)) ** 2
    eddy = np.where(z < 95.0, 120.0, 0.0)
    mixing = (z >= 95.0) & (z < 115.0)
    eddy[mixing] = 120.0 * np.exp(1.0 - 400.0 / (400.0 - (z[mixing] - 95.0) ** 2))

    n = np.empty((5, z.size))
    m_background = np.where(z <= 100.0, M0, MOLECULAR[0])
    n[0] = N_86KM[0] * t[0] / t * np.exp(-_integral(m_background * g / (R_STAR * t) * 1000.0, z))
    for i in range(1, 5):
        known = 1 if i < 3 else 3                                   # O and O2 drift in N2; Ar and He in N2, O, O2
        background = n[:known].sum(axis=0)
        if known == 3:
            m_background = np.where(z <= 100.0, M0, MOLECULAR[:3] @ n[:3] / background)
        d = DIFFUSION_A[i] / background * (t / 273.15) ** DIFFUSION_B[i]
        weight = MOLECULAR[i] * d / (d + eddy) + m_background * eddy / (d + eddy)
        balance = g * weight / (R_STAR * t) * 1000.0 + d / (d + eddy) * THERMAL[i] * gradient / t
        n[i] = N_86KM[i] * t[0] / t * np.exp(-_integral(balance + _flux(i, z), z))
    hydrogen = _hydrogen(z, t, g, n.sum(axis=0))
    density = (MOLECULAR @ n + M_H * hydrogen) / AVOGADRO
    pressure = (n.sum(axis=0) + hydrogen) * R_STAR * t / AVOGADRO
    return z, np.log(density), np.log(pressure)


def _flux(i: int, z: F64Array) -> F64Array:
    """Transport of a species by its vertical velocity, 1/km (eq. 37)."""
    up = z - FLUX_U[i]
    flux = FLUX_Q[i] * up**2 * np.exp(-FLUX_W[i] * up**3)
    if i == 1:
        down = np.clip(97.0 - z, 0.0, None)
        flux = flux - 3.416248e-3 * down**2 * np.exp(-5.008765e-4 * down**3)
    return np.asarray(flux)


def _hydrogen(z: F64Array, t: F64Array, g: F64Array, background: F64Array) -> F64Array:
    """Number density of H, 1/m3: given at 500 km, with an upward flux; none below 150 km (eq. 39)."""
    at = int(np.searchsorted(z, 500.0))
    tau = _integral(M_H * g / (R_STAR * t) * 1000.0, z)
    tau = np.clip(tau - tau[at], -40.0, None)
    d = A_H / background * (t / 273.15) ** B_H
    warm = (t / t[at]) ** (1.0 + THERMAL_H)
    escaped = _integral(FLUX_H / d * warm * np.exp(tau) * 1000.0, z)
    return np.where(z >= 150.0, (N_H_500KM - (escaped - escaped[at])) / warm * np.exp(-tau), 0.0)


def _integral(y: F64Array, x: F64Array) -> F64Array:
    return np.concatenate([[0.0], np.cumsum(0.5 * (y[1:] + y[:-1]) * np.diff(x))])


def cells() -> tuple[F64Array, F64Array]:
    """Coefficients (cells, DEGREE + 1) of ln density and ln pressure in each cell, in x = 0 .. 1 across it.

    Interpolated at Chebyshev points that include both edges, so that neighbours meet. The two halves of the standard
    differ by 8e-6 at 86 km: the upper one is shifted onto the lower.
    """
    edges = np.concatenate([np.arange(FIRST_KM, MESO_KM), MESO_KM + FINE_KM * np.arange(FINE_END),
                            np.arange(SPLIT_KM, LAST_KM + COARSE_KM, COARSE_KM)])
    x = 0.5 - 0.5 * np.cos(np.pi * np.arange(DEGREE + 1) / DEGREE)
    solve = np.linalg.inv(np.vander(x, increasing=True))
    h = edges[:-1, None] + np.diff(edges)[:, None] * x
    is_low = np.broadcast_to((edges[:-1] < JOIN_KM - 1e-6)[:, None], h.shape)
    z_grid, *logs = upper()
    out = []
    for low, join, high in zip(lower(h[is_low]), lower(np.array([JOIN_KM])), logs):
        value = np.empty_like(h)
        value[is_low] = low
        value[~is_low] = _cubic(geometric_km(h[~is_low]), z_grid, high) + (join[0] - high[0])
        out.append(value @ solve.T)
    return out[0], out[1]


def _cubic(at: F64Array, x: F64Array, y: F64Array) -> F64Array:
    """Four-point interpolation on a uniform grid."""
    step = x[1] - x[0]
    i = np.clip(((at - x[0]) / step).astype(int), 1, len(x) - 3)
    u = (at - x[i]) / step
    return np.asarray(-u * (u - 1) * (u - 2) / 6 * y[i - 1] + (u + 1) * (u - 1) * (u - 2) / 2 * y[i]
                      - (u + 1) * u * (u - 2) / 2 * y[i + 1] + (u + 1) * u * (u - 1) / 6 * y[i + 2])


def table_source() -> str:
    """The text of `table.py`."""
    head = ('"""ln of density (kg/m3) and pressure (Pa) of the US Standard Atmosphere 1976 by cells: generated.\n\n'
            'Rewrite with `python -m opendome.air.standard`, which says what the numbers are.\n"""\n\n'
            "import numpy as np\n\n# Bounds of the cells and kinks of the standard, km of geopotential height.\n")
    text = [head, *(f"{name} = {value!r}\n" for name, value in CELLS.items()), "\n# fmt: off\n"]
    for name, table in zip(("LN_DENSITY", "LN_PRESSURE"), cells()):
        rows = ",\n".join("    [" + ", ".join(f"{c:.13f}" for c in row) + "]" for row in table)
        text.append(f"{name} = np.array([\n{rows},\n])\n")
    return "".join(text)


if __name__ == "__main__":
    Path(__file__).with_name("table.py").write_text(table_source())
