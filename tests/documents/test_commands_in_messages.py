"""The commands that errors, hints and help texts name can be typed."""

import ast
import re

import pytest

from tests.architecture import source
from tools import doc_commands

NAMED = re.compile(r"[`'](manage\.py [^`']+)[`']")


def texts(path):
    """Yield the text of each string of a file, docstrings and the parts of f-strings included."""
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "X" for p in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def commands():
    return sorted(
        {
            (source.shown(path), " ".join(command.split()))
            for path in source.files(*source.TOOLKIT)
            for text in texts(path)
            for command in NAMED.findall(text)
        }
    )


@pytest.mark.parametrize(("where", "command"), commands())
def test_a_command_that_a_message_names_can_be_typed(where, command):
    assert list(doc_commands.faults_of_inline(command)) == []


def test_messages_name_commands():
    assert len(commands()) > 5
