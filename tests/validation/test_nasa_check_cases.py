"""Free flight against NASA's check-cases for flight simulation.

verifies    fly.py free_flight with world.py WGS-84, J2 and rotation, air.py
source      NASA/TM-2015-218675 (2015), cases 01 (no drag), 06 (drag) and 09 (cannonball), five simulations each
inputs      data/nasa_check_cases.csv; one slug, 0.1963495 ft2, drag coefficient 0 or 0.1, 30 s
tolerance   the spread among NASA's own simulations: 0.01 ft, 1 ft and 5 ft in altitude; latitude and longitude likewise
            (0.025 ft of longitude for case 01: simulation 02 gives its longitude to three digits)
"""

import math

import numpy as np
import pandas as pd
import pytest

from opendome.fly import free_flight
from opendome.units import KG_PER_SLUG, M_PER_FT

BETA_KG_M2 = KG_PER_SLUG / (0.1 * 0.1963495 * M_PER_FT**2)
FT_PER_DEG = 6378137.0 * math.pi / 180.0 / M_PER_FT
AT_REST = {"lat_deg": 0.0, "lon_deg": 0.0, "alt_m": 30000 * M_PER_FT, "v_east_m_s": 0.0, "v_north_m_s": 0.0,
           "v_up_m_s": 0.0}
CANNON = AT_REST | {"alt_m": 0.0, "v_east_m_s": 1000 * M_PER_FT, "v_up_m_s": 1000 * M_PER_FT}
CASES = {"01": (AT_REST, math.inf, 0.01, 0.025), "06": (AT_REST, BETA_KG_M2, 1.0, 1.0),
         "09": (CANNON, BETA_KG_M2, 5.0, 5.0)}


@pytest.fixture(scope="module")
def nasa(request):
    return pd.read_csv(request.path.parent / "data" / "nasa_check_cases.csv", comment="#",
                       dtype={"case": str, "sim": str})


@pytest.mark.parametrize("case", CASES)
def test_within_the_spread_of_nasas_simulations(case, nasa, validation):
    start, beta, tolerance_ft, across_ft = CASES[case]
    ours = free_flight(**start, beta_kg_m2=beta, duration_s=30.0, step_s=1.0)
    for sim, theirs in nasa[nasa["case"] == case].groupby("sim"):
        assert np.array_equal(theirs["t_s"], ours.t_s)
        end = theirs.iloc[-1]
        validation(f"case {case}, simulation {sim}: altitude at 30 s", end["alt_ft"], ours.alt_m[-1] / M_PER_FT,
                   tolerance_ft, "ft")
        validation(f"case {case}, simulation {sim}: longitude at 30 s", end["lon_deg"] * FT_PER_DEG,
                   ours.lon_deg[-1] * FT_PER_DEG, across_ft, "ft of arc")
        validation(f"case {case}, simulation {sim}: latitude at 30 s", end["lat_deg"] * FT_PER_DEG,
                   ours.lat_deg[-1] * FT_PER_DEG, across_ft, "ft of arc")
        assert np.abs(theirs["alt_ft"] - ours.alt_m / M_PER_FT).max() <= tolerance_ft
        assert np.abs(theirs["lon_deg"] - ours.lon_deg).max() * FT_PER_DEG <= across_ft
