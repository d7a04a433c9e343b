"""The shape of the package, read from its sources: import order, documentation, types, size, import cost."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import opendome

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "opendome"
SOURCES = sorted(PACKAGE.rglob("*.py"))

ORDER = (
    "units", "geojson", "errors", "kernel", "rng", "scenario", "sampling", "catalogue", "evidence", "world", "air",
    "fly", "threats", "orbits", "sensing", "tracking", "engagement", "battle", "raid", "stockpile", "campaign", "cost",
    "results", "study", "reproduce", "export", "report", "viewer", "cli",
)
"""A module imports only what stands to its left. A folder counts as one module; `__init__` is the version and the front
door, which opens the rest only when it is used; `__main__` calls `cli`."""

LINES_MAX = 400
TOO_LONG = {"air/table.py", "scenario/raid_log.py"}
"""Files that are over it; the list only shrinks."""


def module_of(path: Path) -> str:
    """The module that a source file belongs to; the package's own `__init__` has none."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported_modules(path: Path) -> set[str]:
    """Modules of the package that a file imports, inside functions too; `opendome` alone is the version."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno}: imports are written in full"
            names = [node.module or ""]
            if node.module == "opendome":
                names = [f"opendome.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("opendome.")}
    return found - {"__version__"}


def functions(path: Path) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
    """Functions and methods of a file at the top level or in classes: dotted name, node, whether it is a kernel."""
    found = []
    for node in tree(path).body:
        members = [(f"{node.name}.", m) for m in node.body] if isinstance(node, ast.ClassDef) else [("", node)]
        for prefix, member in members:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                decorators = {ast.unparse(d).split("(")[0] for d in member.decorator_list}
                found.append((prefix + member.name, member, "kernel" in decorators))
    return found


def is_public(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split("."))


def test_every_module_has_its_place():
    unknown = {module_of(path) for path in SOURCES} - {*ORDER, "__init__", "__main__"}
    assert not unknown, "add it to ORDER where it belongs"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_only_what_stands_above(path):
    module = module_of(path)
    if module in ("__init__", "__main__"):
        return
    assert not imported_modules(path) - set(ORDER[:ORDER.index(module) + 1])


def test_only_the_kernel_module_knows_the_compiler():
    def mentions(path: Path) -> bool:
        nodes = list(ast.walk(tree(path)))
        names = [alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names]
        names += [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
        return any(name.split(".")[0] == "numba" for name in names)

    assert [relative(path) for path in SOURCES if mentions(path)] == ["kernel.py"]


def test_import_alone_is_light():
    heavy = ("numba", "pandas", "pyarrow", "scipy", "pydantic", "matplotlib", "duckdb")
    code = f"import sys, opendome; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_work_at_import(path):
    """Statements at the top are definitions; only `kernel.py`, which opens the compiler's cache, may branch there."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign,
               ast.AnnAssign, ast.Expr)
    wrong = []
    for node in tree(path).body:
        is_type_checking = isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING",
                                                                                   "__name__ == '__main__'")
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_text = is_text or ast.unparse(node).startswith("app.add_typer(")  # how commands are declared
        is_definition = isinstance(node, allowed) and (is_text or not isinstance(node, ast.Expr))
        if not (is_definition or is_type_checking):
            wrong.append(f"line {node.lineno}: {ast.unparse(node)[:60]}")
    assert relative(path) == "kernel.py" or not wrong


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_public_functions_are_typed(path):
    untyped = []
    for name, node, is_kernel in functions(path):
        if is_kernel or not is_public(name):
            continue
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        decorators = {ast.unparse(d) for d in node.decorator_list}
        if "." in name and "staticmethod" not in decorators:
            arguments = arguments[1:]
        if node.returns is None or any(a.annotation is None for a in arguments):
            untyped.append(name)
    assert not untyped


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_modules_kernels_and_public_functions_are_documented(path):
    bare = [name for name, node, is_kernel in functions(path)
            if (is_kernel or is_public(name)) and not ast.get_docstring(node)]
    bare += [node.name for node in tree(path).body
             if isinstance(node, ast.ClassDef) and is_public(node.name) and not ast.get_docstring(node)]
    assert not bare
    assert ast.get_docstring(tree(path)), "the module says what it models"


def test_files_can_be_read_in_one_sitting():
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name for name, lines in lengths.items() if lines > LINES_MAX} == TOO_LONG


def test_random_streams_have_numbers_of_their_own():
    values = {}
    for node in tree(PACKAGE / "rng.py").body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):
            values[ast.unparse(node.targets[0])] = node.value.value
    streams = {name: value for name, value in values.items() if not name.startswith("_")}
    assert len(streams) >= 11
    assert [name for name, value in streams.items() if Counter(streams.values())[value] > 1] == []


def test_types_are_shipped():
    assert (PACKAGE / "py.typed").is_file()


def test_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "src/opendome/__init__.py"
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    newest = re.search(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert citation is not None
    assert newest is not None
    assert citation[1] == newest[1] == opendome.__version__
