"""The public names: signatures and docstrings."""

import ast

from tools.reference import prose, signatures, source

MODULES = {
    "authmigration": ("authmigration.legacy", "authmigration.parity", "authmigration.testing"),
    "auth_lib": ("auth_lib.testing", *sorted(source.modules("auth_lib/contrib"))),
    "feature_flags": ("feature_flags.testing",),
}
ERRORS = "errors"
INTRO = """
What may be imported. Everything else may change in any release
([compatibility](../../SECURITY.md#compatibility)). Errors have [a page of their own](errors.md).
"""


def text(package: str) -> str:
    """Return the page about a package and its public modules."""
    return prose.page(f"Python: {package}", INTRO, *map(section, (package, *MODULES[package])))


def section(module: str) -> str:
    """Return the part about one package or module."""
    about, _ = prose.divided(ast.get_docstring(source.tree(module)))
    entries = [entry(module, each) for each in public(module)]
    return "\n\n".join([f"## {module}", about, *filter(None, entries)])


def public(package: str) -> list[source.Export]:
    """Return the public names of a package or a module, by where they are defined, errors apart."""
    found = [*source.exports(package), *own(package)]
    return [each for each in found if not each.module.endswith(ERRORS)]


def own(module: str) -> list[source.Export]:
    """Return what a module defines without an underscore."""
    return [
        source.Export(node.name, module, node.name)
        for node in source.tree(module).body
        if isinstance(node, source.Definition) and not node.name.startswith("_")
    ]


def entry(package: str, export: source.Export) -> str:
    """Return the part about one name."""
    found = source.definition(export.module, export.original)
    if found is None:  # a module under its own name
        return pointer(f"{export.module}.{export.original}", export.name)
    module, node = found
    title = f"### {package}.{export.name}"
    if not isinstance(node, source.Definition):
        below = source.docstrings_below(source.tree(module).body)
        value = prose.block(ast.unparse(node), "py")
        return "\n\n".join(filter(None, (title, value, prose.markdown(below.get(export.original)))))
    about, sections = prose.divided(ast.get_docstring(node))
    called = signatures.of(node, export.name)
    shown = "" if called == export.name else prose.block(called, "py")
    parts = [title, shown, about, *listed(sections)]
    if isinstance(node, ast.ClassDef):
        parts.append(members(node))
    return "\n\n".join(filter(None, parts))


def pointer(module: str, name: str) -> str:
    """Return the line that leads to the part about a module."""
    return f"### {name}\n\nA module: [{module}](#{module.replace('.', '')})."


def listed(sections: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the sections of a docstring as lists."""
    words = {"Args": "Takes", "Attributes": "Has", "Raises": "Raises"}
    shown = {words[name]: found for name, found in sections.items() if name in words and found}
    return [f"{word}:\n\n{prose.bullets(found)}" for word, found in shown.items()]


def members(node: ast.ClassDef) -> str:
    """Return the public methods, properties and members of a class."""
    below = source.docstrings_below(node.body)
    fixed = [
        (ast.unparse(each), prose.markdown(below.get(name)))
        for each in node.body
        if isinstance(each, ast.Assign)
        for name in source.targets(each)
        if not name.startswith("_")
    ]
    lines = [f"- {prose.code(name)}{f': {what}' if what else ''}" for name, what in fixed]
    for each in signatures.methods(node):
        if not each.name.startswith("_"):
            about = prose.divided(ast.get_docstring(each))[0].split("\n\n")[0]
            called = each.name if signatures.is_property(each) else signatures.in_one_line(each)
            lines.append(f"- {prose.code(called)}: {about}")
    return "\n".join([f"{'Values' if is_enum(node) else 'Offers'}:\n", *lines]) if lines else ""


def is_enum(node: ast.ClassDef) -> bool:
    """Tell whether a class is an enumeration."""
    return any("Enum" in ast.unparse(base) for base in node.bases)
