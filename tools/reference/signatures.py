"""Signatures as the source has them."""

import ast

from tools.reference import source

WIDTH = 88


def of(node: source.Definition, name: str) -> str:
    """Return how a function is called, or an instance of a class is made, as its source says it."""
    if not isinstance(node, ast.ClassDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        word = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
        return f"{word}{wrapped(name, parameters(node.args), returns)}"
    init = next((each for each in methods(node) if each.name == "__init__"), None)
    if init is not None:
        return wrapped(name, parameters(init.args), "")
    fields = dataclass_fields(node)
    return wrapped(name, fields, "") if fields else name


def in_one_line(node: source.Definition) -> str:
    """Return how a method is called, however long that is."""
    text = of(node, node.name)
    inner = ", ".join(line.strip().rstrip(",") for line in text.split("\n")[1:-1])
    return text if "\n" not in text else f"{node.name}({inner}{text.split(chr(10))[-1]}"


def wrapped(name: str, arguments: list[str], returns: str) -> str:
    """Return a call in one line, or with a line for each argument where it grows too long."""
    line = f"{name}({', '.join(arguments)}){returns}"
    if len(line) <= WIDTH or not arguments:
        return line
    inner = "".join(f"    {each},\n" for each in arguments)
    return f"{name}(\n{inner}){returns}"


def parameters(node: ast.arguments) -> list[str]:
    """Return the parameters, ``*`` and ``/`` included, ``self`` and ``cls`` left out."""
    plain = [*node.posonlyargs, *node.args]
    missing = len(plain) - len(node.defaults)
    defaults: list[ast.expr | None] = [*[None] * missing, *node.defaults]
    found = [parameter(each, default) for each, default in zip(plain, defaults, strict=True)]
    if node.posonlyargs:
        found.insert(len(node.posonlyargs), "/")
    if node.vararg:
        found.append(f"*{parameter(node.vararg, None)}")
    elif node.kwonlyargs:
        found.append("*")
    pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
    found += [parameter(each, default) for each, default in pairs]
    if node.kwarg:
        found.append(f"**{parameter(node.kwarg, None)}")
    return [each for each in found if each not in {"self", "cls"}]


def parameter(node: ast.arg, default: ast.expr | None) -> str:
    """Return one parameter with its type and its default."""
    typed = f"{node.arg}: {ast.unparse(node.annotation)}" if node.annotation else node.arg
    if default is None:
        return typed
    return f"{typed} = {ast.unparse(default)}" if node.annotation else f"{typed}={default}"


def dataclass_fields(node: ast.ClassDef) -> list[str]:
    """Return the public fields that a dataclass or a named tuple takes."""
    decorated = any("dataclass" in ast.unparse(each) for each in node.decorator_list)
    tuple_ = any(ast.unparse(base) == "NamedTuple" for base in node.bases)
    if not (decorated or tuple_):
        return []
    found = (each for each in node.body if isinstance(each, ast.AnnAssign))
    shown = [each for each in found if source.targets(each) and not is_inner(each)]
    plain = (ast.unparse(each) for each in shown)
    return [text.replace("field(default_factory=", "(").strip() for text in plain]


def is_inner(node: ast.AnnAssign) -> bool:
    """Tell whether a field is no argument."""
    name = source.targets(node)[0]
    value = ast.unparse(node.value) if node.value else ""
    return name.startswith("_") or "init=False" in value or "ClassVar" in ast.unparse(node)


def methods(node: ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the methods and properties of a class in its order."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [each for each in node.body if isinstance(each, kinds)]


def is_property(node: source.Definition) -> bool:
    """Tell whether a method is read like an attribute."""
    return any(ast.unparse(each).endswith("property") for each in node.decorator_list)
