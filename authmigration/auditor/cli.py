"""The command ``authz-audit``."""

import argparse
import sys
from pathlib import Path
from typing import Any

from . import baseline, inventory
from .cache import Cache
from .configuration import LEVELS, ConfigurationError, configured
from .engine import Report, read, run
from .facts import Facts
from .reporters import REPORTERS
from .rule import shown
from .rules import rules

FOUND, USAGE = 1, 2
DEEP_ENOUGH = 8000


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="authz-audit",
        description="Find role-without-context checks and IDOR in the source of a Django project.",
        epilog="Exit status: 0 nothing found, 1 findings, 2 usage.",
    )
    declare(made)
    return made


def declare(made: argparse.ArgumentParser) -> None:
    """Declare the arguments, which ``manage.py authz_audit`` takes as well."""
    add = made.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="folders or Python files")
    add("--format", choices=sorted(REPORTERS), default="text")
    add("--output", type=Path, metavar="FILE", help="write there instead of to the terminal")
    add("--baseline", type=Path, metavar="FILE", help="known findings; written if it is missing")
    add("--write-baseline", action="store_true", help="write the baseline anew")
    add("--fail-on", choices=LEVELS, default="note", help="lowest level that gives status 1")
    add("--min-confidence", type=int, metavar="N", help="0 to 100; default 50")
    add("--select", action="append", metavar="RULE", help="only these rules, or a beginning: AM2")
    add("--ignore", action="append", metavar="RULE", help="not these rules")
    add("--cache", type=Path, default=Path(".authz_audit_cache"), metavar="FILE")
    add("--no-cache", action="store_true", help="read everything anew and keep nothing")
    add("--rules", action="store_true", help="list the rules")
    add("--explain", metavar="RULE", help="say what a rule finds and how it is mended")
    add("--inventory", action="store_true", help="how far a conversion is, per app and owner")


def namespace(options: dict[str, Any]) -> argparse.Namespace:
    """Return the options of a management command as those of the parser."""
    known = vars(parser().parse_args([]))
    return argparse.Namespace(**{name: options.get(name, value) for name, value in known.items()})


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEP_ENOUGH))
    options = parser().parse_args(arguments)
    if not options.rules and not options.explain and not options.paths:
        return refused("name the folders to audit, as in: authz-audit src")
    return answered(options)


def answered(options: argparse.Namespace, facts: Facts | None = None) -> int:
    """Do what the options say and return the exit status."""
    if options.rules:
        print(*(f"{rule_id}  {rule.title}" for rule_id, rule in rules().items()), sep="\n")
        return 0
    if options.explain:
        return explained(options.explain)
    try:
        return audited(options, facts or Facts())
    except (ConfigurationError, FileNotFoundError, baseline.BaselineError) as error:
        return refused(str(error))


def refused(message: str) -> int:
    print(f"authz-audit: {message}", file=sys.stderr)
    return USAGE


def explained(rule_id: str) -> int:
    """Print what a rule finds, with its examples."""
    rule = rules().get(rule_id.upper())
    if rule is None:
        return refused(f"there is no rule {rule_id}; there are {', '.join(rules())}")
    print(f"{rule.id}: {rule.title}\n\n{rule.told()}")
    for title, examples in (("Found:", rule.bad), ("Not found:", rule.good)):
        for example in examples:
            print(f"\n{title}\n\n{indented(shown(example))}")
    return 0


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip().splitlines())


def audited(options: argparse.Namespace, facts: Facts) -> int:
    """Audit the paths, write the report and return the exit status."""
    configuration = configured(Path.cwd(), chosen(options))
    if options.inventory:
        print(inventory.text(read(options.paths, configuration, Cache(None)), configuration))
        return 0
    cache = Cache(None if options.no_cache else options.cache)
    report = run(options.paths, configuration, cache, facts)
    if options.baseline and (options.write_baseline or not options.baseline.exists()):
        baseline.write(options.baseline, report.findings)
    if options.baseline:
        baseline.compared(report, options.baseline)
    told = REPORTERS[options.format](report)
    if options.output:
        options.output.write_text(told + "\n", encoding="utf-8")
    elif told:
        print(told)
    return status(report, options.fail_on)


def chosen(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options that stand above the configuration file."""
    given = {"select": options.select, "ignore": options.ignore}
    found: dict[str, Any] = {name: value for name, value in given.items() if value}
    if options.min_confidence is not None:
        found["min_confidence"] = options.min_confidence
    return found


def status(report: Report, fail_on: str) -> int:
    """Return 1 if a finding is as serious as the level that fails."""
    lowest = LEVELS.index(fail_on)
    return FOUND if any(LEVELS.index(f.level) >= lowest for f in report.findings) else 0
