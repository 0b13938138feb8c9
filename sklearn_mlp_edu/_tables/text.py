"""Rows of a text, all as wide as the names say, or an error that names the line."""

import codecs
import io
from collections import Counter
from contextlib import contextmanager
from itertools import chain, islice

from .columns import ROW_NAMES
from .dialect import (
    FEW,
    QuoteError,
    find_dialect,
    find_encoding,
    find_names,
    other_encoding,
)
from .files import BEGINNING

LONGEST_LINE = 10**8  # characters
BLANK = " \t\xa0\x1a"  # the last ends files of DOS


def read_text(open_bytes, draw, delimiter=None, encoding=None):
    """Return names, drawn rows, notes and the delimiter of a text file.

    Parameters
    ----------
    open_bytes : callable
        Opens the file from its beginning.
    draw : Draw
    delimiter, encoding : str, default=None
        None finds them.
    """
    if encoding is not None:
        return _read(open_bytes, draw, delimiter, encoding)
    with open_bytes() as file:
        beginning = file.read(BEGINNING)
    encoding, notes = find_encoding(beginning)
    try:
        names, rows, more, delimiter = _read(open_bytes, draw, delimiter, encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise
        start = max(0, error.start)
        encoding, notes = other_encoding(error.object[start : start + BEGINNING])
        names, rows, more, delimiter = _read(open_bytes, draw, delimiter, encoding)
    return names, rows, [*notes, *more], delimiter


def _read(open_bytes, draw, delimiter, encoding):
    codecs.lookup(encoding)
    with _opened(open_bytes, encoding) as lines:
        first = list(islice(lines, FEW))
    if any("\0" in line for line in first):
        raise ValueError("it holds bytes that no text has.")
    if not any(line.strip() for line in first):
        raise ValueError("it has no rows.")
    dialect = find_dialect(first, delimiter)
    try:
        sheet, rows = _read_rows(open_bytes, draw, dialect, encoding)
    except QuoteError:
        if dialect.delimiter != "\t":
            raise
        # Cells between tabs may have quotes that enclose nothing.
        dialect = dialect._replace(quote=None)
        sheet, rows = _read_rows(open_bytes, draw, dialect, encoding)
        sheet.notes.append("Quotes do not enclose cells; they were read as letters.")
    return sheet.names, rows, sheet.notes, dialect.delimiter


def _read_rows(open_bytes, draw, dialect, encoding):
    with _opened(open_bytes, encoding) as lines:
        records = dialect.records(lines)
        first = list(islice(records, FEW // 2))
        n_skipped, names, notes = find_names([record for _, record in first])
        sheet = Sheet(names, notes)
        rows = draw.rows(sheet.rows(chain(first[n_skipped:], records)), len(names))
    return sheet, sheet.repaired(rows)


@contextmanager
def _opened(open_bytes, encoding):
    with (
        open_bytes() as packed,
        io.TextIOWrapper(packed, encoding=encoding, newline="") as file,
    ):
        yield _lines(file)


def _lines(file):
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise ValueError(f"line {number:,} never seems to end; it is no table.")
        yield line


class Sheet:
    """Records below their names, checked to be as wide.

    Where *all* rows have one cell more than there are names, R has written the names of
    the rows first, or a delimiter ends each row; both are certain only for all of them.
    """

    def __init__(self, names, notes):
        self.names, self.notes = names, notes
        self.width = None
        self.ends_empty = True
        self.n_comments = self.n_repeated = 0

    def rows(self, records):
        """Yield rows of the same width.

        Raises
        ------
        ValueError
            If a row has more or fewer cells than the others, with its line.
        """
        for line, row in records:
            if not row or not (row[0].strip(BLANK) or "".join(row).strip(BLANK)):
                continue
            if row == self.names:
                self.n_repeated += 1
                continue
            if len(row) != self.width:
                if row[0].startswith("#"):
                    self.n_comments += 1
                    continue
                self._set_width(line, len(row))
            if self.ends_empty and row[-1].strip():
                self.ends_empty = False
            yield tuple(row)  # unlike lists, nothing for the garbage collector

    def _set_width(self, line, n_cells):
        n_names = len(self.names)
        if self.width is None and n_cells == n_names - 1 and not self.names[-1]:
            self.names = self.names[:-1]  # a delimiter ends the line of the names
        elif self.width is not None or n_cells not in (n_names, n_names + 1):
            raise _uneven(line, n_cells, self.width or n_names)
        self.width = n_cells

    def repaired(self, rows):
        """Return rows as wide as the names."""
        if self.n_comments:
            self.notes.append(f"Lines that begin with #, skipped: {self.n_comments:,}.")
        if self.n_repeated:
            self.notes.append(f"Lines that repeat the names: {self.n_repeated:,}.")
        if not rows or self.width == len(self.names):
            return rows
        if self.ends_empty:
            self.notes.append(
                "Each row ends with a delimiter more than there are names; what is "
                "behind it is empty."
            )
            return [row[:-1] for row in rows]
        (_, n_most), *_ = Counter(row[0] for row in rows).most_common(1)
        if n_most > 1:
            raise ValueError(
                f"each row has {self.width} cells, but there are {len(self.names)} "
                "names; which cell has none cannot be told. Add the missing name."
            )
        self.notes.append("The first cell of each row has no name: names of the rows.")
        self.names = [ROW_NAMES, *self.names]
        return rows


def _uneven(line, n_cells, n_others):
    cells = "cell" if n_cells == 1 else "cells"
    return ValueError(
        f"line {line:,} has {n_cells} {cells}, but there are {n_others} columns; "
        "correct it, or put quotes around cells that hold a delimiter."
    )
