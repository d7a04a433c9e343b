"""Writes what is generated from the code: docs/formats/scenario.md, docs/formats/commands.md and the JSON Schema.

    python docs/make_formats.py

A test sees that the files in the repository are what this would write.
"""

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from opendome.cli import app
from opendome.scenario import campaign_specs, specs, stock_specs
from opendome.scenario.keys import TABLES as TABLES_SPOKEN_OF
from opendome.scenario.quantity import Bounds, Quantity
from opendome.scenario.schema import schema_text

ROOT = Path(__file__).parents[1]
TABLES = [
    ("the file itself", specs.Scenario), ("[places.NAME]", specs.Place), ("[areas.NAME]", specs.Area),
    ("[constellations.NAME]", specs.Constellation),
    ("one of the satellites of a listed constellation", specs.MeanOrbit), ("[sensors.NAME]", specs.Sensor),
    ("[layers.NAME]", specs.Layer), ("[layers.NAME.sites.NAME]", specs.Site),
    ("[raids.NAME]", specs.Raid), ("waves of a raid", specs.Wave), ("[[observations]]", specs.Observation),
    ("[stockpile]", stock_specs.Stockpile), ("[stockpile.owners.NAME]", stock_specs.Owner),
    ("[stockpile.interceptors.NAME]", stock_specs.Munition), ("[stockpile.components.NAME]", stock_specs.Component),
    ("[stockpile.lines.NAME]", stock_specs.Line), ("[stockpile.orders.NAME]", stock_specs.Order),
    ("[stockpile.transfers.NAME]", stock_specs.Transfer), ("[stockpile.uses.NAME]", stock_specs.Use),
    ("[campaigns.NAME]", campaign_specs.Campaign), ("[campaigns.NAME.process]", campaign_specs.RaidProcess),
    ("[campaigns.NAME.process.classes.CLASS]", campaign_specs.ClassProcess),
    ("[[campaigns.NAME.raids]]", campaign_specs.DatedRaid), ("[campaigns.NAME.against.CLASS]", campaign_specs.Against),
    ("tiers against a class", campaign_specs.Tier), ("[[campaigns.NAME.doctrine]]", campaign_specs.DoctrineStep),
    ("[campaigns.NAME.surface]", campaign_specs.SurfaceDesign),
    ("a value with a range", Quantity),
]
"""Headings of the format page, in order, and the model that each describes."""

LIMITS = {"ge": "at least {}", "gt": "above {}", "le": "at most {}", "lt": "below {}",
          "min_length": "at least {} of them", "max_length": "at most {} of them"}
"""Limits as pydantic keeps them, in words."""

WORDS: dict[Any, str] = {float: "number", int: "whole number", str: "text", Any: "value", Quantity: "quantity",
                         specs.AwareDatetime: "time with its zone"}
"""Types in words."""

HEAD = """\
# Scenario files

Format version {version}. Written by `docs/make_formats.py` from the code: change the docstrings there, not this page.

A scenario is one TOML file (UTF-8, at most 5 MB) that says what comes, what defends, and what was seen. The unit is
part of a key's name (`radius_km`, `start_min`); unknown keys are refused, and so are values of another kind (text where
a number belongs). Names are free, but sensors, layers, sites and raids need names of their own.
`opendome check FILE` lists every problem at once; `opendome schema` prints the JSON Schema, which editors find through
the first line of the shipped files:

```toml
#:schema ./opendome.schema.json
```

The smallest scenario that has every part:

```toml
{smallest}```

**quantity** below is a number, or a table `{{ value = 5, low = 4, high = 6 }}` (the last section).

## Keys

A key names one value: in `--set KEY=VALUE` and `--over KEY=VALUES` on the command line, in `changes` and `over` in
Python, and in variants.

| key | names |
|---|---|
| `layers.upper.salvo` | that value; items of a list by number, as in `raids.night.waves.0.count` |
| `catalogue.threats.srbm.burn_s` | that of a catalogue entry, for this scenario alone; a bare number has no range |
| `threats.srbm.burn_s` | the same, shorter; `sensors` and `interceptors` likewise |
| `threats.burn_s` | that value of every catalogue entry that the scenario uses and whose kind has it |
| `layer.salvo` | that value of the only layer; an error that lists the full keys when there are several |
| `layers.salvo` | that value of every layer |

Short keys with one name in the singular or plural: {tables}.

## Variants

```toml
[variants.late]
note = "A salvo of two, and fewer rounds"
"layers.salvo" = 2
"layers.upper.sites.thaad-west.stock" = {{ value = 48, low = 24, high = 60 }}
```

`opendome run FILE.toml:late` (or NAME:late for a shipped scenario) runs the scenario after these changes, with "(late)"
behind its title; `run`, `check`, `show` and `sweep` take it, and so does `opendome.load`. Keys stand in quotes.
`opendome check FILE.toml` checks every variant too. Results keep the scenario as it was run, without variants.
"""


def scenario_page() -> str:
    """The reference of the scenario format."""
    smallest = (ROOT / "tests" / "scenarios" / "tiny.toml").read_text(encoding="utf-8")
    parts = [HEAD.format(version=specs.FORMAT, tables=_short_names(),
                         smallest="\n".join(smallest.splitlines()[1:]) + "\n")]
    for heading, model in TABLES:
        parts += [f"\n## {_title(heading)}\n\n{' '.join((model.__doc__ or '').split())}\n\n", *_rows(model)]
    return "".join(parts)


def _short_names() -> str:
    return ", ".join(f"`{name[:-1]}` and `{name}`" if name.endswith("s") else f"`{name}`" for name in TABLES_SPOKEN_OF)


def _title(heading: str) -> str:
    return f"`{heading}`" if heading.startswith("[") else heading[0].upper() + heading[1:]


def _rows(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | is | when left out | says |\n|---|---|---|---|\n"
    for name, field in model.model_fields.items():
        limits = _limits(field.metadata)
        says = " ".join((field.description or "").split()).replace("|", "\\|")
        kind = _kind(field.annotation) + (f", {limits}" if limits else "")
        yield f"| `{field.alias or name}` | {kind} | {_default(field)} | {says} |\n"


def _default(field: Any) -> str:
    if field.is_required() or field.default is PydanticUndefined:
        return "**required**"
    if field.default is None or field.default in ({}, []):
        return "none"
    if isinstance(field.default, Quantity):
        return f"{field.default.value:g}"
    if isinstance(field.default, BaseModel):
        return "its own defaults"
    return "empty" if field.default == "" else f"{field.default:g}" if isinstance(field.default, float) else (
        str(field.default).lower())


def _limits(metadata: Any) -> str:
    """Limits of a number, a text or a list in words."""
    every = [inner for limit in metadata for inner in getattr(limit, "metadata", [limit])]
    found = [text.format(getattr(limit, key)) for limit in every for key, text in LIMITS.items()
             if getattr(limit, key, None) is not None]
    found += [_bounds(limit) for limit in every if isinstance(limit, Bounds)]
    return ", ".join(filter(None, found))


def _bounds(found: Bounds) -> str:
    """The bounds of a quantity, in words."""
    words = {"above": "above {:g}", "minimum": "at least {:g}", "maximum": "at most {:g}"}
    return ", ".join(text.format(bound) for key, text in words.items() if (bound := getattr(found, key)) is not None)


def _kind(annotation: Any) -> str:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        limits = _limits(args[1:])
        return _kind(args[0]) + (f" {limits}" if limits else "")
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(a) for a in args if a is not type(None))
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in args)
    if origin in (list, tuple):
        return f"list of {_kind(args[0])}" if origin is list else f"[{', '.join(_kind(a) for a in args)}]"
    if origin is dict:
        return f"table of name = {_kind(args[1])}"
    if annotation in WORDS:
        return WORDS[annotation]
    return annotation.__name__.lower() if isinstance(annotation, type) else str(annotation)


COMMANDS_HEAD = """\
# Commands

Written by `docs/make_formats.py` from the help texts.

Data go to stdout, talk (progress, hints, errors) to stderr. Exit codes: 0 done, 1 problems found by a run, 2 wrong
input, 130 interrupted. With `OPENDOME_DEBUG=1` an error that should not happen shows where it arose.
"""


def commands_page() -> str:
    """The reference of the command line."""
    group = typer.main.get_command(app)
    return COMMANDS_HEAD + "".join(_command(words, command) for words, command in _commands("opendome", group))


def _commands(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    inside = getattr(command, "commands", None)
    if inside is None:
        yield words, command
    for name, inner in (inside or {}).items():
        yield from _commands(f"{words} {name}", inner)


def _command(words: str, command: Any) -> str:
    """One command: usage, what it does, its options, its twin in Python."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join([words, *(p.metavar for p in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [f"| `{p.metavar}` | {p.help} |\n" for p in arguments]
    rows += [f"| `{' '.join(filter(None, [', '.join(p.opts), p.metavar]))}` | {_option_help(p)} |\n" for p in options]
    table = "".join(["\n| given | is |\n|---|---|\n", *rows]) if rows else ""
    twin = command.epilog.removeprefix("Python: ")
    return f"\n## {words}\n\n```bash\n{usage}\n```\n\n{command.help}\n{table}\n```python\n{twin}\n```\n"


def _option_help(option: Any) -> str:
    is_given = option.default is not None and option.default is not False and not callable(option.default)
    return f"{option.help} [default: {option.default}]" if is_given else option.help


PAGES = {
    "docs/formats/scenario.md": scenario_page,
    "docs/formats/commands.md": commands_page,
    "scenarios/opendome.schema.json": schema_text,
}
"""What is generated, and what makes it."""

if __name__ == "__main__":
    for path, make in PAGES.items():
        (ROOT / path).write_text(make(), encoding="utf-8", newline="\n")
        print(path)
