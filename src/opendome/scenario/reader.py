"""Scenario files in and out: find, read, and report every problem of a file at once."""

import hashlib
import itertools
import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opendome.errors import InputError, Problem, ScenarioError, nearest
from opendome.scenario import keys
from opendome.scenario.cost_checks import cost_problems
from opendome.scenario.problems import problems_from
from opendome.scenario.specs import Scenario, Wave
from opendome.scenario.stock_checks import stock_problems
from opendome.scenario.toml_out import dumps

SIZE_MAX = 5_000_000
"""Bytes beyond which a file is taken for something other than a scenario."""


def shipped_names() -> list[str]:
    """Names of the scenarios that come with the package."""
    files = (path.name for path in _shipped_folder().iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


def load(name_or_path: str | Path) -> Scenario:
    """The scenario of a shipped name or of a file; NAME:VARIANT or FILE.toml:VARIANT for one of its variants.

    Raises `ScenarioError` with every problem of the file, or `InputError` when there is no such file.
    """
    text, variant = read(name_or_path)
    return parse(text, source=str(name_or_path), variant=variant)


def read(name_or_path: str | Path) -> tuple[str, str]:
    """The text of a scenario's file, and the name of the variant asked for behind a colon ("" for none)."""
    path, variant = split(name_or_path)
    return read_text(path), variant


def split(name_or_path: str | Path) -> tuple[Path, str]:
    """The file of a scenario (as in `find`), and the name of the variant asked for ("" for none).

    A file whose own name has a colon, and the letter of a drive, are left alone.
    """
    whole = str(name_or_path)
    base, _, variant = whole.rpartition(":")
    if len(base) <= 1 or not variant or re.search(r"[/\\]", variant) or Path(whole).is_file():
        return find(name_or_path), ""
    return find(base), variant


def find(name_or_path: str | Path) -> Path:
    """The file of a shipped scenario's name, or the path itself; `InputError` when neither exists."""
    path = Path(name_or_path)
    if path.is_file():
        return path
    shipped = _shipped_folder() / f"{name_or_path}.toml"
    if "/" not in str(name_or_path) and shipped.is_file():
        return shipped
    what = "is a folder, not a scenario file" if path.is_dir() else "no such file, and no shipped scenario of that name"
    hint = nearest(str(name_or_path).removesuffix(".toml"), shipped_names())
    raise InputError(f"{name_or_path}: {what}" + (f"\nhint: {hint}" if hint else ""))


def parse(text: str, *, source: str = "scenario", changes: Mapping[str, Any] | None = None,
          variant: str = "") -> Scenario:
    """The scenario that a TOML text describes, as one of its variants if named, after `changes`
    ({"layers.upper.salvo": 1}).

    Raises `ScenarioError` listing everything that is wrong with it.
    """
    data = read_toml(text, source)
    problems = change(data, changes or {}, variant)
    if problems:
        raise ScenarioError(source, problems)
    return from_data(data, source=source)


def change(data: dict[str, Any], changes: Mapping[str, Any], variant: str = "") -> list[Problem]:
    """Make plain data those of a variant, then put each value wherever its key points to; a problem where that is
    nowhere. Keys are full paths or short ones (see `keys`)."""
    problems = keys.vary(data, variant) if variant else []
    return problems + [problem for key, value in changes.items() for problem in keys.put(data, key, value)]


def read_toml(text: str, source: str) -> dict[str, Any]:
    """The plain data of a TOML text; `ScenarioError` that says where it breaks."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # not valid, or a number of more digits than Python reads
        problem = Problem("file", "", f"is not valid TOML: {error}", _syntax(text, str(error)))
        raise ScenarioError(source, [problem]) from None
    except RecursionError:
        raise ScenarioError(source, [Problem("file", "", "is nested too deeply to be a scenario")]) from None


def _syntax(text: str, error: str) -> str:
    """Hint for a text that is not TOML."""
    line = re.search(r"at line (\d+)", error)
    month = re.search(r"=\s*(\d{4}-\d\d)(?![-\d])", text.split("\n")[int(line[1]) - 1]) if line else None
    if month:
        return f'a month stands in quotes: "{month[1]}"'
    return "the file may be cut off" if "at end of document" in error else "see https://toml.io for the syntax"


def from_data(data: Mapping[str, Any], *, source: str = "scenario") -> Scenario:
    """The scenario that plain data describe. Raises `ScenarioError` listing everything that is wrong."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(source, problems_from(error, data, known=Scenario)) from None
    problems = cross_references(scenario, known=data)
    if problems:
        raise ScenarioError(source, problems)
    return scenario


def to_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain data, defaults left out."""
    return scenario.model_dump(mode="python", by_alias=True, exclude_defaults=True, exclude_none=True)


def to_toml(scenario: Scenario) -> str:
    """The scenario as a TOML text that `parse` reads back to an equal scenario."""
    return dumps(to_data(scenario))


def digest(scenario: Scenario) -> str:
    """Hash of what the scenario says, whatever the layout of its file.

    The order of layers, raids and waves counts; that of the changes to the catalogue does not. Variants that were not
    asked for do not count.
    """
    data = scenario.model_dump(mode="json", by_alias=True, exclude={"variants"})
    for name in ("stockpile", "campaigns", "cost"):
        if not data[name]:
            del data[name]  # scenarios without them keep their hash
    changes = json.dumps(data.pop("catalogue"), sort_keys=True)
    return hashlib.sha256((json.dumps(data) + changes).encode()).hexdigest()


def _shipped_folder() -> Path:
    packed = Path(str(resources.files("opendome"))) / "scenarios"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "scenarios"


def read_text(path: Path) -> str:
    """The text of a file; `ScenarioError` when it is too large or not UTF-8."""
    size = path.stat().st_size
    if size > SIZE_MAX:
        raise ScenarioError(str(path), [Problem("file", f"{size / 1e6:.0f} MB", f"must be below {SIZE_MAX / 1e6:g} MB",
                                                "raid logs go through `opendome raids import`")])
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ScenarioError(str(path), [Problem("file", f"byte {error.start}, line {line}", "is not UTF-8 text",
                                                "save the file as UTF-8")]) from None


def cross_references(scenario: Scenario, known: Mapping[str, Any]) -> list[Problem]:
    """Names that point nowhere, or twice to the same place. `known` holds the names of the whole file, for a scenario
    of which parts were cut out because they could not be read."""
    tables = {section: known.get(section) for section in ("places", "areas", "constellations", "sensors", "raids")}
    names = {section: set(table) if isinstance(table, Mapping) else set() for section, table in tables.items()}
    return [*_lacking(scenario, known), *_references(scenario, names), *stock_problems(scenario, known),
            *cost_problems(scenario, known), *_clashes(scenario)]


def _lacking(scenario: Scenario, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Sections that a scenario of raids needs and does not have; one of costs alone needs none of them."""
    is_cost_alone = "cost" in known and not any(known.get(section) for section in ("places", "areas", "raids"))
    if scenario.stockpile is None and "stockpile" not in known and not is_cost_alone:
        for section, what in (("places", "where threats start from"), ("areas", "what is defended"),
                              ("raids", "what comes")):
            if not getattr(scenario, section) and not known.get(section):
                yield Problem(section, "", f"is missing ({what})", "or give the scenario a stockpile")


def _unknown(where: str, name: str, kind: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(where, repr(name), f"must name {kind} of this scenario", nearest(name, known))


def _references(scenario: Scenario, names: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for raid_name, raid in scenario.raids.items():
        for i, wave in enumerate(raid.waves):
            yield from _wave_references(f"raids.{raid_name}.waves[{i}]", wave, names)
    for name, sensor in scenario.sensors.items():
        if sensor.constellation is not None:
            yield from _unknown(f"sensors.{name}.constellation", sensor.constellation, "a constellation",
                                names["constellations"])
    starts = [raid.start for raid in scenario.raids.values()]
    for layer_name, layer in scenario.layers.items():
        if layer.constellation is not None:
            yield from _unknown(f"layers.{layer_name}.constellation", layer.constellation, "a constellation",
                                names["constellations"])
        for site_name, site in layer.sites.items():
            if site.radar is not None:
                where = f"layers.{layer_name}.sites.{site_name}.radar"
                yield from _unknown(where, site.radar, "a sensor", names["sensors"])
            if site.available_from is not None and starts != sorted(starts):
                yield Problem(f"layers.{layer_name}.sites.{site_name}.available_from", str(site.available_from),
                              "needs raids in the order of their starts", "sort the raids by start")
    for i, observation in enumerate(scenario.observations):
        for raid_name in observation.raids:
            yield from _unknown(f"observations[{i}].raids", raid_name, "a raid", names["raids"])
        if observation.destroyed > observation.launched:
            yield Problem(f"observations[{i}].destroyed", str(observation.destroyed),
                          f"must not exceed launched = {observation.launched}")


def _wave_references(where: str, wave: Wave, names: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for name in wave.from_:
        yield from _unknown(f"{where}.from", name, "a place", names["places"])
    for name in wave.at:
        yield from _unknown(f"{where}.at", name, "an area", names["areas"])


def _clashes(scenario: Scenario) -> Iterator[Problem]:
    """Two entities of one name, or (once in four billion) of one address for random draws."""
    from opendome.rng import address  # here, so that a file that cannot be read is refused without loading a compiler

    sites = [name for layer in scenario.layers.values() for name in layer.sites]
    names = Counter([*scenario.constellations, *scenario.sensors, *scenario.layers, *sites, *scenario.raids])
    for name, count in names.items():
        if count > 1:
            yield Problem(name, "", "stands for two things; constellations, sensors, layers, sites and raids need "
                                    "names of their own")
    for (one, first), (other, second) in itertools.combinations(((n, address(n)) for n in names), 2):
        if first == second:
            yield Problem(one, "", f"has the same random-number address as {other!r}", "rename one of them")
