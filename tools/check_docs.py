"""Check the Markdown files: links, blocks, commands, what is made from code; build the pages."""

import ast
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from tools import build_docs, doc_commands
from tools.reference import pages

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^ *```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(?P<text>.+?)#* *$", re.MULTILINE)
MAKE = re.compile(r"^\$? *(?:[A-Z_]+=\S+ +)*make (?P<target>[a-z-]+)", re.MULTILINE)
SHELL = {"bash", "console", "sh", "shell"}
ELSEWHERE = ("http://", "https://", "mailto:")


def main() -> int:
    """Print what is wrong and return the exit status."""
    found = [f"{file.relative_to(ROOT)}: {text}" for file in documents() for text in faults(file)]
    found += [f"{page.relative_to(ROOT)} is not what the code says" for page in pages.stale()]
    print(*found, sep="\n")
    return build_docs.build() or bool(found)


def documents() -> list[Path]:
    """Return every Markdown file that git tracks or would track."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.exists()]


def faults(file: Path) -> Iterator[str]:
    """Yield what is wrong in one file."""
    text = file.read_text(encoding="utf-8")
    prose = INLINE_CODE.sub("", FENCE.sub("", text))
    for link in LINK.finditer(prose):
        if not leads_somewhere(file, link["target"]):
            yield f"the link to {link['target']} leads nowhere"
    for code in INLINE_CODE.finditer(FENCE.sub("", text)):
        yield from doc_commands.faults_of_inline(code.group().strip("`"))
        yield from faults_of_make(code.group().strip("`"))
    for block in FENCE.finditer(text):
        yield from faults_of_block(block["language"], block["body"])


def leads_somewhere(file: Path, target: str) -> bool:
    """Tell whether a link inside the project has its file and its heading."""
    if target.startswith(ELSEWHERE):
        return True
    path, _, anchor = unquote(target).partition("#")
    other = (file.parent / path).resolve() if path else file
    if not other.exists() or ROOT not in (other, *other.parents):
        return False
    return not anchor or other.suffix != ".md" or anchor in anchors(other)


@cache
def anchors(file: Path) -> set[str]:
    """Return the anchors that a forge makes of the headings."""
    headings = HEADING.finditer(FENCE.sub("", file.read_text(encoding="utf-8")))
    plain = (re.sub(r"[^\w\- ]", "", heading["text"].lower()) for heading in headings)
    return {text.strip().replace(" ", "-") for text in plain}


def faults_of_block(language: str, body: str) -> Iterator[str]:
    """Yield what is wrong in one block of code."""
    if language == "python" and not body.lstrip().startswith(">>>"):
        try:
            ast.parse(textwrap.dedent(body))
        except SyntaxError as error:
            yield f"a Python block does not parse: {error.msg}: {(error.text or '').strip()}"
    if language in SHELL:
        yield from faults_of_make(body)
        yield from doc_commands.faults_of_shell(body)


def faults_of_make(text: str) -> Iterator[str]:
    """Yield the targets that the Makefile does not have."""
    for command in MAKE.finditer(text):
        if command["target"] not in targets():
            yield f"there is no make {command['target']}"


@cache
def targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


if __name__ == "__main__":
    sys.exit(main())
