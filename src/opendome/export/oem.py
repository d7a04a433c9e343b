"""CCSDS Orbit Ephemeris Messages 2.0 (502.0-B-2), as keywords and values: a message for each threat and satellite.

A message is about one object; a satellite has a segment for each raid. Frame ITRF2000, by which the Earth-fixed frame
of WGS-84 is meant: the two differ by centimetres, but the simulator leaves polar motion and UT1 - UTC out
(docs/models/earth.md). Velocities are relative to the turning Earth. Those of satellites are the model's; those of
threats are not recorded and are the slopes of a parabola through three neighbouring points. Covariances are left out,
and so are threats with one recorded point, which have no velocity.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from opendome.export.scene import ORBIT_DEGREE, Raid, Scene
from opendome.kernel import F64Array

FRAME = "ITRF2000"

LINE_MOST = 200
"""Longest comment; lines may have 254 characters."""


def oem(scene: Scene) -> dict[str, str]:
    """The messages by the name of their file, without its ending."""
    segments: dict[str, list[str]] = {}
    for kind, name, segment in (found for raid in scene.raids for found in _objects(raid)):
        segments.setdefault(f"{kind}-{name}", []).append(segment)
    notes = [line for text in (scene.title, *scene.about) for line in comments(text)]
    head = "\n".join(["CCSDS_OEM_VERS = 2.0", *notes, f"CREATION_DATE = {scene.created:%Y-%m-%dT%H:%M:%S}",
                      "ORIGINATOR = OPENDOME", "", ""])
    return {file: head + "\n".join(segments[key]) for key, file in _file_names(segments).items()}


def _file_names(keys: Mapping[str, object]) -> dict[str, str]:
    """A name for each file that every system takes, no two alike even where case does not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        plain = re.sub(r"[^A-Za-z0-9-]", "_", key)[:100]
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name.lower())
        found[key] = name
    return found


def comments(text: str) -> Iterator[str]:
    """A text as comment lines of plain ASCII."""
    line = ""
    for word in _plain(text).split():
        for part in (word[k:k + LINE_MOST] for k in range(0, len(word), LINE_MOST)):
            if line and len(line) + len(part) >= LINE_MOST:
                yield f"COMMENT {line}"
                line = ""
            line = f"{line} {part}".strip()
    if line:
        yield f"COMMENT {line}"


def _plain(text: str) -> str:
    """A text in printable ASCII on one line."""
    return re.sub(r"[^ -~]", "?", " ".join(text.split()))


def _objects(raid: Raid) -> Iterator[tuple[str, str, str]]:
    """Kind, name and segment of each object of a raid."""
    for track in raid.tracks:
        if len(track.t_s) > 1:
            r = track.r_ecef_m
            about = f"{track.type}, {track.outcome or 'outcome not recorded'}; straight lines between the points"
            yield "threat", track.name, _segment(raid, track.name, track.t_s, np.hstack([r, slopes(track.t_s, r)]), 1,
                                                 about)
    for fleet in raid.fleets:
        for name, states in fleet.satellites():
            yield "satellite", name, _segment(raid, name, fleet.t_s, states, ORBIT_DEGREE, f"raid {raid.name}")


def slopes(t_s: F64Array, r_m: F64Array) -> F64Array:
    """Velocities (K, 3) in m/s at the points (K, 3) of a path, of a parabola through each and its two neighbours; of
    two points, of the line between them."""
    return np.asarray(np.gradient(r_m, t_s, axis=0, edge_order=2 if len(t_s) > 2 else 1))


def _segment(raid: Raid, name: str, t_s: F64Array, states: F64Array, degree: int, about: str) -> str:
    epochs = [raid.utc(t).removesuffix("Z") for t in t_s]
    plain = _plain(name)[:LINE_MOST]
    head = ["META_START", *comments(about), f"OBJECT_NAME = {plain}", f"OBJECT_ID = {plain}",
            "CENTER_NAME = EARTH", f"REF_FRAME = {FRAME}", "TIME_SYSTEM = UTC", f"START_TIME = {epochs[0]}",
            f"STOP_TIME = {epochs[-1]}", f"INTERPOLATION = {'LINEAR' if degree == 1 else 'LAGRANGE'}",
            f"INTERPOLATION_DEGREE = {degree}", "META_STOP"]
    rows = [f"{epoch} {x:.6f} {y:.6f} {z:.6f} {vx:.9f} {vy:.9f} {vz:.9f}"
            for epoch, (x, y, z, vx, vy, vz) in zip(epochs, states / 1000.0)]
    return "\n".join([*head, *rows, ""])
