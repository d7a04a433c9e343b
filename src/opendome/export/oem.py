"""CCSDS Orbit Ephemeris Message 2.0 (502.0-B-2), as keywords and values: a segment for each threat and satellite.

Frame ITRF2000, by which the Earth-fixed frame of WGS-84 is meant: the two differ by centimetres, but the simulator
leaves polar motion and UT1 - UTC out (docs/models/earth.md). Velocities are relative to the turning Earth. Those of
satellites are the model's; those of threats are not recorded and are the slopes of a parabola through three
neighbouring points. Covariances are left out. A threat with one recorded point has no velocity and so no segment; a
comment at the head counts them.
"""

from collections.abc import Iterator

import numpy as np

from opendome.export.scene import ORBIT_DEGREE, Raid, Scene
from opendome.kernel import F64Array

FRAME = "ITRF2000"
LINE_MOST = 200
"""Longest comment; lines may have 254 characters."""


def oem(scene: Scene) -> str:
    """The file's text."""
    lonely = sum(len(track.t_s) < 2 for raid in scene.raids for track in raid.tracks)
    notes = [scene.title, *scene.about]
    if lonely:
        notes.append(f"{lonely} threats with a single recorded point are left out.")
    head = ["CCSDS_OEM_VERS = 2.0", *(line for note in notes for line in comments(note)),
            f"CREATION_DATE = {scene.created:%Y-%m-%dT%H:%M:%S}", "ORIGINATOR = OPENDOME", ""]
    return "\n".join([*head, *(line for raid in scene.raids for line in _raid(raid))])


def comments(text: str) -> Iterator[str]:
    """A text as comment lines of plain ASCII."""
    plain = " ".join(text.split()).encode("ascii", "replace").decode("ascii")
    line = ""
    for word in plain.split():
        while len(word) > LINE_MOST:
            yield f"COMMENT {word[:LINE_MOST]}"
            word = word[LINE_MOST:]
        if len(line) + len(word) >= LINE_MOST:
            yield f"COMMENT {line}"
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield f"COMMENT {line}"


def _raid(raid: Raid) -> Iterator[str]:
    for track in raid.tracks:
        if len(track.t_s) > 1:
            r = track.r_ecef_m
            about = f"{track.type}, {track.outcome or 'outcome not recorded'}; straight lines between the points"
            yield from _segment(raid, track.name, track.t_s, np.hstack([r, slopes(track.t_s, r)]), 1, about)
    for fleet in raid.fleets:
        for name, states in fleet.satellites():
            yield from _segment(raid, f"{raid.name}/{name}", fleet.t_s, states, ORBIT_DEGREE, f"of {fleet.name}")


def slopes(t_s: F64Array, r_m: F64Array) -> F64Array:
    """Velocities (K, 3) in m/s at the points (K, 3) of a path, of a parabola through each and its two neighbours; of
    two points, of the line between them."""
    return np.asarray(np.gradient(r_m, t_s, axis=0, edge_order=2 if len(t_s) > 2 else 1))


def _segment(raid: Raid, name: str, t_s: F64Array, states: F64Array, degree: int, about: str) -> Iterator[str]:
    epochs = [raid.utc(t).removesuffix("Z") for t in t_s]
    plain = " ".join(name.split()).encode("ascii", "replace").decode("ascii")
    yield from ("META_START", *comments(about), f"OBJECT_NAME = {plain}", f"OBJECT_ID = {plain}",
                "CENTER_NAME = EARTH", f"REF_FRAME = {FRAME}", "TIME_SYSTEM = UTC", f"START_TIME = {epochs[0]}",
                f"STOP_TIME = {epochs[-1]}", f"INTERPOLATION = {'LINEAR' if degree == 1 else 'LAGRANGE'}",
                f"INTERPOLATION_DEGREE = {degree}", "META_STOP")
    for epoch, (x, y, z, vx, vy, vz) in zip(epochs, states / 1000.0):
        yield f"{epoch} {x:.6f} {y:.6f} {z:.6f} {vx:.9f} {vy:.9f} {vz:.9f}"
    yield ""
