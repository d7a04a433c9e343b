"""A layer of space-based interceptors: how many must orbit, and what they cost over the years that are counted.

Used by aei-2025, cbo-2026 and pentagon-2026, so that one of them can lend its assumptions to another. Each may say the
same thing in its own way; of two ways the first counts:

    interceptors in orbit for each target   in_orbit_per_target, or the kinematics of `engagement.sbi_constellation`
    mass of one                             mass_kg, or the masses of that calculator
    price of one                            unit_musd, or first_unit_musd with learning
    launch                                  vehicle_musd with payload_kg and vehicle_learning, or price_usd_per_kg

All units are there when the years begin, as in the published sums: nothing is phased. Other layers are one number.
Money in M$ of the pack's price year.
"""

import math
from collections.abc import Mapping
from typing import Any

from opendome.cost import CostBreakdown, life_cycle
from opendome.cost.breakdown import PHASES
from opendome.engagement import SbiSizing, sbi_constellation
from opendome.engagement.sbi import EARTH_RADIUS_KM
from opendome.errors import InputError
from opendome.reproduce.models import not_negative, surface_layers, whole

Values = Mapping[str, float]

KINEMATICS = ("p_kill", "p_composite", "orbit_altitude_km", "flyout_s", "accel_g", "delta_v_km_s",
              "intercept_altitude_km", "max_latitude_deg")
MASSES = ("divert_delta_v_km_s", "isp_s", "kill_vehicle_kg", "body_kg", "support_kg")
ALWAYS = ("targets", "life_years", "period_years", "operations_musd_per_year", "development_musd")
SATELLITES_MAX = 1e9
ROUNDING = 1e-12
"""Relative rounding error that must not push a whole number up to the next."""


def compute(a: Values) -> dict[str, float]:
    """Size, mass and cost of the layer from assumptions by key; see the module."""
    _check(a)
    not_negative(a, ("intercept_altitude_km", "other_layers_musd", "other_acquisition_musd", "budget_musd"))
    sizing = _sizing(a)
    each = a["in_orbit_per_target"] if "in_orbit_per_target" in a else _each(a, sizing)
    n_satellites = _count(a, each)
    mass_kg = a["mass_kg"] if "mass_kg" in a else _needed(sizing, a, MASSES).mass_kg
    cost = life_cycle(programme(a, n_satellites, mass_kg))
    found = {"n_satellites": n_satellites, "in_orbit_per_target": each, "mass_kg": mass_kg,
             **_money(a, cost), **_beside(a, cost)}
    if sizing is not None:
        found |= {"absentee_ratio": sizing.area_ratio, "shots_per_target": float(sizing.shots_per_threat)}
        found |= {"mass_by_formula_kg": sizing.mass_kg} if set(MASSES) <= set(a) else {}
    return found | _implied(a, each) | surface_layers.compute(a)


def programme(a: Values, n_units: float, mass_kg: float) -> dict[str, Any]:
    """The layer as a programme of `cost.life_cycle`."""
    if "unit_musd" in a:
        price = {"unit_musd": a["unit_musd"]}
    else:
        price = {"first_unit_musd": a["first_unit_musd"], "learning": a["learning"],
                 "learning_restarts": _yes_or_no(a, "learning_restarts")}
    if "vehicle_musd" in a:
        launcher = {"vehicle_musd": a["vehicle_musd"], "payload_kg": a["payload_kg"],
                    "learning": a.get("vehicle_learning", 1.0)}
    else:
        launcher = {"price_usd_per_kg": a["price_usd_per_kg"]}
    element = {"n_units": n_units, "mass_kg": mass_kg, "launcher": "rocket", "life_years": a["life_years"],
               "development_musd": a["development_musd"], "operations_musd_per_year": a["operations_musd_per_year"]}
    return {"start": "2026-01", "years": whole(a, "period_years"), "launchers": {"rocket": launcher},
            "elements": {"space": {**element, **price}}}


def _check(a: Values) -> None:
    """Raise `InputError` that names what is not stated and has nothing in its place."""
    price = ("unit_musd",) if "unit_musd" in a else ("first_unit_musd", "learning", "learning_restarts")
    launch = ("vehicle_musd", "payload_kg") if "vehicle_musd" in a else ("price_usd_per_kg",)
    missing = [key for key in (*ALWAYS, *price, *launch) if key not in a]
    if missing:
        raise InputError(f"the layer's cost is not stated\n  needs {', '.join(missing)}")


def _yes_or_no(a: Values, key: str) -> bool:
    if a[key] not in (0.0, 1.0):
        raise InputError(f"{key} = {a[key]:g}\n  must be 1 (yes) or 0 (no)")
    return bool(a[key])


def _sizing(a: Values) -> SbiSizing | None:
    """The constellation for one target by the calculator, where the kinematics are stated."""
    if not set(KINEMATICS) <= set(a):
        return None
    return sbi_constellation(salvo=1, **{key: a[key] for key in (*KINEMATICS, *MASSES) if key in a})


def _each(a: Values, sizing: SbiSizing | None) -> float:
    sizing = _needed(sizing, a, KINEMATICS)
    return sizing.area_ratio * sizing.shots_per_threat


def _needed(sizing: SbiSizing | None, a: Values, keys: tuple[str, ...]) -> SbiSizing:
    missing = [key for key in (*KINEMATICS, *keys) if key not in a]
    if sizing is None or missing:
        raise InputError(f"the layer's size or mass is not stated\n  needs {', '.join(dict.fromkeys(missing))}, or "
                         "in_orbit_per_target and mass_kg")
    return sizing


def _count(a: Values, each: float) -> float:
    if not (a["targets"] > 0.0 and each > 0.0):
        raise InputError(f"targets = {a['targets']:g}, in_orbit_per_target = {each:g}\n  must be above 0")
    if a["targets"] * each > SATELLITES_MAX:
        raise InputError(f"targets = {a['targets']:g}, in_orbit_per_target = {each:g}\n  must not make more than "
                         f"{SATELLITES_MAX:g} interceptors together")
    return float(math.ceil(a["targets"] * each * (1.0 - ROUNDING)))


def _money(a: Values, cost: CostBreakdown) -> dict[str, float]:
    """What it costs by phase, and what is bought."""
    musd = dict(zip(PHASES, cost.musd[0].sum(axis=(0, 2)).tolist(), strict=True))
    there, bought = (float(cost.units[name][0].sum()) for name in ("there", "bought"))
    total = sum(musd.values())
    return {
        "units_bought": bought, "replaced_per_year": there / a["life_years"],
        "units_musd": a["unit_musd"] * bought if "unit_musd" in a else math.nan,
        "unit_musd": musd["procurement"] / there,
        "unit_in_orbit_musd": (musd["procurement"] + musd["launch"]) / there,
        "first_deployment_musd": musd["procurement"] + musd["launch"],
        "replenishment_musd": musd["replenishment"], "operations_musd": musd["operations"],
        "acquisition_musd": total - musd["operations"] - musd["disposal"], "total_musd": total,
    }


def _beside(a: Values, cost: CostBreakdown) -> dict[str, float]:
    """The layer beside the others, and beside a budget."""
    total = float(cost.musd.sum())
    acquisition = total - float(cost.musd[:, :, PHASES.index("operations")].sum())
    others = a.get("other_layers_musd", 0.0)
    found = {"all_layers_musd": total + others, "share_of_all_layers": total / (total + others)}
    if "other_acquisition_musd" in a:
        found["share_of_acquisition"] = acquisition / (acquisition + a["other_acquisition_musd"])
    if "budget_musd" in a and "unit_musd" in a:
        bought = float(cost.units["bought"].sum())
        found["unit_that_fits_musd"] = (a["budget_musd"] - total) / bought + a["unit_musd"]
        found["times_budget"] = (total + others) / a["budget_musd"]
    return found


def _implied(a: Values, each: float) -> dict[str, float]:
    """Coverage radius in the calculator that a stated number in orbit for each target means, at one shot and at two."""
    if not {"in_orbit_per_target", "intercept_altitude_km"} <= set(a):
        return {}
    area_km2 = 4.0 * math.pi * (EARTH_RADIUS_KM + a["intercept_altitude_km"]) ** 2
    return {f"radius_at_{word}_km": math.sqrt(area_km2 * shots / each / math.pi)
            for shots, word in ((1, "one_shot"), (2, "two_shots"))}
