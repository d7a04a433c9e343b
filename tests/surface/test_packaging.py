"""The page is built by the install, once, and travels in what is packed."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = "opendome/viewer/_web"


@pytest.fixture(scope="module")
def hook():
    """hatch_build.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path, hook):
    """A small copy of what the hook looks at, with a page that is current."""
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / "web" / "package.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "web" / "src" / "main.ts").write_text("start();\n", encoding="utf-8")
    folder = hook.page_folder(tmp_path)
    folder.mkdir(parents=True)
    for name in hook.BUILT:
        (folder / name).write_text("built\n", encoding="utf-8")
    (folder / hook.STAMP).write_text(hook.sources_sha256(tmp_path), encoding="ascii")
    return tmp_path


def test_a_page_of_these_sources_is_current(hook, tree):
    assert hook.is_current(tree)


@pytest.mark.parametrize("change", ["changed", "added", "renamed", "lock"])
def test_changed_sources_make_it_stale(hook, tree, change):
    main = tree / "web" / "src" / "main.ts"
    if change == "changed":
        main.write_text("stop();\n", encoding="utf-8")
    elif change == "added":
        (tree / "web" / "src" / "globe").mkdir()
        (tree / "web" / "src" / "globe" / "more.ts").write_text("", encoding="utf-8")
    elif change == "renamed":
        main.rename(main.with_name("other.ts"))
    else:
        (tree / "web" / "package-lock.json").write_text("{}", encoding="utf-8")
    assert not hook.is_current(tree)


@pytest.mark.parametrize("gone", ["index.html", "app.js", "app.css", "sources.sha256"])
def test_a_missing_file_makes_it_stale(hook, tree, gone):
    (hook.page_folder(tree) / gone).unlink()
    assert not hook.is_current(tree)


def test_what_does_not_go_into_the_page_does_not_count(hook, tree):
    for name in ("node_modules", "test"):
        (tree / "web" / name).mkdir()
        (tree / "web" / name / "thing.js").write_text("x", encoding="utf-8")
    assert hook.is_current(tree)


def test_line_ends_do_not_count(hook, tree):
    (tree / "web" / "src" / "main.ts").write_bytes(b"start();\r\n")
    assert hook.is_current(tree)


def test_without_sources_a_built_page_is_current(hook, tree):
    shutil.rmtree(tree / "web")
    assert hook.is_current(tree)
    (hook.page_folder(tree) / "app.js").unlink()
    assert not hook.is_current(tree)


def hook_on(hook, tree):
    return hook.PageHook(str(tree), {}, None, None, str(tree), "wheel")


def test_node_is_asked_for_only_when_stale(hook, tree, monkeypatch):
    monkeypatch.delenv(hook.SKIP, raising=False)
    assert hook_on(hook, tree).dependencies() == []
    (tree / "web" / "src" / "main.ts").write_text("stop();\n", encoding="utf-8")
    assert hook_on(hook, tree).dependencies() == [hook.NODE]
    monkeypatch.setenv(hook.SKIP, "1")
    assert hook_on(hook, tree).dependencies() == []
    hook_on(hook, tree).initialize("standard", {})
    assert not hook.is_current(tree)


def test_a_failed_build_names_the_switch(hook, tree, monkeypatch):
    """npm that fails: its last lines, one sentence, no stamp."""
    if os.name == "nt":
        pytest.skip("the stand-in for npm is a Python script run by name")
    script = tree / "npm-cli.py"
    script.write_text("import sys; print('registry is out of reach'); sys.exit(1)", encoding="utf-8")
    monkeypatch.setattr(hook, "node_and_npm", lambda: (Path(sys.executable), script))
    monkeypatch.delenv(hook.SKIP, raising=False)
    (hook.page_folder(tree) / hook.STAMP).unlink()
    told = r"registry is out of reach\n\nnpm ci --ignore-scripts failed .* Set OPENDOME_SKIP_WEB=1"
    with pytest.raises(SystemExit, match=told):
        hook_on(hook, tree).initialize("standard", {})
    assert not (hook.page_folder(tree) / hook.STAMP).exists()


def test_a_build_leaves_its_stamp(hook, tree, monkeypatch):
    calls = []
    monkeypatch.setattr(hook, "npm", lambda root, *words: calls.append(words))
    monkeypatch.delenv(hook.SKIP, raising=False)
    (tree / "web" / "src" / "main.ts").write_text("stop();\n", encoding="utf-8")
    hook_on(hook, tree).initialize("standard", {})
    assert calls == [("ci", "--ignore-scripts"), ("run", "build")]
    assert hook.is_current(tree)


def test_what_was_fetched_is_not_fetched_again_until_it_is_named_anew(hook, tree, monkeypatch):
    calls = []
    monkeypatch.setattr(hook, "npm", lambda root, *words: calls.append(words))
    fetched = tree / "web" / "node_modules" / ".package-lock.json"
    fetched.parent.mkdir()
    fetched.write_text("{}", encoding="utf-8")
    hook.fetch(tree)
    assert calls == []
    lock = tree / "web" / "package-lock.json"
    lock.write_text("{}", encoding="utf-8")
    os.utime(lock, (fetched.stat().st_mtime + 1,) * 2)
    hook.fetch(tree)
    assert calls == [("ci", "--ignore-scripts")]


def named_for_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["optional-dependencies"]["test"]


def test_versions_are_exact_and_the_lock_names_no_host():
    package = (ROOT / "web" / "package.json").read_text(encoding="utf-8")
    assert "^" not in package
    assert "~" not in package
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")


def test_the_tests_use_the_node_that_builds(hook):
    assert hook.NODE in named_for_tests()


def pack_wheel(source, into, env=None):
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(into), str(source)],
                   check=True, env=env)


@pytest.mark.soak
def test_wheel_and_sdist_hold_the_page(tmp_path):
    """Packed from the sources as they are in git; the wheel of the sdist is made without the page's registry."""
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
    made = tmp_path / "made"
    pack_wheel(copy, made)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        wanted = ("index.html", "app.js", "app.css", "licences.md", "sources.sha256")
        assert {f"{FOLDER}/{name}" for name in wanted} <= names
        assert packed.getinfo(f"{FOLDER}/app.js").file_size > 10_000
        assert not [name for name in names if "node_modules" in name]
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(made)], check=True, cwd=copy)
    (sdist,) = made.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
        packed.extractall(tmp_path / "sdist", filter="data")
    assert {f"src/{FOLDER}/app.js", "web/src/main.ts", "web/package-lock.json", "hatch_build.py"} <= inside
    assert not [name for name in inside if "node_modules" in name]
    (unpacked,) = (tmp_path / "sdist").iterdir()
    again = tmp_path / "again"
    cut_off = {**os.environ, "npm_config_registry": "http://127.0.0.1:9/"}
    pack_wheel(unpacked, again, cut_off)
    (second,) = again.glob("*.whl")
    with zipfile.ZipFile(second) as packed:
        assert f"{FOLDER}/app.js" in packed.namelist()
