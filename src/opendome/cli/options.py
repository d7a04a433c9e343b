"""Options that several commands share, and what is made of them."""

import json
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from opendome.cli.raid_logs import pairs

ScenarioName = Annotated[str, typer.Argument(
    metavar="SCENARIO", help="A shipped scenario's name, or a file; with :VARIANT behind it, one of its variants.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="N", help="Threads (default: all cores).")]
Changes = Annotated[list[str] | None, typer.Option(
    "--set", metavar="KEY=VALUE", help="Change a value, as layers.upper.salvo=2, or layers.salvo=2 for every layer. "
    "May be repeated.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no talk.")]


def columns(given: Sequence[str] | None) -> list[str]:
    """The columns of all `--by`, each of which may name several with commas between them."""
    return [name.strip() for one in given or () for name in one.split(",") if name.strip()]


def changes(given: Sequence[str]) -> dict[str, Any]:
    """The values of all `--set` by key."""
    return {key: toml_value(value) for key, value in pairs("--set", given).items()}


def toml_value(text: str) -> Any:
    """The value of a TOML text; a text that is no TOML value stands for itself."""
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return found["value"] if len(found) == 1 else text


def json_text(found: Any) -> str:
    """Data as they are printed."""
    return json.dumps(found, indent=2, ensure_ascii=False)
