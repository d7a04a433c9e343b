"""Pieces of the stockpile flow, and what a stockpile is lowered to."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import InputError, ScenarioError, rng, stockpile
from opendome.kernel import pack, rows
from opendome.sampling import Sampler, assumptions
from opendome.scenario import reader
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile.lower import lower
from opendome.stockpile.rates import rate
from opendome.stockpile.shares import apportion, most
from opendome.stockpile.tables import LEARNING, LINEAR, NEVER, NO_RAMP, STEP, Makers, Rates, Shared

OWNERS = {"us": {}, "jp": {}}


def pile(**tables):
    return {"start": "2026-03", "until": "2027-02", "owners": OWNERS, "interceptors": {"pac": {}, "sm": {}}, **tables}


def lowered(data, runs=1, is_sampled=False):
    return lower(Stockpile.model_validate(data), Sampler(rng.key(1), runs, is_sampled))


def maker(ramp, **values):
    """One maker, of one run, of 2 a month."""
    given = {"per_month": 2.0, "ceiling_per_month": 8.0, "opens": -NEVER, "ramp_from": 6.0, "ramp_to": 12.0,
             "learning": 0.5, "experience": 10.0} | values
    return Makers(np.array([ramp]), pack(Rates(**{name: np.array([[float(x)]]) for name, x in given.items()}), axes=2))


@pytest.mark.parametrize(("ramp", "t_months", "learnt", "expected"), [
    (NO_RAMP, 50.0, 0, 2.0), (LINEAR, 5.9, 0, 2.0), (LINEAR, 8.0, 0, 4.0), (LINEAR, 12.1, 0, 8.0),
    (STEP, 11.9, 0, 2.0), (STEP, 12.0, 0, 8.0), (LEARNING, 5.9, 30, 2.0), (LEARNING, 6.0, 30, 4.0),
    (LEARNING, 6.0, 1000, 8.0),
])
def test_rates(ramp, t_months, learnt, expected):
    assert rate(maker(ramp), 0, 0, t_months, learnt) == pytest.approx(expected, abs=1e-12)
    assert rate(maker(ramp, opens=t_months + 0.1), 0, 0, t_months, learnt) == 0.0


@settings(deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_largest_remainder_in_fractions(amount, claims):
    """Against the rule in exact fractions."""
    room = rows(Shared, len(claims))
    room.claim[:] = claims
    apportion(amount, len(claims), room)
    amount = min(amount, sum(claims))
    exact = [Fraction(amount * claim, max(sum(claims), 1)) for claim in claims]
    expected = [math.floor(share) for share in exact]
    by_rest = sorted(range(len(claims)), key=lambda i: (expected[i] - exact[i], i))
    for i in by_rest[:amount - sum(expected)]:
        expected[i] += 1
    assert room.given.tolist() == expected


@pytest.mark.parametrize("claims", [[1, 99], [1, 3], [5, 45, 50], [30, 30, 30, 10]])
def test_rounding_is_settled_in_time(claims):
    """One to three things a month, claimed again and again in the same proportions: after any number of months each
    has had its exact share to within one."""
    room = rows(Shared, len(claims))
    had = np.zeros(len(claims))
    for month in range(200):
        room.claim[:] = claims
        apportion(1 + month % 3, len(claims), room)
        had += room.given
        exact = had.sum() * np.array(claims) / sum(claims)
        assert np.abs(had - exact).max() <= 1.0 + 1e-9


def test_largest_remainder_of_the_first_census():
    """15 states and 60 seats: electowiki.org, "Hamilton method", revision 9372."""
    people = [630560, 475327, 432879, 353523, 331589, 278514, 236841, 206236, 179570, 141822, 85533, 70835, 68705,
              68446, 55540]
    room = rows(Shared, len(people))
    room.claim[:] = people
    apportion(60, len(people), room)
    assert room.given.tolist() == [11, 8, 7, 6, 6, 5, 4, 3, 3, 2, 1, 1, 1, 1, 1]


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 8), st.integers(0, 40), st.data())
def test_most_that_may_be_built(capacity, home, abroad, part, made, data):
    """Against trying every number of home rounds and exports."""
    share = part / 8
    exported = data.draw(st.integers(0, math.floor(share * made)))
    allowed = [(h + e, e) for h in range(home + 1) for e in range(abroad + 1)
               if h + e <= capacity and exported + e <= share * (made + h + e)]
    n, exports = most(capacity, home, abroad, share, made, exported)
    assert n == max(total for total, _ in allowed)
    assert min(exports, n) == max(e for h in range(home + 1) for e in range(abroad + 1)
                                  if h + e <= n and e <= share * (made + n) - exported)


def test_pairs_are_those_that_anything_speaks_of():
    data = pile(stocks={"us": {"sm": 4}}, return_to={"jp": {"sm": 2}},
                transfers={"t": {"from": "us", "to": "jp", "interceptor": "pac", "rounds": 1, "month": "2026-03"}})
    assert lowered(data).names.pairs == [("us", "pac"), ("us", "sm"), ("jp", "pac"), ("jp", "sm")]
    assert lowered(pile()).names.pairs == []
    found = lower(Stockpile.model_validate(pile()), Sampler(rng.key(1), 1, False), also=[("jp", "sm")])
    assert found.names.pairs == [("jp", "sm")]


def test_levels_are_the_stocks_at_the_start_where_none_are_given():
    tables = lowered(pile(stocks={"us": {"pac": 7.5, "sm": 4}}, return_to={"us": {"sm": 9}})).tables
    assert tables.start.tolist() == [[8, 4]]
    assert tables.level.tolist() == [[8, 9]]


def test_dates_count_from_the_start():
    line = {"owner": "us", "interceptor": "pac", "per_year": 12, "ramp": "linear", "ceiling_per_year": 24,
            "ramp_from": "2026-05", "ramp_to": "2027-05", "slip_months": -1.5, "opens": "2025-12",
            "exports_from": "2026-04"}
    order = {"owner": "jp", "interceptor": "pac", "rounds": 5, "contract": "2025-11", "lead_months": 18,
             "every_months": 6, "times": 2}
    tables = lowered(pile(lines={"l": line}, orders={"o": order})).tables
    rates = tables.makers.rates
    assert (rates.opens[0, 0], rates.ramp_from[0, 0], rates.ramp_to[0, 0]) == (-4.5, 0.5, 12.5)
    assert rates.per_month[0, 0] == 1.0
    assert tables.shares.exports_from[0] == 1
    assert tables.lots.contract.tolist() == [-4, 2]
    assert tables.lots.due.tolist() == [[14.0, 20.0]]
    assert tables.n_months == 12


def test_lots_stand_by_date_of_contract():
    def order(contract, **more):
        return {"owner": "us", "interceptor": "pac", "rounds": 1, "contract": contract, "lead_months": 1, **more}

    names = lowered(pile(orders={"late": order("2026-08"), "twice": order("2026-06", times=2, every_months=4),
                                 "same": order("2026-06")})).names
    assert names.lots == [("twice", 0), ("same", 0), ("late", 0), ("twice", 1)]


def test_a_loan_comes_back_as_a_row_of_its_own():
    loan = {"from": "us", "to": "jp", "interceptor": "pac", "rounds": 3, "keep": 2, "month": "2026-04",
            "delay_months": 2, "back_after_months": 1, "times": 2, "every_months": 4}
    gifts = lowered(pile(transfers={"loan": loan})).tables.gifts
    assert gifts.month.tolist() == [1, 4, 5, 8]
    assert gifts.loan.tolist() == [-1, 0, -1, 2]
    assert gifts.giver.tolist() == [0, 1, 0, 1]
    assert gifts.keep.tolist() == [[2, 0, 2, 0]]
    assert gifts.by_month.tolist() == [0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 4]


def test_ranges_are_drawn_at_the_path_of_the_file():
    quantity = {"low": 10, "value": 20, "high": 60}
    data = pile(stocks={"us": {"pac": quantity}}, components={"seeker": {"per_year": quantity}})
    sampler = Sampler(rng.key(1), 50, True)
    found = lower(Stockpile.model_validate(data), sampler)
    again = Sampler(rng.key(1), 50, True).column("stockpile.components.seeker.per_year",
                                                Stockpile.model_validate(data).components["seeker"].per_year)
    assert 12 * found.tables.makers.rates.per_month[:, 0] == pytest.approx(again)
    assert np.unique(found.tables.start).size > 10
    every = {row.path: row for row in assumptions(found.entries, sampler.sampled)}
    assert {path for path, row in every.items() if row.is_sampled} == {"stockpile.stocks.us.pac",
                                                                      "stockpile.components.seeker.per_year"}
    assert every["stockpile.stocks.us.pac"].quantity.high == 60


def test_a_share_of_the_stock_is_that_of_its_own_run():
    data = pile(stocks={"us": {"pac": {"low": 10, "value": 20, "high": 60}}},
                uses={"u": {"owner": "us", "interceptor": "pac", "first": "2026-03", "share": 0.5}})
    tables = lower(Stockpile.model_validate(data), Sampler(rng.key(1), 50, True)).tables
    assert tables.plans.rounds[:, 0].tolist() == np.floor(tables.start[:, 0] / 2 + 0.5).tolist()
    assert np.unique(tables.start).size > 10


def test_numbers_that_cannot_be_counted_are_refused():
    data = pile(stocks={"us": {"pac": 2e6}}, components={"seeker": {"per_year": 1e9}},
                transfers={"t": {"from": "us", "to": "jp", "interceptor": "pac", "rounds": 1, "month": "2026-01"}})
    with pytest.raises(ScenarioError) as found:
        lowered(data)
    assert [problem.where for problem in found.value.problems] == [
        "stockpile.transfers.t.month", "stockpile.components.seeker.per_year", "stockpile.stocks.us.pac"]
    assert "must not be before start = 2026-03" in str(found.value)


def test_project_takes_a_stockpile_in_any_form(tmp_path):
    data = pile(stocks={"us": {"pac": 9}})
    expected = stockpile.project(data)
    scenario = reader.from_data({"title": "one", "price_year": 2026, "stockpile": data})
    (tmp_path / "one.toml").write_text(reader.to_toml(scenario), encoding="utf-8")
    for spec in (Stockpile.model_validate(data), scenario, reader.to_data(scenario), tmp_path / "one.toml",
                 str(tmp_path / "one.toml")):
        assert stockpile.project(spec).equals(expected)
    assert expected.columns.tolist() == ["month", "owner", "interceptor", "stock", "wanted", "fired", "delivered",
                                         "received", "sent", "expired", "on_way"]
    assert expected["month"].tolist() == [f"2026-{m:02d}" for m in range(3, 13)] + ["2027-01", "2027-02"]
    assert stockpile.project(data, until="2026-04")["month"].tolist() == ["2026-03", "2026-04"]
    assert stockpile.project(data, until="2026-04", runs=2)["run"].tolist() == [0, 0, 1, 1]


def test_one_run_uses_the_values_and_more_draw_from_the_ranges():
    data = pile(stocks={"us": {"pac": {"low": 10, "value": 20, "high": 60}}})
    assert stockpile.project(data, until="2026-03")["stock"].tolist() == [20]
    assert stockpile.project(data, until="2026-03", runs=30)["stock"].nunique() > 5
    fixed = {"title": "fixed", "price_year": 2026, "assumptions": "fixed", "stockpile": data}
    assert stockpile.project(fixed, until="2026-03", runs=30)["stock"].unique().tolist() == [20]


HELD = pile(stocks={"us": {"pac": 9}})


@pytest.mark.parametrize(("spec", "more", "says"), [
    (pile(), {}, "holds nothing: has no stocks, orders, transfers or uses to follow"),
    (HELD, {"until": "soon"}, "until = 'soon' must be a month, for example 2030-12"),
    (HELD, {"until": "2026-02"}, "must lie within 100 years after start = 2026-03"),
    (HELD, {"runs": 0}, "runs = 0 must be a whole number of at least 1"),
    (17, {}, "found int, must be a stockpile, a scenario, or the name of one"),
    ("gulf-2026", {}, r"has no stockpile; add \[stockpile\]"),
    ("no-such-file", {}, "no such file"),
    (pile(lines={"l": {"owner": "uk", "interceptor": "pac", "per_year": 1}}), {}, "must name an owner"),
    (pile(stock={}), {}, "stock"),
])
def test_bad_input_is_named(spec, more, says):
    with pytest.raises(InputError, match=says):
        stockpile.project(spec, **more)


def test_a_bare_stockpile_is_checked_too():
    spec = Stockpile.model_validate(pile(lines={"l": {"owner": "uk", "interceptor": "pac", "per_year": 1}}))
    with pytest.raises(ScenarioError, match="must name an owner"):
        stockpile.project(spec)
