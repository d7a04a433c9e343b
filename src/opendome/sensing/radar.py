"""Radar: geometry, then signal, then detection, then measurement.

A radar is known by its reference range: there a target of the reference cross-section gives the reference
signal-to-noise ratio in one look. Signal falls with the fourth power of range; a look detects a fluctuating target
(Swerling 1 or 3) with its closed-form probability; what it measures has errors that grow as the signal falls.

Left out: clutter, jamming, terrain, rain, beam scheduling, fixed biases between radars, false tracks, unresolved
targets. Equations, sources and evidence: docs/models/radar.md.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.catalogue.entries import Radar
from opendome.errors import InputError
from opendome.kernel import kernel
from opendome.rng import address
from opendome.sensing.sites import RadarSite, check_names, check_roughness
from opendome.units import M_PER_KM, RAD_PER_DEG, db_to_ratio
from opendome.world import (
    BENDING_TOP_M,
    MEAN_RADIUS_M,
    WGS84,
    altitude,
    ecef_from_geodetic,
    enu_axes,
    horizon_angle,
    is_above_horizon,
)

P_NEGLIGIBLE = 0.05
"""A look with a smaller chance than this counts as no look at all, so that far targets cost nothing. A track needs
three detections in five looks of one radar: such looks would confirm less than one target in 800."""

FINEST = 0.1
"""However strong the signal, errors stay above this share of their reference value (calibration, propagation)."""


class Radars(NamedTuple):
    """Every radar of a scenario. S radars; SI units; ECEF."""

    address: NDArray[np.uint64]
    """(S,) address of its random draws."""
    r_ecef_m: NDArray[np.float64]
    """(S, 3) the antenna."""
    c_enu_ecef: NDArray[np.float64]
    """(S, 3, 3) rows east, north, up at the site."""
    boresight: NDArray[np.float64]
    """(S, 2) east and north parts of where it faces."""
    cos_half_sector: NDArray[np.float64]
    """(S,) cosine of half the sector; -1 all round."""
    sin_el_min: NDArray[np.float64]
    sin_el_max: NDArray[np.float64]
    range_ref_m: NDArray[np.float64]
    rcs_ref_m2: NDArray[np.float64]
    snr_ref: NDArray[np.float64]
    """(S,) linear, of one look at the reference range."""
    range_max_m: NDArray[np.float64]
    p_false_alarm: NDArray[np.float64]
    scan_s: NDArray[np.float64]
    sigma_range_m: NDArray[np.float64]
    """(S,) at the reference signal-to-noise ratio."""
    sigma_angle_rad: NDArray[np.float64]
    """(S,) across the line of sight, each way, at the reference signal-to-noise ratio."""
    track_capacity: NDArray[np.int64]
    latency_s: NDArray[np.float64]
    roughness_m: NDArray[np.float64]
    """(S,) height that the ground all round fills."""


# ---- radar: signal and detection -----------------------------------------------------------------------------------


@kernel
def radar_snr(range_m, rcs_m2, range_ref_m, rcs_ref_m2, snr_ref):
    """Mean signal-to-noise ratio, linear, of one look at one target.

    Falls with the fourth power of range. Source: skolnik2001, chapter 2; docs/models/radar.md.
    """
    q = range_ref_m / range_m
    q2 = q * q
    return snr_ref * (rcs_m2 / rcs_ref_m2) * q2 * q2


@kernel
def p_detect(snr, p_false_alarm, swerling):
    """Probability that one look at mean signal-to-noise ratio `snr` (linear) detects a Swerling 1 or 3 target.

    Envelope detector, one pulse (or a coherent burst taken as one). Source: swerling1960; docs/models/radar.md.
    """
    threshold = -math.log(p_false_alarm)
    if swerling == 3:
        half = 0.5 * snr
        return (1.0 + threshold * half / ((1.0 + half) * (1.0 + half))) * math.exp(-threshold / (1.0 + half))
    return math.exp(-threshold / (1.0 + snr))


# ---- radar: geometry -----------------------------------------------------------------------------------------------


@kernel
def bending(range_m, sin_el):
    """Angle in rad by which the lower air lifts a target at slant range `range_m` and geometric elevation.

    4/3 Earth (range over eight Earth radii) as far as the ray is in the lower air. Against a ray traced through the
    reference air of ITU-R P.453: within 1 mrad up to 200 km, 2.5 mrad (0.14 deg) anywhere.
    """
    in_air_m = min(range_m, 2.0 * BENDING_TOP_M / (max(sin_el, 0.0) + 0.025))
    return in_air_m / (8.0 * MEAN_RADIUS_M)


@kernel
def look(radars, s, x, y, z, rcs_m2, swerling, gain):
    """Detection probability and mean signal-to-noise ratio (linear) of one look of radar `s` at a target.

    Target at ECEF x, y, z in m with mean cross-section `rcs_m2`; `gain` (linear) multiplies the signal, 1 for none,
    0 for a radar that is not there. Both are zero when the target is beyond range, horizon, elevation or sector, or its
    chance below `P_NEGLIGIBLE`.
    """
    # All reading of the table comes first, in one straight piece: between branches the compiler would count references
    # to each of its arrays, which costs more than the look.
    rx, ry, rz = radars.r_ecef_m[s, 0], radars.r_ecef_m[s, 1], radars.r_ecef_m[s, 2]
    ex, ey, ez = radars.c_enu_ecef[s, 0, 0], radars.c_enu_ecef[s, 0, 1], radars.c_enu_ecef[s, 0, 2]
    nx, ny, nz = radars.c_enu_ecef[s, 1, 0], radars.c_enu_ecef[s, 1, 1], radars.c_enu_ecef[s, 1, 2]
    ux, uy, uz = radars.c_enu_ecef[s, 2, 0], radars.c_enu_ecef[s, 2, 1], radars.c_enu_ecef[s, 2, 2]
    facing_east, facing_north = radars.boresight[s, 0], radars.boresight[s, 1]
    cos_half_sector, sin_el_min, sin_el_max = radars.cos_half_sector[s], radars.sin_el_min[s], radars.sin_el_max[s]
    range_ref_m, rcs_ref_m2, snr_ref = radars.range_ref_m[s], radars.rcs_ref_m2[s], radars.snr_ref[s]
    range_max_m, p_false_alarm, roughness_m = radars.range_max_m[s], radars.p_false_alarm[s], radars.roughness_m[s]

    dx, dy, dz = x - rx, y - ry, z - rz
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    if range_m > range_max_m:
        return 0.0, 0.0
    sin_el = (ux * dx + uy * dy + uz * dz) / range_m
    apparent = sin_el + bending(range_m, sin_el)
    if apparent < sin_el_min or apparent > sin_el_max:
        return 0.0, 0.0
    if cos_half_sector > -1.0:
        east, north = ex * dx + ey * dy + ez * dz, nx * dx + ny * dy + nz * dz
        if east * facing_east + north * facing_north < cos_half_sector * math.sqrt(east * east + north * north):
            return 0.0, 0.0
    snr = gain * radar_snr(range_m, rcs_m2, range_ref_m, rcs_ref_m2, snr_ref)
    p = p_detect(snr, p_false_alarm, swerling)
    if p < P_NEGLIGIBLE or gain <= 0.0:
        return 0.0, 0.0
    # A target above the horizontal is always above the horizon; only the others need the costly test.
    if sin_el < 0.0 and not is_above_horizon(rx, ry, rz, x, y, z, roughness_m):
        return 0.0, 0.0
    return p, snr


@kernel
def reach(radars, s, rcs_m2, alt_max_m, gain):
    """Slant range in m beyond which radar `s` certainly never sees a target of this cross-section and top altitude.

    An upper bound from instrumented range, signal and horizon, made to skip pairs: a target at range d flying no
    faster than v need not be looked at for (d - reach) / v seconds. 0 for a radar that is not there (gain 0).
    """
    if gain <= 0.0:
        return 0.0
    # Below this signal a Swerling 1 look falls under P_NEGLIGIBLE; a Swerling 3 look needs more.
    faintest = math.log(radars.p_false_alarm[s]) / math.log(P_NEGLIGIBLE) - 1.0
    bound = radars.range_max_m[s]
    if faintest > 0.0:
        seen = gain * radars.snr_ref[s] * rcs_m2 / (radars.rcs_ref_m2[s] * faintest)
        bound = min(bound, radars.range_ref_m[s] * math.sqrt(math.sqrt(seen)))
    r = radars.r_ecef_m[s]
    site_m = altitude(r[0], r[1], r[2])
    roughness_m = radars.roughness_m[s]
    angle = horizon_angle(site_m - roughness_m) + horizon_angle(alt_max_m - roughness_m)
    # Out along the arc, then up or down: the last term is the Earth's flattening.
    arc_m = (WGS84.a_m + max(site_m, 0.0)) * angle
    return min(bound, arc_m + abs(alt_max_m - site_m) + WGS84.f * WGS84.a_m * angle)


# ---- radar: measurement --------------------------------------------------------------------------------------------


@kernel
def measurement_errors(radars, s, snr):
    """Standard deviations of one measurement at signal-to-noise ratio `snr`: range in m, angle in rad.

    Errors go as one over the root of the signal, never below `FINEST` of the reference. Source: barton2005.
    """
    scale = max(math.sqrt(radars.snr_ref[s] / snr), FINEST)
    return radars.sigma_range_m[s] * scale, radars.sigma_angle_rad[s] * scale


@kernel
def measure(radars, s, x, y, z, snr, n_range, n_right, n_up):
    """What radar `s` measures of a target at ECEF x, y, z: range in m, unit vector in ECEF, and both errors.

    Returns range_m, ux, uy, uz, sigma_range_m, sigma_angle_rad. The three draws are standard normal: along the line
    of sight, and the two ways across it, which are equally uncertain. Bending and fixed biases count as calibrated out.
    """
    r = radars.r_ecef_m[s]
    sigma_range_m, sigma_angle_rad = measurement_errors(radars, s, snr)
    dx, dy, dz = x - r[0], y - r[1], z - r[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    ux, uy, uz = dx / range_m, dy / range_m, dz / range_m
    px, py, pz, qx, qy, qz = across(ux, uy, uz)
    right, up = sigma_angle_rad * n_right, sigma_angle_rad * n_up
    ux, uy, uz = ux + right * px + up * qx, uy + right * py + up * qy, uz + right * pz + up * qz
    d = 1.0 / math.sqrt(ux * ux + uy * uy + uz * uz)
    return range_m + sigma_range_m * n_range, ux * d, uy * d, uz * d, sigma_range_m, sigma_angle_rad


@kernel
def across(ux, uy, uz):
    """Two unit vectors that make a right-handed frame with the unit vector given, as six numbers."""
    # Duff et al. 2017, "Building an orthonormal basis, revisited": no branch near the poles.
    sign = math.copysign(1.0, uz)
    a = -1.0 / (sign + uz)
    b = ux * uy * a
    return 1.0 + sign * ux * ux * a, sign * b, -sign * ux, b, sign + uy * uy * a, -uy


@kernel
def azimuth_elevation(radars, s, ux, uy, uz):
    """Azimuth (clockwise from north, 0 .. 2 pi) and elevation in rad at radar `s` of a unit vector in ECEF."""
    c = radars.c_enu_ecef[s]
    east = c[0, 0] * ux + c[0, 1] * uy + c[0, 2] * uz
    north = c[1, 0] * ux + c[1, 1] * uy + c[1, 2] * uz
    up = c[2, 0] * ux + c[2, 1] * uy + c[2, 2] * uz
    return math.atan2(east, north) % (2.0 * math.pi), math.asin(min(max(up, -1.0), 1.0))


# ---- lower ---------------------------------------------------------------------------------------------------------


def lower_radars(sites: Sequence[RadarSite]) -> Radars:
    """The table of the radars given, in their order."""
    check_names(sites)
    check_roughness(sites)

    def column(name: str, factor: float = 1.0) -> NDArray[np.float64]:
        return np.array([site.value(name) * factor for site in sites])

    axes = [enu_axes(site.lat_deg * RAD_PER_DEG, site.lon_deg * RAD_PER_DEG) for site in sites]
    places = [ecef_from_geodetic(site.lat_deg * RAD_PER_DEG, site.lon_deg * RAD_PER_DEG,
                                 site.antenna_alt_m) for site in sites]
    facing = np.array([site.azimuth_deg * RAD_PER_DEG for site in sites])
    return Radars(
        address=np.array([address(site.name) for site in sites], dtype=np.uint64),
        r_ecef_m=np.array(places).reshape(-1, 3),
        c_enu_ecef=np.array(axes).reshape(-1, 3, 3),
        boresight=np.stack([np.sin(facing), np.cos(facing)], axis=1),
        cos_half_sector=np.cos(0.5 * column("sector_deg", RAD_PER_DEG)),
        sin_el_min=np.sin(column("el_min_deg", RAD_PER_DEG)),
        sin_el_max=np.sin(column("el_max_deg", RAD_PER_DEG)),
        range_ref_m=column("range_ref_km", M_PER_KM),
        rcs_ref_m2=column("rcs_ref_m2"),
        snr_ref=np.array([db_to_ratio(site.value("snr_ref_db")) for site in sites]),
        range_max_m=column("range_max_km", M_PER_KM),
        p_false_alarm=column("p_false_alarm"),
        scan_s=column("scan_s"),
        sigma_range_m=column("sigma_range_m"),
        sigma_angle_rad=column("sigma_angle_mrad", 1e-3),
        track_capacity=column("track_capacity").astype(np.int64),
        latency_s=column("latency_s"),
        roughness_m=np.array([site.roughness_m for site in sites]),
    )


# ---- for users -----------------------------------------------------------------------------------------------------


def required_snr(p_detect_wanted: float, p_false_alarm: float, swerling: int = 1) -> float:
    """Mean signal-to-noise ratio, linear, at which one look detects with the probability wanted."""
    if not p_false_alarm < p_detect_wanted < 1.0:
        raise InputError(f"p_detect = {p_detect_wanted}\n  must be between p_false_alarm ({p_false_alarm:g}) and 1")
    if swerling not in (1, 3):
        raise InputError(f"swerling = {swerling}\n  must be 1 or 3")
    if swerling == 1:
        return math.log(p_false_alarm) / math.log(p_detect_wanted) - 1.0
    low, high = 0.0, 1.0
    while p_detect(high, p_false_alarm, 3) < p_detect_wanted:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if p_detect(middle, p_false_alarm, 3) < p_detect_wanted else (low, middle)
    return high


def detection_range_km(entry: Radar, rcs_m2: float, p_detect: float, swerling: int = 1) -> float:
    """Range in km at which one look sees a target with probability `p_detect`, the instrumented range at most.

    Horizon, elevation limits and sector are not looked at.
    """
    if not rcs_m2 > 0.0:
        raise InputError(f"rcs_m2 = {rcs_m2}\n  must be above 0")
    snr = required_snr(p_detect, entry.p_false_alarm.value, swerling)
    ratio = db_to_ratio(entry.snr_ref_db.value) * rcs_m2 / (entry.rcs_ref_m2.value * snr)
    return float(min(entry.range_ref_km.value * ratio**0.25, entry.range_max_km.value))
