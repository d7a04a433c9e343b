"""What `opendome show` says of a stockpile and its campaigns, as data and as plain text."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendome.scenario import Scenario
    from opendome.scenario.campaign_specs import Campaign
    from opendome.scenario.quantity import Quantity
    from opendome.scenario.stock_specs import Line, Maker, Order, Stockpile, Transfer, Use

Row = Sequence[str]


def outline(pile: "Stockpile") -> dict[str, Any]:
    """What a stockpile holds, as plain data; every number as a text with its range."""
    return {
        "start": pile.start,
        "until": pile.until,
        "owners": {name: owner.note for name, owner in pile.owners.items()},
        "interceptors": {name: {"type": munition.type, "storage_years": amount(munition.storage_years)}
                         for name, munition in pile.interceptors.items()},
        "stocks": _stocks(pile),
        "components": {name: {**_rate(found), "store": amount(found.store), "sharing": _sharing(found),
                              "needed_by": [line for line, x in pile.lines.items() if name in x.components]}
                       for name, found in pile.components.items()},
        "lines": {name: _line(line) for name, line in pile.lines.items()},
        "orders": {name: _order(order) for name, order in pile.orders.items()},
        "transfers": {name: _transfer(transfer) for name, transfer in pile.transfers.items()},
        "uses": {name: _use(use) for name, use in pile.uses.items()},
    }


def campaigns_outline(scenario: "Scenario") -> dict[str, Any]:
    """What the campaigns of a scenario hold, as plain data."""
    weapons = {layer.interceptor for layer in scenario.layers.values()}
    pile = scenario.stockpile.interceptors if scenario.stockpile else {}
    in_layers = [name for name, munition in pile.items() if munition.type in weapons]
    return {name: _campaign(found, in_layers) for name, found in scenario.campaigns.items()}


def amount(quantity: "Quantity | None") -> str:
    """A value with its range: 20 (15 to 30); "" for none."""
    if quantity is None:
        return ""
    span = f" ({_number(quantity.low_or_value)} to {_number(quantity.high_or_value)})" if quantity.is_uncertain else ""
    return f"{_number(quantity.value)}{span}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:g}"


def _stocks(pile: "Stockpile") -> list[dict[str, str]]:
    """Stocks at the start and levels to return to, of every owner and interceptor that has either."""
    found = []
    for owner in pile.owners:
        have, back = pile.stocks.get(owner, {}), pile.return_to.get(owner, {})
        for interceptor in (name for name in pile.interceptors if name in have or name in back):
            start, level = have.get(interceptor), back.get(interceptor)
            found.append({"owner": owner, "interceptor": interceptor, "start": amount(start) or "0",
                          "return_to": amount(level) or amount(start)})
    return found


def _rate(maker: "Maker") -> dict[str, str]:
    """A maker's rate and how it grows, in words."""
    ceiling, words = amount(maker.ceiling_per_year), ""
    if maker.ramp == "linear":
        words = f"to {ceiling}, {maker.ramp_from} to {maker.ramp_to}"
    elif maker.ramp == "step":
        words = f"{ceiling} from {maker.ramp_to}"
    elif maker.ramp == "learning":
        words = f"learning {amount(maker.learning)} from {maker.ramp_from}, at most {ceiling}"
    opens = f"opens {maker.opens}" if maker.opens else ""
    slips = any((maker.slip_months.value, maker.slip_months.low, maker.slip_months.high))
    slip = f"{amount(maker.slip_months)} months later" if slips else ""
    return {"per_year": amount(maker.per_year), "ramp": "; ".join(filter(None, (opens, words, slip))),
            "note": maker.note}


def _sharing(maker: Any) -> str:
    return f"priority: {', '.join(maker.priority)}" if maker.sharing == "priority" else str(maker.sharing)


def _line(line: "Line") -> dict[str, Any]:
    share, delay = amount(line.export_share), amount(line.export_delay_months)
    exports = [f"from {line.exports_from}" if line.exports_from else "",
               f"at most {share} of all" if share != "1" else "", f"{delay} months on the way" if delay != "0" else ""]
    return {"owner": line.owner, "interceptor": line.interceptor, **_rate(line), "components": dict(line.components),
            "sharing": _sharing(line), "may_supply": line.may_supply, "exports": ", ".join(filter(None, exports))}


def _order(order: "Order") -> dict[str, Any]:
    due = order.due_from or f"{amount(order.lead_months)} months later"
    return {"owner": order.owner, "interceptor": order.interceptor, "rounds": amount(order.rounds),
            "contract": order.contract, "due": due, "over_months": amount(order.over_months), "line": order.line,
            "repeats": _repeats(order), "note": order.note}


def _transfer(transfer: "Transfer") -> dict[str, Any]:
    return {"from": transfer.from_, "to": transfer.to, "interceptor": transfer.interceptor,
            "rounds": amount(transfer.rounds), "month": transfer.month, "repeats": _repeats(transfer),
            "back_after_months": transfer.back_after_months, "note": transfer.note}


def _repeats(row: "Order | Transfer") -> str:
    return "" if row.times == 1 else f"{row.times} times, every {row.every_months} months"


def _use(use: "Use") -> dict[str, str]:
    amounts = ((use.rounds, "in all"), (use.per_month, "a month"), (use.share, "of the stock"))
    told = next(f"{amount(quantity)} {words}" for quantity, words in amounts if quantity is not None)
    return {"owner": use.owner, "interceptor": use.interceptor, "amount": told, "first": use.first,
            "months": amount(use.months), "note": use.note}


def _campaign(campaign: "Campaign", in_layers: list[str]) -> dict[str, Any]:
    """What one campaign holds; `in_layers`: interceptors of the stockpile that layers fire."""
    if campaign.process is not None:
        rates = ", ".join(f"{amount(found.per_day)} {name}" for name, found in campaign.process.classes.items())
        comes = f"a day: {rates}"
    else:
        totals: dict[str, int] = {}
        for raid in campaign.raids:
            for name, count in raid.launched.items():
                totals[name] = totals.get(name, 0) + count
        comes = f"{len(campaign.raids)} raids: " + ", ".join(f"{count:,} {name}" for name, count in totals.items())
    tiers = [tier.interceptor for found in campaign.against.values() for tier in found.tiers]
    stocks = dict.fromkeys([*(in_layers if campaign.fight != "rates" else []), *tiers])
    return {"owner": campaign.owner, "first": campaign.first, "until": campaign.until, "comes": comes,
            "fight": campaign.fight, "template": campaign.template, "fires": list(stocks),
            "doctrine": len(campaign.doctrine), "note": campaign.note}


# ---- text ---------------------------------------------------------------------------------------------------------


def tables(found: Mapping[str, Any], campaigns: Mapping[str, Any]) -> list[list[Row]]:
    """The outline as tables of cells, a head in each; tables without rows are left out."""
    every: list[list[Row]] = [
        [["stock", "interceptor", "at the start", "back at"],
         *([x["owner"], x["interceptor"], x["start"], x["return_to"]] for x in found["stocks"])],
        [["interceptor", "in the catalogue", "years in store"],
         *([key, x["type"] or "", x["storage_years"]] for key, x in found["interceptors"].items())],
        [["component", "a year", "ramp", "for", "sharing"],
         *([key, x["per_year"], x["ramp"], ", ".join(x["needed_by"]), x["sharing"]]
           for key, x in found["components"].items())],
        [["line", "in", "makes", "a year", "ramp", "of", "exports"],
         *([key, x["owner"], x["interceptor"], x["per_year"], x["ramp"], _parts(x["components"]), _exports(x)]
           for key, x in found["lines"].items())],
        [["order", "for", "interceptor", "rounds", "contract", "first due", "over months", "", "by"],
         *([key, x["owner"], x["interceptor"], x["rounds"], x["contract"], x["due"], x["over_months"], x["repeats"],
            x["line"] or "any line"] for key, x in found["orders"].items())],
        [["transfer", "from", "to", "interceptor", "rounds", "month", ""],
         *([key, x["from"], x["to"], x["interceptor"], x["rounds"], x["month"], _when(x)]
           for key, x in found["transfers"].items())],
        [["use", "of", "interceptor", "rounds", "from", "months"],
         *([key, x["owner"], x["interceptor"], x["amount"], x["first"], x["months"]]
           for key, x in found["uses"].items())],
        [["campaign", "on", "months", "what comes", "fight", "fires"],
         *([key, x["owner"], f"{x['first'] or found['start']} to {x['until'] or found['until']}", x["comes"],
            x["fight"], ", ".join(x["fires"]) or "nothing"] for key, x in campaigns.items())],
    ]
    return [filled(table) for table in every if len(table) > 1]


def filled(table: list[Row]) -> list[Row]:
    """A table without the columns that are empty in every row."""
    kept = [i for i in range(len(table[0])) if i == 0 or any(row[i] for row in table[1:])]
    return [[row[i] for i in kept] for row in table]


def _parts(components: Mapping[str, int]) -> str:
    return ", ".join(name if count == 1 else f"{count} {name}" for name, count in components.items())


def _exports(line: Mapping[str, Any]) -> str:
    """Whom a line may supply beside its owner, and when."""
    if line["may_supply"] is None:
        return ", ".join(filter(None, ("to all", line["exports"])))
    others = [name for name in line["may_supply"] if name != line["owner"]]
    return ", ".join(filter(None, (f"to {' and '.join(others)}", line["exports"]))) if others else "none"


def _when(transfer: Mapping[str, Any]) -> str:
    months = transfer["back_after_months"]
    return ", ".join(filter(None, (transfer["repeats"], f"back after {months} months" if months else "")))
