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

__all__ = [
    "UNREACHABLE_S", "FlyoutTables", "common_mode_split", "earliest_intercept", "flyout_tables", "flyout_time",
    "flyout_time_s", "ground_range", "in_envelope", "interceptors_needed", "launch_window", "p_no_leak",
    "path_step_max", "reach_km", "time_to",
]
