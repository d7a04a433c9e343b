"""Life cycles of one element, worked on paper: how many are bought, what they cost, and in which year it is paid."""

import numpy as np
import pytest

from opendome.cost import index, life_cycle
from opendome.cost.breakdown import marginal

B85 = float(np.log2(0.85))


def cost(element, *, start="2026-01", years=20, launchers=None, **programme):
    whole = {"price_year": 2026, "start": start, "years": years, "launchers": launchers or {}, **programme}
    return life_cycle(whole | {"elements": {"thing": element}})


def phases(found):
    """M$ by phase, those that are not 0."""
    table = found.table("phase")
    return {row.phase: pytest.approx(row.value, abs=1e-9) for row in table.itertuples() if row.value}


def by_year(found, phase):
    table = found.table(("phase", "year"))
    return table.loc[table["phase"] == phase, "value"].tolist()


def unit(name, found):
    return float(found.units[name][0, 0])


# ---- how many are bought --------------------------------------------------------------------------------------


def test_one_satellite_of_five_years_is_bought_four_times_in_twenty():
    found = cost({"n_units": 1, "unit_musd": 100, "life_years": 5})
    # At 0, 5, 10 and 15 years; the fourth ends with the programme and is not replaced.
    assert phases(found) == {"procurement": 100, "replenishment": 300}
    assert (unit("there", found), unit("bought", found), unit("replaced", found)) == (1, 4, 3)
    assert [year for year, spent in zip(found.years, by_year(found, "replenishment"), strict=True) if spent] == [
        2031, 2036, 2041]


def test_a_life_that_ends_with_the_programme_but_for_rounding_is_not_followed_by_another():
    # Five lives of 1.4 years are 7 years; in months 83.99999999999999 in floating point.
    assert 5 * (12.0 * 1.4) < 84.0
    assert unit("bought", cost({"n_units": 1, "unit_musd": 1, "life_years": 1.4}, years=7)) == 5


def test_staggered_deliveries_are_replaced_as_they_came():
    element = {"n_units": 24, "unit_musd": 1, "life_years": 5, "operations_unit_musd_per_year": 1,
               "first_delivery": "2026-01", "last_delivery": "2028-01"}
    found = cost(element, years=6)
    # One a month for two years. Those of the first year end before six years are over: 12 are replaced, in year 6.
    assert by_year(found, "procurement") == pytest.approx([12, 12, 0, 0, 0, 0])
    assert by_year(found, "replenishment") == pytest.approx([0, 0, 0, 0, 0, 12])
    # Unit-years: from 0 to 12 in the first year, from 12 to 24 in the second, then 24.
    assert by_year(found, "operations") == pytest.approx([6, 18, 24, 24, 24, 24])


def test_units_at_the_start_are_free_and_replaced_from_the_start_on():
    element = {"n_units": 8, "there_at_start": 5, "unit_musd": 10, "life_years": 4, "first_delivery": "2027-01"}
    found = cost(element, years=10)
    # The 5 at 4 and 8 years; the 3 bought at 1 year, again at 5 and 9.
    assert phases(found) == {"procurement": 30, "replenishment": 10 * (2 * 5 + 2 * 3)}
    assert by_year(found, "replenishment") == pytest.approx([0, 0, 0, 0, 50, 30, 0, 0, 50, 30])
    assert (unit("bought", found), unit("replaced", found)) == (19, 16)


def test_spares_are_bought_too():
    found = cost({"n_units": 20, "spares": 0.1, "unit_musd": 5}, years=1)
    assert phases(found) == {"procurement": 22 * 5}


def test_an_element_without_units_costs_nothing():
    element = {"n_units": 0, "unit_musd": 5, "development_musd": 100, "operations_musd_per_year": 10}
    assert cost(element).total_musd == 0.0


# ---- prices ---------------------------------------------------------------------------------------------------


def learned(**more):
    return {"n_units": 1, "first_unit_musd": 100, "learning": 0.85, "life_years": 5} | more


def test_replacements_go_on_learning_from_the_first_units():
    # Units 1 to 4, one at a time: 100, 85, 100 x 3^b = 77.2915, 72.25.
    found = cost(learned())
    assert phases(found) == {"procurement": 100, "replenishment": pytest.approx(85 + 77.2915 + 72.25, abs=1e-3)}


def test_replacements_that_start_again_cost_as_the_first():
    assert phases(cost(learned(learning_restarts=True))) == {"procurement": 100, "replenishment": 300}


def test_cumulative_average_theory():
    # Four cost 4 x 0.7225 of the first, so the three later ones 189.
    found = cost(learned(learning_theory="cumulative-average"))
    assert phases(found) == {"procurement": 100, "replenishment": pytest.approx(289 - 100, abs=1e-9)}


def test_units_built_before_count_for_learning():
    # Units 2 and 3 of the curve.
    found = cost(learned(n_units=2, built_before=1), years=5)
    assert phases(found) == {"procurement": pytest.approx(85 + 77.2915, abs=1e-3)}
    assert float(found.unit_table()["unit_price_musd"][0]) == pytest.approx((85 + 77.2915) / 2, abs=1e-3)


def test_a_new_start_of_learning_forgets_units_built_before_but_the_first_generation_knows_them():
    # Units 2 and 3 of the curve; then a generation of units 1 and 2.
    found = cost(learned(n_units=2, built_before=1, learning_restarts=True), years=10)
    assert phases(found) == {"procurement": pytest.approx(85 + 77.2915, abs=1e-3),
                             "replenishment": pytest.approx(100 + 85)}


def test_units_at_the_start_are_replaced_before_those_that_came_later():
    # Bought: unit 1 at a year. Replaced: the one of the start by unit 2 at 5 years, the other by unit 3 at 6.
    found = cost(learned(n_units=2, there_at_start=1, first_delivery="2027-01"), years=7)
    assert by_year(found, "replenishment") == pytest.approx([0, 0, 0, 0, 0, 85, 77.2915], abs=1e-3)


def test_dollars_of_another_year_are_converted():
    factor = index.factor(2004, 2026)
    found = cost({"n_units": 2, "unit_musd": 10, "price_year": 2004, "mass_kg": 1000, "launcher": "old"}, years=1,
                 launchers={"old": {"price_usd_per_kg": 10_000, "price_year": 2004}})
    assert factor > 1.3
    assert phases(found) == {"procurement": pytest.approx(20 * factor), "launch": pytest.approx(2 * 10 * factor)}


# ---- launches -------------------------------------------------------------------------------------------------

HEAVY = {"vehicle_musd": 150, "payload_kg": 45_000}


def test_147_launches_of_34_for_4990_units():
    found = cost({"n_units": 4990, "unit_musd": 0, "mass_kg": 1294, "launcher": "heavy"}, years=1,
                 launchers={"heavy": HEAVY})
    assert phases(found) == {"launch": 147 * 150}
    assert (unit("launches", found), unit("mass_kg", found)) == (147, 4990 * 1294)


def test_each_generation_flies_in_whole_vehicles_and_replacements_are_replenishment():
    # 40 in 34s take 2; four generations 8.
    found = cost({"n_units": 40, "unit_musd": 0, "mass_kg": 1294, "launcher": "heavy", "life_years": 5},
                 launchers={"heavy": HEAVY})
    assert phases(found) == {"launch": 300, "replenishment": 900}
    assert (unit("launches", found), unit("mass_kg", found)) == (8, 4 * 40 * 1294)


def test_vehicles_become_cheaper_as_more_fly():
    # 2 vehicles a generation at 90 %: 1 + 0.9, then units 3 and 4 of the curve: 3^-0.152003 = 0.846206, 0.81.
    launchers = {"heavy": HEAVY | {"learning": 0.9, "units_max": 20}}
    element = {"n_units": 40, "first_unit_musd": 0, "learning": 1, "mass_kg": 1294, "launcher": "heavy",
               "life_years": 5}
    assert phases(cost(element, years=10, launchers=launchers)) == {
        "launch": pytest.approx(150 * 1.9), "replenishment": pytest.approx(150 * (0.846206 + 0.81), abs=1e-3)}
    restarted = cost(element | {"learning_restarts": True}, years=10, launchers=launchers)
    assert phases(restarted) == {"launch": pytest.approx(150 * 1.9), "replenishment": pytest.approx(150 * 1.9)}


def test_launch_by_the_kilogram():
    found = cost({"n_units": 100, "unit_musd": 0, "mass_kg": 800, "launcher": "any"}, years=1,
                 launchers={"any": {"price_usd_per_kg": 1500}})
    # 80,000 kg at 1,500 $ are 120 M$.
    assert phases(found) == {"launch": 120}
    assert unit("launches", found) == 0


# ---- when it is paid ------------------------------------------------------------------------------------------


def test_ten_units_over_two_years_with_a_year_between_order_and_delivery():
    element = {"n_units": 10, "unit_musd": 12, "orders_from": "2026-01", "first_delivery": "2027-01",
               "last_delivery": "2029-01"}
    # 120 M$. What is on order rises for a year, stays for one, falls for one: 1/4, 1/2, 1/4.
    assert by_year(cost(element, years=4), "procurement") == pytest.approx([30, 60, 30, 0])


def test_learning_makes_early_years_dearer_as_unit_by_unit():
    element = {"n_units": 1000, "first_unit_musd": 1, "learning": 0.85, "orders_from": "2026-01",
               "first_delivery": "2026-10", "last_delivery": "2028-10"}
    # Unit i comes at 9 + 24 (i - 1/2) / 1000 months, is paid for evenly over the 9 months before, and costs i^b.
    number = np.arange(1, 1001)
    due, price = 9 + 24 * (number - 0.5) / 1000, number**B85
    paid = [float(np.sum(price * np.clip((t - due + 9) / 9, 0, 1))) for t in (0, 12, 24, 36)]
    assert by_year(cost(element, years=3), "procurement") == pytest.approx(np.diff(paid).tolist(), rel=1e-3)


def test_replacements_are_ordered_ahead_as_the_first_ones_were():
    element = {"n_units": 4, "unit_musd": 12, "life_years": 3, "orders_from": "2026-01", "first_delivery": "2026-07"}
    # Delivered at 6, 42 and 78 months, each paid for over the 6 months before.
    found = cost(element, years=7)
    assert by_year(found, "procurement") == pytest.approx([48, 0, 0, 0, 0, 0, 0])
    assert by_year(found, "replenishment") == pytest.approx([0, 0, 0, 48, 0, 0, 48])


def test_what_was_due_before_the_start_is_paid_in_the_first_year():
    element = {"n_units": 1, "unit_musd": 30, "orders_from": "2025-01", "first_delivery": "2027-07"}
    # 30 months at 1 M$: 12 before the start, 12 in 2026, 6 in 2027.
    assert by_year(cost(element, years=3), "procurement") == pytest.approx([24, 6, 0])


def test_nothing_is_paid_after_the_end():
    element = {"n_units": 1, "unit_musd": 24, "operations_musd_per_year": 7, "disposal_unit_musd": 3,
               "orders_from": "2026-01", "first_delivery": "2026-12", "delay_months": 13}
    found = cost(element, years=1)
    # Two years from order to delivery, of which one is in the programme.
    assert phases(found) == {"procurement": 12}
    assert unit("bought", found) == 0


def test_development_is_spread_until_the_first_delivery():
    element = {"n_units": 1, "unit_musd": 0, "development_musd": 240, "first_delivery": "2028-01"}
    assert by_year(cost(element, years=4), "development") == pytest.approx([120, 120, 0, 0])
    later = element | {"orders_from": "2027-01"}
    assert by_year(cost(later, years=4), "development") == pytest.approx([0, 240, 0, 0])


def test_development_without_time_for_it_is_paid_in_the_first_year():
    element = {"n_units": 1, "unit_musd": 0, "development_musd": 240}
    assert by_year(cost(element, years=3), "development") == [240, 0, 0]


def test_a_delay_moves_deliveries_and_stretch_lengthens_them():
    element = {"n_units": 12, "unit_musd": 1, "first_delivery": "2026-01", "last_delivery": "2027-01"}
    assert by_year(cost(element, years=3), "procurement") == pytest.approx([12, 0, 0])
    assert by_year(cost(element | {"delay_months": 6}, years=3), "procurement") == pytest.approx([6, 6, 0])
    assert by_year(cost(element | {"stretch": 2}, years=3), "procurement") == pytest.approx([6, 6, 0])


def test_fixed_operations_start_with_the_first_unit_or_at_once():
    element = {"n_units": 4, "unit_musd": 0, "operations_musd_per_year": 12, "first_delivery": "2026-07"}
    assert by_year(cost(element, years=2), "operations") == pytest.approx([6, 12])
    assert by_year(cost(element | {"there_at_start": 1}, years=2), "operations") == pytest.approx([12, 12])


def test_calendar_years_of_a_programme_that_starts_in_july():
    found = cost({"n_units": 1, "unit_musd": 0, "operations_musd_per_year": 12}, start="2026-07", years=2)
    assert found.years == (2026, 2027, 2028)
    assert by_year(found, "operations") == pytest.approx([6, 12, 6])


def test_disposal_at_replacement_and_at_the_end():
    found = cost({"n_units": 3, "unit_musd": 0, "disposal_unit_musd": 2, "life_years": 5}, years=10)
    assert by_year(found, "disposal") == pytest.approx([0, 0, 0, 0, 0, 6, 0, 0, 0, 6])


# ---- other dollars --------------------------------------------------------------------------------------------


def test_discounted_dollars_count_later_years_less():
    found = cost({"n_units": 1, "unit_musd": 0, "operations_musd_per_year": 10}, years=3, discount_rate=0.05)
    # 10 + 10 / 1.05 + 10 / 1.1025
    assert float(found.table(dollars="discounted")["value"][0]) == pytest.approx(10 + 9.523810 + 9.070295, abs=1e-5)
    assert found.total_musd == pytest.approx(30)


def test_then_year_dollars_grow_after_the_index():
    last = int(index.price_index().years[-1])
    element = {"n_units": 1, "unit_musd": 0, "operations_musd_per_year": 10}
    found = cost(element, start=f"{last}-01", price_year=last, years=3, price_growth=0.03)
    # 10 + 10.3 + 10.609
    assert float(found.table(dollars="then-year")["value"][0]) == pytest.approx(30.909)


# ---- one more -------------------------------------------------------------------------------------------------


def test_one_more_unit_costs_its_four_generations_and_its_operation():
    programme = {"start": "2026-01", "elements": {
        "thing": {"n_units": 10, "unit_musd": 20, "life_years": 5, "operations_unit_musd_per_year": 1,
                  "operations_musd_per_year": 100, "development_musd": 1000},
        "other": {"n_units": 1, "unit_musd": 7}}}
    one = marginal(programme, "thing")
    # 4 x 20 and twenty years at 1; neither development nor what is paid whatever the number.
    assert one.total_musd == pytest.approx(80 + 20)
    assert one.table("element")["value"].tolist() == pytest.approx([100, 0])
    assert float(one.units["bought"][0, 0]) == pytest.approx(4)
    assert marginal(programme, "thing", more=5).total_musd == pytest.approx(500)
