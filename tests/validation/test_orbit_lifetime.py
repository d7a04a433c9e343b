"""Upper air and lifetimes against published models and figures.

verifies    orbits: upper_air_density, lifetime_years, replenishment_per_year
source      U.S. Standard Atmosphere 1976, table I; Kennewell 1999, "Satellite Orbital Decay Calculations", IPS Radio
            and Space Services (density model and decay of circular orbits, 180 to 500 km); NASA Orbital Debris Program
            Office, frequently asked questions, seen in quotations: years below 600 km, centuries at 800 km, a thousand
            years and more above 1,000 km; CBO 2026 by way of the press: 7,800 satellites, five years, close to 1,600 a
            year
inputs      100 kg/m2; F10.7 of 70 to 200
tolerance   15 percent of the standard's density, which has no Sun; a factor of two for lifetimes, which is what such
            models are good to
"""

import math

import pytest

from opendome.orbits import lifetime_years, replenishment_per_year, upper_air_density

STANDARD = {200: 2.541e-10, 300: 1.916e-11, 400: 2.803e-12, 500: 5.215e-13, 600: 1.137e-13, 700: 3.070e-14,
            800: 1.136e-14, 900: 5.759e-15, 1000: 3.561e-15}


def kennewell_lifetime_years(altitude_km, beta_kg_m2, flux, ap=12.0):
    """Step by step as published: density from an exospheric temperature, until 180 km."""
    a_m, days = 6.378e6 + 1e3 * altitude_km, 0.0
    while (h := a_m / 1e3 - 6378.0) > 180.0:
        scale = (900.0 + 2.5 * (flux - 70.0) + 1.5 * ap) / (27.0 - 0.012 * (h - 200.0))
        density = 6e-10 * math.exp(-(h - 175.0) / scale)
        rate = density * math.sqrt(3.986e14 * a_m) / beta_kg_m2 * 86400.0
        step = min(1.0, 500.0 / rate)
        a_m, days = a_m - rate * step, days + step
    return days / 365.25


@pytest.mark.parametrize("altitude_km", STANDARD)
def test_density_at_mean_activity(altitude_km, validation):
    printed = STANDARD[altitude_km]
    validation(f"density at {altitude_km:,} km, mean activity", printed, upper_air_density(altitude_km=altitude_km),
               0.15 * printed, "kg/m3")


@pytest.mark.parametrize("altitude_km", [300.0, 400.0, 500.0])
@pytest.mark.parametrize("flux", [70.0, 130.0, 200.0])
def test_lifetime_beside_another_model(altitude_km, flux, validation):
    ratio = (lifetime_years(altitude_km=altitude_km, beta_kg_m2=100.0, solar_activity=flux)
             / kennewell_lifetime_years(altitude_km, 100.0, flux))
    validation(f"lifetime from {altitude_km:g} km at F10.7 = {flux:g}, factor from Kennewell's", 2.0,
               max(ratio, 1.0 / ratio), 0, "", limit=True)


def test_rules_of_thumb(validation):
    years = {h: lifetime_years(altitude_km=h, beta_kg_m2=100.0) for h in (500.0, 800.0, 1000.0)}
    validation("500 km: several years, 10 at most", 10.0, years[500.0], 0, "years", limit=True)
    validation("800 km: centuries, 1 to 10 of them", 5.5, years[800.0] / 100.0, 4.5, "centuries")
    validation("1,000 km: a thousand years or more, as 1,000 over ours", 1.0, 1000.0 / years[1000.0], 0, "", limit=True)


def test_replenishment(validation):
    validation("satellites a year for 7,800 that live 5 years", 1600.0, replenishment_per_year(7800, 5.0), 50.0,
               "a year")
