"""A rule: what it finds, with examples that are its tests and its documentation."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from .finding import Finding

if TYPE_CHECKING:
    from .audit import Audit
    from .project.definitions import Function
    from .source.expressions import Node
    from .source.modules import Module


Example = str | dict[str, str]
"""One module, or several under their paths."""


def shown(example: Example) -> str:
    """Return an example as text, the files one below the other."""
    if isinstance(example, str):
        return example.strip()
    return "\n\n\n".join(f"# {path}\n{text.strip()}" for path, text in example.items())


class Rule(ABC):
    """One rule. Its docstring has the headings What it finds, Why it matters, What to write.

    A subclass sets ``id``, ``title``, ``message``, ``level``, ``bad`` and ``good``, and answers
    ``findings``. Each example is a module, or a mapping of file names to modules.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    level: ClassVar[str] = "warning"
    confidence: ClassVar[int] = 70
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()

    @classmethod
    def told(cls) -> str:
        """Return the docstring of the rule, without its indentation."""
        return inspect.cleandoc(cls.__doc__ or "")

    @abstractmethod
    def findings(self, audit: "Audit") -> Iterator[Finding]:
        """Yield what the rule finds in an audited tree."""

    def at(self, module: "Module", line: int, symbol: str, message: str) -> Finding:
        """Return a finding of this rule at a line of a module."""
        level, sure = self.level, self.confidence
        return Finding(self.id, module.path, line, line, symbol, level, sure, message)


class SuspectRule(Rule):
    """A rule about a row that a client's id selects and nothing protects."""

    level = "error"
    shape: ClassVar[str]
    message: ClassVar[str]

    def findings(self, audit: "Audit") -> Iterator[Finding]:
        """Yield one finding for each line, the surest one.

        ``message`` may name {model}, {sent} and {context}.
        """
        for suspect in audit.suspects:
            if suspect.shape == self.shape:
                fetch = suspect.fetch
                yield Finding(
                    self.id,
                    fetch.path,
                    fetch.line,
                    fetch.line,
                    fetch.symbol,
                    self.level,
                    max(0, min(100, suspect.confidence)),
                    self.message.format(**audit.words(suspect)),
                    audit.evidence(suspect),
                )


class ExpressionRule(Rule):
    """A rule that looks at single expressions of functions."""

    @abstractmethod
    def matches(self, audit: "Audit", function: "Function", node: "Node") -> str:
        """Return the message if the expression is what the rule looks for, else ""."""

    def findings(self, audit: "Audit") -> Iterator[Finding]:
        """Yield one finding for each line."""
        for function, node, line in audit.tests:
            if message := self.matches(audit, function, node):
                yield self.at(function.module, line, function.symbol, message)
