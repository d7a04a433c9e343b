"""One look of an infrared sensor at a target: geometry, background, signal, detection.

The target is a point. A look detects when signal plus Gaussian noise crosses a threshold. Left out: sun in the
optics, earthshine and sunlight on the target, clutter that varies from place to place, pixels that the target crosses
in a look, false alarms (rare at the thresholds used: 1e-9 a pixel and look at six noise widths).
Equations, sources and evidence: docs/models/infrared.md.
"""

import math

from opendome.kernel import kernel
from opendome.sensing.infrared.air import TOP_M, airmass, through
from opendome.sensing.infrared.emission import AIR_M, heated_intensity
from opendome.world import WGS84, altitude

EARTH, LIMB, SPACE = 0, 1, 2
"""What stands behind a target."""

HOPELESS = 4.0
"""A look whose signal is so many noise widths below the threshold counts as no look (chance 3e-5)."""

_STRETCH = 1.0 / (1.0 - WGS84.f)


@kernel
def signal_to_noise(eyes, c, intensity_w_sr, range_m, transmission, noise):
    """Signal-to-noise ratio of one look; `noise` is that of the background over that of cold space."""
    return intensity_w_sr * transmission / (range_m * range_m * eyes.nei_w_m2[c] * noise)


@kernel
def p_detect_ir(snr, snr_needed):
    """Probability that signal plus Gaussian noise of width 1 crosses the threshold: half when they are equal."""
    return 0.5 * math.erfc((snr_needed - snr) / math.sqrt(2.0))


@kernel
def background_of(tangent_m, is_inward, limb_m):
    """EARTH, LIMB or SPACE from the lowest height of a line of sight carried on beyond the target.

    `is_inward`: whether the line comes nearer to the Earth on its way from the satellite at all.
    """
    if not is_inward or tangent_m >= limb_m:
        return SPACE
    return EARTH if tangent_m < 0.0 else LIMB


@kernel
def lowest_point(sx, sy, sz, dx, dy, dz):
    """Where a straight line comes nearest to the Earth: share of the way (1.0 at its far end), and height in m there.

    From x, y, z along dx, dy, dz, in ECEF. The polar axis is stretched until the ellipsoid is a sphere: heights up to
    100 km come out within 0.4 km.
    """
    sz, dz = sz * _STRETCH, dz * _STRETCH
    along = -(sx * dx + sy * dy + sz * dz) / (dx * dx + dy * dy + dz * dz)
    px, py, pz = sx + along * dx, sy + along * dy, sz + along * dz
    return along, math.sqrt(px * px + py * py + pz * pz) - WGS84.a_m


@kernel
def look_ir(eyes, c, sx, sy, sz, x, y, z, intensity_w_sr):
    """Detection probability and signal-to-noise ratio of one look from a satellite at a target, both in ECEF and m.

    `intensity_w_sr` is the target's in the band of sensor `c`, before any air. Both are zero when the target is out of
    the field of regard, behind the Earth, below the clouds, without cold space behind where that is needed, or
    hopelessly faint.
    """
    #  satellite o-----------.-----------x target    h: lowest height of the line, carried on beyond the target
    #                        | h                     h < 0: Earth behind, or in between; then limb; then cold space
    #          ______________|______________ ground
    cos_regard, limb_m, cloud_break_m = eyes.cos_regard[c], eyes.limb_m[c], eyes.cloud_break_m[c]
    noise_earth, noise_limb, needs_cold_space = eyes.noise_earth[c], eyes.noise_limb[c], eyes.needs_cold_space[c]
    snr_needed = eyes.snr_needed[c]
    dx, dy, dz = x - sx, y - sy, z - sz
    range2 = dx * dx + dy * dy + dz * dz
    down = -(sx * dx + sy * dy + sz * dz)
    if down < cos_regard * math.sqrt((sx * sx + sy * sy + sz * sz) * range2):
        return 0.0, 0.0
    along, tangent_m = lowest_point(sx, sy, sz, dx, dy, dz)
    if tangent_m < 0.0 < along < 1.0:
        return 0.0, 0.0
    behind = background_of(tangent_m, along > 0.0, limb_m)
    if needs_cold_space and behind != SPACE:
        return 0.0, 0.0
    noise = 1.0 if behind == SPACE else noise_earth if behind == EARTH else noise_limb
    range_m = math.sqrt(range2)
    snr = signal_to_noise(eyes, c, intensity_w_sr, range_m, 1.0, noise)
    if snr < snr_needed - HOPELESS:
        return 0.0, 0.0
    alt_m = altitude(x, y, z)
    if alt_m < cloud_break_m:
        return 0.0, 0.0
    if alt_m < TOP_M or (0.0 < along < 1.0 and tangent_m < TOP_M):
        sin_el = -(x * dx + y * dy + z * dz) / math.sqrt((x * x + y * y + z * z) * range2)
        columns, lowest_m = airmass(alt_m, sin_el)
        snr *= through(eyes.depth[c], eyes.power[c], lowest_m, columns)
        if snr < snr_needed - HOPELESS:
            return 0.0, 0.0
    return p_detect_ir(snr, snr_needed), snr


@kernel
def transmission(eyes, c, alt_m, columns):
    """Transmission in the band of sensor `c` from an altitude to space along `columns` vertical columns of air."""
    return through(eyes.depth[c], eyes.power[c], alt_m, columns)


@kernel
def body_intensity(eyes, c, body_m2, nose_radius_m, alt_m, speed_m_s):
    """Radiant intensity in W/sr, in the band of sensor `c`, of a body after burnout (see `heated_intensity`)."""
    if alt_m > AIR_M:
        return body_m2 * eyes.cold_w_m2_sr[c]
    return heated_intensity(eyes.low_um[c], eyes.high_um[c], body_m2, nose_radius_m, alt_m, speed_m_s)
