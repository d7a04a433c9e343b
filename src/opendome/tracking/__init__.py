"""One track per target from the detections of all radars: an extended Kalman filter in ECEF.

What is honest here: a track knows only noisy detections, its error is the filter's own covariance, it is confirmed by
M detections in N looks, a boost or a turn is noticed only when detections stop fitting, and it is lost when nobody
looks. What is simple: every detection is credited to the right target (perfect association), the class of the target
(and its nominal ballistic coefficient) is known, there are no false tracks and no biases between radars.

The state is (x, y, z, vx, vy, vz); a measurement is what `sensing.measure` returns: range, unit vector, both errors.
Kernels work in place on row i of the tables and allocate nothing.
Equations, sources and evidence: docs/models/tracking.md.
"""

from opendome.tracking.filter import GATE, MANOEUVRE_S, initiate, misfit, position_sigma, update, update_gated
from opendome.tracking.motion import (
    AIR_BREATHER,
    AIR_TOP_M,
    BALLISTIC,
    GLIDER,
    MANOEUVRE_M_S2,
    NOISE_M2_S3,
    SPEED_M_S,
    predict,
)
from opendome.tracking.path import predict_path
from opendome.tracking.track_file import (
    CONFIRMED,
    NO_TRACK,
    TENTATIVE,
    TrackFile,
    advance,
    confirm,
    drop_if_lost,
    new_track_file,
    note_look,
    observe,
)

__all__ = [
    "AIR_BREATHER", "AIR_TOP_M", "BALLISTIC", "CONFIRMED", "GATE", "GLIDER", "MANOEUVRE_M_S2", "MANOEUVRE_S",
    "NOISE_M2_S3", "NO_TRACK", "SPEED_M_S", "TENTATIVE", "TrackFile", "advance", "confirm", "drop_if_lost", "initiate",
    "misfit", "new_track_file", "note_look", "observe", "position_sigma", "predict", "predict_path", "update",
    "update_gated",
]
