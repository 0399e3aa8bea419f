"""What was read and found before, under the content it was read from."""

import hashlib
import marshal
import sys
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .facts import Facts
from .finding import Finding, Step
from .source.modules import Module, lowered
from .source.templates import template

MOST_RESULTS = 8


def own_version() -> str:
    """Return a digest of the auditor itself: another auditor reads and judges anew."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py*")):
        if path.suffix in {".py", ".pystub"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Cache:
    """Lowered modules and whole results in one file; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.hits = 0
        self.changed = False
        self.used: dict[str, Any] = {}
        self.results: dict[str, Any] = {}
        self.version = own_version() if path else ""
        self.modules: dict[str, Any] = {}
        self.load()

    def load(self) -> None:
        """Read the file; one that is damaged or of another auditor counts as empty."""
        if self.path is None or not self.path.exists():
            return
        try:
            held = marshal.loads(self.path.read_bytes())  # noqa: S302 - the file is ours
        except (EOFError, ValueError, TypeError, OSError):
            return
        if isinstance(held, dict) and held.get("version") == self.version:
            self.modules, self.results = held["modules"], held["results"]

    def module(self, source: bytes, path: str, name: str) -> Module:
        """Return a lowered module, out of the cache if its content was read before."""
        if self.path is None:
            return read(source, path, name)
        key = hashlib.sha256(f"{path}\0{name}\0".encode() + source).hexdigest()
        if key in self.modules:
            self.hits += 1
            self.used[key] = self.modules[key]
            told = f"<template {path}>" if path.endswith(".html") else name
            return Module(path, told, *self.modules[key])
        found = read(source, path, name)
        kept = (found.body, found.comments, found.error, found.error_line, found.lines)
        self.used[key] = kept
        self.changed = True
        return found

    def key(self, configuration: Configuration, facts: Facts) -> str:
        """Return the key of a result: all content, the configuration and what Django knew."""
        known = sorted((view, sorted(names)) for view, names in facts.routes.items())
        text = "\0".join([*sorted(self.used), repr(configuration.judging()), repr(known)])
        return hashlib.sha256(text.encode()).hexdigest()

    def result(self, key: str) -> list[Finding] | None:
        """Return what was found in exactly this content, or None."""
        held = self.results.get(key) if self.path else None
        return None if held is None else [unpacked(item) for item in held]

    def keep_result(self, key: str, found: list[Finding]) -> None:
        """Keep what was found; the oldest result makes room."""
        if self.path is None:
            return
        self.results[key] = tuple(packed(item) for item in found)
        while len(self.results) > MOST_RESULTS:
            self.results.pop(next(iter(self.results)))
        self.changed = True

    def save(self) -> None:
        """Write the file if anything changed; a folder that cannot be written is no error."""
        if self.path is None or not self.changed:
            return
        held = {"version": self.version, "modules": self.used, "results": self.results}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_bytes(marshal.dumps(held))
            part.replace(self.path)
        except OSError:
            return


def read(source: bytes, path: str, name: str) -> Module:
    """Return a file of Python or a template, lowered."""
    return template(source, path) if path.endswith(".html") else lowered(source, path, name)


def packed(item: Finding) -> tuple[Any, ...]:
    steps = tuple((step.path, step.line, step.text) for step in item.evidence)
    plain = (item.rule, item.path, item.line, item.end_line, item.symbol, item.level)
    return (*plain, item.confidence, item.message, steps)


def unpacked(held: tuple[Any, ...]) -> Finding:
    steps = tuple(Step(*step) for step in held[8])
    rule, path, line, end_line, symbol, level, confidence, message = held[:8]
    return Finding(rule, path, line, end_line, symbol, level, confidence, message, steps)
