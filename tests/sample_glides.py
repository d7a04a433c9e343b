"""What acted on a glider, found again from the samples of its flight by equations written out here."""

from typing import NamedTuple

import numpy as np

from opendome.air import density
from opendome.world import WGS84, altitude, gravity


class Forces(NamedTuple):
    """Over each step after burnout: mean lift and drag, bank, and the state in the middle. Arrays (K,)."""

    t_s: np.ndarray
    alt_m: np.ndarray
    speed_m_s: np.ndarray
    drag_m_s2: np.ndarray
    lift_m_s2: np.ndarray
    bank_deg: np.ndarray
    """To the right of up; beyond 90 when the lift points down."""
    density_kg_m3: np.ndarray


def forces(r, v, dt_s, first):
    """From rows `first` on: acceleration less gravity, Coriolis and centrifugal, along and across the air's motion."""
    r, v = r[first:], v[first:]
    mid_r = 0.5 * (r[1:] + r[:-1]) - dt_s / 8.0 * (v[1:] - v[:-1])
    mid_v = 1.5 * (r[1:] - r[:-1]) / dt_s - 0.25 * (v[1:] + v[:-1])
    turn = np.array([0.0, 0.0, WGS84.omega_rad_s])
    pull = np.array([gravity(WGS84, *x) for x in mid_r]) - 2.0 * np.cross(turn, mid_v) - np.cross(
        turn, np.cross(turn, mid_r))
    force = (v[1:] - v[:-1]) / dt_s - pull
    along = mid_v / np.linalg.norm(mid_v, axis=1)[:, None]
    lat = np.arctan2(mid_r[:, 2], np.hypot(mid_r[:, 0], mid_r[:, 1]) * (1.0 - WGS84.f) ** 2)
    lon = np.arctan2(mid_r[:, 1], mid_r[:, 0])
    up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    right = np.cross(along, up)
    right /= np.linalg.norm(right, axis=1)[:, None]
    top = np.cross(right, along)
    side, lift_up = np.sum(force * right, axis=1), np.sum(force * top, axis=1)
    alt = np.array([altitude(*x) for x in mid_r])
    return Forces((first + 0.5 + np.arange(len(mid_r))) * dt_s, alt, np.linalg.norm(mid_v, axis=1),
                  -np.sum(force * along, axis=1), np.hypot(side, lift_up), np.degrees(np.arctan2(side, lift_up)),
                  np.array([density(a) for a in alt]))
