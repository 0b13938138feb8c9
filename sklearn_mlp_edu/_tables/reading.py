"""Reading a table from a file, whatever kind of file it is."""

import sqlite3
import zlib
from lzma import LZMAError
from typing import NamedTuple
from zipfile import BadZipFile

from . import stores
from .columns import ROW_NAMES
from .drawing import LARGEST_SAMPLE, Draw
from .files import LARGEST_FILE, local, opener
from .text import read_text

ERRORS = (ValueError, OSError, LookupError, EOFError)
ERRORS += (BadZipFile, LZMAError, zlib.error, sqlite3.Error)


class Table(NamedTuple):
    """All cells as they stand in the file, without blanks around them."""

    names: list[str]
    cells: list[list]  # a list of str for each column, None where nothing is
    notes: list[str]
    delimiter: str | None = None
    n_rows: int = 0  # of the file, of which those here may be a part

    def column(self, name):
        """Return the cells of a column."""
        return self.cells[self.names.index(name)]

    def rows(self, indices):
        """Return a table of some of the rows."""
        cells = [[column[i] for i in indices] for column in self.cells]
        return self._replace(cells=cells)


def read_table(
    path, *, delimiter=None, encoding=None, query=None, sample=None, random_state=0
):
    """Read a table from a file, or from the standard input.

    Parameters
    ----------
    path : str or Path
        Delimited text, packed or not; Parquet, Arrow or Feather; Excel; JSON lines; an
        SQLite or DuckDB file; "-" for the standard input.
    delimiter : str, default=None
        One character between columns of a text; None finds it.
    encoding : str, default=None
        Of a text; None takes UTF-8, 16 or 32 where they fit, else cp949 or
        Windows-1252.
    query : str, default=None
        The SELECT that a database is asked; None takes its only table.
    sample : int, default=None
        How many rows to draw at most; 0 is all. None draws 20,000, or fewer where there
        are more than 500 columns, and refuses files of more than 2 GB.
    random_state : int, default=0
        Draws the rows.

    Returns
    -------
    table : Table

    Raises
    ------
    ValueError
        If the file is missing, too large, empty, or not such a table.
    ImportError
        If a library that reads such files is not installed.
    """
    with local(path) as file:
        size = file.stat().st_size
        if size > LARGEST_FILE and sample is None and query is None:
            raise ValueError(
                f"{path} has {size / 1e9:.1f} GB, more than the "
                f"{LARGEST_FILE / 1e9:.0f} GB that are read unasked; draw rows with "
                f"--sample {LARGEST_SAMPLE}."
            )
        draw = Draw(sample, random_state)
        try:
            return _read(file, draw, delimiter, encoding, query)
        except ERRORS as error:
            text = " ".join(str(error).split()).rstrip(".")
            name = "the standard input" if str(path) == "-" else path
            raise ValueError(f"{name} could not be read: {text}.") from error


def _read(path, draw, delimiter, encoding, query):
    kind, open_bytes = opener(path)
    if kind == "text" and delimiter is None and _is_json(open_bytes):
        kind = "json"
    if query is not None and kind not in ("sqlite", "duckdb"):
        raise ValueError(
            "--query is for SQLite and DuckDB files, and it is none of them."
        )
    if kind == "text":
        names, rows, notes, delimiter = read_text(open_bytes, draw, delimiter, encoding)
    elif kind == "json":
        names, rows, notes = stores.read_json(open_bytes, draw, encoding)
    elif kind in ("sqlite", "duckdb"):
        names, rows, notes = getattr(stores, f"read_{kind}")(path, draw, query)
    else:
        names, rows, notes = getattr(stores, f"read_{kind}")(path, draw)
    if not rows:
        raise ValueError("it has no rows.")
    names, more = _different(names)
    notes = [*notes, *more, *draw.note(len(rows))]
    cells = [[_stripped(cell) for cell in column] for column in zip(*rows, strict=True)]
    return Table(names, cells, notes, delimiter, draw.n_rows)


def _is_json(open_bytes):
    with open_bytes() as file:
        start = file.read(1000).lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] == b"{" or (start[:1] == b"[" and b"{" in start)


def _stripped(cell):
    return (cell and cell.strip()) or None


def _different(names):
    """Return names that differ from each other, and notes on those that did not."""
    known, notes, result = {}, [], []
    names = [str(name).strip() for name in names]
    for number, name in enumerate(names, 1):
        new = name or (ROW_NAMES if number == 1 else f"column {number}")
        while new in known or (new != name and new in names):
            known[new] = known.get(new, 1) + 1
            new = f"{name} ({known[new]})"
        if name and new != name:
            notes.append(f"A second column {name!r} is called {new!r}.")
        known[new] = 1
        result.append(new)
    return result, notes
