"""One fixed step of the classical Runge-Kutta method of order four, in plain numbers."""

from opendome.fly.motion import acceleration
from opendome.kernel import kernel


@kernel
def rk4_step(earth, inv_beta, h, x, y, z, u, v, w):
    """The ECEF state x, y, z (m), u, v, w (m/s) after h seconds of free flight (see `acceleration`)."""
    g = 0.5 * h
    a1, b1, c1 = acceleration(earth, inv_beta, x, y, z, u, v, w)
    u2, v2, w2 = u + g * a1, v + g * b1, w + g * c1
    a2, b2, c2 = acceleration(earth, inv_beta, x + g * u, y + g * v, z + g * w, u2, v2, w2)
    u3, v3, w3 = u + g * a2, v + g * b2, w + g * c2
    a3, b3, c3 = acceleration(earth, inv_beta, x + g * u2, y + g * v2, z + g * w2, u3, v3, w3)
    u4, v4, w4 = u + h * a3, v + h * b3, w + h * c3
    a4, b4, c4 = acceleration(earth, inv_beta, x + h * u3, y + h * v3, z + h * w3, u4, v4, w4)
    s = h / 6.0
    return (x + s * (u + 2.0 * (u2 + u3) + u4), y + s * (v + 2.0 * (v2 + v3) + v4), z + s * (w + 2.0 * (w2 + w3) + w4),
            u + s * (a1 + 2.0 * (a2 + a3) + a4), v + s * (b1 + 2.0 * (b2 + b3) + b4),
            w + s * (c1 + 2.0 * (c2 + c3) + c4))
