"""Stockpiles small enough to be worked by hand: every month's rounds are known."""

import pytest

from opendome import rng
from opendome.sampling import Sampler
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile import project
from opendome.stockpile.flow import empty_records, empty_state, simulate
from opendome.stockpile.lower import lower


def pile(until="2026-12", **tables):
    """One owner `us` and its friends, one interceptor `pac`, from January 2026."""
    return {"start": "2026-01", "until": until, "owners": {"us": {}, "jp": {}, "ua": {}},
            "interceptors": {"pac": {}}, **tables}


def line(per_year, **more):
    return {"owner": "us", "interceptor": "pac", "per_year": per_year, **more}


def order(rounds, owner="us", **more):
    return {"owner": owner, "interceptor": "pac", "rounds": rounds, "contract": "2026-01", "lead_months": 0,
            "over_months": 1, **more}


def column(spec, name, owner="us", interceptor="pac"):
    """A column of one owner over the months."""
    frame = project(spec)
    return frame[(frame.owner == owner) & (frame.interceptor == interceptor)][name].tolist()


def recorded(spec, runs=1):
    """The records of runs at the values, one after the other on the same state."""
    tables = lower(Stockpile.model_validate(spec), Sampler(rng.key(1), runs, False)).tables
    records = empty_records(tables, runs)
    simulate(tables, 0, runs, empty_state(tables), records)
    return records


BACKLOG = {"o": order(10_000)}
"""More is due at once than anybody builds."""


def test_half_rounds_a_month():
    """30 a year are 2.5 a month: 2, then 3 as two halves make one, and so on: 30 in the year."""
    assert column(pile(lines={"l": line(30)}, orders=BACKLOG), "delivered") == [2, 3] * 6


def test_a_third_of_a_round_a_month():
    """4 a year are 1/3 a month: one at the end of every third; three thirds in floating point count as one."""
    assert column(pile(lines={"l": line(4)}, orders=BACKLOG), "delivered") == [0, 0, 1] * 4


def test_a_linear_ramp():
    """From 12 to 60 a year over 12 months: 1 to 5 a month.

    In the middle of month m the rate is 1 + 4 (m + 1/2) / 12 = 7/6 + m/3, and the sum of the first m + 1 of these is
    (m + 1) 7/6 + m (m + 1) / 6 = (m + 1) (m + 7) / 6. Whole parts of 7/6, 16/6, 27/6, 40/6, 55/6, 72/6, 91/6, 112/6,
    135/6, 160/6, 187/6, 216/6: 1, 2, 4, 6, 9, 12, 15, 18, 22, 26, 31, 36. From then on 5 a month.
    """
    ramp = line(12, ramp="linear", ceiling_per_year=60, ramp_from="2026-01", ramp_to="2027-01")
    built = column(pile(until="2027-02", lines={"l": ramp}, orders=BACKLOG), "stock")
    assert built == [1, 2, 4, 6, 9, 12, 15, 18, 22, 26, 31, 36, 41, 46]


def test_a_step_that_slips_and_a_line_that_opens_late():
    """From 12 to 36 a year in April, three months late: July. A second line opens in November: 2 more a month."""
    step = line(12, ramp="step", ceiling_per_year=36, ramp_to="2026-04", slip_months=3)
    late = line(24, opens="2026-11")
    built = column(pile(lines={"l": step, "late": late}, orders=BACKLOG), "delivered")
    assert built == [1] * 6 + [3] * 4 + [5] * 2


def test_learning():
    """Half the work is left when twice as many have been built: b = 1, so the rate is 10 (1 + made / 10) = 10 + made.

    10, then 10 + 10 = 20, then 10 + 30 = 40, then 80 but for the ceiling of 50; in January the ramp has not begun.
    """
    learning = line(120, ramp="learning", ceiling_per_year=600, ramp_from="2026-02", learning=0.5, experience=10)
    assert column(pile(until="2026-06", lines={"l": learning}, orders=BACKLOG), "delivered") == [10, 10, 20, 40, 50, 50]


def test_nothing_is_learnt_without_work():
    """Two rounds are due in all, so the rate stays where two rounds brought it and nothing else is built."""
    learning = line(120, ramp="learning", ceiling_per_year=600, ramp_from="2026-01", learning=0.5, experience=10)
    orders = {"o": order(2), "late": order(50, contract="2026-06")}
    assert column(pile(until="2026-07", lines={"l": learning}, orders=orders), "delivered") == [2, 0, 0, 0, 0, 12, 24]


def test_what_is_due_limits_a_line():
    """12 rounds fall due over 4 months from March: 3 a month, though the line could build 10."""
    spec = pile(until="2026-08", lines={"l": line(120)}, orders={"o": order(12, lead_months=2, over_months=4)})
    assert column(spec, "delivered") == [0, 0, 3, 3, 3, 3, 0, 0]


def test_what_was_not_built_in_time_is_built_later():
    """6 a month fall due over two months, 4 are built: 4, 4, 4."""
    spec = pile(until="2026-04", lines={"l": line(48)}, orders={"o": order(12, over_months=2)})
    assert column(spec, "delivered") == [4, 4, 4, 0]


def test_capacity_that_is_not_used_is_lost():
    """5 a month, nothing due until March: then 5 a month, no more."""
    spec = pile(until="2026-05", lines={"l": line(60)}, orders={"o": order(12, lead_months=2)})
    assert column(spec, "delivered") == [0, 0, 5, 5, 2]


def test_a_lot_that_repeats():
    """4 rounds in January, April and July."""
    spec = pile(until="2026-08", lines={"l": line(120)}, orders={"o": order(4, every_months=3, times=3)})
    assert column(spec, "delivered") == [4, 0, 0, 4, 0, 0, 4, 0]


def two_lines(**more):
    """Two lines that could build 6 and 3 a month for their own countries, and six seekers a month."""
    lines = {"us": line(72, components={"seeker": 1}), "jp": line(36, owner="jp", components={"seeker": 1})}
    orders = {"us": order(600, line="us"), "jp": order(600, owner="jp", line="jp")}
    return pile(until="2026-03", lines=lines, orders=orders, components={"seeker": {"per_year": 72, **more}})


def test_a_seeker_line_that_feeds_two_lines():
    """Six seekers are shared 6 : 3, so 4 and 2 rounds a month."""
    assert column(two_lines(), "delivered") == [4, 4, 4]
    assert column(two_lines(), "delivered", "jp") == [2, 2, 2]


def test_a_seeker_line_by_priority():
    """Japan's line takes the three it can use, three are left."""
    spec = two_lines(sharing="priority", priority=["jp"])
    assert column(spec, "delivered") == [3, 3, 3]
    assert column(spec, "delivered", "jp") == [3, 3, 3]


def test_parts_are_stored():
    """4 seekers a month and a store for 6: nothing is due before April, when 6 + 4 can be built, and 4 from then on.

    In the first three months 4, 2 and 0 were made, 4 a month afterwards.
    """
    spec = pile(until="2026-06", lines={"l": line(240, components={"seeker": 1})},
                components={"seeker": {"per_year": 48, "store": 6}}, orders={"o": order(100, lead_months=3)})
    assert column(spec, "delivered") == [0, 0, 0, 10, 4, 4]
    assert recorded(spec).made.tolist() == [[18, 18]]  # seekers, rounds


def test_a_small_share_of_parts_comes_to_its_due():
    """One seeker a month for lines that could build six and two: 3/4 and 1/4 are owed, then 1/2 and 1/2, 1/4 and 3/4,
    and 1 and 0: the first line, the first again among equals, the second, the first. So it is in every run."""
    lines = {"us": line(72, components={"seeker": 1}), "jp": line(24, owner="jp", components={"seeker": 1})}
    spec = pile(until="2026-09", lines=lines, components={"seeker": {"per_year": 12}},
                orders={"us": order(600, line="us"), "jp": order(600, owner="jp", line="jp")})
    assert column(spec, "delivered") == [1, 1, 0, 1] * 2 + [1]
    assert column(spec, "delivered", "jp") == [0, 0, 1, 0] * 2 + [0]
    assert len({run.tobytes() for run in recorded(spec, runs=3).delivered}) == 1


@pytest.mark.parametrize("owner", ["us", "ex"])
def test_a_small_share_of_rounds_comes_to_its_due(owner):
    """One round a month for lots of 300 and 100: as many as 3 to 1 of any eight, to within one; so too where the line
    shares between home and abroad, and in every run."""
    spec = pile(until="2026-08", lines={"l": line(12, sharing="proportional") | {"owner": owner}},
                orders={"us": order(300), "jp": order(100, owner="jp")})
    spec["owners"]["ex"] = {}
    assert [sum(column(spec, "delivered", name)) for name in ("us", "jp")] == [6, 2]
    assert len({run.tobytes() for run in recorded(spec | {"until": "2026-07"}, runs=3).delivered}) == 1


def test_first_and_last_delivery_of_a_lot():
    """Japan's line builds two in January, which arrive in April; from February the second line builds one a month for
    the same lot, two in all, on the spot: the first is there in February, the last of them in April."""
    lines = {"jp": line(24, owner="jp", export_delay_months=3, components={"seeker": 1}),
             "us": line(12, opens="2026-02")}
    seekers = {"per_year": 24, "ramp": "step", "ceiling_per_year": 0, "ramp_to": "2026-02"}
    spec = pile(until="2026-06", lines=lines, orders={"o": order(4)}, components={"seeker": seekers})
    assert column(spec, "delivered") == [0, 1, 1, 2, 0, 0]
    records = recorded(spec)
    assert (records.lot_first.tolist(), records.lot_last.tolist()) == ([[1]], [[3]])


def test_an_order_that_says_from_when_it_is_due():
    """Ordered in January, due from March."""
    late = {"owner": "us", "interceptor": "pac", "rounds": 4, "contract": "2026-01", "due_from": "2026-03",
            "over_months": 2}
    spec = pile(until="2026-05", lines={"l": line(120)}, orders={"o": late})
    assert column(spec, "delivered") == [0, 0, 2, 2, 0]
    assert (recorded(spec).lot_first.tolist(), recorded(spec).lot_last.tolist()) == ([[2]], [[3]])


def test_parts_that_a_line_cannot_use_go_to_another():
    """Both could build 4 a month. 4 seekers are shared 2 : 2; but the first also needs motors, of which there is one.

    It builds 1, and the seeker that it cannot use goes to the second, which builds 3.
    """
    lines = {"us": line(48, components={"seeker": 1, "motor": 1}), "jp": line(48, owner="jp", components={"seeker": 1})}
    spec = pile(until="2026-02", lines=lines, components={"seeker": {"per_year": 48}, "motor": {"per_year": 12}},
                orders={"us": order(600, line="us"), "jp": order(600, owner="jp", line="jp")})
    assert column(spec, "delivered") == [1, 1]
    assert column(spec, "delivered", "jp") == [3, 3]


def test_parts_are_shared_anew():
    """Nine seekers are shared 3 : 3 : 3. The first line has a motor for one round and builds one; its two seekers are
    shared by the others, 1 : 1, so that these build 4 each."""
    lines = {"us": line(108, components={"seeker": 1, "motor": 1}), "jp": line(108, components={"seeker": 1}),
             "ua": line(108, components={"seeker": 1})}
    spec = pile(until="2026-01", lines=lines, components={"seeker": {"per_year": 108}, "motor": {"per_year": 12}},
                orders={name: order(600, owner=name, line=name) for name in lines})
    assert [column(spec, "delivered", name) for name in lines] == [[1], [4], [4]]


def test_parts_in_the_wrong_places_are_used():
    """One seeker goes to the first line by priority, one motor to the second, and neither could build. In the end the
    first takes both."""
    lines = {name: line(12, components={"seeker": 1, "motor": 1}) for name in ("us", "jp")}
    parts = {part: {"per_year": 12, "sharing": "priority", "priority": [first]}
             for part, first in (("seeker", "us"), ("motor", "jp"))}
    spec = pile(until="2026-02", lines=lines, components=parts,
                orders={name: order(600, owner=name, line=name) for name in lines})
    assert [column(spec, "delivered", name) for name in lines] == [[1, 1], [0, 0]]


def test_capacity_is_short_of_parts_or_idle():
    """Six a month for the US, seekers for 4: 2 are lost for want of seekers. Three for Japan, and nothing but 4 rounds
    in January is due: 3, then 1 and 2 idle, then 3 idle."""
    lines = {"us": line(72, components={"seeker": 1}), "jp": line(36, owner="jp")}
    spec = pile(until="2026-03", lines=lines, components={"seeker": {"per_year": 48}},
                orders={"us": order(600, line="us"), "jp": order(4, owner="jp", line="jp")})
    records = recorded(spec)
    assert records.made.tolist() == [[12, 12, 4]]  # seekers, then lines
    assert records.capacity.tolist() == [[12.0, 18.0, 9.0]]
    assert records.short.tolist() == [[6, 0]]
    assert records.idle.tolist() == [[0, 5]]


def test_several_parts_for_a_round():
    """Seven boosters a month, two for a round: 3 rounds, one kept; then 8 are there: 4 rounds."""
    spec = pile(until="2026-04", lines={"l": line(120, components={"booster": 2})},
                components={"booster": {"per_year": 84, "store": 5}}, orders=BACKLOG)
    assert column(spec, "delivered") == [3, 4, 3, 4]


SHARED = {"first": order(9, owner="us"), "second": order(6, owner="jp", contract="2026-01"),
          "third": order(3, owner="ua")}


@pytest.mark.parametrize(("sharing", "built"), [
    ("contracted", ([6, 3, 0], [0, 3, 3], [0, 0, 3])),
    ("priority", ([0, 3, 6], [3, 3, 0], [3, 0, 0])),
    ("proportional", ([3, 3, 3], [2, 2, 2], [1, 1, 1])),
])
def test_who_gets_what_is_built(sharing, built):
    """6 a month are built, 9, 6 and 3 are due.

    Lot by lot: 6, then 3 + 3, then 3 + 3. By priority, Ukraine first, then Japan: 3 + 3, then 3 + 3, then 6. In
    proportion: 6 of 18 is a third; home gets 3, abroad 3, shared 2 : 1; then 6 of 12 is half of 6, 4 and 2.
    """
    more = {"priority": ["ua", "jp"]} if sharing == "priority" else {}
    spec = pile(until="2026-03", lines={"l": line(72, sharing=sharing, **more)}, orders=SHARED)
    assert tuple(column(spec, "delivered", owner) for owner in ("us", "jp", "ua")) == built


def test_largest_remainder():
    """4 are built for lots of 10, 10 and 5 abroad: 1.6, 1.6 and 0.8 are 1, 1 and 0; the two that are left go to the
    remainders .8 and .6, the first of the two."""
    owners = {"a": order(10, owner="us"), "b": order(10, owner="jp"), "c": order(5, owner="ua")}
    spec = pile(until="2026-01", lines={"l": {**line(48, sharing="proportional"), "owner": "ex"}}, orders=owners)
    spec["owners"]["ex"] = {}
    assert [column(spec, "delivered", owner) for owner in ("us", "jp", "ua")] == [[2], [1], [1]]


def test_home_and_abroad_share_before_their_lots_do():
    """3 are built, 2 are due at home, 3 and 1 abroad: 3 x 2/6 = 1 at home, 2 abroad, shared 1.5 : 0.5, so 2 and 0 as
    the first goes before its equal."""
    spec = pile(until="2026-01", lines={"l": line(36, sharing="proportional")},
                orders={"a": order(2), "b": order(3, owner="jp"), "c": order(1, owner="ua")})
    assert [column(spec, "delivered", owner) for owner in ("us", "jp", "ua")] == [[1], [2], [0]]


def test_exports_are_a_share_of_what_is_built():
    """Japan may export a third. 3 a month are due at home, 5 abroad, and 9 could be built.

    e <= (3 + e) / 3 gives e = 1.5: 1 in January (1 of 4), and with 6 home rounds e = 3 in all: 2 in February (3 of 9).
    """
    home = order(36, owner="jp", over_months=12)
    abroad = order(60, over_months=12)
    spec = pile(until="2026-04", lines={"l": line(108, owner="jp", export_share=1 / 3)},
                orders={"home": home, "abroad": abroad})
    assert column(spec, "delivered", "jp") == [3, 3, 3, 3]
    assert column(spec, "delivered", "us") == [1, 2, 1, 2]


def test_no_exports_without_home_demand():
    """A third of nothing is nothing."""
    spec = pile(lines={"l": line(108, owner="jp", export_share=1 / 3)}, orders=BACKLOG)
    assert column(spec, "delivered", "us") == [0] * 12


def test_two_lots_abroad_share_what_may_be_exported():
    """8 are built, half may go abroad: 3 and 1, though their contracts are older than that at home."""
    spec = pile(until="2026-01", lines={"l": line(96, export_share=0.5)}, orders={
        "jp": order(3, owner="jp"), "ua": order(3, owner="ua"), "us": order(4)})
    assert [column(spec, "delivered", owner) for owner in ("us", "jp", "ua")] == [[4], [3], [1]]


def test_proportional_shares_keep_to_the_exports_allowed():
    """2 are due at home, 8 abroad, half may be exported: e <= (2 + e) / 2 gives 2, not the 3 of a share 1 : 4 of 4."""
    spec = pile(until="2026-01", lines={"l": line(72, export_share=0.5, sharing="proportional")},
                orders={"us": order(2), "jp": order(8, owner="jp")})
    assert [column(spec, "delivered", owner) for owner in ("us", "jp")] == [[2], [2]]


def test_exports_from_a_month_on_and_with_a_delay():
    """3 a month from March, four months on the way: from July; 12 are then always on the way."""
    spec = pile(lines={"l": line(36, owner="jp", exports_from="2026-03", export_delay_months=4)}, orders=BACKLOG)
    assert column(spec, "delivered") == [0] * 6 + [3] * 6
    assert column(spec, "on_way") == [0, 0, 3, 6, 9] + [12] * 7


def test_a_licence_keeps_others_out():
    """Ukraine's are due first, but the line may supply only its own country and Japan, and Ukraine's line stands still.
    """
    spec = pile(until="2026-02", lines={"l": line(36, may_supply=["us", "jp"]), "ua": line(0, owner="ua")},
                orders={"ua": order(100, owner="ua"), "jp": order(4, owner="jp")})
    assert column(spec, "delivered", "ua") == [0, 0]
    assert column(spec, "delivered", "jp") == [3, 1]


def test_a_lot_that_any_line_may_build():
    """20 rounds are due, two lines build 5 and 3 a month: 8, 8, 4."""
    spec = pile(until="2026-04", lines={"us": line(60), "jp": line(36, owner="jp")}, orders={"o": order(20)})
    assert column(spec, "delivered") == [8, 8, 4, 0]


def gift(rounds, month="2026-02", **more):
    return {"from": "us", "to": "ua", "interceptor": "pac", "rounds": rounds, "month": month, **more}


def test_a_gift_that_keeps_something_back():
    """10 in stock, 4 are given each month, never below 3: 4, then 3, then none; they arrive a month later."""
    spec = pile(until="2026-05", stocks={"us": {"pac": 10}}, transfers={"g": gift(4, month="2026-01", times=4, keep=3)})
    assert column(spec, "sent") == [4, 3, 0, 0, 0]
    assert column(spec, "stock") == [6, 3, 3, 3, 3]
    assert column(spec, "received", "ua") == [0, 4, 3, 0, 0]
    assert column(spec, "on_way", "ua") == [4, 3, 0, 0, 0]


def test_a_gift_without_delay_can_be_fired_but_not_passed_on():
    """The US give 5 to Ukraine, which would pass on 2 to Japan in the same month but has none yet; it fires 3."""
    passed_on = gift(2, **{"from": "ua", "to": "jp"}, delay_months=0)
    spec = pile(until="2026-03", stocks={"us": {"pac": 5}}, transfers={"g": gift(5, delay_months=0), "h": passed_on},
                uses={"u": {"owner": "ua", "interceptor": "pac", "first": "2026-02", "rounds": 3}})
    assert column(spec, "received", "ua") == [0, 5, 0]
    assert column(spec, "fired", "ua") == [0, 3, 0]
    assert column(spec, "sent", "ua") == [0, 0, 0]
    assert column(spec, "stock", "ua") == [0, 2, 2]


def test_a_loan_that_comes_back_short():
    """20 are lent in January, arrive in February, 15 are fired in March. Three months after they arrived, in May, the 5
    that are left go back, and arrive in June."""
    spec = pile(until="2026-07", stocks={"us": {"pac": 20}},
                transfers={"l": gift(20, month="2026-01", back_after_months=3)},
                uses={"u": {"owner": "ua", "interceptor": "pac", "first": "2026-03", "rounds": 15}})
    assert column(spec, "stock", "ua") == [0, 20, 5, 5, 0, 0, 0]
    assert column(spec, "stock", "us") == [0, 0, 0, 0, 0, 5, 5]


def test_a_loan_of_which_only_a_part_was_given():
    """20 are asked for, 12 given, as 8 are kept; 12 come back, though 30 are there."""
    spec = pile(until="2026-06", stocks={"us": {"pac": 20}, "ua": {"pac": 30}},
                transfers={"l": gift(20, month="2026-01", keep=8, back_after_months=3)})
    assert column(spec, "stock", "us") == [8, 8, 8, 8, 8, 20]
    assert column(spec, "stock", "ua") == [30, 42, 42, 42, 30, 30]


def test_storage_life():
    """12 rounds of up to 12 months of age, spread evenly, and a life of two years: one a month is too old, the first at
    the end of the thirteenth month, when that of 11 to 12 months is 24 to 25. Two are fired in June; they are the
    oldest, so that the first to be found too old is the third, two months later."""
    spec = pile(until="2027-12", stocks={"us": {"pac": 12}},
                uses={"u": {"owner": "us", "interceptor": "pac", "first": "2026-06", "rounds": 2}})
    spec["interceptors"]["pac"] = {"storage_years": 2, "age_years": 1}
    assert column(spec, "expired") == [0] * 14 + [1] * 10
    assert column(spec, "stock")[-1] == 0


def test_the_oldest_are_given_first():
    """The same as fired above: two given rounds are the oldest; they count as new where they arrive."""
    spec = pile(until="2027-12", stocks={"us": {"pac": 12}}, transfers={"g": gift(2, month="2026-06")})
    spec["interceptors"]["pac"] = {"storage_years": 2, "age_years": 1}
    assert column(spec, "expired") == [0] * 14 + [1] * 10
    assert column(spec, "expired", "ua") == [0] * 24


def test_storage_life_of_what_arrives():
    """Two rounds are built in January, a life is three months: they are used up to April and gone at its end."""
    spec = pile(until="2026-06", lines={"l": line(24)}, orders={"o": order(2)})
    spec["interceptors"]["pac"] = {"storage_years": 0.25}
    assert column(spec, "expired") == [0, 0, 0, 2, 0, 0]
    assert column(spec, "stock") == [2, 2, 2, 0, 0, 0]


def test_storage_life_of_what_is_given():
    """Three rounds arrive in February as new, a life is three months: one is fired in March, two are gone at the end of
    May. Of a life of two and a half months 3 have passed by then, and 2 at the end of April."""
    uses = {"u": {"owner": "ua", "interceptor": "pac", "first": "2026-03", "rounds": 1}}
    spec = pile(until="2026-07", stocks={"us": {"pac": 3}}, transfers={"g": gift(3, month="2026-01")}, uses=uses)
    for years in (0.25, 2.5 / 12):
        spec["interceptors"]["pac"] = {"storage_years": years}
        assert column(spec, "expired", "ua") == [0, 0, 0, 0, 2, 0, 0]


def test_a_use_and_a_gift_that_keeps_something_back():
    """Ten are kept of 12 when two may be given, before 7 are fired; then 5 are left, and nothing more is given."""
    spec = pile(until="2026-03", stocks={"us": {"pac": 12}},
                transfers={"g": gift(4, month="2026-01", keep=10, times=3, delay_months=0)},
                uses={"u": {"owner": "us", "interceptor": "pac", "first": "2026-01", "rounds": 5}})
    assert column(spec, "sent") == [2, 0, 0]
    assert column(spec, "received", "ua") == [2, 0, 0]
    assert column(spec, "stock") == [5, 5, 5]


def test_a_loan_whose_time_comes_after_the_end():
    """Given in April, back in July at the earliest: at the end of May they are still there; what left in May itself is
    on its way."""
    spec = pile(until="2026-05", stocks={"us": {"pac": 20}}, transfers={
        "l": gift(6, month="2026-04", back_after_months=2), "late": gift(3, month="2026-05", back_after_months=2)})
    assert column(spec, "stock", "ua") == [0, 0, 0, 0, 6]
    assert column(spec, "on_way", "ua") == [0, 0, 0, 6, 3]
    assert column(spec, "stock") == [20, 20, 20, 14, 11]


def test_a_lot_due_before_the_start():
    """24 rounds over a year from October: 6 and then 2 a month are due, as the line can build 4: 4, 4, then 2 a month
    until all are built. A lot that was all due long ago is built as fast as the line can."""
    old = {"contract": "2020-01", "lead_months": 69, "over_months": 12}
    assert column(pile(lines={"l": line(48)}, orders={"o": order(24, **old)}),
                  "delivered") == [4, 4, 4, 2, 2, 2, 2, 2, 2, 0, 0, 0]
    assert column(pile(until="2026-03", lines={"l": line(48)}, orders={"o": order(9, contract="1999-12")}),
                  "delivered") == [4, 4, 1]


def test_a_line_that_slips_opens_with_the_middle_of_its_month():
    """From the start of March half a month later is in time for March, half a month earlier for February."""
    for slip, built in ((0.5, [0, 0, 2, 2]), (0.6, [0, 0, 0, 2]), (-0.4, [0, 0, 2, 2]), (-0.5, [0, 2, 2, 2])):
        assert column(pile(until="2026-04", lines={"l": line(24, opens="2026-03", slip_months=slip)}, orders=BACKLOG),
                      "delivered") == built, slip


def test_a_use_by_share_and_the_month_of_exhaustion():
    """Half of 101 rounds, 50.5, is 51 to the nearest, fired over two months: 25.5 is 26, then 25. Then 12 a month from
    the 50 left: 12, 12, 12, 12, 2: in the fifth month 12 are wanted and 2 are there."""
    spec = pile(until="2026-08", stocks={"us": {"pac": 101}}, uses={
        "war": {"owner": "us", "interceptor": "pac", "first": "2026-01", "months": 2, "share": 0.5},
        "raids": {"owner": "us", "interceptor": "pac", "first": "2026-03", "months": 6, "per_month": 12}})
    assert column(spec, "fired") == [26, 25, 12, 12, 12, 12, 2, 0]
    assert column(spec, "wanted") == [26, 25, 12, 12, 12, 12, 12, 12]
    assert column(spec, "stock") == [75, 50, 38, 26, 14, 2, 0, 0]
