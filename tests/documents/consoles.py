"""Typing what a page shows, and comparing what is printed with what the page promises."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BLOCK = re.compile(
    r"(?P<aside><!-- not run: [^>]+ -->\s+)?^(?P<indent> *)```console\n(?P<body>.*?)^ *```",
    re.MULTILINE | re.DOTALL,
)
MARK = "=== command {} ends ==="


def steps(page):
    """Return the commands of a page and what each is said to print, in their order.

    A line after ``$`` is a command, one after ``>`` goes on with it, and any other is printed. A
    block behind a comment that says "not run" is left out.
    """
    found = []
    for block in BLOCK.finditer(page):
        if not block["aside"]:
            lines = (line.removeprefix(block["indent"]) for line in block["body"].splitlines())
            found += steps_of_block(lines)
    return found


def steps_of_block(lines):
    found = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], ""))
            continue
        command, said = found[-1]
        goes_on = line.startswith("> ") and not said
        found[-1] = (f"{command}\n{line[2:]}", "") if goes_on else (command, f"{said}{line}\n")
    return found


def differences(said, printed):
    """Return which commands printed something else than was said; ``...`` stands for anything."""
    checker = doctest.OutputChecker()
    return [
        f"$ {command}\n--- said\n{wanted}--- printed\n{got}"
        for (command, wanted), got in zip(said, printed, strict=True)
        if not checker.check_output(wanted, got, doctest.ELLIPSIS)
    ]


def typed(commands, folder, **environment):
    """Type commands into one shell, in a folder; return what each of them printed."""
    script = "".join(f"{each}\necho '{MARK.format(i)}'\n" for i, each in enumerate(commands))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", f"trap 'kill $SERVER 2>/dev/null' EXIT\n{script}"],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    *printed, _ = re.split(r"=== command \d+ ends ===\n", done.stdout)
    return printed


def checkout(folder):
    """Make a folder look like the root of a checkout, with a ``var`` of its own; return it."""
    (folder / "manage.py").symlink_to(ROOT / "manage.py")
    (folder / "var").mkdir()
    return folder
