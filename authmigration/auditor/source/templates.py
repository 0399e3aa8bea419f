"""Templates: the conditions in them, with their lines."""

import re

from .modules import Module

CONDITION = re.compile(r"{%-?\s*(?:if|elif)\s+(.*?)-?%}", re.DOTALL)
COMMENT = re.compile(r"{#\s*(authz:.*?)#}", re.IGNORECASE)


def template(source: bytes, path: str) -> Module:
    """Return a template as a module whose body holds (line, condition)."""
    text = source.decode("utf-8", errors="replace")
    tests = tuple((line_of(text, m.start()), m[1].strip()) for m in CONDITION.finditer(text))
    said = tuple((line_of(text, m.start()), f"# {m[1].strip()}") for m in COMMENT.finditer(text))
    return Module(path, f"<template {path}>", tests, comments=said, lines=text.count("\n"))


def line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
