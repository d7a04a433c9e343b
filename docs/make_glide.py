"""Draw the picture of the glide page: `python docs/make_glide.py`.

Flight A of an HTV-2 class glider, with constant lift and with its phugoid damped, over a sphere at rest.
"""

from pathlib import Path

import numpy as np
from sbi_charts import Line, chart

from opendome.fly import glide
from opendome.world import POINT_MASS

FLIGHT_A = {"alt_m": 100e3, "speed_m_s": 6010.0, "flight_path_deg": -5.03, "heading_deg": 90.0, "lat_deg": 0.0,
            "lon_deg": 0.0, "lift_to_drag": 2.6, "beta_kg_m2": 13000.0, "step_s": 5.0, "rotating": False}


def path(name: str, color: int, damping: float) -> Line:
    """Altitude against range, both in km, down to 25 km."""
    flight = glide(**FLIGHT_A, stop_alt_m=25e3, damping=damping)
    return Line(name, np.radians(flight.lon_deg) * POINT_MASS.a_m / 1000.0, flight.alt_m / 1000.0, color=color)


def cross(name: str, x_km: float, y_km: float, color: int) -> Line:
    """A published point as a small cross."""
    return Line(name, np.array([x_km - 60.0, x_km + 60.0, x_km, x_km, x_km]),
                np.array([y_km, y_km, y_km, y_km - 2.0, y_km + 2.0]), color=color)


if __name__ == "__main__":
    lines = [path("constant lift", 0, 0.0), path("damped", 1, 1.0), cross("published start", 1100.0, 47.0, 6),
             cross("published end", 5900.0, 30.5, 6)]
    image = chart("Flight A: altitude against range from 100 km, two readings and the published points", lines,
                  x_name="range over the ground, km", y_name="altitude, km", x=(0.0, 7000.0), y=(20.0, 100.0),
                  x_step=1000.0, y_step=10.0)
    (Path(__file__).parent / "images" / "glide-flight-a.svg").write_text(image, encoding="utf-8")
