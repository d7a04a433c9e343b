"""Whole stockpiles drawn by Hypothesis: owners, lines that share parts, lots, transfers, loans, uses, storage lives."""

from hypothesis import strategies as st

OWNERS, KINDS, PARTS, LINES = ["us", "jp", "ua", "il"], ["pac", "sm"], ["seeker", "motor"], ["l0", "l1", "l2"]
START_YEAR = 2026


def numbers(high: float, low: float = 0.0):
    """A value, whole or not, with or without a range."""
    value = st.one_of(st.integers(int(low), int(high)).map(float), st.floats(low, high))
    ranged = st.lists(st.floats(low, high), min_size=3, max_size=3).map(sorted).map(
        lambda three: {"low": three[0], "value": three[1], "high": three[2]})
    return st.one_of(value, ranged)


def months(first: int, last: int):
    """A month between two, counted from the start of 2026."""
    return st.integers(first, last).map(lambda m: f"{START_YEAR + m // 12}-{m % 12 + 1:02d}")


@st.composite
def _maker(draw):
    ramp = draw(st.sampled_from(["none", "linear", "step", "learning"]))
    maker = {"per_year": draw(numbers(200)), "ramp": ramp, "slip_months": draw(numbers(6, -6))}
    if ramp != "none":
        maker["ceiling_per_year"] = draw(numbers(500))
    if ramp in ("linear", "learning"):
        maker["ramp_from"] = draw(months(-6, 6))
    if ramp in ("linear", "step"):
        maker["ramp_to"] = draw(months(7, 20))
    if ramp == "learning":
        maker |= {"learning": draw(numbers(1.0, 0.5).filter(lambda q: q != 0.0)), "experience": draw(numbers(100, 1))}
    if draw(st.booleans()):
        maker["opens"] = draw(months(0, 12))
    return maker


@st.composite
def _line(draw):
    line = draw(_maker()) | {"owner": draw(st.sampled_from(OWNERS)), "interceptor": draw(st.sampled_from(KINDS))}
    line["sharing"] = draw(st.sampled_from(["contracted", "proportional", "priority"]))
    line["priority"] = draw(st.lists(st.sampled_from(OWNERS), unique=True))
    line["components"] = draw(st.dictionaries(st.sampled_from(PARTS), st.integers(1, 3)))
    line["export_share"] = draw(st.one_of(st.sampled_from([0.0, 1 / 3, 0.5, 1.0]), numbers(1)))
    line["export_delay_months"] = draw(numbers(4))
    if draw(st.booleans()):
        line["may_supply"] = draw(st.lists(st.sampled_from(OWNERS), unique=True))
    if draw(st.booleans()):
        line["exports_from"] = draw(months(-2, 12))
    return line


@st.composite
def _order(draw):
    order = {"owner": draw(st.sampled_from(OWNERS)), "interceptor": draw(st.sampled_from(KINDS)),
             "rounds": draw(numbers(200)), "contract": draw(months(-12, 18)), "lead_months": draw(numbers(12)),
             "over_months": draw(numbers(24, 1)), "times": draw(st.integers(1, 3)),
             "every_months": draw(st.integers(1, 12))}
    if draw(st.booleans()):
        order["line"] = draw(st.sampled_from(LINES))
    return order


@st.composite
def _transfer(draw):
    giver, taker = draw(st.permutations(OWNERS))[:2]
    transfer = {"from": giver, "to": taker, "interceptor": draw(st.sampled_from(KINDS)), "rounds": draw(numbers(50)),
                "month": draw(months(0, 20)), "delay_months": draw(st.integers(0, 5)), "keep": draw(numbers(30)),
                "times": draw(st.integers(1, 4)), "every_months": draw(st.integers(1, 6))}
    if draw(st.booleans()):
        transfer["back_after_months"] = draw(st.integers(1, 8))
    return transfer


@st.composite
def _use(draw):
    amount = draw(st.sampled_from(["rounds", "per_month", "share"]))
    return {"owner": draw(st.sampled_from(OWNERS)), "interceptor": draw(st.sampled_from(KINDS)),
            "first": draw(months(-3, 18)), "months": draw(numbers(12, 1)),
            amount: draw(numbers({"rounds": 100, "per_month": 20, "share": 1}[amount]))}


@st.composite
def _kind(draw):
    if draw(st.booleans()):
        return {}
    return {"storage_years": draw(numbers(3, 1)), "age_years": draw(numbers(4))}


def _named(prefix, entries, most):
    return st.lists(entries, max_size=most).map(lambda found: {f"{prefix}{i}": one for i, one in enumerate(found)})


@st.composite
def stockpiles(draw):
    """Plain data of a stockpile of up to two years."""
    component = st.builds(lambda maker, more: maker | more, _maker(), st.fixed_dictionaries({
        "store": numbers(20), "sharing": st.sampled_from(["proportional", "priority"]),
        "priority": st.lists(st.sampled_from(LINES), unique=True)}))
    return {
        "start": f"{START_YEAR}-01",
        "until": draw(months(0, 23)),
        "owners": {name: {} for name in OWNERS},
        "interceptors": {name: draw(_kind()) for name in KINDS},
        "stocks": {name: {kind: draw(numbers(100)) for kind in KINDS} for name in OWNERS if draw(st.booleans())},
        "components": {name: draw(component) for name in PARTS},
        "lines": {name: draw(_line()) for name in LINES},
        "orders": draw(_named("o", _order(), 6)),
        "transfers": draw(_named("t", _transfer(), 4)),
        "uses": draw(_named("u", _use(), 4)),
    }
