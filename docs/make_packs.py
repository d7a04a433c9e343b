"""Writes docs/packs.md: every pack's assumptions, and its published numbers beside ours (half a minute).

    python docs/make_packs.py

Numbers are cut to the digits that their tolerance leaves, so that the page changes only when a result does.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from opendome.cli.packs import number
from opendome.reproduce import Pack, load
from opendome.reproduce.all import run_all
from opendome.reproduce.pack import Output, PackAssumption
from opendome.results.summary import records

if TYPE_CHECKING:
    import pandas as pd

PAGE = Path(__file__).parents[1] / "docs" / "packs.md"
HEAD = """# Packs: published results, rebuilt

A pack is a published result with what it rests on: assumptions with their sources, and what came out of them. A few
lines of OpenDome rebuild it, and this page sets both side by side. Change an assumption and look again:

```sh
opendome reproduce                              # all packs
opendome reproduce aps-2003 --set usable_s=80   # one, with another assumption
opendome show aps-2003                          # its assumptions, and what was seen of their sources
```

**Within** says whether ours lies within the tolerance. A tolerance comes from how the number was printed or from what
of its inputs was not published, and each row says which; none was widened to let a row pass. Where ours is not
within, the row says what is missing. Most reports were seen in part or at second hand: the grade says how well a number
is known, and `opendome show` what was seen of its source. [The format](formats/packs.md). Written by
`docs/make_packs.py`; `docs/validation.md` has the checks of the models themselves.
"""
NOTHING = ""


def page(tables: Mapping[str, "pd.DataFrame"]) -> str:
    """The whole page, from the table of each pack."""
    lines = [HEAD.strip(), "", "## At a glance", "", *overview(tables)]
    for name, table in tables.items():
        lines += ["", *section(name, load(name), table)]
    return "\n".join(lines) + "\n"


def overview(tables: Mapping[str, "pd.DataFrame"]) -> Iterator[str]:
    """One line for each pack, and their sum."""
    yield "| pack | what it rebuilds | published numbers | within | not computed | headline | published | ours |"
    yield "|---|---|---|---|---|---|---|---|"
    total = [0, 0, 0]
    for name, table in tables.items():
        pack = load(name)
        counts = [int(table["published"].notna().sum()), sum(flag is True for flag in table["within"]),
                  int(table["ours"].isna().sum())]
        total = [one + more for one, more in zip(total, counts, strict=True)]
        [head] = [row for row in records(table) if row["output"] == pack.headline]
        output = pack.outputs[pack.headline]
        numbers = [number(head["published"], output.tolerance), number(head["ours"], output.tolerance)]
        yield line([f"[{name}](#{name})", pack.title, *map(str, counts), output.says,
                    *(f"{text} {output.unit}".strip() for text in numbers)])
    yield line(["**all**", NOTHING, *map(str, total), NOTHING, NOTHING, NOTHING])


def section(name: str, pack: Pack, table: "pd.DataFrame") -> Iterator[str]:
    """What a pack is, what it rests on, and how near ours comes."""
    yield from (f"## {name}", "", f"**{escaped(pack.title)}.** {escaped(pack.note)}", "")
    if pack.price_year is not None:
        yield from (f"Dollars of {pack.price_year}.", "")
    yield from ("| what | unit | published | ours | difference | tolerance | within | why | source |",
                "|---|---|---|---|---|---|---|---|---|")
    for row in records(table):
        yield line(row_cells(pack.outputs[row["output"]], row))
    yield from ("", "| assumption | what it is | value | range | grade | source | why |",
                "|---|---|---|---|---|---|---|")
    for key, found in pack.assumptions.items():
        yield line(assumption_cells(key, found))
    if pack.cases:
        yield ""
    for case, changed in pack.cases.items():
        stated = ", ".join(f"`{key}` {value:g}" for key, value in changed.items())
        yield f"- case `{case}`: {stated}"


def row_cells(output: Output, row: Mapping[str, object]) -> list[str]:
    """One published number beside ours."""
    def shown(column: str) -> str:
        value = row[column]
        return number(value, output.tolerance) if isinstance(value, float) else NOTHING

    limit = f"{output.is_limit} " if output.is_limit else ""
    within = {True: "yes", False: "**no**", None: NOTHING}[row["within"]]  # type: ignore[index]
    has_both = isinstance(row["difference"], float) and not output.is_limit
    return [output.says, output.unit, limit + shown("published") if output.published is not None else NOTHING,
            shown("ours"), shown("difference") if has_both else NOTHING,
            NOTHING if output.published is None or output.is_limit else f"{output.tolerance:g}", within,
            output.falls_short or output.because, graded(output)]


def assumption_cells(key: str, found: PackAssumption) -> list[str]:
    """One assumption."""
    spread = f"{found.low_or_value:g} to {found.high_or_value:g}" if found.is_uncertain else NOTHING
    source = NOTHING if found.source == "assumption" else f"`{found.source}`"
    return [f"`{key}`", found.says, f"{found.value:g}", spread, found.grade, source, found.why]


def graded(output: Output) -> str:
    """Source of a published number, with the page where one was seen."""
    return f"`{output.source}`, {output.grade}" + (f", {output.page}" if output.page else "")


def line(cells: list[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """A text on one line that a table can hold."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Run every pack and write the page."""
    PAGE.write_text(page(run_all()), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.relative_to(PAGE.parents[1])}", file=sys.stderr)


if __name__ == "__main__":
    main()
