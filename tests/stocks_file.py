"""The smallest stockpile with all parts, for tests that need one to run or to break."""

from pathlib import Path

from tiny_file import replaced

PATH = Path(__file__).parent / "scenarios" / "stocks-tiny.toml"
TEXT = PATH.read_text(encoding="utf-8")


def broken(*changes: tuple[str, str]) -> str:
    """The text of the tiny stockpile with pieces replaced; each must be there."""
    return replaced(TEXT, *changes)
