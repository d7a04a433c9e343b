"""Circles of transfers, makers that stand still, stand-ins, keys and outlines of stockpiles."""

import copy
import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome import cli
from opendome.scenario import keys, reader
from opendome.scenario.months import number_of
from opendome.scenario.stock_names import unknown_names, walk
from opendome.study.checking import problems_in, problems_of
from opendome.study.stand_ins import path_of, readable_part, stands_in
from stocks_file import PATH, TEXT, broken

DATA = tomllib.loads(TEXT)
OWNERS = ["home", "ally", "third", "fourth"]


def with_transfers(*rows: tuple[str, str, str], **more: object) -> dict:
    """The tiny stockpile with four owners that have both types, and gifts (from, to, month) instead of the loan."""
    data = copy.deepcopy(DATA)
    pile = data["stockpile"]
    pile["owners"] = {name: {} for name in OWNERS}
    pile["stocks"] = {name: {"upper": 9, "lower": 9} for name in OWNERS}
    pile["transfers"] = {f"g{i}": {"from": giver, "to": taker, "interceptor": "lower", "rounds": 1, "month": month}
                         for i, (giver, taker, month) in enumerate(rows)}
    for name, value in more.items():
        pile["transfers"][name] |= value
    return data


def circles(data: dict) -> list[str]:
    found = problems_in(data)
    assert all("is part of a circle" in problem.expected for problem in found), found
    return [problem.expected.removeprefix("is part of a circle of ") for problem in found]


def test_two_that_give_to_each_other_in_one_month():
    assert circles(with_transfers(("home", "ally", "2026-05"), ("ally", "home", "2026-05"))) == [
        "lower in 2026-05: home to ally (g0), ally to home (g1)"]


def test_a_longer_circle_names_every_row_and_no_other():
    rows = [("home", "ally", "2026-05"), ("ally", "third", "2026-05"), ("ally", "fourth", "2026-05"),
            ("third", "home", "2026-05")]
    assert circles(with_transfers(*rows)) == [
        "lower in 2026-05: home to ally (g0), ally to third (g1), third to home (g3)"]


@pytest.mark.parametrize("data", [
    with_transfers(("home", "ally", "2026-05"), ("ally", "home", "2026-06")),  # another month
    with_transfers(("home", "ally", "2026-05"), ("ally", "home", "2026-05"), g1={"interceptor": "upper"}),
    with_transfers(("home", "ally", "2026-05"), ("ally", "home", "2026-05"), g1={"rounds": 0}),
    with_transfers(("home", "ally", "2026-05"), g0={"back_after_months": 1, "times": 9}),  # loans, month after month
    with_transfers(("home", "ally", "2026-05"), ("home", "third", "2026-05"), ("ally", "third", "2026-05")),
], ids=["months", "types", "nothing", "loans", "chain"])
def test_what_is_no_circle(data):
    assert circles(data) == []


def test_repeats_that_meet_later_are_a_circle():
    data = with_transfers(("home", "ally", "2026-01"), ("ally", "home", "2026-02"),
                          g0={"times": 10, "every_months": 3}, g1={"times": 10, "every_months": 4})
    assert circles(data) == ["lower in 2026-10: home to ally (g0), ally to home (g1)"]


def test_repeats_after_the_last_month_do_not_count():
    data = with_transfers(("home", "ally", "2026-01"), ("ally", "home", "2026-02"),
                          g0={"times": 100, "every_months": 36}, g1={"times": 100, "every_months": 35})
    assert circles(data) == []


@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.sampled_from(OWNERS), st.sampled_from(["2026-05", "2026-06"]))
                .filter(lambda row: row[0] != row[1]), max_size=7))
def test_circles_are_found_where_taking_off_ends_leaves_some(rows):
    """Against another way to find circles: owners that only give or only get are taken away until none is left."""
    expected = False
    for month in ("2026-05", "2026-06"):
        edges = {(giver, taker) for giver, taker, when in rows if when == month}
        while True:
            givers, takers = {e[0] for e in edges}, {e[1] for e in edges}
            rest = {e for e in edges if e[0] in takers and e[1] in givers}
            if rest == edges:
                break
            edges = rest
        expected |= bool(edges)
    assert bool(circles(with_transfers(*rows))) == expected


# ---- what is meant as it stands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [
    [("ceiling_per_year = 48", "ceiling_per_year = 12")],  # a rate that falls
    [("per_year = 168", 'per_year = 0\nramp = "step"\nceiling_per_year = 100\nramp_to = "2027-12"')],
    [("per_year = 168", 'per_year = 168\nopens = "2028-03"\nslip_months = { value = 0, low = -3, high = 3 }')],
    [("per_year = 168", "per_year = 0"), ("per_year = 120", "per_year = 0"), ('per_year = 24\nramp = "linear"\n'
      'ceiling_per_year = 48\nramp_from = "2026-12"\nramp_to = "2027-12"', "per_year = 0")],  # nothing needs a part
    [("export_share = 0.5", "export_share = 0")],  # a licence that is not given
    [('exports_from = "2026-07"', 'exports_from = "2030-01"')],
    [("months = 4", "months = 40")],  # a war that goes on beyond the last month
    [("rounds = 80", "share = 0.5")],
    [("times = 2", "times = 9")],
    [("rounds = 20\nmonth", "rounds = 0\nmonth")],
    [("home = { upper = 40, lower = 200 }", "home = { upper = 0, lower = 0 }"), ("rounds = 80", "share = 0.5")],
    [('[stockpile.uses.trials]\nowner = "home"', '[stockpile.uses.trials]\nowner = "ally"'),
     ("ally = { lower = 60 }", "ally = { lower = 60, upper = 0 }")],  # stated, be it as none
    [("components = { seeker = 2 }", "")],  # the question what would be without the bottleneck
    [("others = 0.75", "")],  # nothing meets drones, and that is said
    [("price_year = 2026", 'price_year = 2026\nassumptions = "fixed"'), ("process.classes]",
      "process]\nmassed_gap_days = 9\n"
      "massed_crowding = { value = 3, high = 8 }\n\n[campaigns.nights.process.classes]")],  # not drawn
], ids=lambda changes: changes[0][1][:40])
def test_what_can_be_meant_is_no_problem(changes):
    assert problems_of(broken(*changes)) == []


# ---- names, stand-ins, keys -------------------------------------------------------------------------------------


def test_walk_gives_places_as_the_file_writes_them():
    data = {"a": {"b.c": [{"d": 1}, {"d": 2}], "e": 3}}
    assert [(found.where, found.key, found.value) for found in walk(data, "a.*.*.d")] == [
        ('a."b.c"[0].d', "d", 1), ('a."b.c"[1].d', "d", 2)]
    assert list(walk(data, "a.x.*")) == []


def test_names_are_looked_up_whatever_else_is_wrong():
    data = {"stockpile": {"owners": {"home": 3}, "stocks": {"hom": {"lower": 1}}, "lines": 4}}
    assert [str(problem) for problem in unknown_names(data)] == [
        "stockpile.stocks.hom = 'hom'\n  must name an owner of this stockpile\n  hint: did you mean home?"]


def test_stand_ins_keep_the_rest():
    data = tomllib.loads(broken(("per_year = 120", ""), ('start = "2026-01"', ""), ("rounds = 84", 'rounds = "84"'),
                                ("ramp_from", "ramp_form")))
    problems = []
    scenario, stand_ins = readable_part(data, problems)
    assert scenario is not None
    assert scenario.stockpile.start == scenario.stockpile.until == "2027-12"
    assert list(scenario.stockpile.lines) == ["lower-line", "upper-line"]
    assert {path_of(steps) for steps in stand_ins} >= {"stockpile.start", "stockpile.lines.lower-line.per_year",
                                                       "stockpile.orders.home-lower.rounds"}
    assert stands_in("stockpile.start", stand_ins)
    assert not stands_in("stockpile.started", stand_ins)
    assert len(problems) == 4


def test_months_are_numbers_a_month_apart():
    assert number_of("2027-01") - number_of("2026-12") == 1


@pytest.mark.parametrize(("key", "value", "full"), [
    ("lines.second", {"owner": "home"}, ["stockpile.lines.second"]),
    ("stocks.third", {"lower": 5}, ["stockpile.stocks.third"]),
    ("orders.rounds", {"value": 5.0, "low": 4.0}, [f"stockpile.orders.{name}.rounds" for name in (
        "home-lower", "ally-lower", "home-upper")]),
    ("stocks.home.lower", 5, ["stockpile.stocks.home.lower"]),
    ("lines.upper-line", {"owner": "home"}, None),
])
def test_keys_of_stockpiles(key, value, full):
    found = keys.resolve(DATA, key, is_table=isinstance(value, dict))
    assert isinstance(found, keys.Miss) if full is None else [".".join(steps) for steps in found] == full


def test_a_variant_can_add_a_line():
    text = TEXT + """
[variants.second-line]
"lines.second" = { owner = "ally", interceptor = "lower", per_year = 60, components = { seeker = 1 } }
"""
    assert list(reader.parse(text, variant="second-line").stockpile.lines) == ["lower-line", "upper-line", "second"]


def test_the_scenario_of_the_guide_can_be_run():
    page = (Path(__file__).parents[2] / "docs/guide/own-scenario.md").read_text(encoding="utf-8")
    text = next(block for block in re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
                if "[stockpile]" in block)
    head = 'title = "Guide"\nprice_year = 2026\n'
    assert problems_of(head + text) == []
    assert problems_of(head + text, {"lines.factory.per_year": 360, "uses.war.months": 6}) == []
    assert problems_of(head + text + """[variants.second-line]
"lines.second" = { owner = "ally", interceptor = "patriot", per_year = 60 }
""", variant="second-line") == []


# ---- what is printed --------------------------------------------------------------------------------------------


OUTLINE = """\
Tiny stocks

Home makes rounds for itself and for its ally, lends some, and fights; raids on the ally use up the
rest.

runs 20, seed 1, assumptions sampled, 0 observations to compare with
months 2026-01 to 2027-12

stock  interceptor  at the start  back at
home   upper        40            40
home   lower        200           200
ally   lower        60            50

interceptor  in the catalogue  years in store
upper        thaad
lower        patriot-pac3-mse  20

component  a year  for                     sharing
seeker     168     lower-line, upper-line  proportional

line        in    makes  a year  ramp                       of        exports
lower-line  home  lower  120                                seeker    to ally, from 2026-07, at most 0.5 of all, \
2 months on the way
upper-line  home  upper  24      to 48, 2026-12 to 2027-12  2 seeker  to all

order       for   interceptor  rounds  contract  first due       over months                            by
home-lower  home  lower        84      2025-06   8 months later  12           2 times, every 12 months  any line
ally-lower  ally  lower        36      2025-10   2026-07         12                                     lower-line
home-upper  home  upper        60      2025-12   2026-03         20                                     any line

transfer  from  to    interceptor  rounds  month
loan      home  ally  lower        20      2026-03  back after 12 months

use     of    interceptor  rounds     from     months
war     home  lower        80 in all  2026-04  4
trials  home  upper        1 a month  2026-01  24

campaign  on    months              what comes                     fight  fires
nights    ally  2026-04 to 2026-09  a day: 0.2 ballistic, 2 drone  rates  lower

variant"""


def test_show_prints_an_outline(capsys):
    assert cli.main(["show", str(PATH)]) == 0
    said = capsys.readouterr().out
    assert said.removeprefix(f"{PATH}: ").startswith(OUTLINE)


def test_show_prints_ranges_ramps_and_counted_raids(tmp_path, capsys):
    file = tmp_path / "more.toml"
    process = TEXT[TEXT.index("[campaigns.nights.process.classes]"):TEXT.index("[campaigns.nights.against.ballistic]")]
    file.write_text(broken(
        ("upper = 40", "upper = { value = 4000, low = 3500, high = 5000 }"),
        ("per_year = 168", 'per_year = 168\nopens = "2026-02"\nramp = "step"\nceiling_per_year = 200\n'
         'ramp_to = "2026-09"\nslip_months = { value = 2, low = 0, high = 6 }'),
        ('ramp = "linear"\nceiling_per_year = 48', 'ramp = "learning"\nlearning = 0.9\nexperience = 100\n'
         "ceiling_per_year = 48"), ('ramp_to = "2027-12"\n', ""),
        (process, 'raids = [{ day = "2026-04-03", launched = { drone = 90 } }, { day = "2026-04-07", '
         "launched = { drone = 1000, ballistic = 2 } }]\n"),
    ))
    assert cli.main(["show", str(file)]) == 0
    said = capsys.readouterr().out
    assert "home   upper        4,000 (3,500 to 5,000)  4,000 (3,500 to 5,000)" in said
    assert "opens 2026-02; 200 from 2026-09; 2 (0 to 6) months later" in said
    assert "learning 0.9 from 2026-12, at most 48" in said
    assert "2 raids: 1,090 drone, 2 ballistic" in said


def test_show_gives_the_same_as_data(capsys):
    assert cli.main(["show", str(PATH), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["stockpile"]["lines"]["lower-line"]["may_supply"] == ["home", "ally"]
    assert found["campaigns"]["nights"]["fires"] == ["lower"]


def test_check_counts_what_there_is(capsys):
    assert cli.main(["check", str(PATH)]) == 0
    assert capsys.readouterr().out == (f"{PATH}: ok, 2 owners, 2 interceptors, 1 component, 2 lines, 3 orders, "
                                       "1 transfer, 2 uses, 1 campaign, 1 variant\n")


def test_the_schema_knows_stockpiles_and_campaigns(capsys):
    assert cli.main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert {"stockpile", "campaigns"} <= set(schema["properties"])
    assert {"Line", "Order", "Transfer", "Use", "Campaign", "RaidProcess"} <= set(schema["$defs"])
    assert schema["$defs"]["Line"]["properties"]["may_supply"]["description"].startswith("Owners that its licence")
