"""Read a tree, let every rule look at it, and take away what is suppressed."""

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .audit import Audit
from .cache import Cache
from .configuration import Configuration
from .facts import Facts
from .finding import Finding
from .rules import rules
from .source.files import module_name, python_files
from .source.modules import Module
from .suppressing import suppressed

# Identifies the parse: an auditor of another version reads anew.
UNREADABLE = "AM001"
SHOWN_EVERY = 50


@dataclass(slots=True)
class Report:
    """The findings of one run and what was read for them."""

    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)
    fixed: list[tuple[str, str, str]] = field(default_factory=list)
    files: int = 0
    lines: int = 0
    from_cache: int = 0
    routes: int = 0


def run(
    paths: Iterable[Path],
    configuration: Configuration,
    cache: Cache | None = None,
    facts: Facts | None = None,
) -> Report:
    """Return the report on the Python files below the paths.

    Raises FileNotFoundError for a path that does not exist.
    """
    with no_collection():
        return found_below(list(paths), configuration, cache or Cache(None), facts or Facts())


@contextmanager
def no_collection() -> Iterator[None]:
    """Let no garbage be looked for: trees and tuples make none, and the search takes a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def found_below(
    paths: list[Path], configuration: Configuration, store: Cache, known: Facts
) -> Report:
    """Return the report on the files below the paths."""
    modules = read(paths, configuration, store)
    report = Report(files=len(modules), lines=sum(module.lines for module in modules))
    report.from_cache = store.hits
    report.routes = len(known.routes)
    key = store.key(configuration, known)
    found = store.result(key)
    if found is None:
        found = judged(modules, configuration, known)
        store.keep_result(key, found)
    kept, hidden = suppressed(found, modules)
    chosen = [item for item in kept if configuration.wants(item)]
    report.findings = sorted(chosen, key=lambda item: item.order)
    report.suppressed = hidden
    store.save()
    return report


def read(paths: list[Path], configuration: Configuration, cache: Cache) -> list[Module]:
    """Return the lowered modules, those that did not change from the cache."""
    found: list[Module] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} does not exist; name a folder or a Python file")
    for root, file in counted(python_files(paths)):
        shown = (
            file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
        ).as_posix()
        if not configuration.leaves_out(shown):
            found.append(cache.module(file.read_bytes(), shown, module_name(root, file)))
    return found


def counted(files: Iterable[tuple[Path, Path]]) -> Iterator[tuple[Path, Path]]:
    """Yield the files, and on a terminal show how many were read."""
    wanted = sys.stderr.isatty()
    for count, pair in enumerate(files, start=1):
        if wanted and count % SHOWN_EVERY == 0:
            sys.stderr.write(f"\r{count} files read")
            sys.stderr.flush()
        yield pair
    if wanted:
        sys.stderr.write("\r\033[K")


def judged(
    modules: list[Module], configuration: Configuration, facts: Facts | None = None
) -> list[Finding]:
    """Return what the rules find, and the files that could not be read."""
    audit = Audit(modules, configuration, facts or Facts())
    found = [unreadable(module) for module in modules if module.error]
    for rule in rules().values():
        found += rule.findings(audit)
    return list(dict.fromkeys(found))


def unreadable(module: Module) -> Finding:
    """Report a file that does not parse: the rest is read all the same."""
    line = module.error_line or 1
    said = f"This file was not read: {module.error}. Newer grammar, or Python 2?"
    return Finding(UNREADABLE, module.path, line, line, "", "warning", 100, said)
