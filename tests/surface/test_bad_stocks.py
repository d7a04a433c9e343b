"""Bad stockpiles and campaigns: each problem with its row, what would be right, and every one in one list."""

import pytest

from opendome import cli
from opendome.errors import ScenarioError
from opendome.scenario import reader
from opendome.study.checking import problems_of, problems_of_all
from stocks_file import TEXT, broken
from tiny_file import TEXT as RAID_TEXT

LOAN = "[stockpile.transfers.loan]"
THANKS = """[stockpile.transfers.thanks]
from = "ally"
to = "home"
interceptor = "lower"
rounds = 2
month = "2026-03"

"""
OTHER = """[stockpile.orders.other]
owner = "ally"
interceptor = "upper"
rounds = 5
contract = "2026-01"
lead_months = 6

"""
TIER = 'interceptor = "lower", covered = 0.8'
UPPER_ORDER = '[stockpile.orders.home-upper]\nowner = "home"'
UPPER_RAMP = 'ramp = "linear"\nceiling_per_year = 48\nramp_from = "2026-12"\nramp_to = "2027-12"'
LEARNING = 'ramp = "learning"\nceiling_per_year = 20\nramp_from = "2025-12"\nlearning = 0.9\nexperience = 100'
PROCESS = """[campaigns.nights.process.classes]
ballistic = { per_day = 0.2, dispersion = 1 }
drone = { per_day = 2 }
"""
NIGHTS = "A ballistic missile every fifth day and two drones a day."


def raids(*days: str, launched: str = "{ ballistic = 1 }") -> tuple[str, str]:
    """The change that puts dated raids in the place of the process."""
    listed = ", ".join(f'{{ day = "{day}", launched = {launched} }}' for day in days)
    return PROCESS, f"raids = [{listed}]\n"


def defended(*changes: tuple[str, str]) -> str:
    """The tiny stockpile with the defence of the tiny scenario and two steps of doctrine; pieces replaced."""
    fight = (f'{NIGHTS}"\n', f'''{NIGHTS}"
fight = "surface"
template = "night"
doctrine = [{{ interceptor = "lower", below = 0.5, set = {{ "layers.lower.salvo" = 2 }} }},
            {{ interceptor = "lower", below = 0.25, set = {{ "layers.lower.shots_max" = 1 }} }}]
''')
    text = broken(fight) + RAID_TEXT[RAID_TEXT.index("[places]"):]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


# what is changed, and what must be said
CASES = [
    # months and days
    ([('start = "2026-01"', "start = 2026-01-01")], ["stockpile.start = 2026-01-01\n  must be a month in quotes"]),
    ([('start = "2026-01"', 'start = "2026-13"')], ['stockpile.start = "2026-13"\n  must be a month in quotes']),
    ([('until = "2027-12"', 'until = "2025-12"')], ["stockpile = {...}\n  until = 2025-12 must not be before start"]),
    # names
    ([('ally = { lower = 60 }', 'aly = { lower = 60 }')],
     ["stockpile.stocks.aly = 'aly'\n  must name an owner of this stockpile\n  hint: did you mean ally?"]),
    ([('ally = { lower = 60 }', 'ally = { lowr = 60 }')],
     ["stockpile.stocks.ally.lowr = 'lowr'\n  must name an interceptor of this stockpile\n  hint: did you mean lower"]),
    ([('ally = { lower = 50 }', 'al = { lower = 50 }')], ["stockpile.return_to.al = 'al'\n  must name an owner"]),
    ([('ally = { lower = 50 }', 'ally = { loer = 50 }')], ["stockpile.return_to.ally.loer = 'loer'\n  must name"]),
    ([('components = { seeker = 2 }', 'components = { seker = 2 }')],
     ["stockpile.lines.upper-line.components.seker = 'seker'\n  must name a component of this stockpile\n"
      "  hint: did you mean seeker?"]),
    ([('may_supply = ["home", "ally"]', 'may_supply = ["home", "alli"]')],
     ["stockpile.lines.lower-line.may_supply[1] = 'alli'\n  must name an owner"]),
    ([('line = "lower-line"', 'line = "lower-lin"')],
     ["stockpile.orders.ally-lower.line = 'lower-lin'\n  must name a line of this stockpile"]),
    ([(UPPER_ORDER, UPPER_ORDER.replace('"home"', '"hme"'))], ["stockpile.orders.home-upper.owner = 'hme'"]),
    ([('from = "home"', 'from = "hom"')], ["stockpile.transfers.loan.from = 'hom'\n  must name an owner"]),
    ([('to = "ally"', 'to = "alley"')], ["stockpile.transfers.loan.to = 'alley'\n  must name an owner"]),
    ([(TIER, TIER.replace("lower", "lwer"))],
     ["campaigns.nights.against.ballistic.tiers[0].interceptor = 'lwer'\n  must name an interceptor"]),
    ([('[campaigns.nights]\nowner = "ally"', '[campaigns.nights]\nowner = "aly"')],
     ["campaigns.nights.owner = 'aly'\n  must name an owner"]),
    ([('per_year = 168', 'per_year = 168\nsharing = "priority"\npriority = ["uper-line"]')],
     ["stockpile.components.seeker.priority[0] = 'uper-line'\n  must name a line"]),
    ([('type = "thaad"', 'type = "thad"')],
     ["stockpile.interceptors.upper.type = 'thad'\n  must name an interceptor of the catalogue\n"
      "  hint: did you mean thaad?"]),
    # lines and their components
    ([("per_year = 168", "per_year = 0")],
     ["stockpile.lines.lower-line.components.seeker = 'seeker'\n  can never be had, so that the line stands still: it "
      "is made at 0 a year throughout", "stockpile.lines.upper-line.components.seeker"]),
    ([("per_year = 168", 'per_year = 168\nopens = "2028-01"')], ["it opens in 2028-01, after until = 2027-12"]),
    ([(UPPER_RAMP, LEARNING.replace("2025-12", "2026-02"))],
     ["upper-line.ceiling_per_year = 20\n  must not be below per_year = 24: a rate that learns only grows"]),
    ([(UPPER_RAMP, LEARNING)], ["upper-line.ramp_from = '2025-12'\n  must not be before the stockpile's start"]),
    ([(UPPER_RAMP, f'{UPPER_RAMP}\nopens = "2027-12"')],
     ["upper-line.ramp_to = '2027-12'\n  must be after opens = 2027-12: the ramp is over before there is any work"]),
    ([(UPPER_RAMP, 'ramp = "linear"')],
     ["stockpile.lines.upper-line = {...}\n  ramp 'linear' needs ceiling_per_year, ramp_from, ramp_to"]),
    ([("per_year = 168", 'per_year = 168\npriority = ["upper-line"]')],
     ['seeker.priority = [...]\n  needs sharing = "priority", which is "proportional"']),
    ([("per_year = 168", 'per_year = 168\nsharing = "priority"')], ["seeker.sharing = \"priority\"\n  needs priority"]),
    ([("per_year = 168", 'per_year = 168\nsharing = "priority"\npriority = ["upper-line", "upper-line"]')],
     ["seeker.priority[1] = 'upper-line'\n  stands in it twice"]),
    ([("per_year = 168", 'per_year = 168\nsharing = "priority"\npriority = ["upper-line"]'),
      ("components = { seeker = 2 }", "")], ["priority[0] = 'upper-line'\n  must name a line that needs it"]),
    # supply
    ([('may_supply = ["home", "ally"]', 'may_supply = ["ally"]')],
     ["lower-line.may_supply = [...]\n  must name its own owner too: home"]),
    ([('may_supply = ["home", "ally"]', 'may_supply = ["home"]')],
     ["lower-line.exports_from = '2026-07'\n  has no effect: the line may supply only home",
      "lower-line.export_share = 0.5\n  has no effect", "lower-line.export_delay_months = 2\n  has no effect",
      "stockpile.orders.ally-lower.line = 'lower-line'\n  may not supply ally"]),
    ([('may_supply = ["home", "ally"]', 'may_supply = ["home", "ally"]\npriority = ["ally"]')],
     ['lower-line.priority = [...]\n  needs sharing = "priority", which is "contracted"']),
    ([('components = { seeker = 2 }', 'components = { seeker = 2 }\nmay_supply = ["home"]\nsharing = "priority"\n'
       'priority = ["ally", "home"]')],
     ["upper-line.priority[0] = 'ally'\n  must name an owner that may_supply names"]),
    # orders
    ([('due_from = "2026-07"', 'due_from = "2025-07"')],
     ["stockpile.orders.ally-lower = {...}\n  due_from = 2025-07 is before contract = 2025-10"]),
    ([('contract = "2025-06"', 'contract = "2028-01"')],
     ["stockpile.orders.home-lower.contract = '2028-01'\n  must not be after the stockpile's until = 2027-12"]),
    ([('line = "lower-line"', 'line = "upper-line"')],
     ["stockpile.orders.ally-lower.line = 'upper-line'\n  makes upper, not lower"]),
    ([(LOAN, OTHER + LOAN), ("components = { seeker = 2 }", 'components = { seeker = 2 }\nmay_supply = ["home"]')],
     ["stockpile.orders.other\n  no line that makes upper may supply ally"]),
    ([('owner = "home"\ninterceptor = "upper"\nper_year', 'owner = "home"\ninterceptor = "lower"\nper_year')],
     ["stockpile.orders.home-upper\n  no line makes upper"]),
    # transfers
    ([('to = "ally"', 'to = "home"')], ["stockpile.transfers.loan.to = 'home'\n  must be another owner than from"]),
    ([(LOAN, THANKS + LOAN)],
     ["stockpile.transfers.thanks\n  is part of a circle of lower in 2026-03: ally to home (thanks), "
      "home to ally (loan)"]),
    ([('month = "2026-03"', 'month = "2025-03"')],
     ["stockpile.transfers.loan.month = '2025-03'\n  must not be before the stockpile's start = 2026-01"]),
    ([('month = "2026-03"', 'month = "2028-03"')], ["transfers.loan.month = '2028-03'\n  must not be after"]),
    ([(LOAN, THANKS.replace("lower", "upper") + LOAN)],
     ["stockpile.transfers.thanks.interceptor = 'upper'\n  ally never has any upper: no stock, order or transfer"]),
    # uses
    ([('first = "2026-04"\nmonths', 'first = "2025-04"\nmonths')], ["stockpile.uses.war.first = '2025-04'\n  must"]),
    ([('first = "2026-04"\nmonths', 'first = "2028-04"\nmonths')], ["stockpile.uses.war.first = '2028-04'\n  must"]),
    ([("home = { upper = 40, ", "home = { "), ("per_month = 1", "share = 0.1")],
     ["stockpile.uses.trials.share = 0.1\n  needs a stock at the start: home has no stocks of upper"]),
    ([("rounds = 80", "rounds = 80\nshare = 0.5")], ["needs one of rounds, per_month and share, has rounds and share"]),
    ([('[stockpile.uses.trials]\nowner = "home"', '[stockpile.uses.trials]\nowner = "ally"')],
     ["uses.trials.interceptor = 'upper'\n  ally never has any upper", "hint: stocks.ally.upper = 0 says that"]),
    ([("ally = { lower = 50 }", "ally = { upper = 50 }")],
     ["stockpile.return_to.ally.upper = 50\n  ally has no stock, order or use of upper that could come back"]),
    # sizes
    ([("home = { upper = 40", "home = { upper = 4e30")], ["stocks.home.upper = 4e+30\n  must be at most 1,000,000"]),
    ([("storage_years = 20", "storage_years = 1000")], ["must be at most 100 years\n  hint: leave it out for"]),
    ([("over_months = 20", "over_months = 1e6")], ["orders.home-upper.over_months = 1e+06\n  must be at most 1,200"]),
    ([("rounds = 84", "rounds = 1e6"), ("times = 2", "times = 1200"),
      ("rounds = 36", "rounds = 1e6\ntimes = 1200")],
     ["stockpile.interceptors.lower = 2.4e+09 rounds\n  stocks and orders together must be at most 2,000,000,000"]),
    # campaigns
    ([('until = "2026-09"', 'until = "2028-09"')], ["campaigns.nights.until = '2028-09'\n  must not be after"]),
    ([('until = "2026-09"', 'until = "2026-03"')], ["nights.until = '2026-03'\n  must not be before first = 2026-04"]),
    ([("[campaigns.nights.against.drone]\nothers = 0.75", "")],
     ["campaigns.nights.process.classes.drone\n  nothing says what meets it: against.drone is missing",
      "hint: an empty table, against.drone = {}, says that all of them come through"]),
    ([('interceptor = "lower", covered', 'interceptor = "upper", covered')],
     ["tiers[0].interceptor = 'upper'\n  ally never has any upper"]),
    ([("ally = { lower = 60 }", ""), ("covered = 0.8", "covered = 0.8, fires_above = 0.2")],
     ["tiers[0].fires_above = 0.2\n  is a share of the stock at the start, and ally has no stocks of lower"]),
    ([("process.classes]", "process]\nmassed_gap_days = 9\nmassed_crowding = { value = 3, high = 8 }\n"
       "[campaigns.nights.process.classes]")],
     ["nights.process.massed_crowding = 8\n  must be below massed_gap_days - 1 = 8, over their ranges too"]),
    ([("times = 2", "times = 1200"), (LOAN, "".join(OTHER.replace("other", f"o{i}").replace(
         "lead_months = 6", "lead_months = 6\ntimes = 1200") for i in range(9)) + LOAN)],
     ["stockpile.orders = 12,002 with their repeats\n  must be at most 10,000"]),
    ([("per_day = 2 ", "per_day = 1e9 ")], ["process.classes.drone.per_day = 1e+09\n  must be at most 100,000"]),
    ([(NIGHTS, f'{NIGHTS}"\nfight = "raid')], ["campaigns.nights = {...}\n  fight 'raid' needs template"]),
    ([(NIGHTS, f'{NIGHTS}"\nfight = "raid"\ntemplate = "nite')],
     ["campaigns.nights.template = 'nite'\n  must name a raid of this scenario\n  hint: it has no raids",
      "campaigns.nights.fight = 'raid'\n  needs layers"]),
    ([(NIGHTS, f'{NIGHTS}"\ndoctrine = [{{ interceptor = "lower", below = 0.5, set = {{ "layers.x" = 1 }} }}]\n#')],
     ['campaigns.nights.doctrine = [...]\n  has no effect with fight = "rates"']),
]



@pytest.mark.parametrize(("changes", "expected"), CASES, ids=[words[0][:70] for _, words in CASES])
def test_each_problem_is_named(changes, expected):
    found = "\n".join(map(str, problems_of(broken(*changes))))
    for words in expected:
        assert words in found


@pytest.mark.parametrize(("days", "expected"), [
    (["2026-04-01", "2026-02-30"], 'campaigns.nights.raids[1].day = "2026-02-30"\n  is not a day of the calendar'),
    (["2026-4-1"], 'raids[0].day = "2026-4-1"\n  must be a day in quotes, for example "2026-02-28"'),
    (["2026-04-01", "2026-04-01"], "raids[1].day = '2026-04-01'\n  is the day of the raid before: one raid a day"),
    (["2026-04-02", "2026-04-01"], "raids[1].day = '2026-04-01'\n  must come after the raid before, of 2026-04-02"),
    (["2026-03-31"], "raids[0].day = '2026-03-31'\n  must lie within the campaign's months, 2026-04 to 2026-09"),
    (["2026-09-30", "2026-10-01"], "raids[1].day = '2026-10-01'\n  must lie within the campaign's months"),
])
def test_days_of_raids(days, expected):
    found = problems_of(broken(raids(*days)))
    assert [str(problem) for problem in found if expected in str(problem)]
    assert len(found) == 1


def test_counted_raids_in_order_are_fine():
    assert problems_of(broken(raids("2026-04-01", "2026-04-03", "2026-09-30"))) == []
    assert "raids[0].launched.glide\n  nothing says what meets it" in str(
        problems_of(broken(raids("2026-04-01", launched="{ ballistic = 1, glide = 2 }")))[0])


@pytest.mark.parametrize(("changes", "expected"), [
    ([('type = "patriot-pac3-mse", ', "")],
     ["campaigns.nights.fight = 'surface'\n  needs a layer that fires from a stock: no interceptor of the stockpile "
      "has one of these as its type: patriot-pac3-mse"]),
    ([('type = "patriot-pac3-mse", ', ""), ('type = "thaad"', 'type = "patriot-pac3-mse"')],
     ["layers.lower.interceptor = 'upper'\n  ally never has any upper: no stock, order or transfer"]),
    ([('"layers.lower.salvo" = 2', '"layers.lower.interceptor" = "thaad"')],
     ["doctrine[0].set: layers.lower.interceptor\n  must leave the interceptors of the layers as they are"]),
    ([('type = "thaad"', 'type = "patriot-pac3-mse"')],
     ["layers.lower.interceptor = 'patriot-pac3-mse'\n  is the type of more than one interceptor", ": upper, lower"]),
    ([('template = "night"', 'template = "nigt"')],
     ["campaigns.nights.template = 'nigt'\n  must name a raid of this scenario\n  hint: did you mean night?",
      "raids.night\n  would not be run: it is no campaign's template"]),
    ([("drone = { per_day = 2 }", "drone = { per_day = 2 }\nglide = { per_day = 1 }")],
     ["nights.process.classes.glide\n  raid 'night' has no glide threats to fly, and against.glide is missing"]),
    ([("below = 0.5", "below = 0.2")], ["doctrine[1].below = 0.25\n  must be below 0.2, that of the step before"]),
    ([("below = 0.5", "below = 0.25")], ["doctrine[1].below = 0.25\n  must be below 0.25, that of the step before"]),
    ([('"layers.lower.salvo" = 2', '"layers.lowr.salvo" = 2')],
     ["campaigns.nights.doctrine[0].set: layers.lowr.salvo = 2\n  there is no 'lowr' in the scenario"]),
    ([('"layers.lower.salvo" = 2', '"layers.lower.salvoo" = 2')],
     ["campaigns.nights.doctrine[0].set: layers.lower.salvoo = 2\n  unknown key\n  hint: did you mean salvo"]),
    ([('"layers.lower.salvo" = 2', '"layers.lower.salvo" = 0')],
     ["campaigns.nights.doctrine[0].set: layers.lower.salvo = 0\n  must be at least 1"]),
    ([('"layers.lower.salvo" = 2', '"lines.lower-line.per_year" = 9')],
     ["doctrine[0].set: lines.lower-line.per_year\n  must change the defence: layers, sensors"]),
    ([('doctrine = [{ interceptor = "lower"', 'doctrine = [{ interceptor = "uper"')],
     ["doctrine[0].interceptor = 'uper'\n  must name an interceptor of this stockpile"]),
    ([('doctrine = [{ interceptor = "lower"', 'doctrine = [{ interceptor = "upper"')],
     ["doctrine[0].interceptor = 'upper'\n  must have a stock at the start"]),
    ([('[campaigns.nights]\n', '[campaigns.more]\nowner = "home"\nfight = "raid"\ntemplate = "night"\n'
       "raids = [{ day = '2026-05-01', launched = { drone = 1 } }]\n[campaigns.nights]\n")],
     ["campaigns.nights.owner = 'ally'\n  must be 'home', as in campaigns.more: the scenario's layers"]),
    ([(PROCESS, "surface = { largest = { drone = 5 } }\n" + raids("2026-05-01", launched="{ drone = 6 }")[1])],
     ["raids[0].launched.drone = 6\n  is more than the surface is fitted for: surface.largest.drone = 5"]),
])
def test_simulated_fights(changes, expected):
    found = "\n".join(map(str, problems_of(defended(*changes))))
    for words in expected:
        assert words in found


def test_the_unbroken_ones_have_no_problems():
    assert problems_of_all(TEXT) == []
    assert problems_of_all(defended()) == []


def test_raids_beside_a_stockpile_need_a_campaign():
    text = TEXT + RAID_TEXT[RAID_TEXT.index("[places]"):]
    assert [p.where for p in problems_of(text)] == ["raids.night"]


def test_campaigns_need_a_stockpile():
    text = RAID_TEXT + TEXT[TEXT.index("[campaigns.nights]"):TEXT.index("[variants")]
    assert [str(p) for p in problems_of(text)] == ["campaigns.nights\n  needs a stockpile whose rounds it uses"]


MANY = [
    ('start = "2026-01"', "start = 2026-01-01"),  # not a month
    ('upper = { type = "thaad" }', 'upper = { type = "thad" }'),  # not in the catalogue
    ("per_year = 168", 'per_year = "168"'),  # a component that cannot be read
    ('owner = "home"\ninterceptor = "lower"\nper_year = 120', 'owner = "hme"\ninterceptor = "lower"'),  # no rate
    (UPPER_RAMP, 'ramp = "linear"'),  # incomplete
    ("components = { seeker = 2 }", "components = { seker = 2 }"),
    ('due_from = "2026-07"', 'due_from = "2025-07"'),  # before the contract
    ('line = "lower-line"', 'line = "upper-line"'),  # of an order that cannot be read
    ('to = "ally"', 'to = "home"'),
    ('month = "2026-03"', "month = 3"),
    ("per_month = 1", "per_month = 1\nrounds = 3"),
    ("p_kill = { value = 0.8, low = 0.6", "p_kill = { value = 0.8, low = 0.9"),
    ('"components.seeker.per_year" = 216', '"components.seker.per_year" = 216'),
]


def test_all_problems_come_at_once(tmp_path, capsys):
    """One slip does not hide the others, and makes no false ones."""
    file = tmp_path / "bad.toml"
    file.write_text(broken(*MANY))
    assert cli.main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    starts = [line.removeprefix(f"{file}: ") for line in out.splitlines() if not line.startswith(" ")]
    assert starts == [
        "stockpile.start = 2026-01-01", 'stockpile.components.seeker.per_year = "168"',
        "stockpile.lines.lower-line.per_year", "stockpile.lines.upper-line = {...}",
        "stockpile.orders.ally-lower = {...}", "stockpile.transfers.loan.month = 3",
        "stockpile.uses.trials = {...}", "campaigns.nights.against.ballistic.tiers[0].p_kill = {...}",
        "stockpile.lines.upper-line.components.seker = 'seker'", "stockpile.lines.lower-line.owner = 'hme'",
        "stockpile.orders.ally-lower.line = 'upper-line'", "stockpile.transfers.loan.to = 'home'",
        "stockpile.interceptors.upper.type = 'thad'", "variants.faster-seekers: components.seker.per_year = 216",
        "14 problems",
    ]
    assert err == ""


@pytest.mark.parametrize(("old", "new"), [
    ('start = "2026-01"\nuntil = "2027-12"', ""), ('until = "2027-12"', 'until = "2025-12"'), ("per_year = 120", ""),
    ("per_year = 168", ""), ('contract = "2025-12"', ""), ('owner = "ally"\nfirst', "first"), ("rounds = 20", ""),
    ('month = "2026-03"', ""), ("[stockpile.owners]", "[stockpile.owner]"), ('"lower", covered', '"lower", cover'),
    ('may_supply = ["home", "ally"]', 'may_supply = ["home", 3]'), ("home = { upper = 40, lower = 200 }", "home = 4"),
    (PROCESS, ""), ("ballistic = { per_day = 0.2, dispersion = 1 }", "ballistic = {}"), (UPPER_RAMP, 'ramp = "step"'),
    ("[stockpile.components.seeker]\nper_year = 168", "[stockpile.components]\nseeker = 168"),
])
def test_what_stands_in_makes_no_false_problems(old, new):
    """Of one slip, one line or two are said, all about that place."""
    found = problems_of(broken((old, new)))
    assert 1 <= len(found) <= 2, found
    with pytest.raises(ScenarioError) as error:
        reader.parse(broken((old, new)))
    assert list(error.value.problems) == found


def test_variants_are_checked_too():
    text = broken(('"components.seeker.per_year" = 216', '"components.seeker.per_year" = 0'))
    found = problems_of_all(text)
    assert [p.where for p in found] == [f"variants.faster-seekers: stockpile.lines.{name}.components.seeker"
                                        for name in ("lower-line", "upper-line")]


@pytest.mark.parametrize("command", ["check", "run", "show"])
def test_months_without_quotes_are_said_to_need_them(tmp_path, capsys, command):
    file = tmp_path / "bad.toml"
    file.write_text(broken(('start = "2026-01"', "start = 2026-01")))
    assert cli.main([command, str(file)]) == 2
    assert 'hint: a month stands in quotes: "2026-01"' in "".join(capsys.readouterr())
