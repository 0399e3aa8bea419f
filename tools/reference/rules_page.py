"""What the auditor finds: a section for each rule, with its examples."""

import inspect

from authmigration.auditor.configuration import Configuration
from authmigration.auditor.rule import Example, Rule, shown
from authmigration.auditor.rules import rules
from tools.reference import prose

INTRO = """
The rules of `authz-audit`, as `authz-audit --explain AM201` shows them. Below each stands what it
finds and what it leaves alone; the examples are its tests. Confidence and level order what is
reported: by default what is below 50 of 100 is left out.

Three ids belong to the auditor itself: `AM001` is a file that could not be read, `AM002` a
suppression without a reason, `AM003` one that suppresses nothing. A suppression stands in the line
or the line above: `# authz: ignore AM201 -- public catalogue`.
"""
HEADINGS = ("What it finds:", "Why it matters:", "What to write:")


def text() -> str:
    """Return the page."""
    return prose.page("Rules of the auditor", INTRO, *map(section, rules().values()), options())


def section(rule: Rule) -> str:
    """Return the part about one rule."""
    lines = [f"## {rule.id}: {rule.title}"]
    told = rule.told().partition("\n\n")[2]
    for heading in HEADINGS:
        told = told.replace(heading, f"**{heading.rstrip(':')}.**")
    paragraphs = [" ".join(part.split()) for part in told.split("\n\n")]
    lines += [part.replace("``", "`") for part in paragraphs]
    for title, examples in (("Found:", rule.bad), ("Left alone:", rule.good)):
        lines += [f"{title}\n\n{block(example)}" for example in examples]
    return "\n\n".join(lines)


def block(example: Example) -> str:
    """Return an example as a block of code."""
    html = not isinstance(example, str) and any(name.endswith(".html") for name in example)
    return f"```{'html' if html else 'py'}\n{shown(example)}\n```"


def options() -> str:
    """Return the part about the configuration."""
    source = inspect.getsource(Configuration)
    rows = []
    for name in Configuration.__dataclass_fields__:
        said = source.split(f"    {name}: ", 1)[1].split('"""')[1]
        rows.append(f"| `{name.replace('_', '-')}` | {' '.join(said.split()).replace('``', '`')} |")
    head = "| option | meaning |\n|---|---|"
    said = (
        "In `[tool.authz-audit]` of the nearest `pyproject.toml`; what cannot be read out of code."
    )
    return "\n\n".join(["## Configuration", said, "\n".join([head, *rows])])
