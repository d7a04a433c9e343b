"""Computes the numbers and the picture of docs/guide/cbo-and-aei.md and writes them there (half a minute).

    python docs/make_swap.py

What stands between `<!-- NAME -->` and `<!-- /NAME -->` is made here; the text around it is written by hand.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from opendome import reproduce
from opendome.report import swap_words as words
from opendome.report.svg import alone
from opendome.report.swap_chart import draw
from opendome.reproduce.swap import Swap

ROOT = Path(__file__).parents[1]
PAGE, IMAGE = ROOT / "docs" / "guide" / "cbo-and-aei.md", ROOT / "docs" / "images" / "cbo-and-aei.svg"
CBO, AEI, PENTAGON = "cbo-2026", "aei-2025", "pentagon-2026"
TEN = (("b.targets", 10.0),)
"""AEI's layer for as many missiles as CBO's."""

FITS = {"unit_that_fits_musd": "ten years, nothing replaced", "replaced.unit_that_fits_musd": "ten years, 5-year lives",
        "twenty_years.unit_that_fits_musd": "20 years, 5-year lives"}


@cache
def swap(a: str, b: str, draws: int = 0, changes: tuple[tuple[str, float], ...] = ()) -> Swap:
    """Two packs compared."""
    return reproduce.compare(a, b, draws=draws, changes=dict(changes))


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, its first column to the left and the others to the right."""
    line = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, line, *rows))


def answer() -> str:
    """What the gap is made of."""
    found = swap(CBO, AEI)
    return "\n".join(f"- **{words.change(row['share'], 'M$')}** {row['says']}: {words.both(found, row)}"
                     for row in words.moving(found))


def numbers() -> str:
    """Published and ours of both packs."""
    head, *rows = words.figures(swap(CBO, AEI))
    return markdown(head, rows)


def shares(a: str, b: str, draws: int, changes: tuple[tuple[str, float], ...] = ()) -> str:
    """What each difference explains, with the range of the share where ranges are drawn."""
    found = swap(a, b, draws, changes)
    width = len(words.HEAD) - (not draws)
    rows = [words.cells(row, "M$")[:width] for row in words.rows(found) if not words.is_idle(row)]
    return markdown(words.HEAD[:width], [*rows, words.total(found)[:width]])


def fits() -> str:
    """Prices at which CBO's space layer takes all of the Pentagon's budget."""
    ours = reproduce.run(PENTAGON).set_index("output")["ours"]
    return markdown(["counted", "price of an interceptor that takes the whole $185 bn"],
                    [[says, f"{ours[key]:.1f} M$"] for key, says in FITS.items()])


def blocks() -> dict[str, str]:
    """Every block of the page that needs no draws, by name."""
    return {"answer": answer(), "numbers": numbers(), "ten": shares(CBO, AEI, 0, TEN),
            "pentagon": shares(CBO, PENTAGON, 0), "fits": fits()}


def main() -> None:
    """Write every block into the page and the picture beside it."""
    IMAGE.write_text(alone(draw(swap(CBO, AEI, 200))), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for name, text in {**blocks(), "shares": shares(CBO, AEI, 200)}.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert mark.search(page), f"{PAGE.name} has no place for {name}"
        page = mark.sub(lambda m, text=text: f"{m[1]}{text}\n{m[2]}", page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
