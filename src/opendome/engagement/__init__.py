"""What an interceptor can reach and when, and the closed forms of leakage."""

from opendome.engagement.flyout import UNREACHABLE_S, FlyoutTables, flyout_tables
from opendome.engagement.intercept import (
    earliest_intercept,
    flyout_time,
    flyout_time_s,
    ground_range,
    in_envelope,
    launch_window,
    path_step_max,
    reach_km,
    time_to,
)
from opendome.engagement.leakage import common_mode_split, interceptors_needed, p_no_leak
from opendome.engagement.sbi import ReachWarning, SbiSizing, sbi_constellation
from opendome.engagement.space_based import Allocation, Paths, Shots, allocate, kinematics, paths_of, space_shots
from opendome.engagement.space_reach import (
    Sky,
    SpaceKinematics,
    earliest_meeting,
    find_meetings,
    make_sky,
    space_reach_m,
)
from opendome.engagement.space_sizing import (
    FlownSizing,
    Saturation,
    in_reach,
    saturation_curve,
    sbi_constellation_flown,
    share_in_reach,
)
from opendome.engagement.time_budget import (
    defended_radius_km,
    geometric_horizon_km,
    kill_chain_s,
    mean_speed_km_s,
    reach_radius_km,
    time_to_go_s,
)

__all__ = [
    "UNREACHABLE_S", "Allocation", "FlownSizing", "FlyoutTables", "Paths", "ReachWarning", "Saturation",
    "SbiSizing", "Shots", "Sky", "SpaceKinematics", "allocate", "common_mode_split", "defended_radius_km",
    "earliest_intercept", "earliest_meeting", "find_meetings", "flyout_tables", "flyout_time", "flyout_time_s",
    "geometric_horizon_km", "ground_range", "in_envelope", "in_reach", "interceptors_needed", "kill_chain_s",
    "kinematics", "launch_window", "make_sky", "mean_speed_km_s", "p_no_leak", "path_step_max", "paths_of",
    "reach_km", "reach_radius_km", "saturation_curve", "sbi_constellation", "sbi_constellation_flown",
    "share_in_reach", "space_reach_m", "space_shots", "time_to", "time_to_go_s",
]
