"""Computes the tables and pictures of docs/models/space-interceptors.md and writes them there (a few minutes).

    python docs/make_sbi.py [NAME ...]

Tables stand between `<!-- NAME -->` and `<!-- /NAME -->`; the text around them is written by hand. Launch places are
round coordinates of regions, aim points round coordinates in the contiguous United States. Nothing is optimised for
the attacker.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from sbi_charts import Line, chart
from scipy.integrate import solve_ivp
from scipy.optimize import linprog

from opendome.catalogue import shipped
from opendome.engagement import (
    SpaceKinematics,
    in_reach,
    paths_of,
    saturation_curve,
    sbi_constellation,
    sbi_constellation_flown,
    share_in_reach,
)
from opendome.engagement.sbi import EARTH_RADIUS_KM
from opendome.engagement.space_sizing import epochs, shell
from opendome.errors import InputError
from opendome.fly import Trajectory, trajectory
from opendome.orbits import Constellation, joined
from opendome.threats import fly
from opendome.units import G0_M_S2
from opendome.world import WGS84, ecef_from_geodetic

ROOT = Path(__file__).parents[1]
PAGE, IMAGES = ROOT / "docs" / "models" / "space-interceptors.md", ROOT / "docs" / "images"
EAST_ASIA, WEST_ASIA, NORTH_ASIA = (40.0, 127.0), (35.0, 52.0), (55.0, 60.0)
AIMS = ((47.0, -122.0), (34.0, -118.0), (30.0, -95.0), (39.0, -77.0), (42.0, -88.0))
COASTS = ((47.0, -122.0), (39.0, -77.0))
TRACKED_S = 40.0
"""When a launch is tracked: through the clouds and seen a few times. Assumed."""
LATITUDES = (0, 15, 30, 40, 50, 60, 75, 90)
TILTS = (30, 45, 60, 75, 90)


def type_of(speed_km_s: float, accel_g: float, flight_max_s: float = math.inf) -> SpaceKinematics:
    """A type that is limited by nothing but its kinematics: intercepts at any altitude up to 1,000 km."""
    return SpaceKinematics(accel_g * G0_M_S2, speed_km_s * 1000.0, flight_max_s, 0.0, 1e6)


@cache
def flights(name: str, burn_s: float, places: tuple[tuple[float, float], ...] = (EAST_ASIA,),
            aims: tuple[tuple[float, float], ...] = AIMS) -> tuple[Trajectory, ...]:
    """Flights with another burn time; the burnout altitude goes with it."""
    entry = shipped().threats[name]
    ratio = burn_s / entry.burn_s.value
    high = entry.burnout_alt_km
    entry = entry.model_copy(update={"burn_s": entry.burn_s.model_copy(update={"value": burn_s}),
                                     "burnout_alt_km": high.model_copy(update={"value": ratio * high.value})})
    return tuple(fly(entry, launch=place, aim=aim, step_s=1.0) for place in places for aim in aims)


def rows(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in body)])


# ---- the formula ----------------------------------------------------------------------------------------------------


def formula() -> str:
    """Published figures beside ours."""
    five, fifty = sbi_constellation(salvo=5), sbi_constellation(salvo=50)
    glide = {"flyout_s": 600, "delta_v_km_s": 4, "intercept_altitude_km": 50}
    body = [
        ("boost, salvo of 5", "4,990", "4,986", f"{five.n_sbi:,}"),
        ("boost, salvo of 50", "49,900", "49,857", f"{fifty.n_sbi:,}"),
        ("glide, salvo of 5 (600 s, 4 km/s, 50 km)", "310", "304", f"{sbi_constellation(salvo=5, **glide).n_sbi}"),
        ("absentee ratio, boost", "499", "", f"{five.absentee_ratio:.1f}"),
        ("fly-out range, km", "not seen", "597.6", f"{five.flyout_range_km:.1f}"),
        ("coverage radius, km", "not seen", "589.2", f"{five.coverage_radius_km:.1f}"),
        ("wet mass, kg", "about 1,900", "1,294", f"{five.mass_kg:,.0f}"),
    ]
    return rows(["value", "paper", "its calculator", "ours"], body)


# ---- density by latitude --------------------------------------------------------------------------------------------

DEFAULT = {"orbit_altitude_km": 300.0, "target_altitude_km": 200.0, "reach_km": 597.634}


def absentee(tilt: float, latitude: float) -> float:
    """Absentee ratio of a shell at a latitude in the default case; infinite where none comes."""
    share = share_in_reach(inclination_deg=tilt, latitude_deg=latitude, **DEFAULT)
    return 1.0 / share if share > 0.0 else math.inf


@cache
def mixture() -> dict[int, float]:
    """Shares of shells of several inclinations, so that the thinnest latitude is as dense as can be."""
    tilts, latitudes = range(5, 91, 5), np.arange(0.0, 90.1, 2.5)
    share = np.array([[1e3 / absentee(tilt, float(latitude)) for tilt in tilts] for latitude in latitudes])
    found = linprog([*np.zeros(len(tilts)), -1.0], A_ub=np.hstack([-share, np.ones((len(latitudes), 1))]),
                    b_ub=np.zeros(len(latitudes)), A_eq=[[*np.ones(len(tilts)), 0.0]], b_eq=[1.0])
    return {tilt: float(w) for tilt, w in zip(tilts, found.x, strict=False) if w > 1e-6}


def mixed_absentee(latitude: float) -> float:
    """Absentee ratio of the mixture at a latitude."""
    return 1.0 / sum(w / absentee(tilt, latitude) for tilt, w in mixture().items())


def by_latitude() -> str:
    """Absentee ratio by latitude and inclination, and of the mixture."""
    def text(value: float) -> str:
        return f"{value:,.0f}" if value < 1e5 else "none"

    body = [(f"{lat}", *(text(absentee(tilt, lat)) for tilt in TILTS), text(mixed_absentee(lat))) for lat in LATITUDES]
    parts = ", ".join(f"{100 * w:.0f} % at {tilt}°" for tilt, w in mixture().items())
    worst = max(mixed_absentee(float(lat)) for lat in np.arange(0.0, 90.1, 2.5))
    return (rows(["latitude, deg", *(f"{tilt}°" for tilt in TILTS), "mixture"], body)
            + f"\n\nThe mixture: {parts}. Its worst latitude has {worst:,.0f}.")


def absentee_picture() -> str:
    """The same as a picture."""
    latitudes = np.arange(0.0, 90.01, 0.5)
    lines = [Line(f"{tilt}°", latitudes, np.array([absentee(tilt, float(x)) for x in latitudes])) for tilt in TILTS]
    lines += [Line("mixture", latitudes, np.array([mixed_absentee(float(x)) for x in latitudes]), dashes="7 4"),
              Line("formula", latitudes, np.full(latitudes.size, sbi_constellation(salvo=5).area_ratio), dashes="2 4")]
    return chart("Interceptors in orbit for each one in reach, by latitude of the target and inclination of the shell",
                 lines, x_name="latitude, deg", y_name="absentee ratio", x=(0, 90), y=(20, 2000), is_log=True,
                 x_step=15)


def mixed_shells(n_sbi: int) -> Constellation:
    """The mixture as a constellation."""
    return joined([shell(w * n_sbi, inclination_deg=float(tilt), altitude_km=300.0) for tilt, w in mixture().items()])


def hovering(latitude: float) -> Trajectory:
    """A target that stands still for two minutes at 200 km."""
    place = np.array(ecef_from_geodetic(math.radians(latitude), 0.0, 200e3))
    t_s = np.arange(0.0, 121.0, 10.0)
    return trajectory(t_s, np.tile(place, (t_s.size, 1)), np.zeros((t_s.size, 3)))


def default_flown() -> str:
    """The formula's 4,986 as Walker shells: how many are in reach at 120 s, and how often ten are."""
    n_sbi = sbi_constellation(salvo=5).n_sbi
    kinds = {f"{tilt}°": shell(n_sbi, inclination_deg=float(tilt), altitude_km=300.0) for tilt in (45, 60, 90)}
    kinds["mixture"] = mixed_shells(n_sbi)
    body = []
    for latitude in (0, 20, 40, 55, 70, 85):
        paths = paths_of([hovering(latitude)], None)
        cells = []
        for constellation in kinds.values():
            counts = in_reach(constellation, type_of(6, 15), paths, t_s=epochs(200))
            cells.append(f"{counts.mean():.1f}; {counts.min()}; {100 * (counts >= 10).mean():.0f} %"
                         if counts.any() else "none")
        body.append((latitude, *cells))
    names = [f"{name} ({len(c):,})" for name, c in kinds.items()]
    return rows(["latitude, deg", *names], body)


# ---- sizing ---------------------------------------------------------------------------------------------------------


def sized(case: dict[str, object], **changes: object) -> str:
    """Size of the smallest constellation for a case with changes, or why there is none."""
    now = case | changes
    kin = type_of(now.pop("speed_km_s"), now.pop("accel_g"))
    try:
        found = sbi_constellation_flown(interceptor=kin, n_epochs=200, **now)
    except InputError as error:
        return "none" if "no constellation" in str(error) else str(error)
    return f"{found.n_sbi:,} ({found.absentee_ratio:,.0f}; {found.inclination_deg:.0f}°)"


def sensitivity(case: dict[str, object], changes: Sequence[tuple[str, Sequence[tuple[str, dict[str, object]]]]]) -> str:
    """One row for each input, other inputs as in the case."""
    body = [(name, "; ".join(f"{label}: **{sized(case, **change)}**" for label, change in options))
            for name, options in changes]
    return rows(["input", "interceptors (absentee ratio; inclination)"],
                [("all as stated", f"**{sized(case)}**"), *body])


APS = {"salvo": 1, "flights": flights, "p_engaged": 0.99, "speed_km_s": 5.0, "accel_g": 12.0, "decision_s": 70.0,
       "inclination_deg": 50.0, "orbit_altitude_km": 300.0}
CBO = {"salvo": 10, "flights": flights, "p_engaged": 0.9, "shots_per_threat": 2, "speed_km_s": 5.0, "accel_g": 12.0,
       "decision_s": 70.0, "orbit_altitude_km": 400.0}


def options(key: str, *values: float, unit: str = "") -> list[tuple[str, dict[str, object]]]:
    """The same input at several values."""
    return [(f"{value:g}{unit}", {key: value}) for value in values]


def aps() -> str:
    """What moves the answer to one solid missile."""
    case = APS | {"flights": flights("icbm-solid", 170.0)}
    burns = [(f"{burn:g} s", {"flights": flights("icbm-solid", float(burn))}) for burn in (140, 200, 240)]
    return sensitivity(case, [
        ("speed", options("speed_km_s", 4.0, 6.0, unit=" km/s")),
        ("acceleration", options("accel_g", 10.0, 15.0, 20.0, unit=" g")),
        ("delay from launch to leaving", options("decision_s", 30.0, 60.0, 90.0, 120.0, unit=" s")),
        ("burn time", burns),
        ("inclination", options("inclination_deg", 45.0, 60.0, 90.0, unit="°")),
        ("orbit altitude", options("orbit_altitude_km", 250.0, 400.0, 500.0, unit=" km")),
        ("shots", options("shots_per_threat", 2, 3)),
        ("probability", options("p_engaged", 0.5, 0.9, 1.0)),
        ("calculator's kinematics (6 km/s, 15 g)",
         [(f"{tilt}°", {"speed_km_s": 6.0, "accel_g": 15.0, "inclination_deg": float(tilt)}) for tilt in (45, 50, 90)]),
    ])


def cbo() -> str:
    """What moves the answer to ten missiles at once."""
    three = (EAST_ASIA, WEST_ASIA, NORTH_ASIA)
    case = CBO | {"flights": flights("icbm-liquid", 240.0, three, COASTS)}
    return sensitivity(case, [
        ("burn time", [("180 s", {"flights": flights("icbm-solid", 180.0, three, COASTS)}),
                       ("300 s", {"flights": flights("icbm-liquid", 300.0, three, COASTS)})]),
        ("launches from the first region alone", [("40 N", {"flights": flights("icbm-liquid", 240.0, (EAST_ASIA,),
                                                                               COASTS)})]),
        ("shots", options("shots_per_threat", 1, 3)),
        ("speed", options("speed_km_s", 4.0, 6.0, unit=" km/s")),
        ("delay from launch to leaving", options("decision_s", 60.0, 90.0, unit=" s")),
        ("orbit altitude", options("orbit_altitude_km", 300.0, 500.0, unit=" km")),
    ])


# ---- burn time, saturation ------------------------------------------------------------------------------------------

BURNS = np.arange(120.0, 301.0, 10.0)


@cache
def engaged_by_burn() -> dict[int, list[float]]:
    """Share of epochs and flights in which one shot is there, by decision time, for each of BURNS."""
    satellites = shell(1728, inclination_deg=50.0, altitude_km=300.0)
    return {decision: [float((in_reach(satellites, type_of(5, 12), flights("icbm-solid", float(burn)), t_s=epochs(100),
                                       t_detect_s=TRACKED_S, decision_s=decision) > 0).mean()) for burn in BURNS]
            for decision in (30, 60, 90)}


def thresholds() -> str:
    """Burn times below which the layer fails."""
    def crossing(shares: list[float], level: float) -> str:
        return f"{np.interp(level, shares, BURNS):.0f} s" if shares[0] < level <= max(shares) else "outside"

    return rows(["decision", "half are engaged at a burn of", "nine of ten at"],
                [(f"{decision} s", crossing(shares, 0.5), crossing(shares, 0.9))
                 for decision, shares in engaged_by_burn().items()])


def burn_picture() -> str:
    """The same as a picture."""
    lines = [Line(f"{decision} s to decide", BURNS, np.array(shares)) for decision, shares in engaged_by_burn().items()]
    return chart("Share of launches that one interceptor at least can meet before burnout, by burn time; 1,728 "
                 "interceptors at 50 degrees, 5 km/s and 12 g, launch tracked after 40 s", lines,
                 x_name="burn time, s", y_name="share engaged", x=(120, 300), y=(0, 1), x_step=20, y_step=0.2)


LAUNCHES = (1, 2, 3, 5, 8, 10, 11, 12, 15, 20, 30, 40, 60)


@cache
def saturation(n_sbi: int):
    """Fraction engaged of salvos from the three regions, two shots each."""
    satellites = shell(n_sbi, inclination_deg=62.0, altitude_km=400.0)
    pool = flights("icbm-liquid", 240.0, (EAST_ASIA, WEST_ASIA, NORTH_ASIA), COASTS)
    one = flights("icbm-liquid", 240.0, (EAST_ASIA,), COASTS)
    return [saturation_curve(satellites, type_of(5, 12), chosen, n_launches=LAUNCHES, n_epochs=60, decision_s=70.0,
                             shots_per_target=2) for chosen in (one, pool)]


SIZES = (2000, 5000, 7800)


def saturation_table() -> str:
    """At the eleventh missile, and beyond."""
    body = []
    for n_sbi in SIZES:
        for name, curve in zip(("one region", "three regions"), saturation(n_sbi), strict=True):
            cells = [f"{curve.engaged[i]:.3f} ± {curve.engaged_error[i]:.3f} ({curve.greedy[i]:.3f})"
                     for i, n in enumerate(LAUNCHES) if n in (5, 10, 11, 15, 20, 40)]
            body.append((f"{n_sbi:,}", name, *cells))
    return rows(["interceptors", "launched from", *(f"{n} at once" for n in (5, 10, 11, 15, 20, 40))], body)


def saturation_picture() -> str:
    """The same as a picture."""
    lines = []
    for n_sbi in SIZES:
        for name, dashes, curve in zip(("one region", "three regions"), ("", "7 4"), saturation(n_sbi), strict=True):
            lines.append(Line(f"{n_sbi:,}, {name}", curve.n_launches.astype(float), curve.engaged,
                              error=curve.engaged_error, dashes=dashes, color=SIZES.index(n_sbi)))
    return chart("Fraction of missiles launched at once that get two shots each, by size of the constellation; mean "
                 "and standard error over 60 epochs", lines, x_name="missiles launched at once",
                 y_name="fraction engaged", x=(0, 60), y=(0, 1), x_step=10, y_step=0.2)


# ---- the free-fall approximation ------------------------------------------------------------------------------------


def free_fall() -> str:
    """How far an interceptor really is from its satellite, less R(T): both flown by SciPy in gravity with J2."""
    k = 1.5 * WGS84.j2 * WGS84.mu_m3_s2 * WGS84.a_m**2

    def gravity(r):
        size, q = np.linalg.norm(r), 5.0 * r[2] ** 2 / (r @ r)
        return -WGS84.mu_m3_s2 / size**3 * r + k / size**5 * r * np.array([q - 1.0, q - 1.0, q - 3.0])

    def flown(state, span, push):
        return solve_ivp(lambda _, y: np.concatenate([y[3:], gravity(y[:3]) + push]), span, state, method="DOP853",
                         rtol=1e-11, atol=1e-6).y[:, -1]

    r0 = (EARTH_RADIUS_KM + 300.0) * 1e3
    start = np.array([r0, 0.0, 0.0, 0.0, *(math.sqrt(WGS84.mu_m3_s2 / r0) * np.array([math.cos(0.8), math.sin(0.8)]))])
    up, ahead = start[:3] / r0, start[3:] / np.linalg.norm(start[3:])
    directions = {"up": up, "down": -up, "ahead": ahead, "behind": -ahead, "sideways": np.cross(up, ahead)}
    accel, speed, none = 15.0 * G0_M_S2, 6000.0, np.zeros(3)
    burn_s = speed / accel
    body = []
    for t in (60.0, 120.0, 200.0, 300.0, 600.0):
        satellite, reach_km = flown(start, (0.0, t), none)[:3], speed * (t - 0.5 * burn_s) / 1e3
        errors = [np.linalg.norm(flown(flown(start, (0.0, burn_s), accel * d), (burn_s, t), none)[:3] - satellite) / 1e3
                  - reach_km for d in directions.values()]
        body.append((f"{t:.0f}", f"{reach_km:,.0f}", *(f"{e:+.1f}" for e in errors)))
    return rows(["T, s", "R(T), km", *directions], body)


# ---- write ----------------------------------------------------------------------------------------------------------

TABLES = {"formula": formula, "by-latitude": by_latitude, "default-flown": default_flown, "aps": aps, "cbo": cbo,
          "thresholds": thresholds, "saturation": saturation_table, "free-fall": free_fall}
PICTURES = {"sbi-absentee.svg": absentee_picture, "sbi-saturation.svg": saturation_picture,
            "sbi-burn.svg": burn_picture}


def main(chosen: Sequence[str]) -> None:
    """Write all, or the tables and pictures named."""
    for name, draw in PICTURES.items():
        if chosen and name not in chosen:
            continue
        (IMAGES / name).write_text(draw(), encoding="utf-8", newline="\n")
        print(IMAGES / name, flush=True)
    for name, make in TABLES.items():
        if chosen and name not in chosen:
            continue
        table = make()
        before, rest = PAGE.read_text(encoding="utf-8").split(f"<!-- {name} -->\n")
        _, after = rest.split(f"<!-- /{name} -->")
        PAGE.write_text(f"{before}<!-- {name} -->\n{table}\n<!-- /{name} -->{after}", encoding="utf-8", newline="\n")
        print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
