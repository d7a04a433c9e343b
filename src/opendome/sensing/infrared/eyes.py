"""The table of infrared sensors that kernels read, made from catalogue entries."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from opendome.air.heating import COLD_K
from opendome.catalogue.entries import InfraredSensor
from opendome.errors import InputError
from opendome.kernel import BoolArray, F64Array, I64Array, U64Array
from opendome.rng import address
from opendome.sensing.infrared.air import ROWS, transmission_tables
from opendome.sensing.infrared.radiance import planck_band
from opendome.sensing.sites import InfraredSite, check_names
from opendome.units import M_PER_KM, RAD_PER_DEG, db_to_ratio

AIRY = 0.42
"""Standard width of the Gaussian that stands for the core of an Airy disc, in wavelengths over the aperture."""


class Eyes(NamedTuple):
    """Every infrared sensor of a scenario: one row for all satellites that carry it. S sensors; SI units."""

    address: U64Array
    """(S,) address of its random draws."""
    scans: BoolArray
    """(S,) whether it sweeps over a place once a revisit; else it stares."""
    nei_w_m2: F64Array
    """(S,) noise-equivalent irradiance of one look, against cold space."""
    snr_needed: F64Array
    noise_earth: F64Array
    """(S,) noise against the Earth over that against cold space."""
    noise_limb: F64Array
    limb_m: F64Array
    """(S,) lowest height of a line of sight that has cold space behind it."""
    needs_cold_space: BoolArray
    cos_regard: F64Array
    """(S,) cosine of half the field of regard, about straight down."""
    revisit_s: F64Array
    looks_needed: I64Array
    latency_s: F64Array
    cloud_break_m: F64Array
    cue_gain: F64Array
    """(S,) linear gain in a radar's signal-to-noise ratio once it was told where to search."""
    sigma_los_rad: F64Array
    """(S,) error of a line of sight, each way across, that stays however strong the signal."""
    spot_rad: F64Array
    """(S,) standard width of a point's image: pixel and diffraction."""
    low_um: F64Array
    high_um: F64Array
    cold_w_m2_sr: F64Array
    """(S,) radiance in the band of a black body at 300 K."""
    depth: F64Array
    """(S, air.ROWS) ln of the air's depth straight up, by altitude."""
    power: F64Array
    """(S, air.ROWS) power with which it grows with the length of the path."""


def lower_eyes(sites: Sequence[InfraredSite]) -> Eyes:
    """The table of the infrared sensors given, in their order."""
    check_names(sites)
    for site in sites:
        _check_values(site)

    def column(name: str, factor: float = 1.0) -> F64Array:
        return np.array([site.value(name) * factor for site in sites], dtype=np.float64)

    low_um, high_um = column("band_min_um"), column("band_max_um")
    tables = [transmission_tables(*band) for band in zip(low_um, high_um, strict=True)]
    depth, power = (np.array([table[k] for table in tables]).reshape(len(sites), ROWS) for k in (0, 1))
    diffraction = AIRY * 0.5e-6 * (low_um + high_um) / column("aperture_m")
    return Eyes(
        address=np.array([address(site.name) for site in sites], dtype=np.uint64),
        scans=np.array([site.entry.mode == "scan" for site in sites], dtype=np.bool_),
        nei_w_m2=np.array([noise_equivalent_w_m2(site) for site in sites], dtype=np.float64),
        snr_needed=column("snr_needed"),
        noise_earth=column("clutter_earth"),
        noise_limb=column("clutter_limb"),
        limb_m=column("limb_km", M_PER_KM),
        needs_cold_space=np.array([site.entry.needs_cold_space for site in sites], dtype=np.bool_),
        cos_regard=np.cos(0.5 * column("field_of_regard_deg", RAD_PER_DEG)),
        revisit_s=column("revisit_s"),
        looks_needed=np.rint(column("looks_needed")).astype(np.int64),
        latency_s=column("latency_s"),
        cloud_break_m=column("cloud_break_km", M_PER_KM),
        cue_gain=np.array([db_to_ratio(site.value("cue_gain_db")) for site in sites], dtype=np.float64),
        sigma_los_rad=column("sigma_los_urad", 1e-6),
        spot_rad=np.hypot(column("pixel_urad", 1e-6) / math.sqrt(12.0), diffraction),
        low_um=low_um,
        high_um=high_um,
        cold_w_m2_sr=np.array([planck_band(COLD_K, *b) for b in zip(low_um, high_um, strict=True)], dtype=np.float64),
        depth=depth,
        power=power,
    )


def _check_values(site: InfraredSite) -> None:
    """Refuse a value for the other way of stating sensitivity, and a band that runs backwards."""
    for name in site.values:
        if getattr(site.entry, name) is None:
            raise InputError(f"{site.name}.{name}\n  is not how this sensor states its sensitivity\n"
                             "  hint: an entry has either nei_w_m2 or threshold_kw_sr")
    low_um, high_um = site.value("band_min_um"), site.value("band_max_um")
    if not low_um < high_um:
        raise InputError(f"{site.name}: band {low_um:g} to {high_um:g} um\n  must have its shorter end first")


def noise_equivalent_w_m2(site: InfraredSite) -> float:
    """Noise-equivalent irradiance in W/m2 of one look: as given, or threshold / (distance^2 snr_needed)."""
    if site.entry.nei_w_m2 is not None:
        return site.value("nei_w_m2")
    range_m = site.value("threshold_range_km") * M_PER_KM
    return 1000.0 * site.value("threshold_kw_sr") / (range_m * range_m * site.value("snr_needed"))


def infrared_range_km(entry: InfraredSensor, intensity_w_sr: float, background: str = "space") -> float:
    """Distance in km from which one look detects a radiant intensity half of the time, through no air.

    `background` is "space", "limb" or "earth". What the horizon and the field of regard allow is not looked at.
    """
    noise = {"space": 1.0, "limb": entry.clutter_limb.value, "earth": entry.clutter_earth.value}
    if background not in noise:
        raise InputError(f"background = {background!r}\n  must be one of {', '.join(noise)}")
    if not intensity_w_sr > 0.0:
        raise InputError(f"intensity_w_sr = {intensity_w_sr}\n  must be above 0")
    faintest = entry.snr_needed.value * noise_equivalent_w_m2(InfraredSite("sensor", entry)) * noise[background]
    return math.sqrt(intensity_w_sr / faintest) / M_PER_KM
