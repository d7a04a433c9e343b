"""The track file: one track per target, confirmed by M detections in N looks, given up when nobody sees it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.kernel import kernel
from opendome.tracking.filter import initiate, update_gated
from opendome.tracking.motion import MANOEUVRE_M_S2, NOISE_M2_S3, SPEED_M_S, predict

NO_TRACK, TENTATIVE, CONFIRMED = 0, 1, 2


class TrackFile(NamedTuple):
    """The tracks of one run. T targets, S radars; SI units; ECEF. `scratch` is working memory: one file per thread."""

    state: NDArray[np.float64]
    """(T, 6) position and velocity at t_s."""
    cov: NDArray[np.float64]
    """(T, 6, 6) their covariance."""
    t_s: NDArray[np.float64]
    """(T,) instant of state and cov."""
    t_seen_s: NDArray[np.float64]
    """(T,) last detection."""
    status: NDArray[np.int64]
    """(T,) NO_TRACK, TENTATIVE or CONFIRMED."""
    looks: NDArray[np.int64]
    """(S, T) each radar's last looks, newest in the lowest bit, 1 for a detection."""
    kind: NDArray[np.int64]
    """(T,) BALLISTIC, AIR_BREATHER or GLIDER."""
    inv_beta_m2_kg: NDArray[np.float64]
    """(T,) one over the nominal ballistic coefficient, 0 for no drag."""
    scratch: NDArray[np.float64]
    """(6, 6)"""


def new_track_file(kind: NDArray[np.int64], inv_beta_m2_kg: NDArray[np.float64], n_radars: int) -> TrackFile:
    """A track file without tracks for targets of the kinds and ballistic coefficients given."""
    n = len(kind)
    return TrackFile(np.zeros((n, 6)), np.zeros((n, 6, 6)), np.zeros(n), np.zeros(n), np.zeros(n, np.int64),
                     np.zeros((n_radars, n), np.int64), np.asarray(kind, np.int64),
                     np.asarray(inv_beta_m2_kg, np.float64), np.zeros((6, 6)))


# Kernels that take the whole file read and write it in one straight piece before they call others: around a branch or
# a call the compiler counts references to each of its arrays, which costs as much as the filter.


@kernel
def advance(tracks, i, t_s):
    """Carry track i forward to t_s, in place."""
    dt_s, tracks.t_s[i] = t_s - tracks.t_s[i], t_s
    _advance(tracks.state, tracks.cov, i, tracks.kind[i], tracks.inv_beta_m2_kg[i], dt_s, tracks.scratch)


@kernel
def _advance(x, cov, i, kind, inv_beta, dt_s, scratch):
    """Predict track i by dt_s with the process noise of its kind."""
    predict(x, cov, i, kind, inv_beta, NOISE_M2_S3[kind], dt_s, scratch)


@kernel(inline=True)
def observe(tracks, i, t_s, site_m, measurement):
    """Fold a detection of target i at t_s by a radar at `site_m` (3,) into its track, or start one.

    Detections come in order of time. Returns the normalised innovation squared, 0 for a first detection.
    """
    is_new = tracks.status[i] == NO_TRACK
    tracks.status[i] = max(tracks.status[i], TENTATIVE)
    dt_s, tracks.t_s[i] = t_s - tracks.t_s[i], t_s
    unseen_s, tracks.t_seen_s[i] = t_s - tracks.t_seen_s[i], t_s
    return _observe(tracks.state, tracks.cov, i, is_new, tracks.kind[i], tracks.inv_beta_m2_kg[i], dt_s, unseen_s,
                    site_m, measurement, tracks.scratch)


@kernel
def _observe(x, cov, i, is_new, kind, inv_beta, dt_s, unseen_s, site_m, measurement, scratch):
    """Start track i from a detection, or predict and update it; returns the normalised innovation squared."""
    if is_new:
        initiate(x, cov, i, site_m, measurement, SPEED_M_S[kind])
        return 0.0
    predict(x, cov, i, kind, inv_beta, NOISE_M2_S3[kind], dt_s, scratch)
    return update_gated(x, cov, i, site_m, measurement, MANOEUVRE_M_S2[kind], unseen_s)


@kernel
def confirm(register, is_hit, m, n):
    """The register of looks after one more, and whether its last `n` looks hold at least `m` detections."""
    register = ((register << 1) | (1 if is_hit else 0)) & ((1 << n) - 1)
    hits, rest = 0, register
    while rest:
        rest &= rest - 1
        hits += 1
    return register, hits >= m


@kernel
def note_look(tracks, s, i, is_hit, m, n):
    """Write down a look of radar s at target i; m detections in its last n looks confirm the track. Returns status."""
    tracks.looks[s, i], is_sure = confirm(tracks.looks[s, i], is_hit, m, n)
    if is_sure and tracks.status[i] == TENTATIVE:
        tracks.status[i] = CONFIRMED
    return tracks.status[i]


@kernel
def drop_if_lost(tracks, i, t_s, drop_after_s):
    """Forget track i if nobody has seen its target for drop_after_s; returns whether it was dropped."""
    if tracks.status[i] == NO_TRACK or t_s - tracks.t_seen_s[i] <= drop_after_s:
        return False
    tracks.status[i] = NO_TRACK
    for s in range(tracks.looks.shape[0]):
        tracks.looks[s, i] = 0
    return True
