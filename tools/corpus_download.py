"""Download the releases that the labels of the corpus speak of, by their hashes."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent / "corpus" / "pypi.lock.json"
PIP = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python"]
WAYS = (
    ["--only-binary", ":all:", "--python-version", "3.13"],
    ["--only-binary", ":all:"],
    ["--no-binary", ":all:", "--no-build-isolation"],
)


def download(entries: list[dict[str, Any]], folder: Path) -> None:
    """Put the Python files of every release below the folder; what is there stays."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    wanted = {e["snapshot"]: (e["obtain"]["spec"], e["subtrees"]) for e in entries}
    for name, (spec, subtrees) in sorted(wanted.items()):
        target = folder / name
        if target.exists():
            continue
        print(f"downloading {spec}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as scratch:
            file = fetched(spec, Path(scratch))
            if file is None:
                print(f"{spec} could not be downloaded", file=sys.stderr)
                continue
            verified(file, lock[spec])
            unpack(file, tuple(subtrees), target)


def fetched(spec: str, scratch: Path) -> Path | None:
    """Return the downloaded file of a release, a wheel if there is one."""
    for way in WAYS:
        subprocess.run([*PIP, "-d", str(scratch), *way, spec], capture_output=True, check=False)
        for file in scratch.iterdir():
            if file.suffix in {".whl", ".gz", ".zip"}:
                return file
    return None


def verified(file: Path, expected: dict[str, str]) -> None:
    """Compare a file with the lock; raises ValueError where they differ."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if (file.name, digest) != (expected["file"], expected["sha256"]):
        raise ValueError(f"{file.name} is not the file of the lock; nothing of it was unpacked")


def unpack(file: Path, subtrees: tuple[str, ...], target: Path) -> None:
    """Write the wanted Python files of an archive below the target."""
    for name, content in members(file):
        inside = any(name == tree or name.startswith(f"{tree.rstrip('/')}/") for tree in subtrees)
        if name.endswith(".py") and inside and ".." not in name.split("/"):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def members(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents; the folder that a source archive begins with is taken away."""
    if file.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(file) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
        return
    with tarfile.open(file) as archive:
        for member in archive.getmembers():
            held = archive.extractfile(member) if member.isfile() else None
            if held is not None:
                yield member.name.split("/", 1)[-1], held.read()
