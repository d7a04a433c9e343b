"""Element sets of real satellites: every format gives the same, every fault is named with its line."""

import json
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sgp4.alpha5 import to_alpha5
from sgp4.api import Satrec
from sgp4.exporter import export_omm
from sgp4.io import fix_checksum

from opendome.errors import InputError, OpenDomeError, ScenarioError
from opendome.orbits import ElementAgeWarning, parse_elements, read_elements

ISS = ("1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
       "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537")
MOLNIYA = ("1 08195U 75081A   06176.33215444  .00000099  00000-0  11873-3 0   813",
           "2 08195  64.1586 279.0717 6877146 264.7651  20.2257  2.00491383225656")
THREE_LINES = "\n".join(["ISS (ZARYA)", *ISS, "0 MOLNIYA 2-14", *MOLNIYA]) + "\n"
FALLING = ("1 88888U 70000A   06176.33215444  .00000099  00000-0  99999+0 0    18",
           "2 88888  51.6416 247.4627 0006703 130.5360 325.0288 16.30000000 1234")
"""A made-up satellite in a low orbit with a great deal of drag."""


def omm():
    return [{key: str(value) for key, value in export_omm(Satrec.twoline2rv(*lines), name).items()}
            for name, lines in (("ISS (ZARYA)", ISS), ("MOLNIYA 2-14", MOLNIYA))]


def as_json(entries):
    return json.dumps(entries)


def as_csv(entries):
    return "\n".join([",".join(entries[0]), *(",".join(entry.values()) for entry in entries)])


def as_kvn(entries):
    return "\n\n".join("\n".join(["CCSDS_OMM_VERS = 2.0", "COMMENT made for a test", "ORIGINATOR = X",
                                  *(f"{key} = {value}" for key, value in entry.items())]) for entry in entries)


def as_xml(entries):
    def tags(entry, keys):
        return "".join(f"<{key}>{entry[key]}</{key}>" for key in keys if key in entry)

    segments = []
    for entry in entries:
        keys = list(entry)
        cut = keys.index("EPOCH"), keys.index("EPHEMERIS_TYPE")
        segments.append(f"<omm><body><segment><metadata>{tags(entry, keys[:cut[0]])}</metadata><data><meanElements>"
                        f"{tags(entry, keys[cut[0]:cut[1]])}</meanElements><tleParameters>{tags(entry, keys[cut[1]:])}"
                        "</tleParameters></data></segment></body></omm>")
    return f"<ndm>{''.join(segments)}</ndm>"


def near(sets):
    """The ISS alone, at its own epoch."""
    return sets.keep(np.array([True, False])).at(datetime(2008, 9, 20, 12, tzinfo=UTC))


def faults(text):
    with pytest.raises(ScenarioError) as caught:
        parse_elements(text, "file")
    return str(caught.value)


@pytest.mark.parametrize("form", [as_json, as_csv, as_kvn, as_xml])
def test_every_form_of_omm_says_what_the_lines_say(form):
    lines, messages = parse_elements(THREE_LINES), parse_elements(form(omm()))
    assert messages.names == lines.names == ("ISS (ZARYA)", "MOLNIYA 2-14")
    assert messages.norad.tolist() == [25544, 8195]
    assert abs(messages.epochs[0] - lines.epochs[0]) < timedelta(milliseconds=1)
    t = np.arange(0.0, 7200.0, 600.0)
    # The epoch goes through whole microseconds: 7.7 km/s times 1e-6 s.
    assert near(messages).states_teme(t) == pytest.approx(near(lines).states_teme(t), abs=0.02)


def test_two_lines_alone_are_named_by_number(tmp_path):
    path = tmp_path / "iss.tle"
    path.write_text("\n".join(ISS))
    sets = read_elements(path)
    assert sets.names == ("25544",)
    assert len(sets) == 1
    assert sets.epoch.strftime("%Y-%m-%d %H:%M:%S") == "2008-09-20 12:25:40"
    assert sets.period_s[0] == pytest.approx(86400.0 / 15.72125391)


def test_alpha_5_numbers():
    first, second = (fix_checksum(line[:2] + to_alpha5(339999) + line[7:68]) for line in ISS)
    assert first.startswith("1 Z9999U")
    sets = parse_elements(f"{first}\n{second}")
    assert sets.norad.tolist() == [339999]


def test_turned_to_ecef_it_stays_as_far_from_the_centre():
    sets, t = near(parse_elements(THREE_LINES)), np.arange(0.0, 86400.0, 5000.0)
    teme, ecef = sets.states_teme(t), sets.states_ecef(t)
    assert np.linalg.norm(ecef[:, :3], axis=1) == pytest.approx(np.linalg.norm(teme[:, :3], axis=1), abs=1e-6)
    assert (ecef[:, 2] == teme[:, 2]).all()
    assert sets.positions_ecef(t) == pytest.approx(ecef[:, :3])
    # SGP4's own velocity is only that near to the rate of its positions.
    step = 0.05
    before, after = sets.positions_ecef([1000.0 - step, 1000.0 + step])
    assert (after - before) / (2.0 * step) == pytest.approx(sets.states_ecef([1000.0])[0, 3:], abs=0.03)


def test_epoch_of_a_call():
    sets = near(parse_elements(THREE_LINES))
    later = sets.positions_ecef([0.0], epoch=sets.epoch + timedelta(hours=1))
    assert later == pytest.approx(sets.positions_ecef([3600.0]), abs=1e-3)


def test_an_epoch_without_a_time_zone_is_utc():
    sets = near(parse_elements(THREE_LINES))
    naive = sets.epoch.replace(tzinfo=None)
    assert sets.at(naive).epoch == sets.epoch
    assert (sets.positions_ecef([60.0], epoch=naive) == sets.positions_ecef([60.0])).all()
    with pytest.raises(InputError, match="epoch = '2008-09-20'\n  must be a datetime"):
        sets.positions_ecef([60.0], epoch="2008-09-20")


def test_broken_checksum_names_the_line_and_both_digits():
    assert "line 3 = checksum 7\n  must be 8" in faults(THREE_LINES.replace("51.6416", "51.6417"))


def test_all_faults_of_a_file_at_once():
    lines = THREE_LINES.splitlines()
    lines[1] = lines[1][:-1]
    lines[5] = fix_checksum(lines[5].replace("08195", "08196"))
    text = faults("\n".join(lines))
    assert text.startswith("file: 2 problems")
    assert "line 2 = 68 characters\n  must have 69" in text
    assert "lines 5 and 6 = 08195 and 08196\n  must name one and the same satellite" in text


def test_letters_where_numbers_belong():
    wrong = fix_checksum(ISS[1].replace("51.6416", "5l.6416"))
    assert "line 2, columns 9 to 16 = ' 5l.6416'\n  must be a number: inclination" in faults(f"{ISS[0]}\n{wrong}")


@pytest.mark.parametrize(("which", "old", "new", "text"), [
    (0, "08264.51782528", "08400.51782528", "line 1, columns 21 to 32 = '400.51782528'\n  must be a day of the year"),
    (0, "08264.51782528", "08000.51782528", "line 1, columns 21 to 32 = '000.51782528'\n  must be a day of the year"),
    (1, " 51.6416", "181.6416", "line 2, columns 9 to 16 = '181.6416'\n  must be a number from 0 to 180: inclination"),
    (1, "247.4627", "447.4627", "columns 18 to 25 = '447.4627'\n  must be a number from -360 to 360: right ascension"),
    (1, "15.72125391", " 0.00000000", "columns 53 to 63 = ' 0.00000000'\n  must be a number from 0 to 20: mean motion"),
    (1, "0006703", "-006703", "columns 27 to 33 = '-006703'\n  must be a number from 0 to 1: eccentricity"),
])
def test_numbers_out_of_bounds_in_lines(which, old, new, text):
    lines = list(ISS)
    lines[which] = fix_checksum(lines[which].replace(old, new)[:68])
    assert text in faults("\n".join(lines))


def test_the_last_day_of_a_leap_year_is_a_day():
    line = fix_checksum(ISS[0].replace("08264.51782528", "08366.99999999")[:68])
    assert parse_elements(f"{line}\n{ISS[1]}").epoch.strftime("%Y-%m-%d %H:%M") == "2008-12-31 23:59"


def test_a_missing_field_is_no_misspelt_other_one():
    entries = omm()
    entries[0].pop("EPOCH")
    assert "hint" not in faults(as_json(entries))
    entries[0]["EPOC"] = "2008-09-20T12:25:40"
    assert "lacks EPOCH\n  hint: is EPOC meant for EPOCH?" in faults(as_json(entries))


def test_lines_without_their_other_half():
    assert "line 1\n  is a line 1 without a line 2" in faults(ISS[0])
    assert "line 1\n  is a line 2 without a line 1" in faults(ISS[1])
    text = faults("\n".join([ISS[0], "ISS", *ISS]))
    assert "line 2 = 'ISS'\n  must be line 2 of the set whose line 1 is line 1" in text
    assert "line 1\n  is a line 1 without" in faults("\n".join([ISS[0], *ISS]))


@pytest.mark.parametrize("text", ["", "  \n\n"])
def test_empty(text):
    assert "is empty" in faults(text)


@pytest.mark.parametrize("text", ["[]", "<ndm></ndm>", ",".join(omm()[0])])
def test_holds_nothing(text):
    assert "holds no element set" in faults(text)


def test_unknown_format():
    assert "none of these begins like this" in faults("hello there\nthis is a letter")


def test_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_elements(tmp_path / "nothing.tle")
    (tmp_path / "photo.tle").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match="not UTF-8"):
        read_elements(tmp_path / "photo.tle")


@pytest.mark.parametrize(("field", "value", "text"), [
    ("ECCENTRICITY", "1.2", "ECCENTRICITY = '1.2'\n  must be a number from 0 to 1"),
    ("MEAN_MOTION", "fast", "MEAN_MOTION = 'fast'\n  must be a number from 0 to 20"),
    ("INCLINATION", "181", "must be a number from 0 to 180"),
    ("BSTAR", "x", "BSTAR = 'x'\n  must be a number"),
    ("NORAD_CAT_ID", "A12", "must be a whole number"),
    ("NORAD_CAT_ID", "340000", "NORAD_CAT_ID = '340000'\n  must be at most 339999"),
    ("REV_AT_EPOCH", "9" * 30, "must be at most 2147483647"),
    ("EPOCH", "yesterday", "must be an instant such as"),
    ("REF_FRAME", "EME2000", "REF_FRAME = 'EME2000'\n  must be TEME"),
    ("MEAN_ELEMENT_THEORY", "DSST", "must be SGP4"),
])
@pytest.mark.parametrize("form", [as_json, as_csv, as_kvn, as_xml])
def test_faults_of_fields(form, field, value, text):
    entries = omm()
    entries[1][field] = value
    said = faults(form(entries))
    assert text in said
    assert "MOLNIYA 2-14" in said
    assert "ISS" not in said


@pytest.mark.parametrize("form", [as_json, as_kvn, as_xml])
def test_missing_fields(form):
    entries = omm()
    del entries[0]["BSTAR"], entries[0]["EPOCH"], entries[0]["OBJECT_ID"]
    if form is as_xml:
        entries[0] = {"EPOCH": "", **entries[0]}
    assert "lacks BSTAR, EPOCH" in faults(form(entries))


@pytest.mark.parametrize(("text", "expected"), [
    ('{"OBJECT_NAME": ', "is not JSON"), ("[1, 2]", "must be an object"), ("<ndm><omm>", "is not XML"),
    ("<ndm><segment></segment></ndm>", "must hold metadata"),
    ("CCSDS_OMM_VERS = 2.0\nnonsense", "line 2 = 'nonsense'\n  must be KEYWORD = value"),
])
def test_broken_messages(text, expected):
    assert expected in faults(text)


def test_csv_row_of_another_length():
    text = as_csv(omm()) + ",,,"
    assert "line 3\n  must have 21 columns" in faults(text)


def test_omm_without_the_optional_fields():
    entries = omm()[:1]
    for key in ("OBJECT_NAME", "OBJECT_ID", "CLASSIFICATION_TYPE", "REV_AT_EPOCH", "MEAN_MOTION_DDOT", "CENTER_NAME"):
        del entries[0][key]
    entries[0]["EPOCH"] = "2008-09-20T12:25:40Z"
    sets = parse_elements(as_json(entries))
    assert sets.names == ("25544",)
    assert sets.epoch == datetime(2008, 9, 20, 12, 25, 40, tzinfo=UTC)


def test_elements_that_sgp4_cannot_use():
    entries = omm()[:1]
    entries[0]["MEAN_MOTION"], entries[0]["ECCENTRICITY"] = "15", "0.5"
    assert "entry 1 = ISS (ZARYA)\n  SGP4 cannot use these elements: mrt is less than 1.0" in faults(as_json(entries))


def test_a_satellite_that_came_down_is_named_with_the_instant():
    sets = parse_elements("\n".join(["BRICK", *(fix_checksum(line[:68]) for line in FALLING)]))
    with pytest.raises(OpenDomeError) as caught, pytest.warns(ElementAgeWarning):
        sets.states_teme(np.arange(0.0, 30 * 86400.0, 86400.0))
    assert re.search(r"no position for 1 of 1 satellites\n  BRICK \(88888\) at 2006-0\d-\d\d \d\d:\d\d:\d\d UTC: ",
                     str(caught.value))
    assert "keep()" in str(caught.value)


def test_old_elements_warn_with_the_growth_of_the_error():
    sets = near(parse_elements(THREE_LINES))
    with pytest.warns(ElementAgeWarning, match=r"ISS \(ZARYA\) by 10 days: expect an error of 11 to 31 km"):
        sets.positions_ecef([0.0], epoch=sets.epochs[0] + timedelta(days=10))
    with pytest.warns(ElementAgeWarning, match="means nothing"):
        sets.positions_ecef([0.0], epoch=sets.epochs[0] - timedelta(days=3 * 365))
    high = parse_elements(THREE_LINES).keep(np.array([False, True]))
    assert high.positions_ecef([0.0], epoch=high.epochs[0] + timedelta(days=10)).shape == (1, 3, 1)


@pytest.mark.compiled
def test_mean_orbits_that_stand_for_real_satellites():
    sets = near(parse_elements(THREE_LINES))
    made = sets.as_constellation()
    assert made.fit_rms_m is not None
    t = np.arange(-43200.0, 43201.0, 900.0)
    off = np.linalg.norm(made.positions_ecef(t) - sets.positions_ecef(t), axis=1)
    assert np.sqrt((off**2).mean()) == pytest.approx(made.fit_rms_m[0], rel=1e-3)
    # What mean orbits leave out, J2's wobble, is 1.1 km here; a wrong frame would be 40 km.
    assert 500.0 < made.fit_rms_m[0] < 1500.0
    assert made.epoch == sets.epoch
    assert made.keep(np.array([True])).fit_rms_m == pytest.approx(made.fit_rms_m)
