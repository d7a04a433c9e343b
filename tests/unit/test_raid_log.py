"""Raid logs: invented rows with the mess of real ones. What is used, what is not and why, and that it adds up."""

import tomllib
from datetime import UTC, datetime

import pytest

from opendome.errors import InputError
from opendome.scenario.raid_cells import Unreadable, read_count, read_time
from opendome.scenario.raid_file import COLUMN_NAMES, NEEDED
from opendome.scenario.raid_log import import_raid_log, summary_lines, to_scenario_raids, to_toml, totals
from opendome.scenario.raid_types import CLASSES, TypeTable

HEADER = "time_start,time_end,model,launched,destroyed\n"
NIGHT = (
    HEADER
    + "2031-03-01 19:00,2031-03-02 06:30,Shahed-136/131,40.0,31.0\n"
    + "2031-03-02 02:10,2031-03-02 03:00,X-101/X-555,6,5\n"
    + "2031-03-02 02:30,2031-03-02 02:40,Iskander-M and Kalibr,4,1\n"
    + "2031-03-02,2031-03-02,Orlan-10,1,1\n"
    + "2031-03-03 20:00,2031-03-04 05:00,Shahed-136/131,12,\n"
)


@pytest.fixture
def log_of(tmp_path):
    """`log_of(text)`: the log of a file that holds `text`."""

    def make(text, **settings):
        path = tmp_path / "log.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_raid_log(path, **settings)

    return make


def reasons(remarks):
    return [(remark.row, remark.reason) for remark in remarks]


def test_a_small_log_by_hand(log_of):
    log = log_of(NIGHT)
    assert (log.rows_read, log.rows_used, len(log.unused)) == (5, 5, 0)
    assert [raid.name for raid in log.raids] == ["2031-03-01-1900", "2031-03-02-day", "2031-03-03-2000"]
    night = log.raids[0]
    assert night.start == datetime(2031, 3, 1, 19, tzinfo=UTC)
    assert night.end == datetime(2031, 3, 2, 6, 30, tzinfo=UTC)
    assert [(row.row, row.threat_class, row.launched, row.destroyed, row.is_ambiguous) for row in night.rows] == [
        (2, "drone", 40, 31, False),
        (3, "cruise", 6, 5, False),
        (4, "ballistic", 4, 1, True),
    ]
    assert reasons(log.flagged) == [
        (4, "several classes, counted as the fastest"),
        (5, "date without time"),
        (6, "destroyed not given"),
    ]
    assert [tuple(entry.values()) for entry in totals(log, by="month")] == [
        ("2031-03", "ballistic", 1, 4, 1, 0),
        ("2031-03", "cruise", 1, 6, 5, 0),
        ("2031-03", "drone", 2, 52, 31, 12),
        ("2031-03", "reconnaissance", 1, 1, 1, 0),
    ]
    assert list(totals(log)[0]) == ["period", "threat_class", "rows", "launched", "destroyed", "outcome_unknown"]
    assert [entry["period"] for entry in totals(log)] == ["2031"] * 4


COLUMNS = (
    'columns: start = "time_start", end = "time_end", type = "model", '
    'launched = "launched", destroyed = "destroyed"'
)


def test_the_summary_says_it_all(log_of):
    assert summary_lines(log_of(NIGHT + "soon,,Kalibr,1,1\n")) == [
        "log.csv: 6 rows read, 5 used, 1 not used",
        COLUMNS,
        "not used: 1 x time not readable",
        "used, but odd: 1 x date without time",
        "used, but odd: 1 x destroyed not given",
        "used, but odd: 1 x several classes, counted as the fastest",
        "3 raids from 2031-03-01 19:00 to 2031-03-04 05:00 UTC",
        "ballistic: 4 launched, 1 destroyed",
        "cruise: 6 launched, 5 destroyed",
        "drone: 52 launched, 31 destroyed, outcome of 12 not known",
        "reconnaissance: 1 launched, 1 destroyed (counted, not flown)",
    ]
    assert summary_lines(log_of(HEADER)) == [
        "log.csv: 0 rows read, 0 used, 0 not used",
        COLUMNS,
        "no raids found",
    ]


UNUSED = [
    (",,Kalibr,1,1", "time not given"),
    ("yesterday,,Kalibr,1,1", "time not readable"),
    ("2031-02-30,,Kalibr,1,1", "time not readable"),
    ("2031-02-03 25:00,,Kalibr,1,1", "time not readable"),
    ("03/04/2031,,Kalibr,1,1", "date ambiguous"),
    ("03.04.31,,Kalibr,1,1", "date ambiguous"),
    ("2031-03-01,,,1,1", "type not given"),
    ("2031-03-01,,Unknown Missile,1,1", "type of no known class"),
    ("2031-03-01,,Kalibr and Thunderbolt,1,1", "type of no known class"),
    ("2031-03-01,,Kalibr,,1", "launched not given"),
    ("2031-03-01,,Kalibr,unknown,1", "launched not given"),
    ("2031-03-01,,Kalibr,~15,1", "launched not one whole number"),
    ("2031-03-01,,Kalibr,12+,1", "launched not one whole number"),
    ("2031-03-01,,Kalibr,10-12,1", "launched not one whole number"),
    ('2031-03-01,,Kalibr,"[3, 4]",1', "launched not one whole number"),
    ("2031-03-01,,Kalibr,2.5,1", "launched not one whole number"),
    ("2031-03-01,,Kalibr,-2,1", "launched not one whole number"),
    ("2031-03-01,,Kalibr,20310301,1", "launched too large"),
    ("2031-03-01,,Kalibr,1,1,0", "wrong number of cells"),
    ("2031-03-01,,Kalibr", "wrong number of cells"),
    (",,,,", "blank row"),
    ("", "blank row"),
    (HEADER.strip(), "header again"),
]


@pytest.mark.parametrize(("line", "reason"), UNUSED)
def test_a_row_that_cannot_be_used_is_listed(log_of, line, reason):
    log = log_of(HEADER + line + "\n2031-03-01,,Kalibr,2,1\n")
    assert reasons(log.unused) == [(2, reason)]
    assert log.unused[0].text == line.replace('"', "").replace(",", " | ").replace("3 |  4", "3, 4").rstrip(" |")
    assert log.unused[0].why
    assert (log.rows_read, log.rows_used) == (2, 1)


FLAGGED = [
    ("2031-03-01 10:00,2031-03-01 09:00,Kalibr,2,1", "end before start", (2, 1)),
    ("2031-03-01 10:00,morning,Kalibr,2,1", "end not readable", (2, 1)),
    ("2031-03-01 10:00,,Kalibr,2,3", "more destroyed than launched", (2, 3)),
    ("2031-03-01 10:00,,Kalibr,0,0", "nothing launched", (0, 0)),
    ("2031-03-01 10:00,,Kalibr,2,", "destroyed not given", (2, None)),
    ("2031-03-01 10:00,,Kalibr,2,most", "destroyed not one whole number", (2, None)),
    ("2031-03-01 10:00,,Kalibr and X-59/X-69,2,1", "several models, one class", (2, 1)),
    ("2031-03-01 10:00,,Kalibr/KN-23,2,1", "several classes, counted as the fastest", (2, 1)),
    ("2031-03-01,2031-03-01 10:00,Kalibr,2,1", "date without time", (2, 1)),
]


@pytest.mark.parametrize(("line", "reason", "counts"), FLAGGED)
def test_an_odd_row_is_used_and_flagged(log_of, line, reason, counts):
    log = log_of(HEADER + line + "\n")
    assert reasons(log.flagged) == [(2, reason)]
    row = log.raids[0].rows[0]
    assert (row.launched, row.destroyed) == counts
    assert row.end >= row.start


def test_a_repeated_row_is_counted_and_flagged(log_of):
    log = log_of(HEADER + "2031-03-01 10:00,,Kalibr,2,1\n" * 2)
    assert reasons(log.flagged) == [(3, "same as another row")]
    assert totals(log)[0]["launched"] == 4


def test_a_bad_end_leaves_the_start(log_of):
    row = log_of(HEADER + "2031-03-01 10:00,2031-03-01 09:00,Kalibr,2,1\n").raids[0].rows[0]
    assert row.start == row.end == datetime(2031, 3, 1, 10, tzinfo=UTC)


def test_rows_belong_to_one_raid_until_the_gap(log_of):
    text = HEADER + "2031-03-01 10:00,2031-03-01 11:00,Kalibr,2,1\n2031-03-01 17:00,,Kalibr,2,1\n"
    assert len(log_of(text).raids) == 1  # 17:00 is 6 h after 11:00
    assert len(log_of(text, raid_gap_h=5.9).raids) == 2


def test_raids_of_one_minute_have_their_own_names(log_of):
    text = HEADER + "2031-03-01 10:00:00,,Kalibr,2,1\n2031-03-01 10:00:30,,Kalibr,2,1\n"
    assert [raid.name for raid in log_of(text, raid_gap_h=0).raids] == ["2031-03-01-1000", "2031-03-01-100030"]


def test_the_longest_end_counts_for_the_gap(log_of):
    text = HEADER + (
        "2031-03-01 18:00,2031-03-02 08:00,drone,2,1\n"
        "2031-03-01 19:00,2031-03-01 19:30,Kalibr,2,1\n"
        "2031-03-02 06:00,,Kalibr,2,1\n"
    )
    assert len(log_of(text).raids) == 1


def test_dates_alone_make_a_raid_a_day(log_of):
    log = log_of("date;type;fired;intercepted\n01.03.2031;drone;2;1\n02.03.2031;drone;3;1\n02.03.2031;ballistic;1;0\n")
    assert [(raid.name, len(raid.rows)) for raid in log.raids] == [("2031-03-01-day", 1), ("2031-03-02-day", 2)]
    assert log.raids[0].end == datetime(2031, 3, 2, tzinfo=UTC)


def test_times_are_read_in_the_zone_and_given_in_utc(log_of):
    text = HEADER + "2031-01-01 01:30,2031-01-01 02:30,Kalibr,2,1\n2031-01-01T03:00Z,,Kalibr,2,1\n"
    log = log_of(text, zone="Europe/Kyiv")
    assert log.raids[0].start == datetime(2030, 12, 31, 23, 30, tzinfo=UTC)
    assert log.raids[0].end == datetime(2031, 1, 1, 3, tzinfo=UTC)
    assert [entry["period"] for entry in totals(log)] == ["2031"]  # the day is the logged one
    (raid,) = to_scenario_raids(log, **PLAN)["raids"].items()
    assert (raid[0], raid[1]["start"]) == ("2030-12-31-2330", "2030-12-31T23:30:00Z")


def test_a_night_with_a_clock_change_has_its_true_length(log_of):
    # Clocks in Kyiv go forward from 03:00 to 04:00 on 30 March 2025: 22:00 to 06:00 is seven hours.
    raid = log_of(HEADER + "2025-03-29 22:00,2025-03-30 06:00,drone,2,1\n", zone="Europe/Kyiv").raids[0]
    assert (raid.end - raid.start).total_seconds() == 7 * 3600


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_delimiters_and_byte_order_mark(log_of, delimiter, bom):
    text = delimiter.join(["Start", "Weapon", "Fired", "Shot down", "Note"]) + "\r\n"
    text += delimiter.join(["2031-03-01 10:00", "Калібр", "3", "2", '"a ""b""\nc"']) + "\r\n"
    log = log_of(bom + text.encode())
    assert (log.raids[0].rows[0].threat_class, log.raids[0].rows[0].destroyed) == ("cruise", 2)
    assert log.columns == {"start": "Start", "type": "Weapon", "launched": "Fired", "destroyed": "Shot down"}


def test_date_and_time_in_columns_of_their_own(log_of):
    log = log_of("Date,Time,Type,Number,Intercepted\n2031-03-01,9:30,drone,3,2\n2031-03-01,,drone,3,2\n")
    assert log.raids[1].start == datetime(2031, 3, 1, 9, 30, tzinfo=UTC)
    assert log.raids[0].name == "2031-03-01-day"


def test_empty_cells_beyond_the_last_column_do_no_harm(log_of):
    assert log_of(HEADER + "2031-03-01 10:00,,Kalibr,2,1,,\n").rows_used == 1


def test_columns_can_be_named(log_of):
    text = "wann,was,viele,weg\n2031-03-01,Kalibr,2,1\n"
    names = {"start": "wann", "type": "was", "launched": "viele", "destroyed": "weg"}
    assert log_of(text, columns=names).rows_used == 1
    with pytest.raises(InputError) as caught:
        log_of(text)
    assert str(caught.value) == (
        "log.csv: no column for start, type, launched, destroyed\n"
        '  columns found: "wann", "was", "viele", "weg"\n'
        '  hint: name the file\'s own columns, for instance start="wann"; the first row must hold the column names'
    )
    with pytest.raises(InputError, match=r"no column 'wan' for start\n.*\n  hint: did you mean wann"):
        log_of(text, columns={"start": "wan"})
    with pytest.raises(InputError, match="can be set: start, end, clock, type"):
        log_of(text, columns={"begin": "wann"})


def test_types_can_be_named(log_of):
    text = HEADER + "2031-03-01,,Unknown Missile,2,1\n2031-03-01,,Orlan-10,2,1\n2031-03-01,,Blitz and Kalibr,2,1\n"
    log = log_of(text, types={"unknown missile": "cruise", "Orlan-10": "drone", "Blitz": "ballistic"})
    assert [row.threat_class for row in log.raids[0].rows] == ["cruise", "drone", "ballistic"]
    with pytest.raises(InputError, match=r"must be one of ballistic, cruise, drone, bomb, reconnaissance\n.*cruise"):
        log_of(text, types={"X": "cruiser"})
    with pytest.raises(InputError, match="is no name"):
        log_of(text, types={"*": "cruise"})


NO_TABLE = [
    (b"PK\x03\x04rest", "is a spreadsheet or zip archive, not a CSV file"),
    (b"\x1f\x8b\x08", "is compressed by gzip, not a CSV file"),
    (b"a\0b", "is binary, not a CSV file"),
    ("a,b".encode("utf-16"), "is UTF-16\n  raid logs are read as UTF-8\n  hint: convert it first: iconv -f UTF-16"),
    (HEADER.encode() + "2031-03-01,,Калибр,1,1".encode("cp1251"), "holds byte 0xca, no UTF-8"),
    (b"", "is empty"),
    (b"\xef\xbb\xbf\n", "is empty"),
    (b"Dear reader\nthis is a letter\n", 'columns found: "Dear reader"'),
    (HEADER.encode() + b'2031-03-01,,"Kalibr,1,1\n2031-03-01,,Kalibr,1,1\n', "quotes must be closed"),
]


@pytest.mark.parametrize(("content", "message"), NO_TABLE)
def test_a_file_that_is_no_table_is_refused(log_of, content, message):
    with pytest.raises(InputError) as caught:
        log_of(content)
    assert message in str(caught.value)


def test_other_wrong_input_is_refused(log_of, tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        import_raid_log(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        import_raid_log(tmp_path)
    with pytest.raises(InputError, match="raid_gap_h = -1"):
        log_of(NIGHT, raid_gap_h=-1)
    with pytest.raises(InputError, match="zone = 'Mars'"):
        log_of(NIGHT, zone="Mars")
    with pytest.raises(InputError, match="must be year or month"):
        totals(log_of(NIGHT), by="week")


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), (" 12.0 ", 12), ("12,00", 12), ("1 234", 1234), ("1\u00a0234", 1234), ("1,234", 1234), ("0", 0)],
)
def test_counts(text, count):
    assert read_count(text, "launched") == count


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2031-03-04", "2031-03-04T00:00:00+00:00"),
        ("2031/3/4 9:05", "2031-03-04T09:05:00+00:00"),
        ("2031-03-04T09:05:07.5Z", "2031-03-04T09:05:07+00:00"),
        ("2031-03-04 09:05+0330", "2031-03-04T09:05:00+03:30"),
        ("2031-03-04 09:05 -03", "2031-03-04T09:05:00-03:00"),
        ("04.03.2031", "2031-03-04T00:00:00+00:00"),
        ("13/04/2031 \u00a009:05", "2031-04-13T09:05:00+00:00"),
        ("04/13/2031", "2031-04-13T00:00:00+00:00"),
        ("05/05/2031", "2031-05-05T00:00:00+00:00"),
    ],
)
def test_times(text, iso):
    found = read_time(text, UTC)
    assert found.at.isoformat() == iso
    assert found.has_clock == (":" in text)


@pytest.mark.parametrize("text", ["2031-03-04 9 pm", "2031-03-04x", "1931974800", "2031-03", "0031-03-04"])
def test_no_times(text):
    with pytest.raises(Unreadable):
        read_time(text, UTC)


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Kh-101", "cruise"), ("X101", "cruise"), ("Х-101/Х-555", "cruise"), ("х 59", "cruise"), ("X-31PD", "cruise"),
        ("Kh-47M2", "ballistic"), ("Кинжал", "ballistic"), ("Кинджал", "ballistic"), ("3M22 Zircon", "ballistic"),
        ("С-300", "ballistic"), ("C-300/C-400", "ballistic"), ("S300", "ballistic"), ("KN-23", "ballistic"),
        ("Iskander", "ballistic"), ("Iskander-M", "ballistic"), ("Iskander-K", "cruise"), ("Искандер-К", "cruise"),
        ("Ballistic missiles", "ballistic"), ("cruise missile", "cruise"), ("X-101 cruise missile", "cruise"),
        ("Kh-22", "cruise"), ("Shahed-136/131", "drone"), ("Герань-2", "drone"), ("БпЛА", "drone"), ("UAVs", "drone"),
        ("Lancet", "drone"), ("Молнія", "drone"), ("Orlan-10 UAV", "reconnaissance"), ("GBU", "bomb"),
        ("Reconnaissance UAV", "reconnaissance"), ("Калибр та Искандер-М", "ballistic cruise"),
        ("Shahed & Orlan-10", "drone reconnaissance"), ("Orion and Shahed-136, Kalibr", "cruise drone reconnaissance"),
    ],
)
def test_names_of_weapons(text, classes):
    assert TypeTable().classify(text).classes == tuple(classes.split())


@pytest.mark.parametrize("text", ["X-1010", "Kalibration", "missile", "XS-300", "Emadi", "Thunderbolt", "3M221"])
def test_a_name_must_stand_whole(text):
    assert TypeTable().classify(text) == text


PLAN = {
    "threat_for": {"ballistic": "srbm", "cruise": "subsonic", "drone": "slow", "X-101/X-555": "long-range"},
    "from_places": {"north": 1.0},
    "at_areas": {"city": 0.75, "port": 0.25},
}


def test_a_scenario_by_hand(log_of):
    data = to_scenario_raids(log_of(NIGHT), **PLAN, source="someone2031")
    assert list(data["raids"]) == ["2031-03-01-1900", "2031-03-03-2000"]  # nothing flies on "2031-03-02-day"
    way = {"from": {"north": 1.0}, "at": {"city": 0.75, "port": 0.25}}
    assert data["raids"]["2031-03-01-1900"] == {
        "start": "2031-03-01T19:00:00Z",
        "note": "Rows 2, 3, 4 of log.csv. Starts are spread evenly over the time logged.",
        "waves": [
            {"threat": "slow", "count": 40, **way, "start_min": 0.0, "spread_min": 690.0},
            {"threat": "long-range", "count": 6, **way, "start_min": 430.0, "spread_min": 50.0},
            {"threat": "srbm", "count": 4, **way, "start_min": 450.0, "spread_min": 10.0},
        ],
    }
    common = {"raids": ["2031-03-01-1900"], "used_for": "test", "source": "someone2031"}
    assert data["observations"] == [
        {**common, "threat_class": "ballistic", "launched": 4, "destroyed": 1,
         "note": "Some rows join models of several classes and count for the fastest."},
        {**common, "threat_class": "cruise", "launched": 6, "destroyed": 5},
        {**common, "threat_class": "drone", "launched": 40, "destroyed": 31},
    ]  # the outcome of the last raid is not known: no observation


def test_rows_of_one_span_make_one_wave(log_of):
    rows = "2031-03-01 10:00,2031-03-01 11:00,Kalibr,2,1\n2031-03-01 10:00,2031-03-01 11:00,X-59,3,\n"
    data = to_scenario_raids(log_of(HEADER + rows), **PLAN)
    (raid,) = data["raids"].values()
    assert [(wave["threat"], wave["count"]) for wave in raid["waves"]] == [("subsonic", 5)]
    (seen,) = data["observations"]
    assert (seen["launched"], seen["destroyed"], seen["note"]) == (2, 1, "The outcome of 3 more is not known.")


def test_an_observation_that_cannot_be_is_left_out_and_said(log_of):
    rows = "2031-03-01 10:00,,Kalibr,2,3\n2031-03-01 10:00,,KN-23,1,\n2031-03-01 10:00,,drone,9,0\n"
    data = to_scenario_raids(log_of(HEADER + rows), **PLAN)
    assert [seen["threat_class"] for seen in data["observations"]] == ["drone"]
    assert data["raids"]["2031-03-01-1000"]["note"].endswith(
        "No observation of ballistic: the outcome is not known. "
        "No observation of cruise: 3 logged as destroyed of 2 launched."
    )


def test_one_impossible_row_among_others_is_said(log_of):
    rows = "2031-03-01 10:00,,Kalibr,2,3\n2031-03-01 10:00,,X-59,4,1\n"
    (seen,) = to_scenario_raids(log_of(HEADER + rows), **PLAN)["observations"]
    assert (seen["launched"], seen["destroyed"]) == (6, 4)
    assert seen["note"] == "Some rows have more destroyed than launched."


def test_the_text_of_a_scenario_reads_back(log_of):
    log = log_of(NIGHT)
    assert tomllib.loads(to_toml(log, **PLAN)) == to_scenario_raids(log, **PLAN)


def test_every_flown_class_needs_a_threat(log_of):
    with pytest.raises(InputError, match="threat_for: nothing for ballistic, drone\n"):
        to_scenario_raids(log_of(NIGHT), **PLAN | {"threat_for": {"X-101/X-555": "long-range"}})


def test_classes_are_those_of_the_type_table():
    assert set(CLASSES) == {"ballistic", "cruise", "drone", "bomb", "reconnaissance"}
    assert set(NEEDED) < set(COLUMN_NAMES)
