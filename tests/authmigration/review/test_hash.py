"""One declaration has one hash, whatever interpreter reads it."""

import ast
import os
import pathlib
import shutil
import subprocess
import sys
import textwrap

import pytest

from authmigration.legacy import generators

SOURCE = textwrap.dedent(
    """
    def facts(user):
        x = f'{user["a"]} and {user.b!r:>10}' "abc" f"{c:{width}.{prec}}" f""
        y = f"{user['k']} it's {'nested' + f'{1}'} {y=}"
        z = "" f"{{literal}}{z}" ""
        w = lambda a, /, b=1, *c, d, **e: (yield)
        q = a[1, 2], a[(1, 2)], a[1:2, 3], (-1) ** 2, not (a in b), -1j
        for p in (1,):
            yield ROLE.at(p)
        match user:
            case {"a": 1, **rest}:
                pass
            case [1, *_]:
                return None
        t = {**a, 'b': 1}
        return (v := [*a, *b])
    """
)
# Read as text, so that no Django is needed where another interpreter reads it.
SCRIPT = """
import ast, sys
namespace = {"ast": ast, "Any": object}
exec(sys.argv[1], namespace)
print(namespace["_text_of"](ast.parse(sys.argv[2])))
"""
OTHERS = [found for v in (12, 13, 14) if (found := shutil.which(f"python3.{v}"))]


def functions_of_text() -> str:
    with pathlib.Path(generators.__file__).open(encoding="utf-8") as file:
        tree = ast.parse(file.read())
    wanted = {"_text_of", "_told", "_SILENT"}
    kept = [
        node
        for node in tree.body
        if getattr(node, "name", None) in wanted
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in wanted)
    ]
    return "\n".join(map(ast.unparse, kept))


@pytest.mark.parametrize("python", [sys.executable, *OTHERS])
def test_another_interpreter_reads_the_same(python):
    run = subprocess.run(
        [python, "-c", SCRIPT, functions_of_text(), SOURCE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    if run.returncode and "pyenv" in run.stderr:
        pytest.skip(f"{python} is a name without an interpreter.")
    assert run.stdout.strip() == generators._text_of(ast.parse(SOURCE)), run.stderr


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(1)", "f(2)"),
        ("f(1)", "f('1')"),
        ("f(None)", "f()"),
        ("f(False)", "f(0)"),
        ("f'{a}'", "f'{a!r}'"),
        ("f'{a} '", "f'{a}'"),
        ("a < b", "a <= b"),
        ("a[1:2]", "a[1:3]"),
        ("x = ''", "x = None"),
        ("yield a", "yield from a"),
    ],
)
def test_what_does_something_else_has_another_text(one, other):
    assert generators._text_of(ast.parse(one)) != generators._text_of(ast.parse(other))
