"""The ``manage.py`` lines of the documents, read by the parsers of the commands themselves."""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from functools import cache

import django
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

SETTINGS = "monolith.settings"
COMMAND = re.compile(r"^(?:\S*/)?manage\.py$")
CONTINUED = re.compile(r"\\\n\s*")
OPERATORS = "();<>|&"
MISSING = "the following arguments are required"


def faults_of_shell(body: str) -> Iterator[str]:
    """Yield what is wrong with the ``manage.py`` lines of a block.

    Where lines begin with ``$``, the others are output.
    """
    lines = [line.strip() for line in CONTINUED.sub(" ", body).splitlines()]
    typed = [line[1:] for line in lines if line.startswith("$")] or lines
    for line in typed:
        if "manage.py" in line:
            yield from faults_of_line(line)


def faults_of_inline(code: str) -> Iterator[str]:
    """Yield what is wrong with a command in the middle of a sentence, which may be cut short."""
    if re.match(r"(?:\S*/|python )?manage\.py \S", code):
        yield from (fault for fault in faults_of_line(code) if MISSING not in fault)


def faults_of_line(line: str) -> Iterator[str]:
    """Yield what is wrong with the commands of one line."""
    try:
        words = words_of(line)
    except ValueError as error:
        yield f"the shell cannot read {line.strip()!r}: {error}"
        return
    for arguments in commands_in(words):
        if fault := fault_of(arguments):
            yield f"`manage.py {shlex.join(arguments)}`: {fault}"


def words_of(line: str) -> list[str]:
    """Split a line as a shell would, comments left out."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=OPERATORS)
    lexer.whitespace_split = True
    return list(lexer)


def commands_in(words: list[str]) -> Iterator[list[str]]:
    """Yield what follows each ``manage.py``, up to an operator of the shell."""
    for place, word in enumerate(words):
        if COMMAND.match(word):
            rest = words[place + 1 :]
            ends = (at for at, other in enumerate(rest) if set(other) <= set(OPERATORS))
            yield rest[: next(ends, len(rest))]


def fault_of(arguments: list[str]) -> str | None:
    """Return what the command has against its arguments; None where it takes them."""
    if not arguments or arguments[0] in {"...", "help"}:
        return None
    name, *rest = arguments
    try:
        parser = command(name).create_parser("manage.py", name)
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            parser.parse_args(rest)
    except KeyError:
        return f"there is no command {name}"
    except CommandError as error:
        return str(error)
    except SystemExit:  # --help and --version end the process, and are right
        return None
    return None


@cache
def command(name: str) -> BaseCommand:
    """Return a command of the platform's project, as ``manage.py`` would load it.

    Raises:
        KeyError: there is none of that name.

    """
    set_up()
    found: str | BaseCommand = get_commands()[name]
    return load_command_class(found, name) if isinstance(found, str) else found


@cache
def set_up() -> None:
    """Load the platform's settings and apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
