"""`opendome compare PACK PACK`: what two packs assume otherwise, and how much of their gap each of it explains."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from opendome.cli import options, talk
from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.reproduce.swap import Swap

TWIN = 'opendome.reproduce.compare("cbo-2026", "aei-2025")'

WIDTH = 120
"""Characters that lines keep to."""


def are_packs(names: Sequence[str]) -> bool:
    """Whether all are packs. Raises `InputError` where packs stand beside others, or are not two."""
    from opendome.reproduce.sides import known_packs

    found = known_packs(*names)
    if not found:
        return False
    if len(found) < len(names):
        other = next(name for name in names if name not in found)
        raise InputError(f"{found[0]} is a pack, and {other} is none\n  must be two packs, or scenarios or their "
                         "results\nhint: opendome list packs; opendome list scenarios")
    if len(names) > 2:
        pairs = "; ".join(f"opendome compare {names[0]} {name}" for name in names[1:])
        raise InputError(f"{len(names)} packs\n  must be two at a time: a gap has two ends\nhint: {pairs}")
    return True


def compare(a: str, b: str, *, draws: int | None, seed: int | None, figures: Sequence[str] | None,
            by: Sequence[str] | None, jobs: int | None, change: Sequence[str], out: Path | None, as_json: bool,
            quiet: bool) -> None:
    """Print how the gap between two packs is shared out, and keep it in a folder if one is named."""
    from opendome import reproduce
    from opendome.report import swap as told
    from opendome.reproduce.swap import DRAWS

    for name, given in (("--by", by), ("--jobs", jobs)):
        if given:
            raise InputError(f"{name}\n  is for scenarios: packs are one number each")
    if figures and len(figures) > 1:
        raise InputError(f"--figure {' --figure '.join(figures)}\n  must be one at a time for packs")
    with talk.progress_of("evaluations", quiet) as progress:
        if out is not None:
            told.check(out)
        found = reproduce.compare(a, b, figure=figures[0] if figures else None, changes=options.changes(change),
                                  draws=DRAWS if draws is None else draws, seed=1 if seed is None else seed,
                                  progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(as_data(found)) if as_json else text(found))
    if not quiet:
        talk.say(f"tables, drawing and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the tables and to draw it")


def as_data(found: "Swap") -> dict[str, Any]:
    """The swap as plain data: what was compared, every row, and every assumption; unknown numbers are None."""
    from opendome.results.summary import records

    return {**found.manifest, "rows": records(found.table), "assumptions": records(found.assumptions)}


def text(found: "Swap") -> str:
    """The two numbers, what differs with its evidence, the shares, and what must be known to read them."""
    from opendome.cli.show import columns
    from opendome.report import swap_words as words

    manifest = found.manifest
    lines = [line for letter in "ab" for line in wrap(
        f"{letter.upper()}  {manifest[letter]['name']}: {manifest[letter]['title']}", WIDTH)]
    lines += [f"{manifest['figure']}: {manifest['says']}", "", *columns(words.figures(found)), ""]
    lines += ["What differs", *(line for row in words.moving(found) for line in _evidence(found, row)),
              *wrap(words.agreeing(found), WIDTH), ""]
    rows = [words.cells(row, manifest["unit"]) for row in words.rows(found) if not words.is_idle(row)]
    lines += columns([words.HEAD, *rows, words.total(found)])
    notes = [words.MEANING, *words.cautions(found), words.method(found)]
    return "\n".join([*lines, "", *(line for note in notes for line in wrap(note, WIDTH))])


def _evidence(found: "Swap", row: dict[Any, Any]) -> list[str]:
    """A difference, and below it each of its assumptions as A and B state them."""
    from opendome.report import swap_words as words

    inside = words.inside(found, row["group"])
    lines = [f"  {row['says']}" + (f": {words.both(found, row)}" if row["of"] else "")]
    for side in "ab":
        told = [f"{'' if len(inside) == 1 else one['says'] + ' '}{words.evidence(one, side)}" for one in inside
                if one[f"grade_{side}"]]
        for i, one in enumerate(told or ["not stated"]):
            lines += wrap(one, WIDTH, initial_indent=f"    {side.upper() if i == 0 else ' '}  ",
                          subsequent_indent="         ")
    return lines
