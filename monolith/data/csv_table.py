"""Reads a CSV file and says exactly where it is wrong."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

_SOURCE = "monolith/data/README.md says where to get the file"


class BadDataError(ValueError):
    """A file that cannot be used; the message names file, line and column, and the mend."""


class Row:
    """One line of a table."""

    def __init__(self, path: Path, line: int, values: dict[str, str]) -> None:
        self._path = path
        self._line = line
        self._values = values

    def __getitem__(self, column: str) -> str:
        """Return the text in `column`, without blanks around it."""
        return self._values[column].strip()

    def fail(self, column: str, problem: str, mend: str) -> NoReturn:
        """Raise BadDataError for this line; `problem` follows the value that was found."""
        place = f"{self._path}, line {self._line}, column {column}"
        raise BadDataError(f"{place}: {self[column]!r} {problem}. {mend}; {_SOURCE}.")


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of `path`, whose first line must name at least `columns`.

    Raises BadDataError for a file that is missing, not UTF-8, not CSV, without a wanted column,
    without a row, or with a row of another length than the first line.
    """
    reader = csv.reader(io.StringIO(_text(path)), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, columns)
        for values in reader:
            if values:
                yield _row(path, reader.line_num, header, values)
    except csv.Error as error:
        place = f"{path}, line {reader.line_num}"
        raise BadDataError(f"{place}: not CSV ({error}). Mend the line; {_SOURCE}.") from error
    if reader.line_num < 2:  # noqa: PLR2004 - the first line is the header
        raise BadDataError(f"{path}, line 2: no rows. Fetch the whole file; {_SOURCE}.")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise BadDataError(f"{path} does not exist. Put it there; {_SOURCE}.") from error
    except OSError as error:
        raise BadDataError(f"{path} cannot be read ({error.strerror}). Mend that.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadDataError(
            f"{path}, line {line}: not UTF-8. Save it as UTF-8; {_SOURCE}."
        ) from error


def _check_header(path: Path, header: list[str], columns: tuple[str, ...]) -> None:
    for column in columns:
        if column not in header:
            found = ", ".join(header) or "nothing"
            raise BadDataError(
                f"{path}, line 1, column {column}: missing; found {found}. "
                f"Put the column's name into the first line; {_SOURCE}."
            )


def _row(path: Path, line: int, header: list[str], values: list[str]) -> Row:
    if len(values) != len(header):
        column = header[min(len(values), len(header) - 1)]
        raise BadDataError(
            f"{path}, line {line}, column {column}: the line has {len(values)} values, the first "
            f"line {len(header)}. Mend the line; {_SOURCE}."
        )
    return Row(path, line, dict(zip(header, values, strict=True)))
