"""The fleet of space-based interceptors of the APS study of 2003: by the closed formula, and flown.

Flown is the boost alone: least energy over a sphere at rest to two coasts, on the boost arc of `threats`, met from
Walker constellations that turn with the Earth beneath them. Left out against the validation of the same case: the
flight after burnout and the correction of the aim for the Earth's rotation, which move the fleet by less than the 2 %
to which it is sized, and take most of the time of compiling.
"""

import math
from collections.abc import Mapping

import numpy as np

from opendome.engagement import SpaceKinematics, sbi_constellation, sbi_constellation_flown
from opendome.fly import Trajectory, trajectory
from opendome.reproduce.models import whole
from opendome.reproduce.models.limits import between
from opendome.threats import BOOST, ballistic
from opendome.threats.boost import boost_state
from opendome.units import G0_M_S2, M_PER_KM, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, geodesic_inverse

TOP_M = 1e6
"""An interceptor meets nothing above this altitude; all of the boost is below."""
STEP_S = 1.0
KG_PER_T = 1000.0
EPOCHS = 100


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Interceptors in orbit by formula and flown, and the mass of one and of all."""
    between(a, {"burn_s": (10.0, 1000.0), "usable_s": (1.0, a["burn_s"]), "burnout_alt_km": (1.0, 900.0)})
    salvo = whole(a, "n_missiles")
    formula = sbi_constellation(
        salvo=salvo, p_kill=a["p_kill"], p_composite=a["p_composite"], orbit_altitude_km=a["orbit_altitude_km"],
        flyout_s=a["usable_s"], accel_g=a["accel_g"], delta_v_km_s=a["delta_v_km_s"],
        intercept_altitude_km=a["burnout_alt_km"], divert_delta_v_km_s=a["divert_delta_v_km_s"], isp_s=a["isp_s"],
        kill_vehicle_kg=a["kill_vehicle_kg"], body_kg=a["body_kg"], support_kg=a["support_kg"])
    flown = sbi_constellation_flown(
        salvo=salvo, interceptor=SpaceKinematics(a["accel_g"] * G0_M_S2, a["delta_v_km_s"] * M_PER_KM, math.inf, 0.0,
                                                 TOP_M),
        flights=[boost(a, coast) for coast in ("west", "east")], p_engaged=a["p_engaged"],
        shots_per_threat=formula.shots_per_threat, orbit_altitude_km=a["orbit_altitude_km"],
        inclination_deg=a["inclination_deg"], decision_s=a["burn_s"] - a["usable_s"], n_epochs=EPOCHS)
    return {"n_sbi": flown.n_sbi, "n_sbi_by_formula": formula.n_sbi, "mass_kg": formula.mass_kg,
            "in_orbit_t": flown.n_sbi * formula.mass_kg / KG_PER_T}


def boost(a: Mapping[str, float], coast: str) -> Trajectory:
    """The boost of a missile to one of the coasts, every second."""
    lat_deg, lon_deg = a["launch_lat_deg"], a["launch_lon_deg"]
    line = geodesic_inverse(lat1_deg=lat_deg, lon1_deg=lon_deg, lat2_deg=a[f"{coast}_lat_deg"],
                            lon2_deg=a[f"{coast}_lon_deg"])
    range_rad, alt_m, burn_s = line.distance_km * M_PER_KM / MEAN_RADIUS_M, a["burnout_alt_km"] * M_PER_KM, a["burn_s"]
    path_rad = ballistic.guess_angle(range_rad, alt_m, burn_s)
    speed_m_s = ballistic.guess_speed(range_rad, path_rad, alt_m, burn_s)
    t_s = np.arange(0.0, burn_s + STEP_S, STEP_S)
    states = np.array([boost_state(lat_deg * RAD_PER_DEG, lon_deg * RAD_PER_DEG, line.azimuth_deg * RAD_PER_DEG,
                                   speed_m_s * math.cos(path_rad), speed_m_s * math.sin(path_rad), alt_m, burn_s,
                                   min(float(t), burn_s)) for t in t_s])
    found = trajectory(t_s, states[:, :3].copy(), states[:, 3:].copy())
    return found._replace(phase=np.full(t_s.size, int(BOOST)))
