"""The tiny scenario with a layer in orbit and what it costs, for tests that need a programme to read or to break."""

from tiny_file import TEXT as RAID
from tiny_file import replaced

SKY = """
[constellations.shell]
n_satellites = 40
n_planes = 5
inclination_deg = 50
altitude_km = 500

[sensors.flash]
type = "ir-leo-track"
constellation = "shell"

[layers.boost]
interceptor = "sbi"
constellation = "shell"
"""
COST = """
[cost]
start = "2026-01"
years = 10

[cost.launchers.heavy]
vehicle_musd = 100
payload_kg = 10000

[cost.elements.boosters]
layer = "boost"
counts = ["constellations.shell"]
development_musd = 1000
first_unit_musd = 50
learning = 0.85
mass_kg = 1500
launcher = "heavy"
life_years = 5
orders_from = "2026-07"
first_delivery = "2027-07"
last_delivery = "2029-07"
delay_months = { value = 6, low = 0, high = 12 }

[cost.elements.rounds]
counts = ["layers.lower"]
unit_musd = 4
there_at_start = 2
first_delivery = "2026-07"
last_delivery = "2027-07"

[cost.elements.centre]
n_units = 1
unit_musd = 0
operations_musd_per_year = 10

[cost.milestones.half]
date = "2028-12"
needs = { boosters = 0.5, rounds = 1.0 }
"""
TEXT = RAID + SKY + COST


def broken(*changes: tuple[str, str]) -> str:
    """The text with pieces replaced; each must be there."""
    return replaced(TEXT, *changes)
