"""One raid end to end: lower a scenario to tables, run it, record what happened."""

from opendome.raid.loop import (
    Records,
    Replay,
    begin_run,
    empty_records,
    empty_replay,
    empty_scratch,
    simulate,
    simulate_raid,
)
from opendome.raid.lower import lower
from opendome.raid.problem import Problem, Tables

__all__ = [
    "Problem", "Records", "Replay", "Tables", "begin_run", "empty_records", "empty_replay", "empty_scratch", "lower",
    "simulate", "simulate_raid",
]
