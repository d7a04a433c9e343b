"""The smallest scenario with all parts, for tests that need one to run or to break."""

from pathlib import Path

PATH = Path(__file__).parent / "scenarios" / "tiny.toml"
TEXT = PATH.read_text(encoding="utf-8")


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """A text with pieces replaced; each must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def broken(*changes: tuple[str, str]) -> str:
    """The tiny scenario's text with pieces replaced; each must be there."""
    return replaced(TEXT, *changes)
