"""Docstrings as Markdown."""

import inspect
import re
from collections.abc import Iterable, Iterator
from itertools import cycle

ROLE = re.compile(r":[a-z]+:`~?(?:[\w.]+\.)?([\w.]+)`")
LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
EXAMPLE = re.compile(r"^\.\. code-block:: python\n((?:\n|[ \t]+.*(?:\n|\Z))+)", re.MULTILINE)
SHORT_FORM = re.compile(r"(?<=\S)::\n\n(?=[ \t])")
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):\s*$", re.MULTILINE)
INDENTED = re.compile(r"(?:[ \t]*\n| +.*(?:\n|\Z))*")
ENTRY = re.compile(r"^(?P<name>[*\w][\w., *]*): (?P<text>.*(?:\n {4,}.*)*)", re.MULTILINE)

MADE = "<!-- Made from the code by python -m tools.reference: change the code, then run that. -->"


def page(title: str, *parts: str) -> str:
    """Return a page that says where it comes from."""
    blocks = (part.strip("\n") for part in (MADE, f"# {title}", *parts))
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown(text: str | None) -> str:
    """Return a docstring's prose as Markdown, in one line for each paragraph."""
    marked = SHORT_FORM.sub(":\n\n.. code-block:: python\n\n", inspect.cleandoc(text or ""))
    parts = EXAMPLE.split(marked)  # prose and code take turns
    found = [
        block(inspect.cleandoc(part), "py") if is_code else "\n\n".join(paragraphs(part))
        for part, is_code in zip(parts, cycle((False, True)), strict=False)
    ]
    return "\n\n".join(filter(None, found))


def paragraphs(text: str) -> Iterator[str]:
    """Yield each paragraph in one line."""
    plain = LITERAL.sub(r"`\1`", ROLE.sub(r"`\1`", text.strip()))
    for each in re.split(r"\n\s*\n", plain):
        yield " ".join(line.strip() for line in each.split("\n"))


def divided(doc: str | None) -> tuple[str, dict[str, list[tuple[str, str]]]]:
    """Return a docstring's prose, and the entries of its sections (Args, Attributes, Raises)."""
    text, *rest = SECTION.split(inspect.cleandoc(doc or ""))
    sections = {}
    for name, block in zip(rest[::2], rest[1::2], strict=True):
        indented = INDENTED.match(block)
        body = inspect.cleandoc(indented.group() if indented else "")
        found = ENTRY.finditer(body)
        sections[name] = [(each["name"], markdown(unwrapped(each["text"]))) for each in found]
        text += "\n\n" + (block[indented.end() :] if indented else block)
    return markdown(text.strip()), sections


def unwrapped(text: str) -> str:
    """Return a text whose further lines are indented as one line."""
    return re.sub(r"\n\s+", " ", text)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; nothing where it has no rows."""
    lines = ["| " + " | ".join(cell(each) for each in row) + " |" for row in rows]
    if not lines:
        return ""
    names = list(head)
    return "\n".join([f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *lines])


def cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return a text as code."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def block(text: str, language: str = "text") -> str:
    """Return a block of code that nobody runs."""
    return f"```{language}\n{text}\n```"


def bullets(entries: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and what they are."""
    return "\n".join(f"- {code(name)}: {text}" for name, text in entries)


def sentence(text: str) -> str:
    """Return a text that begins with a capital and ends with a full stop."""
    text = text.strip()
    ended = text if text.endswith((".", "?", "!", "`")) else f"{text}."
    return ended[0].upper() + ended[1:] if text else ""
