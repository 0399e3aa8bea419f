"""Which files are read, and what their modules are called."""

from collections.abc import Iterator
from pathlib import Path

# Folders that hold no code of the running application.
LEFT_OUT = {
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "testing",
    "testutils",
    "tests",
    "migrations",
}
READ = {".py", ".html"}
TEST_FILES = ("test_", "conftest.py", "tests.py")


def python_files(paths: list[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield (root, file) of every Python file below the paths, in order of their names."""
    for path in paths:
        if path.is_file():
            yield path.parent, path
            continue
        yield from ((path, file) for file in below(path))


def below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and its folders; virtual environments and tests are left out."""
    try:
        entries = sorted(folder.iterdir())
    except PermissionError:
        return
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            if not skipped(entry):
                yield from below(entry)
        elif entry.suffix in READ and not is_test(entry.name):
            yield entry


def skipped(folder: Path) -> bool:
    name = folder.name
    return name in LEFT_OUT or name.startswith(".") or (folder / "pyvenv.cfg").exists()


def is_test(name: str) -> bool:
    return name.startswith(TEST_FILES) or name.endswith("_test.py")


def module_name(root: Path, file: Path) -> str:
    """Return the dotted name of a file, from the outermost package that holds it.

    A root that is itself a package gives its own name, so that absolute imports resolve.
    """
    parts = list(file.relative_to(root).with_suffix("").parts)
    above = root.resolve()
    while (above / "__init__.py").exists():
        parts.insert(0, above.name)
        above = above.parent
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)
