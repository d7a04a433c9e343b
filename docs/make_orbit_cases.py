"""Write web/test/orbits.json: satellites and where the simulator has them, for the test of the page's own propagation.

    python docs/make_orbit_cases.py
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from opendome.orbits import Constellation, Elements, secular_rates

PATH = Path(__file__).parent.parent / "web" / "test" / "orbits.json"
EPOCH = datetime(2028, 6, 1, 12, tzinfo=UTC)
TIMES_S = (0.0, 900.0, 3600.0, 86400.0)
ORBITS = (
    # a_km, e, and in degrees: inclination, node, perigee, mean anomaly
    (6678.137, 0.0, 45.0, 10.0, 0.0, 350.0),
    (6928.137, 0.001, 53.0, 200.0, 90.0, 45.0),
    (7378.137, 0.002, 98.6, 300.0, 30.0, 120.0),
    (7578.137, 0.05, 0.0, 0.0, 0.0, 179.0),
    (26562.0, 0.72, 63.4, 120.0, 270.0, 1.0),
    (42164.17, 0.0002, 0.05, 75.0, 10.0, 20.0),
)


def cases() -> dict[str, Any]:
    """The columns of the page's satellites, the Earth's angle, and Earth-fixed places in km by time and satellite."""
    table = np.array(ORBITS)
    elements = Elements(1000.0 * table[:, 0], table[:, 1], *np.radians(table[:, 2:]).T)
    n = len(table)
    satellites = Constellation(elements, np.arange(n), np.zeros(n, np.int64), EPOCH)
    rates = secular_rates(*elements[:3])
    columns = {"a_km": table[:, 0], "e": table[:, 1], "i_rad": elements.inclination_rad, "raan_rad": elements.raan_rad,
               "argp_rad": elements.argp_rad, "m_rad": elements.anomaly_rad, "raan_rad_s": rates.raan,
               "argp_rad_s": rates.argp, "m_rad_s": rates.anomaly}
    places = 1e-3 * satellites.positions_ecef(TIMES_S).transpose(0, 2, 1)
    return {"gmst_rad": satellites.earth_angle_rad, "satellites": {k: v.tolist() for k, v in columns.items()},
            "t_s": list(TIMES_S), "places_km": np.round(places, 6).tolist()}


def text() -> str:
    """What the file should hold."""
    return json.dumps(cases(), indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text())
