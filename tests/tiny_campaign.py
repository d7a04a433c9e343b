"""Campaigns small enough to solve on paper, by rates, and one on the template of `tiny.tiny`."""

from typing import Any

from opendome.campaign import run_all
from opendome.campaign.outcome import Outcome
from opendome.catalogue import shipped, with_overrides
from opendome.scenario import Scenario, reader
from tiny import INTERCEPTOR, MISSILE, RADAR, tiny


def by_rates(raids: dict[str, Any], tiers: list[dict[str, Any]], *, stocks: dict[str, int] | None = None,
             until: str = "2026-01", last: str | None = None, harmless: float = 0.0, others: float = 0.0,
             **campaign: Any) -> Scenario:
    """One state whose stocks meet ballistic missiles in `tiers`; `raids` {day: missiles, or all launched by class}."""
    held = stocks or {"arrow": 1000}
    data: dict[str, Any] = {
        "title": "Solved on paper", "price_year": 2026, "assumptions": "fixed",
        "stockpile": {"start": "2026-01", "until": until, "owners": {"home": {}},
                      "interceptors": {name: {} for name in held}, "stocks": {"home": held}},
        "campaigns": {"siege": {
            "owner": "home", "raids": [{"day": day, "launched": n if isinstance(n, dict) else {"ballistic": n}}
                                       for day, n in raids.items()],
            "against": {"ballistic": {"tiers": tiers, "harmless": harmless, "others": others}},
        } | ({"until": last} if last else {}) | campaign},
    }
    return reader.from_data(data)


def on_template(fight: str, raids: dict[str, dict[str, int]] | None = None, *, stock: float = 1000,
                until: str = "2026-01", process: dict[str, Any] | None = None, campaign: dict[str, Any] | None = None,
                top: dict[str, Any] | None = None, **template: Any) -> Scenario:
    """The one battery of `tiny.tiny` and its raid as the template of a campaign."""
    data = reader.to_data(tiny(**template))
    comes: dict[str, Any] = {"process": process} if process else {
        "raids": [{"day": day, "launched": launched} for day, launched in (raids or {}).items()]}
    data["stockpile"] = {"start": "2026-01", "until": until, "owners": {"home": {}},
                         "interceptors": {"rounds": {"type": "arrow"}}, "stocks": {"home": {"rounds": stock}}}
    data["campaigns"] = {"siege": {"owner": "home", "fight": fight, "template": "raid"} | comes | (campaign or {})}
    return reader.from_data(data | (top or {}))


def run(scenario: Scenario, runs: int = 4, seed: int = 1, jobs: int | None = 1, **options: Any) -> Outcome:
    """The campaigns of a scenario with its own catalogue."""
    catalogue, problems = with_overrides(shipped(), scenario.catalogue)
    assert not problems
    return run_all(scenario, catalogue, runs=runs, seed=seed, jobs=jobs, **options)


def busy(fight: str, raids: dict[str, dict[str, int]], *, stock: float = 200, points: int = 48, checks: int = 12,
         runs: int = 16, **options: Any) -> Scenario:
    """A template that saturates: three channels, slow reloads, radars that see late, chance and ranges everywhere."""
    uncertain = {"value": 0.6, "low": 0.3, "high": 0.9}
    return on_template(
        fight, raids, stock=stock, missiles=4, drones=2, spread_min=4, assumptions="sampled",
        layer={"salvo": 1, "shots_max": 2, "doctrine": "shoot-look-shoot"},
        site={"launchers": 2, "stock": 60, "channels": 3}, missile=MISSILE | {"cep_m": 500, "p_stray": 0.2,
                                                                             "stray_km": 20},
        radar=RADAR | {"range_ref_km": {"value": 300, "low": 200, "high": 400}, "snr_ref_db": 15, "sigma_range_m": 20,
                       "sigma_angle_mrad": 1},
        interceptor=INTERCEPTOR | {"reaction_s": 5, "assess_s": 5, "per_launcher": 8, "reload_s": 60,
                                   "common_mode": 0.2, "p_kill": {"ballistic": uncertain, "drone": uncertain}},
        campaign={"surface": {"points": points, "checks": checks, "runs": runs}}, **options)
