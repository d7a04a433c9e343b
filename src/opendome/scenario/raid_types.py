"""The class of a weapon from the way a raid log names it.

Names come in any spelling: "X-101", "Kh-101", "Х-101", "Shahed-136/131", "Iskander-M and Kalibr". The table
is data/raid_types.toml; what is not in it has no class, and nothing is guessed from the rest of a log.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opendome.errors import InputError, nearest

FLOWN = ("ballistic", "cruise", "drone")
"""Classes that a scenario flies, fastest first."""
CLASSES = (*FLOWN, "bomb", "reconnaissance")
"""All classes; those after the first three are counted and not flown."""

_LATIN = str.maketrans(
    dict(zip("абвгґдеёзиійїклмнопрстуфыэ", "abvggdeeziiyiklmnoprstufye", strict=True))
    | {"є": "ye", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": ""}
)
_JOINTS = re.compile(r"\s+(?:and|und|et|y|ta|i)\s+|[,;&+]")
_RUNS = re.compile(r"[^\W\d_]+|\d+|\*")


@dataclass(frozen=True)
class NamedClass:
    """The class of one logged type."""

    threat_class: str
    """One of `CLASSES`: the fastest when several are named."""
    models: int
    """How many models the text joins ("A and B" joins two)."""
    classes: tuple[str, ...]
    """All classes named, fastest first."""


class TypeTable:
    """Reads classes from names; `types` adds names of the caller's, which go before the shipped ones."""

    def __init__(self, types: Mapping[str, str] | None = None) -> None:
        self._own = {plain(name): _known_class(name, value) for name, value in (types or {}).items()}
        names, words = _shipped()
        self._names = _Finder(names | self._own)
        self._words = _Finder(words)

    def classify(self, text: str) -> NamedClass | str:
        """The class that `text` names, or the part of it that names none."""
        whole = plain(text)
        if whole in self._own:
            return NamedClass(self._own[whole], 1, (self._own[whole],))
        parts = [part.strip() for part in _JOINTS.split(whole) if part.strip()]
        found: set[str] = set()
        for part in parts:
            classes = self._names.classes_in(part) or self._words.classes_in(part)
            if "reconnaissance" in classes:
                classes -= {"drone"}  # a "reconnaissance drone" is meant to come back
            if not classes:
                return text.strip() if part == whole else part
            found |= classes
        ordered = tuple(sorted(found, key=_order))
        return NamedClass(ordered[0], len(parts), ordered) if ordered else text.strip()


class _Finder:
    """One expression that finds any of many names, the longest first."""

    def __init__(self, class_of: Mapping[str, str]) -> None:
        names = sorted(class_of, key=len, reverse=True)
        self._classes = [class_of[name] for name in names]
        self._any_name = re.compile("|".join(f"({_expression(name)})" for name in names))

    def classes_in(self, text: str) -> set[str]:
        """The classes of all names that stand in `text`."""
        return {self._classes[(match.lastindex or 1) - 1] for match in self._any_name.finditer(text)}


def plain(text: str) -> str:
    """`text` in small Latin letters, with one spelling for designations ("Х-101", "X101" and "Kh-101" alike)."""
    small = unicodedata.normalize("NFKC", text).casefold().strip()
    latin = re.sub(r"(?<![^\W\d_])(?:kh|x|h)[\s\-–]*(?=\d)", "kh-", small.translate(_LATIN))
    return re.sub(r"(?<![^\W\d_])[cs][\s\-–]*(?=\d)", "s-", latin)


def _known_class(name: str, value: str) -> str:
    if not any(char.isalnum() for char in name):
        raise InputError(f"types: {name!r}\n  is no name: give the type as the log writes it")
    if value not in CLASSES:
        hint = nearest(value, CLASSES)
        raise InputError(f"types: {name!r} = {value!r}\n  must be one of {', '.join(CLASSES)}\n  hint: {hint}")
    return value


def _order(threat_class: str) -> int:
    return CLASSES.index(threat_class)


@cache
def _shipped() -> tuple[dict[str, str], dict[str, str]]:
    """The shipped names and words with their classes."""
    table = tomllib.loads(files("opendome").joinpath("data/raid_types.toml").read_text(encoding="utf-8"))
    names = {name: kind for kind in CLASSES for name in table[kind]["names"]}
    words = {word: kind for kind in CLASSES for word in table[kind]["words"]}
    return names, words


def _expression(name: str) -> str:
    """Finds `name` as a whole, with any spaces, hyphens or dots between its letters and its digits."""
    runs = _RUNS.findall(name)
    is_open = runs[-1:] == ["*"]
    runs = runs[:-1] if is_open else runs
    before = r"(?<!\d)" if runs[0].isdigit() else r"(?<![^\W\d_])"
    ends_in_digit = runs[-1].isdigit()
    after = r"(?!\d)" if ends_in_digit else "" if is_open else r"(?![^\W\d_])"
    return before + r"[\s\-–_.]*".join(map(re.escape, runs)) + after + (r"[^\W_]*" if is_open else "")
