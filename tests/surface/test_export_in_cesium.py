"""A CZML export loaded in Cesium itself, which says where it puts things. Takes npm and the network, and so long."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from opendome.export.czml import czml
from opendome.export.scene import scene
from opendome.raid.lower_sky import constellation_of, first_start
from opendome.world import ecef_from_geodetic
from small_results import results

CESIUM = "cesium@1.140.0"
"""The last one that runs under Node 20."""

LOW = {"n_satellites": 12, "n_planes": 3, "inclination_deg": 60, "altitude_km": 300}


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> Path:
    """A folder of node modules with Cesium in it: OPENDOME_CESIUM, else fetched."""
    if "OPENDOME_CESIUM" in os.environ:
        return Path(os.environ["OPENDOME_CESIUM"])
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm on the PATH")
    folder = tmp_path_factory.mktemp("cesium")
    subprocess.run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", CESIUM], cwd=folder, check=True,
                   capture_output=True)
    return folder / "node_modules"


@pytest.mark.soak
def test_cesium_puts_everything_where_it_is(modules, tmp_path):
    small = results(constellations={"slots": LOW})
    view = scene(small)
    raid = view.raids[0]
    text = czml(view)
    (tmp_path / "run.czml").write_text(text, encoding="utf-8")
    at_s = np.array([0.0, 33.3, 100.0, 271.5])
    model = constellation_of(small.scenario.constellations["slots"], first_start(small.scenario))
    expected = {f"satellite/one/slots-{s:04d}": model.positions_ecef(at_s)[:, :, s] for s in range(len(model))}
    for track in raid.tracks:
        where = [track.at(t) for t in at_s]
        expected[f"threat/{track.name}"] = np.array(
            [ecef_from_geodetic(np.radians(lat), np.radians(lon), alt_m) for lat, lon, alt_m in where])
    asked = {identity: [raid.utc(t) for t in at_s] for identity in expected}
    (tmp_path / "asked.json").write_text(json.dumps({**asked, "threat/two-0000": [raid.utc(0.0)]}))
    done = subprocess.run(["node", str(Path(__file__).parent / "cesium_reads.cjs"), "run.czml", "asked.json"],
                          cwd=tmp_path, capture_output=True, text=True, check=True,
                          env={**os.environ, "NODE_PATH": str(modules)})
    found = json.loads(done.stdout)
    assert found["entities"] == len(json.loads(text)) - 1
    for identity, positions in expected.items():
        assert np.abs(np.array(found["positions"][identity]) - positions).max() < 2.0, identity
    assert found["positions"]["threat/two-0000"] == [None]  # its raid comes a day later
    assert found["properties"]["threat/one-0003"]["reason"] == "no stock"
