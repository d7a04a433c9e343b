"""Write skyfield_orbits.json: what Skyfield says of clocks, the Sun, and SGP4 satellites over the turning Earth.

Needs `pip install skyfield==1.55 sgp4==2.27 skyfield-data==7.0.0` (the last one holds JPL's DE421). UT1 is set to UTC,
as OpenDome takes it, and polar motion to none.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from skyfield.api import EarthSatellite, load, load_file
from skyfield.framelib import itrs
from skyfield_data import get_skyfield_data_path

OUT = Path(__file__).with_suffix(".json")
TLES = {
    "ISS (ZARYA)": ("1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
                    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537"),
    "MOLNIYA 2-14": ("1 08195U 75081A   06176.33215444  .00000099  00000-0  11873-3 0   813",
                     "2 08195  64.1586 279.0717 6877146 264.7651  20.2257  2.00491383225656"),
    "XM-3": ("1 28626U 05008A   06176.46683397 -.00000205  00000-0  10000-3 0  2190",
             "2 28626   0.0019 286.9433 0000335  13.7918  55.6504  1.00270176  4891"),
}
INSTANTS = [datetime(1972, 7, 1, tzinfo=UTC), datetime(1990, 3, 1, 6, tzinfo=UTC),
            datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2017, 1, 1, tzinfo=UTC),
            datetime(2028, 1, 1, tzinfo=UTC)]
SUN = [datetime(year, month, day, 7 * month % 24, tzinfo=UTC) for year in (2006, 2028, 2045)
       for month, day in ((1, 3), (3, 20), (6, 21), (9, 23), (11, 12))]


def tai_minus_utc_s(t, instant):
    """Leap seconds, from Skyfield's own reading of the two clocks (never more than a minute here)."""
    return round(t.tai_calendar()[5] - instant.second) % 60


def time_of(instant):
    """The instant on a scale with UT1 = UTC."""
    tt = load.timescale(builtin=True).from_datetime(instant)
    seconds = 32.184 + tai_minus_utc_s(tt, instant)
    return load.timescale(delta_t=seconds, builtin=True).from_datetime(instant)


def main():
    """Ask Skyfield and write the answers."""
    clocks = []
    for instant in INSTANTS:
        t = load.timescale(builtin=True).from_datetime(instant)
        clocks.append({"utc": instant.isoformat(), "tai_minus_utc_s": tai_minus_utc_s(t, instant)})
    sun = []
    ephemeris = load_file(str(Path(get_skyfield_data_path()) / "de421.bsp"))
    for instant in SUN:
        t = time_of(instant)
        position = ephemeris["earth"].at(t).observe(ephemeris["sun"]).apparent()
        sun.append({"utc": instant.isoformat(), "r_ecef_km": list(position.frame_xyz(itrs).km)})
    satellites = []
    for name, lines in TLES.items():
        satellite = EarthSatellite(*lines, name)
        begin = satellite.epoch.utc_datetime().replace(microsecond=0)
        rows = []
        for hours in (0, 1, 7, 19, 24):
            instant = datetime.fromtimestamp(begin.timestamp() + 3600 * hours, UTC)
            r, v = satellite.at(time_of(instant)).frame_xyz_and_velocity(itrs)
            rows.append({"utc": instant.isoformat(), "r_ecef_km": list(r.km), "v_ecef_km_s": list(v.km_per_s)})
        satellites.append({"name": name, "lines": lines, "rows": rows})
    OUT.write_text(json.dumps({"clocks": clocks, "sun": sun, "satellites": satellites}, indent=1) + "\n")


if __name__ == "__main__":
    main()
