"""Sine and cosine without branches, for loops that the compiler is to turn into vector instructions.

The library's functions are calls, and a loop with a call in it is not vectorised. Reduction by half turns of pi / 2 in
three parts (Cody and Waite 1980), then the classic minimax polynomials on -pi / 4 .. pi / 4 (fdlibm, k_sin.c and
k_cos.c: 2e-16). Error below 2e-16; not for angles over 1e8 rad.
"""

import math

from opendome.kernel import kernel

_PER_QUARTER = 2.0 / math.pi
# pi / 2 as a sum: 33 bits each, so that multiples of the first two are exact up to a million quarters
# (and beyond where multiplication and addition are fused).
_Q1, _Q2, _Q3 = 1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21
_S1, _S2, _S3 = -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04
_S4, _S5, _S6 = 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10
_C1, _C2, _C3 = 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05
_C4, _C5, _C6 = -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11


@kernel(inline=True)
def sin_cos(angle):
    """Sine and cosine of an angle in rad, |angle| < 1e8."""
    quarters = math.floor(angle * _PER_QUARTER + 0.5)
    r = ((angle - quarters * _Q1) - quarters * _Q2) - quarters * _Q3
    z = r * r
    s = r + r * z * (_S1 + z * (_S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))))
    c = 1.0 - z * (0.5 - z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6))))))
    # quarters mod 4 says which of the two it is, and with which sign: s, c, -s, -c
    turn = int(quarters) & 3
    odd, back, far = turn & 1, turn & 2, (turn + 1) & 2
    sine, cosine = (c if odd else s), (s if odd else c)
    return (-sine if back else sine), (-cosine if far else cosine)
