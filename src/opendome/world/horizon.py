"""The radio horizon over a smooth Earth, with the bending of rays in the lower air."""

import math

from opendome.kernel import kernel
from opendome.world.earth import MEAN_RADIUS_M, altitude

EFFECTIVE_EARTH = 4.0 / 3.0
"""Effective Earth radius for radio waves in the lower air, in Earth radii (ITU-R P.310)."""

BENDING_TOP_M = 6600.0
"""Above this height a ray is taken as straight: a horizontal ray from the ground has then bent by 13.2 mrad, the
0.76 deg of ITU-R P.834. The effective radius alone would go on bending rays in empty space."""


@kernel
def horizon_angle(alt_m):
    """Angle in rad at the Earth's centre between the point where a ray grazes the ground and the ray at `alt_m`.

    Effective Earth radius of 4/3 up to `BENDING_TOP_M`, straight above; sphere of the mean radius.
    """
    #            . x alt_m          below the top: arcs of the effective Earth
    #       .  '   |                above: a straight line that leaves the top at elevation `climb`
    #  ----+-------+---- ground
    r_eff = EFFECTIVE_EARTH * MEAN_RADIUS_M
    low = min(max(alt_m, 0.0), BENDING_TOP_M)
    climb = math.acos(r_eff / (r_eff + low))
    angle = EFFECTIVE_EARTH * climb
    if alt_m > BENDING_TOP_M:
        angle += math.acos((MEAN_RADIUS_M + low) * math.cos(climb) / (MEAN_RADIUS_M + alt_m)) - climb
    return angle


@kernel
def is_above_horizon(x1, y1, z1, x2, y2, z2):
    """Whether two ECEF points see each other by radio over a smooth Earth (see `horizon_angle`)."""
    cx, cy, cz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
    between = math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), x1 * x2 + y1 * y2 + z1 * z2)
    return between <= horizon_angle(altitude(x1, y1, z1)) + horizon_angle(altitude(x2, y2, z2))
