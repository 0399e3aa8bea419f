"""``{% can %}`` and ``{% ifcan %}``: what a template shows depends on what its reader may do.

There is no filter on purpose: inside ``{% if not … %}`` and ``{% if … and … %}`` Django swallows
whatever a filter raises, and a misspelt permission would be a silent denial.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError

from auth_lib import PLATFORM, Decision

from .. import registry
from ..decisions import check
from ..uses import declare_use

register = template.Library()

_FORM = '{% TAG "noun.verb" [object] [for user] %}'


@dataclass(frozen=True, slots=True)
class _Question:
    """What a tag asks, as it stands in the template."""

    permission: FilterExpression
    what: FilterExpression | None
    who: FilterExpression | None

    def decided(self, context: Context) -> Decision:
        """Answer it for the one who reads the page, or whom the tag names."""
        what = PLATFORM if self.what is None else self.what.resolve(context)
        who = _reader(context) if self.who is None else self.who.resolve(context)
        return check(who, self.permission.resolve(context), what)


class CanNode(Node):
    """Puts a decision into a variable."""

    def __init__(self, question: _Question, name: str) -> None:
        self.question = question
        self.name = name

    def render(self, context: Context) -> str:
        """Decide, and show nothing."""
        context[self.name] = self.question.decided(context)
        return ""


class IfCanNode(Node):
    """Shows one of two pieces of a template."""

    child_nodelists = ("allowed", "denied")

    def __init__(self, question: _Question, allowed: NodeList, denied: NodeList) -> None:
        self.question = question
        self.allowed = allowed
        self.denied = denied

    def render(self, context: Context) -> str:
        """Decide, and show what belongs to the decision."""
        return (self.allowed if self.question.decided(context) else self.denied).render(context)


@register.tag
def can(parser: Parser, token: Token) -> CanNode:
    """Put a decision into a variable: ``{% can "course.edit" course as may_edit %}``.

    It is decided for ``request.user``, or for another: ``{% can "course.edit" course for student
    as may_edit %}``; without an object, on the platform.
    """
    tag, *words = token.split_contents()
    if len(words) < 3 or words[-2] != "as":  # noqa: PLR2004 -- permission, "as" and a name
        raise TemplateSyntaxError(f"Write {_FORM.replace('TAG', tag)[:-3]} as name %}}.")
    return CanNode(_question(parser, token, [tag, *words[:-2]]), words[-1])


@register.tag
def ifcan(parser: Parser, token: Token) -> IfCanNode:
    """Show something to those who may: ``{% ifcan "course.edit" course %}…{% endifcan %}``.

    An ``{% else %}`` in between is for all others.
    """
    question = _question(parser, token, token.split_contents())
    allowed = parser.parse(("else", "endifcan"))
    denied = NodeList()
    if parser.next_token().contents == "else":
        denied = parser.parse(("endifcan",))
        parser.delete_first_token()
    return IfCanNode(question, allowed, denied)


def _question(parser: Parser, token: Token, bits: list[str]) -> _Question:
    tag, *words = bits
    who = None
    if len(words) > 2 and words[-2] == "for":  # noqa: PLR2004 -- permission, "for" and a user
        who = parser.compile_filter(words[-1])
        words = words[:-2]
    if len(words) not in {1, 2}:
        raise TemplateSyntaxError(f"Write {_FORM.replace('TAG', tag)}.")
    permission, *what = map(parser.compile_filter, words)
    _verify(permission, parser, token)
    return _Question(permission, what[0] if what else None, who)


def _verify(permission: FilterExpression, parser: Parser, token: Token) -> None:
    """Raise for a misspelt permission when the template is read, also where it is not reached."""
    if isinstance(permission.var, str) and not permission.filters:
        registry.get().policy.granting(permission.var)
        declare_use(permission.var, f"{parser.origin}:{token.lineno}")


def _reader(context: Context) -> Any:
    request = context.get("request")
    user = context.get("user") if request is None else getattr(request, "user", None)
    if user is None:
        raise TemplateSyntaxError(
            "The template does not know who reads it: pass the request to render(), with the "
            "context processor django.template.context_processors.request, or write `for user`."
        )
    return user
