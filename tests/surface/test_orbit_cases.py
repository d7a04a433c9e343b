"""The satellites that the page's own propagation is tested with are those of the simulator as it is now."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_orbit_cases", ROOT / "docs" / "make_orbit_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_cases_of_the_page_are_current() -> None:
    written, now = json.loads((ROOT / "web" / "test" / "orbits.json").read_text()), _script().cases()
    assert written["t_s"] == now["t_s"]
    assert written["satellites"].keys() == now["satellites"].keys()
    for name, column in now["satellites"].items():
        np.testing.assert_allclose(written["satellites"][name], column, rtol=1e-12, atol=1e-15)
    # Another processor may round otherwise: a day of a 1e-15 error in the motion is micrometres.
    np.testing.assert_allclose(written["places_km"], now["places_km"], rtol=0.0, atol=1e-5)
