"""Two packs of a model that can be worked out on paper, for tests of swaps.

    total_musd = targets x ratio x unit_musd x 20 / life_years + operations_musd

`ratio` is stated by one pack; the other states `reach_km`, from which it follows as 1,000 / reach_km.
"""

import sys
from types import SimpleNamespace

from opendome.errors import InputError
from opendome.reproduce.pack import from_data

IN_ORBIT = "interceptors in orbit for each missile"


def compute(a):
    if ("ratio" in a) == ("reach_km" in a):
        raise InputError("needs either ratio or reach_km")
    if not a["life_years"] > 0:
        raise InputError(f"life_years = {a['life_years']:g}\n  must be above 0")
    bought = a["targets"] * (a["ratio"] if "ratio" in a else 1000.0 / a["reach_km"]) * 20.0 / a["life_years"]
    return {"total_musd": bought * a["unit_musd"] + a["operations_musd"], "units": bought}


def assumption(value, says, low=None, high=None, **more):
    ends = {} if low is None else {"low": float(low), "high": float(high)}
    return {"value": float(value), "says": says, "grade": "think-tank", "source": "aei2025", **ends, **more}


def output(published, says="total over 20 years", **more):
    return {"says": says, "unit": "M$", "published": published, "tolerance": 1.0, "because": "rounding",
            "grade": "official", "source": "cbo2026", **more}


def pack(title, assumptions, published, key, *, price_year=2026, headline="total_musd", **more):
    return from_data({"title": title, "model": "toy", "price_year": price_year, "headline": headline,
                      "assumptions": assumptions, "outputs": {headline: output(published)},
                      "groups": {"in-orbit": {"says": IN_ORBIT, "keys": [key]}}, **more}, source=title)


def first(**changes):
    """10 targets x 8 x 2 M$ x 20 / 5 + 0 = 640 M$; published 650."""
    found = {"targets": assumption(10, "missiles at once"), "ratio": assumption(8, "in orbit for each", page="7"),
             "unit_musd": assumption(2, "price of one"), "life_years": assumption(5, "life", why="as stated"),
             "operations_musd": assumption(0, "operations")}
    return pack("first", found | changes.pop("assumptions", {}), changes.pop("published", 650.0), "ratio",
                **changes)


def second(**changes):
    """5 targets x 1,000 / 250 x 3 M$ x 20 / 5 + 60 = 300 M$; published 310."""
    found = {"targets": assumption(5, "missiles at once"), "reach_km": assumption(250, "reach"),
             "unit_musd": assumption(3, "price of one"), "life_years": assumption(5, "life"),
             "operations_musd": assumption(60, "operations")}
    return pack("second", found | changes.pop("assumptions", {}), changes.pop("published", 310.0), "reach_km",
                **changes)


def register(monkeypatch, **packs):
    """Make the model known, and the packs by name."""
    from opendome.reproduce import pack as module
    from opendome.reproduce import sides

    monkeypatch.setitem(sys.modules, "opendome.reproduce.models.toy", SimpleNamespace(compute=compute))
    for where in (module, sides):
        monkeypatch.setattr(where, "packs", lambda: sorted(packs))
        monkeypatch.setattr(where, "load", lambda name: packs[name])
