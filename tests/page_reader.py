"""Reads a page as a browser would: its elements, attributes, text and cells."""

from html.parser import HTMLParser

LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}
VOID = {"wbr", "meta", "link", "br", "hr", "img", "input", "base"}


class Reader(HTMLParser):
    """Elements, attributes and text of a page; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("td", "th", "dd"):
            self.cells.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if any(tag in self.open for tag in ("td", "th", "dd")):
            self.cells[-1] += data
