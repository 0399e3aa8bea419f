"""Reads the page as a person does: table by table, number by number."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "img", "link", "meta", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return "".join(parts).strip()

    def all(self, tag: str | None = None, **attributes: str | None) -> list["Element"]:
        """Return the elements below this one that have a tag and some attributes."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            fits = all(
                name in child.attributes and value in {None, child.attributes[name]}
                for name, value in wanted.items()
            )
            if fits and tag in {None, child.tag}:
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def one(self, tag: str | None = None, **attributes: str | None) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read(response) -> Element:
    """Return the content of a page."""
    reader = Reader()
    reader.feed(response.content.decode())
    return reader.root


def number(element: Element) -> int:
    return int(element.text.replace(",", ""))


def counts(row: Element) -> dict[str, int]:
    """Return the number of each state in a row or a table, and the total."""
    found = {cell.attributes["data-state"]: number(cell) for cell in row.all("td", data_state=None)}
    return {**found, "total": number(row.one("td", data_total=None))}
