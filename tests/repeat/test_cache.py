"""A stale compiled function is a wrong answer: any edit of any source file leads to a cache folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "opendome"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, root / "opendome", ignore=shutil.ignore_patterns("__pycache__", "scenarios"))
    return root


def source_hash(root: Path) -> str:
    code = "from opendome.kernel import source_hash; print(source_hash())"
    environment = os.environ | {"PYTHONPATH": str(root), "OPENDOME_COMPILE": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True,
                          check=True).stdout.strip()


def test_the_hash_is_the_same_for_the_same_sources(copy):
    from opendome import kernel

    assert source_hash(copy) == source_hash(copy) == kernel.source_hash()


@pytest.mark.parametrize("name", ["world/earth.py", "raid/truth.py", "air/table.py", "__init__.py"])
def test_any_edit_changes_the_folder(copy, name):
    before, path = source_hash(copy), copy / "opendome" / name
    text = path.read_text()
    path.write_text(text + "# edited\n")
    try:
        assert source_hash(copy) != before
    finally:
        path.write_text(text)
    assert source_hash(copy) == before


def test_a_new_file_and_a_new_name_change_the_folder(copy):
    before, path = source_hash(copy), copy / "opendome" / "extra.py"
    path.write_text("")
    added = source_hash(copy)
    path.rename(path.with_name("other.py"))
    renamed = source_hash(copy)
    path.with_name("other.py").unlink()
    assert len({before, added, renamed}) == 3


def test_an_edit_in_another_file_reaches_compiled_callers(copy, tmp_path):
    """The end that all this serves: the caller's file is untouched, and yet it calls the new code."""
    (copy / "opendome" / "callee.py").write_text(
        "from opendome.kernel import kernel\n\n@kernel\ndef inner(x):\n    return x + 1.0\n")
    (copy / "opendome" / "caller.py").write_text(
        "from opendome.callee import inner\nfrom opendome.kernel import kernel\n\n"
        "@kernel\ndef outer(x):\n    return inner(x)\n")
    environment = os.environ | {"PYTHONPATH": str(copy), "OPENDOME_CACHE": str(tmp_path), "OPENDOME_COMPILE": "1"}

    def outer() -> float:
        code = "from opendome.caller import outer; print(outer(1.0))"
        return float(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True,
                                    check=True).stdout)

    try:
        assert outer() == 2.0
        path = copy / "opendome" / "callee.py"
        path.write_text(path.read_text().replace("x + 1.0", "x + 2.0"))
        assert outer() == 3.0
    finally:
        (copy / "opendome" / "callee.py").unlink()
        (copy / "opendome" / "caller.py").unlink()
