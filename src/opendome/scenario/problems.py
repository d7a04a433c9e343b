"""What pydantic found wrong with a file, said in the words of that file.

Each error becomes a `Problem`: its place as the user wrote it (`raids[2].waves`, counted from 0), the value
found, what would be right with the field's own docstring, and the nearest known name.
"""

import json
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from opendome.errors import Problem, nearest
from opendome.scenario.quantity import Quantity
from opendome.units import SUFFIXES, unit_of

_PLAIN = {
    "missing": "is required",
    "extra_forbidden": "unknown key",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be an array [ ... ]",
    "tuple_type": "must be an array [ ... ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "has too few entries: {actual_length}, at least {min_length}",
    "too_long": "has too many entries: {actual_length}, at most {max_length}",
    "string_too_short": "is too short: at least {min_length} characters",
    "string_too_long": "is too long: at most {max_length} characters",
    "timezone_aware": "must say its time zone, for example 2026-02-28T06:00:00Z",
}
"""What would be right, by pydantic's error type; the braces are filled from the error's context."""


def problems_from(
    error: ValidationError, data: Mapping[str, Any], prefix: str = "", known: Any = None
) -> list[Problem]:
    """Every error as a `Problem`, in the order of the file.

    `data` is what was validated, `prefix` the dotted path of `data` in the file. `known` is the type it was
    validated against (a model, or an annotated union of models): its field names give the nearest known name
    and its docstrings the help. Without it the messages are shorter.
    """
    found = [_problem(e, data, prefix, known) for e in error.errors(include_url=False)]
    return list(dict.fromkeys(found))


def dotted(*keys: str) -> str:
    """The path of a key as TOML writes it: keys that are not plain words stand in quotes."""
    return ".".join(k if re.fullmatch(r"[A-Za-z0-9_-]+", k) else json.dumps(k, ensure_ascii=False) for k in keys)


def short(found: Any) -> str:
    """A value as it would stand in TOML, cut to one short line; tables and arrays as `{...}` and `[...]`."""
    if isinstance(found, Mapping):
        return "{...}" if found else "{}"
    if isinstance(found, list | tuple):
        return "[...]" if found else "[]"
    if isinstance(found, BaseModel):
        return "{...}"
    if found is None or isinstance(found, bool | str):
        text = json.dumps(found, ensure_ascii=False)
    else:
        text = str(found)
    return text if len(text) <= 60 else text[:56] + " ..."


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Hint for a key that is not known: a forgotten or different unit suffix first, else the nearest names."""
    for name in known:
        if unit_of(name) and _stem(name) == key:
            return f"units are part of the name: did you mean {name}?"
    for name in known:
        if unit_of(name) and unit_of(key) and _stem(name) == _stem(key):
            return f"this value is read in {unit_of(name)}: did you mean {name}?"
    return nearest(key, known)


def _problem(error: ErrorDetails, data: Mapping[str, Any], prefix: str, known: Any) -> Problem:
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    where, holder, field = _locate(error, data, known)
    path = ".".join(p for p in (prefix, where) if p).replace(".[", "[")
    key = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        return Problem(path, short(found), _PLAIN[kind], unknown_key(key, _field_names(holder)))
    if kind == "missing":
        return Problem(path, "", _PLAIN[kind] + _help(field))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _tag_problem(path, found, context, known=field)
    if key == "[key]":
        return Problem(path, "", "unknown key", nearest(str(found), _choices(str(context.get("expected", "")))))
    if kind == "literal_error":
        choices = _choices(str(context.get("expected", "")))
        expected = ("must be one of: " if len(choices) > 1 else "must be ") + ", ".join(choices) + _help(field)
        return Problem(path, short(found), expected, _closest(found, choices))
    return Problem(path, short(found), _expected(error, field) + _help(field), str(context.get("hint", "")))


def _expected(error: ErrorDetails, field: Any) -> str:
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind in ("model_type", "model_attributes_type") and Quantity in _members(_annotation(field)):
        return "must be a number, or a table such as { value = 5, low = 4, high = 6 }"
    if kind in _PLAIN:
        return _PLAIN[kind].format(**{k: f"{v:g}" if isinstance(v, float) else v for k, v in context.items()})
    text = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    text = text.replace("Input should", "must", 1)
    is_scalar = not isinstance(found, Mapping | list)
    return re.sub(r", found \S+$", "", text) if is_scalar else text


def _tag_problem(path: str, found: Any, context: Mapping[str, Any], known: Any) -> Problem:
    key = str(context.get("discriminator", "'kind'")).strip("'")
    choices = _choices(str(context.get("expected_tags", ""))) or sorted(_tags(known, key))
    tag = found.get(key) if isinstance(found, Mapping) else None
    where = f"{path}.{key}" if path else key
    if tag is None:
        return Problem(where, "", "is required, one of: " + ", ".join(choices))
    return Problem(where, short(tag), "must be one of: " + ", ".join(choices), _closest(tag, choices))


def _closest(found: Any, choices: list[str]) -> str:
    hint = nearest(found, choices) if isinstance(found, str) else ""
    return "" if hint.startswith("known: ") else hint  # the choices stand in the message already


def _locate(error: ErrorDetails, data: Any, known: Any) -> tuple[str, Any, Any]:
    """The path as written, the type that holds the last key, and the field or type of the last key.

    Pydantic's own steps (the tag of a union, the name of a type) stand in its location but not in the file:
    a step that the data does not have is left out, except a missing key at the end.
    """
    parts: list[str] = []
    node, holder, field = data, known, known
    for i, step in enumerate(error["loc"]):
        is_last = i == len(error["loc"]) - 1
        if isinstance(step, int) and isinstance(node, list | tuple):
            parts.append(f"[{step}]")
            holder, field = field, _item(_annotation(field))
            node = node[step] if step < len(node) else None
        elif (isinstance(node, Mapping) and step in node) or (is_last and error["type"] == "missing"):
            parts.append(dotted(str(step)))
            holder = _narrow(_annotation(field), node)
            field = _child(holder, str(step))
            node = node.get(step) if isinstance(node, Mapping) else None
    return ".".join(parts).replace(".[", "["), holder, field


# ---- types: what the models know about a key ----------------------------------------------------------------


def _annotation(field: Any) -> Any:
    return getattr(field, "annotation", field)


def _members(annotation: Any) -> tuple[Any, ...]:
    """The plain types inside an annotation: unions opened, `Annotated` and None taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return tuple(m for a in get_args(annotation) for m in _members(a))
    return () if annotation in (None, type(None)) else (annotation,)


def _narrow(annotation: Any, node: Any) -> tuple[Any, ...]:
    """The members of a union that the table's own `kind` picks, or all of them."""
    members = _members(annotation) if not isinstance(annotation, tuple) else annotation
    kind = node.get("kind") if isinstance(node, Mapping) else None
    picked = tuple(m for m in members if kind in _kinds(m))
    return picked or members


def _child(members: Sequence[Any], key: str) -> Any:
    for member in members:
        if key in (fields := _fields(member)):
            return fields[key]
        if get_origin(member) in (dict, Mapping):
            return get_args(member)[1]
    return None


def _item(annotation: Any) -> Any:
    for member in _members(annotation):
        if get_origin(member) in (list, tuple, Sequence):
            return get_args(member)[0]
    return None


def _field_names(members: Any) -> list[str]:
    members = members if isinstance(members, tuple) else _members(members)
    return sorted({name for m in members for name in _fields(m)})


def _kinds(member: Any, key: str = "kind") -> tuple[Any, ...]:
    annotation = _annotation(_fields(member).get(key))
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _tags(field: Any, key: str) -> Iterator[str]:
    for member in _members(_annotation(field)):
        yield from _kinds(member, key)


def _fields(member: Any) -> dict[str, FieldInfo]:
    """The fields of a model by the name a file uses for them; none for any other type."""
    is_model = isinstance(member, type) and issubclass(member, BaseModel)
    return {field.alias or name: field for name, field in member.model_fields.items()} if is_model else {}


# ---- words ----------------------------------------------------------------------------------------------------


def _help(field: Any) -> str:
    """The first sentence of a field's docstring in parentheses, or nothing."""
    text = (getattr(field, "description", None) or "").strip().split("\n\n")[0].split(". ")[0]
    text = " ".join(text.split()).rstrip(".")
    if not text:
        return ""
    is_word = text[1:2].islower() or text[1:2] == " "
    return f" ({text[0].lower() + text[1:] if is_word else text})"


def _choices(expected: str) -> list[str]:
    """The names in pydantic's list of what it expected: "'a', 'b' or 'c'"."""
    return re.findall(r"'([^']*)'", expected) or re.findall(r"[^\s,]+", expected.replace(" or ", ", "))


def _stem(name: str) -> str:
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name
