"""Life-cycle cost against a published calculator, two published tables and another program.

verifies    cost.life_cycle: learning, generations, launches by vehicle, operations; cost/learning.py
source      Harrison, AEI Working Paper 2025-20 (table at second hand), and his calculator's formulas and defaults; CBO
            publication 62422 (2026), as quoted by the press; R package learningCurve 1.0 (Boehmke and Freels), the
            worked examples of its manual
inputs      calculator: 4,986 interceptors, 70 M$ the first, 85 %; vehicles 150 M$, 95 %, 45 t for units of 1,294 kg;
            5 of 20 years; every generation learns anew. Paper: layers against midcourse, number and average price as in
            it, 10 of 20 years. CBO: 7,800 satellites delivered over 5 years at 22 M$, 5 of 20 years (31,200 and 686 bn
            are products of published numbers). Not compared: the paper's layers against boost and glide, whose
            replenishment is 2.8 to 2.9 times the first deployment, not 3, for a reason that was not seen; CBO 2025,
            whose prices and masses were not seen
tolerance   calculator: its average over n units is T (n^(1+b) + 1) / ((1+b) n), by the integral rule at most 2 / (1+b)
            first prices a generation above the sum that unit theory asks for; paper: the rounding of its totals; CBO:
            half of the last digit, and 1,600 is "close to"; package: half of its last digit
"""

import math

import numpy as np
import pytest

from opendome.cost import learning, life_cycle

B85, B95 = math.log2(0.85), math.log2(0.95)

CALCULATOR = {
    "start": "2026-01", "price_year": 2026, "years": 20,
    "launchers": {"vehicle": {"vehicle_musd": 150, "payload_kg": 45_000, "learning": 0.95}},
    "elements": {"sbi": {
        "n_units": 4986, "development_musd": 7000, "first_unit_musd": 70, "learning": 0.85, "learning_restarts": True,
        "mass_kg": 1294, "launcher": "vehicle", "life_years": 5, "operations_musd_per_year": 450}},
}


def average_by_calculator(first, n, slope):
    return first * (n ** (1 + slope) + 1) / (n * (1 + slope))


def test_the_calculator(validation):
    found = life_cycle(CALCULATOR)
    units, launches = 4986, math.ceil(4986 / 34)
    price, launch = average_by_calculator(70, units, B85), average_by_calculator(150, launches, B95)
    total = 4 * (units * price + launches * launch) + 20 * 450 + 7000
    unit_above, launch_above = 70 * 2 / (1 + B85), 150 * 2 / (1 + B95)
    validation("AEI calculator, launches of 20 years", 4 * launches, float(found.units["launches"][0, 0]), 0,
               "launches")
    validation("AEI calculator, average price of 4,986 interceptors", price,
               float(found.unit_table()["unit_price_musd"][0]), unit_above / units, "M$")
    validation("AEI calculator, total of 20 years", total / 1e3, found.total_musd / 1e3,
               4 * (unit_above + launch_above) / 1e3, "bn$")


@pytest.mark.parametrize(("salvo", "n", "average", "each", "total"), [
    (5, 2000, 16.0, 32, 73), (50, 20_000, 10.1, 202, 413), (250, 100_000, 7.4, 740, 1489)])
def test_the_paper_against_midcourse(validation, salvo, n, average, each, total):
    found = life_cycle({"start": "2026-01", "price_year": 2026, "elements": {"sbi": {
        "n_units": n, "unit_musd": average, "life_years": 10, "operations_musd_per_year": 450}}})
    phase = found.table("phase").set_index("phase")["value"] / 1e3
    case = f"AEI paper, midcourse, salvo of {salvo}"
    validation(f"{case}: first deployment", each, phase["procurement"], 0.5, "bn$")
    validation(f"{case}: replenishment", each, phase["replenishment"], 0.5, "bn$")
    validation(f"{case}: total", total, found.total_musd / 1e3, 0.5, "bn$")


def test_cbo_2026(validation):
    found = life_cycle({"start": "2026-01", "price_year": 2026, "elements": {"sbi": {
        "n_units": 7800, "unit_musd": 22, "life_years": 5, "operations_musd_per_year": 1000,
        "first_delivery": "2026-01", "last_delivery": "2031-01"}}})
    yearly = found.table(("phase", "year")).set_index(["phase", "year"])["value"] / 22
    validation("CBO 2026, units of 20 years", 31_200, float(found.units["bought"][0, 0]), 0.5, "units")
    validation("CBO 2026, replaced in a year after deployment", 1600, float(yearly["replenishment", 2040]), 50, "units")
    bought = found.table("phase").set_index("phase")["value"]
    validation("CBO 2026, units at their average price", 686, (bought["procurement"] + bought["replenishment"]) / 1e3,
               0.5, "bn$")
    validation("CBO 2026, subtotal, development and other left out", 743, found.total_musd / 1e3, 0, "bn$", limit=True)


def test_learning_against_another_program(validation):
    def cost(first, last, slope, *, is_average):
        return float(learning.between(np.array([float(first)]), np.array([float(last)]), np.array([slope]),
                                      is_average=is_average)[0])

    validation("learningCurve, unit theory: 125 units at 85 %, the first 100 h", 5201.085,
               100 * cost(0, 125, B85, is_average=False), 5e-4, "h")
    validation("learningCurve, cumulative average: units 201 to 250 at 85 %, the first 75 h", 806.772,
               75 * cost(200, 250, B85, is_average=True), 5e-4, "h")
    validation("learningCurve, cumulative average: unit 2,200 at 88.5 %, the first 110 h", 23.34001,
               110 * cost(2199, 2200, math.log2(0.885), is_average=True), 5e-6, "h")
