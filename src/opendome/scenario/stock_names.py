"""Names in a stockpile and its campaigns that point nowhere.

They are looked up in the plain data of the file, so that a table that cannot be read for another fault still has its
names checked, and is still known by its own name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from opendome.errors import Problem, nearest
from opendome.scenario.problems import dotted
from opendome.scenario.stock_specs import Stockpile


class Kind(NamedTuple):
    """What a name must be."""

    words: str
    table: tuple[str, ...]
    """Table whose keys are the known names."""


OWNER = Kind("an owner of this stockpile", ("stockpile", "owners"))
INTERCEPTOR = Kind("an interceptor of this stockpile", ("stockpile", "interceptors"))
LINE = Kind("a line of this stockpile", ("stockpile", "lines"))
COMPONENT = Kind("a component of this stockpile", ("stockpile", "components"))
RAID = Kind("a raid of this scenario", ("raids",))

REQUIRED = (OWNER, INTERCEPTOR)
"""Tables that a stockpile cannot do without: where they are missing, that alone is said."""

AS_KEYS = {
    "stockpile.stocks.*": OWNER, "stockpile.stocks.*.*": INTERCEPTOR,
    "stockpile.return_to.*": OWNER, "stockpile.return_to.*.*": INTERCEPTOR,
    "stockpile.lines.*.components.*": COMPONENT,
}
"""Tables whose keys are names of other things."""

AS_VALUES = {
    "stockpile.components.*.priority.*": LINE,
    "stockpile.lines.*.owner": OWNER, "stockpile.lines.*.interceptor": INTERCEPTOR,
    "stockpile.lines.*.priority.*": OWNER, "stockpile.lines.*.may_supply.*": OWNER,
    "stockpile.orders.*.owner": OWNER, "stockpile.orders.*.interceptor": INTERCEPTOR, "stockpile.orders.*.line": LINE,
    "stockpile.transfers.*.from": OWNER, "stockpile.transfers.*.to": OWNER,
    "stockpile.transfers.*.interceptor": INTERCEPTOR,
    "stockpile.uses.*.owner": OWNER, "stockpile.uses.*.interceptor": INTERCEPTOR,
    "campaigns.*.owner": OWNER, "campaigns.*.template": RAID,
    "campaigns.*.against.*.tiers.*.interceptor": INTERCEPTOR, "campaigns.*.doctrine.*.interceptor": INTERCEPTOR,
}
"""Values that are names of other things."""

Pair = tuple[str, str]
"""Owner and interceptor."""


class Holdings(NamedTuple):
    """Who has what, as far as the file states it: even none counts as stated."""

    stocked: set[Pair]
    """Stocks at the start."""
    stated: set[Pair]
    """Those, and whoever is owed or given any."""
    is_sure: bool
    """Whether all names in them are known; a name that is not may stand for any."""


class Found(NamedTuple):
    """One value of a file."""

    where: str
    key: str
    value: Any


def unknown_names(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Every name of the stockpile and the campaigns in plain data that is not known."""
    for pattern, kind in AS_KEYS.items():
        for found in walk(data, pattern):
            yield from _unknown(found.where, found.key, kind, data)
    for pattern, kind in AS_VALUES.items():
        for found in walk(data, pattern):
            if isinstance(found.value, str):
                yield from _unknown(found.where, found.value, kind, data)


def _unknown(where: str, name: str, kind: Kind, data: Mapping[str, Any]) -> Iterator[Problem]:
    known: Any = data
    for part in kind.table:
        known = known.get(part, None if kind in REQUIRED else {}) if isinstance(known, Mapping) else None
    if isinstance(known, Mapping) and name not in known:
        yield Problem(where, repr(name), f"must name {kind.words}",
                      nearest(name, known) or ("" if known else f"it has no {kind.table[-1]}"))


def holdings(data: Mapping[str, Any], pile: Stockpile) -> Holdings:
    """What plain data say about who has what."""
    stocked = {(owner.key, interceptor) for owner in walk(data, "stockpile.stocks.*")
               if isinstance(owner.value, Mapping) for interceptor in owner.value}
    stated = set(stocked)
    for pattern, owner in (("stockpile.orders.*", "owner"), ("stockpile.transfers.*", "to")):
        rows = [found.value for found in walk(data, pattern) if isinstance(found.value, Mapping)]
        stated |= {(str(row.get(owner)), str(row.get("interceptor"))) for row in rows}
    is_sure = all(owner in pile.owners and interceptor in pile.interceptors for owner, interceptor in stated)
    return Holdings(stocked, stated, is_sure)


def never_has(where: str, pair: Pair, pile: Stockpile, held: Holdings) -> Iterator[Problem]:
    """The problem that an owner can never have any of a type, if so; names that are not known are said elsewhere."""
    owner, interceptor = pair
    is_known = owner in pile.owners and interceptor in pile.interceptors
    if is_known and held.is_sure and pair not in held.stated:
        yield Problem(where, repr(interceptor),
                      f"{owner} never has any {interceptor}: no stock, order or transfer gives it one",
                      f"stocks.{dotted(owner, interceptor)} = 0 says that it starts with none")


def lacks_start(pair: Pair, pile: Stockpile, held: Holdings) -> bool:
    """Whether an owner has no stock of a type at the start, not even a stated one of none."""
    return pair[0] in pile.owners and pair[1] in pile.interceptors and held.is_sure and pair not in held.stocked


def walk(data: Any, pattern: str) -> Iterator[Found]:
    """Every value whose path fits a pattern of keys and `*` for any key or item."""
    yield from _walk(Found("", "", data), tuple(pattern.split(".")))


def _walk(here: Found, pattern: tuple[str, ...]) -> Iterator[Found]:
    if not pattern:
        yield here
        return
    inner: list[Found] = []
    if isinstance(here.value, Mapping):
        dot = f"{here.where}." if here.where else ""
        inner = [Found(f"{dot}{dotted(str(key))}", str(key), value) for key, value in here.value.items()]
    elif isinstance(here.value, list | tuple):
        inner = [Found(f"{here.where}[{i}]", str(i), value) for i, value in enumerate(here.value)]
    for found in inner:
        if pattern[0] in ("*", found.key):
            yield from _walk(found, pattern[1:])
