"""What outputs of packs rest on, on a pack of two lines worked by hand."""

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from opendome.errors import InputError, ScenarioError
from opendome.evidence import ONE_SIDE, SLOPE
from opendome.reproduce import pack as packs
from opendome.reproduce import rebuild
from opendome.reproduce.evidence import ledger, of_pack

PACK = packs.from_data({
    "title": "A layer on the back of an envelope", "model": "envelope", "headline": "total_musd",
    "assumptions": {
        "targets": {"value": 10, "low": 5, "high": 10, "grade": "think-tank", "source": "cbo2026", "page": "3",
                    "says": "missiles engaged at once"},
        "unit_musd": {"value": 22, "low": 10, "high": 40, "why": "a guess", "says": "price of a unit"},
        "p_kill": {"value": 1.0, "low": 0.5, "high": 1.0, "why": "perfect", "says": "chance that a shot kills"},
        "ground_musd": {"value": 780, "grade": "press", "source": "cbo2026", "says": "all else"}},
    "cases": {"few": {"targets": 1}},
    "outputs": {name: {"says": "what it costs", "unit": "M$", "published": value, "tolerance": 1, "because": "rounding",
                       "grade": "think-tank", "source": "cbo2026"}
                for name, value in (("total_musd", 1000), ("few.total_musd", None), ("silent", 1))}}, source="test")


@pytest.fixture(autouse=True)
def envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    """total = targets x unit / p_kill + ground: 10 x 22 + 780 = 1,000."""
    def compute(a: Mapping[str, float]) -> dict[str, float]:
        if a["p_kill"] > 1.0:
            raise InputError("p_kill: must be at most 1")
        return {"total_musd": a["targets"] * a["unit_musd"] / a["p_kill"] + a["ground_musd"]}

    monkeypatch.setattr(rebuild, "import_module", lambda name: SimpleNamespace(compute=compute))


def rows(found: Any) -> dict[str, Any]:
    return {row["path"]: row for row in found.table.to_dict(orient="records")}


def test_elasticities_and_swings_by_hand() -> None:
    found = of_pack(PACK, "envelope")
    by = rows(found)
    assert (found.number, found.value, found.unit) == ("total_musd", 1000.0, "M$")
    assert found.notes == ("Published: 1,000 M$.",)
    assert [by[path]["elasticity"] for path in ("targets", "unit_musd", "ground_musd")] == pytest.approx(
        [0.22, 0.22, 0.78])
    assert by["p_kill"]["elasticity"] == pytest.approx(-0.22, rel=0.011)  # from below alone: 1 / 0.99
    assert (by["p_kill"]["how"], by["targets"]["how"]) == (ONE_SIDE, SLOPE)
    # 220 (40 - 10) / 22 = 300; 220 / 1 to 220 / 0.5, falling as the chance rises: -220; 10 to 5 targets: 110.
    assert [(row["path"], row["swing"]) for row in found.table.to_dict(orient="records")] == [
        ("unit_musd", 300.0), ("p_kill", -220.0), ("targets", 110.0), ("ground_musd", 0.0)]
    assert found.by_grade() == pytest.approx({"assumed": 520 / 630, "think-tank": 110 / 630})
    assert (by["targets"]["says"], by["targets"]["page"]) == ("missiles engaged at once", "3")
    assert set(found.references) == {"cbo2026"}


def test_changed_assumptions_have_no_range_and_say_so() -> None:
    by = rows(of_pack(PACK, "envelope", changes={"unit_musd": 44}))
    assert by["unit_musd"]["swing"] == 0.0
    assert by["unit_musd"]["why"] == "changed here"
    assert by["targets"]["swing"] == 220.0


def test_outputs_of_a_case_are_made_of_its_values() -> None:
    found = of_pack(PACK, "envelope", "few.total_musd")
    assert found.value == 802.0
    by = rows(found)
    assert by["targets"]["why"] == "of the case few"
    assert by["targets"]["elasticity"] == pytest.approx(22 / 802)


def test_bad_input() -> None:
    with pytest.raises(InputError, match=r"(?s)'total' is not an output of this pack.*did you mean total_musd"):
        of_pack(PACK, "envelope", "total")
    with pytest.raises(InputError, match="its model does not give silent"):
        of_pack(PACK, "envelope", "silent")
    with pytest.raises(ScenarioError, match="did you mean unit_musd"):
        of_pack(PACK, "envelope", changes={"unit_mus": 3})
    with pytest.raises(InputError, match="p_kill: must be at most 1"):
        of_pack(PACK, "envelope", changes={"p_kill": 2})
    with pytest.raises(InputError, match="no such pack"):
        ledger("no-such-pack")
    assert math.isfinite(of_pack(PACK, "envelope").value)
