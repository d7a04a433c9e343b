"""What `opendome show` says of a programme, as data and as plain text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from opendome.cli.show_stocks import Row, amount, filled

if TYPE_CHECKING:
    from opendome.scenario import Scenario
    from opendome.scenario.cost_specs import Element, Launcher


def outline(scenario: "Scenario") -> dict[str, Any]:
    """What the programme of a scenario holds, as plain data; every number as a text with its range."""
    programme = scenario.cost
    assert programme is not None
    return {
        "start": programme.start, "years": programme.years, "price_year": programme.price_year or scenario.price_year,
        "discount_rate": amount(programme.discount_rate), "correlation": amount(programme.correlation),
        "elements": {name: _element(scenario, name, found) for name, found in programme.elements.items()},
        "launchers": {name: _launcher(found) for name, found in programme.launchers.items()},
        "milestones": {name: {"date": found.date, "needs": dict(found.needs), "note": found.note}
                       for name, found in programme.milestones.items()},
        "note": programme.note,
    }


def _element(scenario: "Scenario", name: str, element: "Element") -> dict[str, Any]:
    from opendome import rng
    from opendome.cost.counts import units_of
    from opendome.sampling import Sampler

    as_it_stands = Sampler(rng.key(0), 1, False)
    learns = f", learning {amount(element.learning)}" if element.learning else ""
    spans = " to ".join(filter(None, (element.first_delivery, element.last_delivery)))
    return {
        "layer": element.layer or name, "units": float(units_of(scenario, name, element, as_it_stands)[0]),
        "counts": list(element.counts), "price": f"{amount(element.unit_musd or element.first_unit_musd)}{learns}",
        "development": _written(element.development_musd), "launcher": element.launcher,
        "mass_kg": amount(element.mass_kg), "life_years": amount(element.life_years),
        "operations": _written(element.operations_musd_per_year),
        "operations_each": _written(element.operations_unit_musd_per_year),
        "deliveries": spans, "delay_months": _written(element.delay_months), "note": element.note,
    }


def _written(found: Any) -> str:
    """A value with its range; "" for none at all."""
    return amount(found) if found.value or found.is_uncertain else ""


def _launcher(launcher: "Launcher") -> dict[str, str]:
    if launcher.price_usd_per_kg is not None:
        return {"price": f"{amount(launcher.price_usd_per_kg)} $ a kilogram", "carries": "", "note": launcher.note}
    return {"price": f"{amount(launcher.vehicle_musd)} M$ a vehicle", "carries": f"{amount(launcher.payload_kg)} kg",
            "note": launcher.note}


def tables(found: Mapping[str, Any]) -> list[list[Row]]:
    """The outline as tables of cells, a head in each; tables without rows are left out."""
    every: list[list[Row]] = [
        [["element", "layer", "units", "price, M$", "life, years", "goes up by", "deliveries"],
         *([key, x["layer"], f"{x['units']:,.6g}", x["price"], x["life_years"], x["launcher"] or "", x["deliveries"]]
           for key, x in found["elements"].items())],
        [["launcher", "price", "carries"],
         *([key, x["price"], x["carries"]] for key, x in found["launchers"].items())],
        [["milestone", "by the end of", "needs"],
         *([key, x["date"], ", ".join(f"{share:.0%} {name}" for name, share in x["needs"].items())]
           for key, x in found["milestones"].items())],
    ]
    return [filled(table) for table in every if len(table) > 1]


def line(found: Mapping[str, Any]) -> str:
    """What is priced over which years, in words."""
    years = f"{found['years']} year{'s' * (found['years'] != 1)} from {found['start']}"
    return f"costs over {years}, in dollars of {found['price_year']}; opendome cost has what they come to"
