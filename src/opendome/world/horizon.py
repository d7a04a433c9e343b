"""The radio horizon over a smooth Earth, with the bending of rays in the lower air.

Terrain is left out. In its place stands one number, the roughness: everywhere the ground, with what grows and stands on
it, fills the first `roughness_m` of height, so that rays graze a sphere that is higher by as much.
"""

import math

from opendome.errors import InputError
from opendome.kernel import kernel
from opendome.units import M_PER_KM
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
def is_above_horizon(x1, y1, z1, x2, y2, z2, roughness_m=0.0):
    """Whether two ECEF points see each other by radio over a smooth Earth (see `horizon_angle`).

    With a roughness both heights count from it, and what is below it is seen from nowhere. The sphere keeps its radius:
    distances are short by 2.4 parts in 10,000 for a roughness of 3 km, by 0.8 in 100,000 for 100 m.
    """
    #   antenna x - - .                        . x target         the ray grazes the top of the roughness
    #           |        '  - - + - -  '         |
    #   ,,,,,,,,|,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,|,,,,  roughness_m
    #   ________|________________________________|____  ground
    cx, cy, cz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
    between = math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), x1 * x2 + y1 * y2 + z1 * z2)
    height1_m, height2_m = altitude(x1, y1, z1) - roughness_m, altitude(x2, y2, z2) - roughness_m
    if roughness_m > 0.0 and min(height1_m, height2_m) < 0.0:
        return False
    return between <= horizon_angle(height1_m) + horizon_angle(height2_m)


def radio_horizon_km(*, antenna_m: float, target_m: float, roughness_m: float = 0.0) -> float:
    """Ground distance in km at which a target comes over the horizon of an antenna; 0 if one is within the roughness.

    Heights in m over a sphere of the mean radius. Raises `InputError` for a height below 0.
    """
    for name, height_m in (("antenna_m", antenna_m), ("target_m", target_m), ("roughness_m", roughness_m)):
        if not 0.0 <= height_m < math.inf:
            raise InputError(f"{name} = {height_m}\n  must be 0 or more (metres over the ground)")
    if roughness_m > 0.0 and min(antenna_m, target_m) < roughness_m:
        return 0.0
    angle = horizon_angle(antenna_m - roughness_m) + horizon_angle(target_m - roughness_m)
    return float(MEAN_RADIUS_M * angle / M_PER_KM)
