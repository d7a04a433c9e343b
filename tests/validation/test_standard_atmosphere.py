"""The air against the printed tables of the US Standard Atmosphere 1976.

verifies    air.py density, pressure, temperature, sound_speed; air/standard.py
source      U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562), tables I and III
inputs      altitudes above the sea, 0 to 1,000 km
tolerance   5e-4 of the value from 86 km up, half a unit of four printed digits; 1e-4 below, where altitudes rounded to
            a metre weigh most; 0.01 K
"""

import math

import pytest

from opendome import air

# Geometric altitude km, temperature K, pressure Pa, density kg/m3.
TABLE = [
    (0.0, 288.150, 1.01325e5, 1.2250),
    (11.019, 216.650, 2.2632e4, 3.6392e-1),
    (20.063, 216.650, 5.4748e3, 8.8035e-2),
    (32.162, 228.650, 8.6801e2, 1.3225e-2),
    (47.350, 270.650, 1.1090e2, 1.4275e-3),
    (51.413, 270.650, 6.6938e1, 8.6160e-4),
    (71.802, 214.650, 3.9564e0, 6.4211e-5),
    (86.0, 186.87, 3.7338e-1, 6.958e-6),
    (90.0, 186.87, 1.8359e-1, 3.416e-6),
    (100.0, 195.08, 3.2011e-2, 5.604e-7),
    (110.0, 240.00, 7.1042e-3, 9.708e-8),
    (120.0, 360.00, 2.5382e-3, 2.222e-8),
    (130.0, 469.27, 1.2505e-3, 8.152e-9),
    (150.0, 634.39, 4.5422e-4, 2.076e-9),
    (200.0, 854.56, 8.4736e-5, 2.541e-10),
    (250.0, None, 2.4767e-5, 6.073e-11),
    (300.0, 976.01, 8.7704e-6, 1.916e-11),
    (400.0, 995.83, 1.4518e-6, 2.803e-12),
    (500.0, 999.24, 3.0236e-7, 5.215e-13),
    (600.0, None, 8.2130e-8, 1.137e-13),
    (700.0, None, 3.1908e-8, 3.070e-14),
    (800.0, None, 1.7036e-8, 1.136e-14),
    (900.0, None, 1.0873e-8, 5.759e-15),
    (1000.0, 1000.0, 7.5138e-9, 3.561e-15),
]


@pytest.mark.parametrize(("alt_km", "temperature_k", "pressure_pa", "density_kg_m3"), TABLE)
def test_printed_rows(alt_km, temperature_k, pressure_pa, density_kg_m3, validation):
    share = 5e-4 if alt_km > 80.0 else 1e-4
    alt_m = 1000.0 * alt_km
    validation(f"density at {alt_km:g} km", density_kg_m3, air.density(alt_m), share * density_kg_m3, "kg/m3")
    validation(f"pressure at {alt_km:g} km", pressure_pa, air.pressure(alt_m), share * pressure_pa, "Pa")
    if temperature_k is not None:
        validation(f"temperature at {alt_km:g} km", temperature_k, air.temperature(alt_m), 0.011, "K")


@pytest.mark.parametrize(("alt_km", "speed_m_s"), [(0.0, 340.29), (11.019, 295.07), (86.0, 274.10)])
def test_speed_of_sound(alt_km, speed_m_s, validation):
    validation(f"speed of sound at {alt_km:g} km", speed_m_s, air.sound_speed(1000.0 * alt_km), 0.01, "m/s")
    assert math.isfinite(air.sound_speed(2.0e6))
