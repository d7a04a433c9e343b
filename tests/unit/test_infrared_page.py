"""The tables of docs/models/infrared.md are what its script writes."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.compiled
def test_tables_are_made_from_the_code(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "docs"), *sys.path])
    import make_infrared

    page = make_infrared.PAGE.read_text(encoding="utf-8")
    assert make_infrared.filled(page) == page


def test_equilibrium_glide_by_hand(monkeypatch):
    """Lift 2.6 D holds 4.06 m/s2 at 6 km/s: rho = 2 x 13,000 x 4.06 / (3.6e7 x 2.6) = 1.13e-3 kg/m3."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "docs"), *sys.path])
    import make_infrared

    assert make_infrared.air.density(make_infrared.glide_altitude(6000.0)) == pytest.approx(1.13e-3, rel=5e-3)
    time_s, range_km = make_infrared.glide_time_range(5000.0, 4990.0)
    drag_m_s2 = (make_infrared.GRAVITY_M_S2 - 4995.0**2 / make_infrared.RADIUS_M) / 2.6
    assert time_s == pytest.approx(10.0 / drag_m_s2, rel=1e-3)
    assert range_km == pytest.approx(4.995 * time_s * make_infrared.MEAN_RADIUS_M / make_infrared.RADIUS_M, rel=1e-3)
