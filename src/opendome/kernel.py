"""The compile decorator, its cache, and the one way to spread work over cores.

A kernel is a plain function of numbers, arrays and named tuples of arrays that calls only kernels.
Compiled code is kept in a folder named by a hash of every source file of the package: the
compiler's own cache does not notice an edit in another file, and a stale compiled function is a wrong answer.

Environment:
    OPENDOME_COMPILE=0    run every kernel as plain Python (to step through it, or to measure coverage)
    OPENDOME_CACHE=DIR    where compiled code is kept (default: the user's cache folder)
"""

import hashlib
import os
import platform
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import numpy as np
from numpy.typing import NDArray

F64Array = NDArray[np.float64]
I64Array = NDArray[np.int64]
U64Array = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]
F32Array = NDArray[np.float32]
I32Array = NDArray[np.int32]
I16Array = NDArray[np.int16]

COMPILED = os.environ.get("OPENDOME_COMPILE", "1") != "0"
"""Whether kernels are compiled in this process."""

KEPT_CACHES = 4
"""Compiled caches of this many source states are kept; older ones are removed."""

F = TypeVar("F", bound=Callable[..., Any])


WITHOUT_KERNELS = ("cli", "cost", "export", "report", "reproduce", "results", "viewer")
"""Parts of the package that hold no kernels: an edit there leaves compiled code as it is."""


def source_hash() -> str:
    """Sixteen hex digits that change with any source file of the package that may hold a kernel."""
    digest = hashlib.blake2s()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] in WITHOUT_KERNELS:
            continue
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_root() -> Path:
    chosen = os.environ.get("OPENDOME_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return Path(base) / "opendome"


def _open_cache() -> str:
    """The folder for this source state, made if need be; a temporary one when the home is read-only."""
    root = _cache_root()
    folder = root / f"{source_hash()}-py{platform.python_version()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _prune(root)
    except OSError:
        owner = os.getuid() if hasattr(os, "getuid") else "user"
        folder = Path(tempfile.gettempdir()) / f"opendome-{owner}" / folder.name
        folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _prune(root: Path) -> None:
    folders = sorted((p for p in root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in folders[KEPT_CACHES:]:
        shutil.rmtree(old, ignore_errors=True)


if COMPILED:
    import numba
    import numba.core.config as _numba_config

    _CACHE = _open_cache()

    def _compile(function: Callable[..., Any], **options: Any) -> Any:
        before = _numba_config.CACHE_DIR
        _numba_config.CACHE_DIR = _CACHE
        try:
            return numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
        finally:
            _numba_config.CACHE_DIR = before


def kernel(function: F | None = None, *, lanes: bool = False, inline: bool = False, allocates: bool = False) -> Any:
    """Compile a plain function on its first call; hand it back unchanged when compiling is off.

    Fused multiply-add is allowed everywhere (`contract`): the same bytes on one machine whatever the number of
    threads. `lanes=True` is for loops over independent trajectories side by side, which the compiler turns into
    vector instructions: there signed zeros and non-numbers are not looked at either. Sums are never reordered.
    `inline=True` puts the function's code into its callers: for the small functions that such loops call, because a
    loop with a call in it is not turned into vector instructions.

    `allocates=True` is for the few kernels that make arrays. All others only borrow those of their caller, so they are
    compiled without reference counts (which more than doubled the time of both compiling and running the raid loop);
    a borrowed array must never be the result of a kernel that is called from outside kernels.
    """
    if function is None:
        return lambda f: kernel(f, lanes=lanes, inline=inline, allocates=allocates)
    if not COMPILED:
        return function
    flags = {"contract", "nnan", "ninf", "nsz"} if lanes else {"contract"}
    return _compile(function, fastmath=flags, inline="always" if inline else "never", _nrt=allocates)


Packed = Any
"""Annotation of a record array whose columns a NamedTuple class describes (see `rows` and `pack`)."""

_DTYPES = {F64Array: "f8", F32Array: "f4", I64Array: "i8", I32Array: "i4", I16Array: "i2", U64Array: "u8",
           BoolArray: "?"}


def rows(kind: type, *shape: int) -> Any:
    """Zeroed rows of a table: `kind` is a NamedTuple class that annotates each column with its array type.

    The columns lie side by side in one record array, read and written as `table.column[i]`, compiled or not. A kernel
    is handed one array instead of dozens, which makes both compiling and calling it several times quicker.
    """
    fields = [(name, _DTYPES[column]) for name, column in kind.__annotations__.items()]
    return np.zeros(shape, np.dtype(fields, align=True)).view(np.recarray)


def pack(table: Any, axes: int = 1) -> Any:
    """The columns of a named tuple of arrays, which share their first `axes` dimensions, in one record array."""
    columns = table._asdict()
    fields = [(name, column.dtype, column.shape[axes:]) for name, column in columns.items()]
    shape = next(iter(columns.values())).shape[:axes]
    packed = np.zeros(shape, np.dtype(fields, align=True)).view(np.recarray)
    for name, column in columns.items():
        packed[name] = column
    return packed


@contextmanager
def announce_compiling(stream: TextIO | None = None) -> Iterator[None]:
    """Say once on `stream` (stderr) when something is compiled inside the block."""
    if not COMPILED:
        yield
        return
    import numba.core.event as event

    out = stream or sys.stderr
    said = threading.Event()

    def say(_: Any) -> None:
        if not said.is_set():
            said.set()
            print("compiling, once: later starts skip this (up to a minute) ...", file=out, flush=True)

    class Listener(event.Listener):  # type: ignore[misc]
        def on_start(self, ev: Any) -> None:
            say(ev)

        def on_end(self, ev: Any) -> None:
            pass

    with event.install_listener("numba:compile", Listener()):
        yield


def spread(work: Callable[[int, int], None], count: int, *, jobs: int | None = None, block: int = 1,
           progress: Callable[[int, int], None] | None = None) -> None:
    """Call `work(first, last)` for blocks of `range(count)` on `jobs` threads (default: all cores).

    `work` must write row i for item i and nothing else, so that the order of blocks cannot matter. `progress` is
    told the number of items finished and their total, at first and after each block, from the calling thread. An
    exception or an interrupt stops the rest.
    """
    finished = 0

    def tick(items: int) -> None:
        nonlocal finished
        finished += items
        if progress:
            progress(finished, count)

    tick(0)
    workers = max(1, jobs or os.cpu_count() or 1)
    blocks = [(i, min(i + block, count)) for i in range(0, count, block)]
    if workers == 1 or len(blocks) <= 1:
        for first, last in blocks:
            work(first, last)
            tick(last - first)
        return
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(work, first, last): last - first for first, last in blocks}
        try:
            for future in as_completed(futures):
                future.result()
                tick(futures[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
