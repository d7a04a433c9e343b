"""Kernels are plain Python functions: compiled or not, they fight the same raid.

The compiler may fuse a multiplication with an addition, so times agree nearly and not to the byte: a ballistic route is
solved until it is metres from its aim, and metres are milliseconds. With the seed chosen here no draw falls so near to
its threshold that an outcome could turn on that.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from opendome import study
from opendome.kernel import COMPILED
from opendome.results import Results
from tiny import small_raid
from tiny_glide import busy_glides
from tiny_space import busy_sky

RUNS, SEED = 2, 3
TIMES = ["t_launch_s", "t_warned_s", "t_seen_s", "t_shot_s", "t_end_s"]


@pytest.mark.parametrize("scenario", [small_raid, busy_sky, busy_glides])
def test_compiled_or_not_the_same_raid_is_fought(tmp_path, scenario):
    here = study.run(scenario(), runs=RUNS, seed=SEED).tables.threats
    code = (f"from opendome import study; from {scenario.__module__} import {scenario.__name__}; "
            f"study.run({scenario.__name__}(), runs={RUNS}, seed={SEED}, out={str(tmp_path / 'there')!r})")
    environment = os.environ | {"OPENDOME_COMPILE": "0" if COMPILED else "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    there = Results.open(tmp_path / "there").tables.threats
    for column in ("outcome", "reason", "shots", "layer", "area"):
        assert here[column].astype(str).tolist() == there[column].astype(str).tolist()
    assert np.allclose(here[TIMES], there[TIMES], rtol=0, atol=0.02, equal_nan=True)
