"""Estimates against numbers worked by hand from the four small runs."""

import math

import numpy as np
import pandas as pd
import pytest

from opendome.errors import InputError
from opendome.results import Results, figures
from opendome.results.figures import _grouped
from small_results import OUTCOMES, costed, results


@pytest.fixture(scope="module")
def small() -> Results:
    return results()


def test_mean_error_and_band_over_runs(small: Results) -> None:
    per_run = np.array([word.count("L") / 5 for word in OUTCOMES])  # 0.2, 0.2, 0.4, 0.2
    row = small.table("leak_through").iloc[0]
    assert row["value"] == pytest.approx(0.25)
    assert row["error"] == pytest.approx(0.05)  # standard deviation 0.1 over the root of four
    assert row["runs"] == 4
    assert (row["low"], row["high"]) == (pytest.approx(np.quantile(per_run, 0.05)), pytest.approx(0.37))


def test_shares_of_one_group_add_up(small: Results) -> None:
    shares = [small.table(name, by="type")["value"].to_numpy() for name in ("leak_through", "destroyed", "outside")]
    assert sum(shares) == pytest.approx(np.ones(2))
    assert small.table("outside", "type")["value"].tolist() == pytest.approx([1 / 8, 0])


def test_runs_without_a_launch_are_left_out_of_a_share_and_counted(small: Results) -> None:
    table = small.table("leak_through", by="area").set_index("area")
    assert table.loc["village", "runs"] == 1  # aimed at in run 3 alone, where it was hit
    assert table.loc["village", "value"] == 1.0
    assert math.isnan(table.loc["village", "error"])
    assert table.loc["city", "runs"] == 4


def test_runs_without_a_launch_count_as_zero_leakers(small: Results) -> None:
    table = small.table("leakers", by="area").set_index("area")
    assert table.loc["village", "value"] == pytest.approx(1 / 4)
    assert table.loc["village", "runs"] == 4
    assert small.table("leakers", by="hit_area")["value"].sum() == pytest.approx(5 / 4)


def test_groups_stand_in_the_order_of_the_scenario(small: Results) -> None:
    assert small.table("launched", by="area")["area"].tolist() == ["port", "city", "village"]
    pairs = small.table("launched", by=["raid", "type"])
    assert list(zip(pairs["raid"], pairs["type"])) == [("one", "srbm"), ("one", "shahed"), ("two", "shahed")]


def test_reasons_are_shares_of_the_leakers_of_a_group(small: Results) -> None:
    table = small.table("reasons", by="type").set_index(["type", "reason"])
    # drones leak in runs 0 (no stock), 2 (one never seen, one no stock), 3 (no reach)
    assert table.loc[("shahed", "no stock"), "value"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert table.loc[("shahed", "never seen"), "value"] == pytest.approx((0 + 1 / 2 + 0) / 3)
    assert table.loc[("shahed", "no stock"), "runs"] == 3
    assert small.table("reasons")["value"].sum() == pytest.approx(1.0)
    assert small.table("reasons", by="reason").equals(small.table("reasons"))


def test_left_is_that_of_the_last_raid_unless_split_by_raid(small: Results) -> None:
    assert small.table("left", by="layer")["value"].tolist() == pytest.approx([6.5, 36.0])
    guns = small.table("left", by=["raid", "layer"]).query("layer == 'guns'")
    assert guns["value"].tolist() == [38.0, 36.0]
    assert small.table("stock")["value"].item() == 50.0


def test_shots_by_layer_and_by_type_come_to_the_same(small: Results) -> None:
    by_layer = small.table("shots", by="layer")["value"]  # from the table of sites
    by_both = small.table("shots", by=["layer", "type"])["value"]  # from the table of shots
    assert by_layer.tolist() == by_both.tolist() == pytest.approx([3.5, 4.0])
    by_class = small.table("shots", by=["layer", "threat_class"])
    assert by_class["threat_class"].tolist() == ["ballistic", "drone"]


def test_cost_and_quotients_are_taken_run_by_run(small: Results) -> None:
    assert small.table("cost")["value"].item() == pytest.approx(3.5 * 12 + 0.04, rel=1e-6)
    per_run = np.array([2, 3, 4, 5]) / 2
    row = small.table("shots_per_kill", by="layer").iloc[0]
    assert row["value"] == pytest.approx(per_run.mean())
    assert row["error"] == pytest.approx(per_run.std(ddof=1) / 2)


def test_equal_runs_have_no_error(small: Results) -> None:
    assert small.table("cost", by="layer")["error"].iloc[1] == 0.0


def test_every_figure_works_by_each_column_it_names() -> None:
    small = costed()
    for figure in figures("raids"):
        assert figure.meaning.endswith(".")
        assert figure.unit
        for column in figure.by:
            table = small.table(figure.name, by=column)
            assert list(table.columns)[-5:] == ["value", "error", "runs", "low", "high"]
            assert column in table.columns
            assert len(table) > 0


@pytest.mark.parametrize(("name", "by", "message"), [
    ("leakthrough", (), "figure 'leakthrough': there is no such figure\nhint: did you mean leak_through"),
    ("leak_through", "areas", "figure leak_through: cannot be grouped by 'areas'; it knows type, threat_class, place, "
                              "area, raid\nhint: did you mean area"),
    ("shots", ("site", "type"), "figure shots: cannot be grouped by site, type together"),
    ("cost", "type", "figure cost: cannot be grouped by 'type'; it knows layer, site, interceptor, raid"),
])
def test_unknown_names_are_answered_with_known_ones(small: Results, name: str, by: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        small.table(name, by=by)
    assert message in str(raised.value)


def test_rows_are_grouped_in_the_order_in_which_groups_occur() -> None:
    """Against pandas' own grouping, of categories with gaps, of texts and of numbers."""
    random = np.random.default_rng(2)
    rows = pd.DataFrame({"kind": pd.Categorical.from_codes(random.integers(-1, 3, 500), ["a", "b", "c", "never"]),
                         "word": random.choice(np.array(["x", "y", None], object), 500),
                         "month": random.integers(0, 4, 500)})
    for by in (("kind",), ("month", "kind"), ("word", "kind", "month")):
        group, labels = _grouped(rows, by)
        has_label = rows[list(by)].notna().all(axis=1)
        assert ((group >= 0) == has_label).all()
        expected = rows[has_label].groupby(list(by), observed=True, sort=False)
        assert group[has_label].tolist() == expected.ngroup().tolist()
        assert labels == [tuple(map(str, key)) for key, _ in expected]
    empty = _grouped(rows[:0], ("kind", "word"))
    assert (len(empty[0]), empty[1]) == (0, [])
