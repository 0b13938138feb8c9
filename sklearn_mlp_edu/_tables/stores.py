"""Rows of files that are no text: Parquet, Arrow, Excel, JSON lines, databases.

Cells become words, as those of a text are, so that all files are read alike.
"""

import codecs
import io
import json
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime

import numpy as np

from .._arithmetic import required
from .columns import OBJECT
from .dialect import find_names
from .text import Sheet

BATCH = 20_000
CELLS = 10**6  # of a batch
LARGEST_LIST = 2 * 10**8  # characters of JSON that are not in lines


def word(value):
    """Return a cell's value as people would write it, None where there is none."""
    if value is None or value != value:
        return None
    if isinstance(value, bool | np.bool_):
        return str(value)
    if isinstance(value, float | np.floating):
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else repr(float(value))
        )
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    if isinstance(value, dict | list | tuple | np.ndarray | bytes):
        return OBJECT
    return str(value)


# Arrow's files


def read_parquet(path, draw):
    """Return names, drawn rows and notes of a Parquet file."""
    parquet = required("pyarrow.parquet", "Reading Parquet")
    with parquet.ParquetFile(path) as file:
        names = file.schema_arrow.names
        _check_names(names)
        indices = draw.indices(file.metadata.num_rows, len(names))
        batches = file.iter_batches(max(1, min(BATCH, CELLS // len(names))))
        return names, _taken(batches, indices), []


def read_arrow(path, draw):
    """Return names, drawn rows and notes of an Arrow or Feather file."""
    pyarrow = required("pyarrow", "Reading Arrow files")
    with pyarrow.memory_map(str(path)) as source:
        file = pyarrow.ipc.open_file(source)
        names = file.schema.names
        _check_names(names)
        batches = [file.get_batch(i) for i in range(file.num_record_batches)]
        indices = draw.indices(sum(map(len, batches)), len(names))
        return names, _taken(batches, indices), []


def _check_names(names):
    if not names:
        raise ValueError("it has no columns.")


def _taken(batches, indices):
    """Return the rows of these numbers."""
    rows, start = [], 0
    for batch in batches:
        low, high = np.searchsorted(indices, [start, start + len(batch)])
        if low < high:
            part = batch.take(_int_array(indices[low:high] - start))
            columns = [_words(column) for column in part.columns]
            rows += zip(*columns, strict=True)
        start += len(batch)
    return rows


def _int_array(values):
    return required("pyarrow", "Reading Arrow files").array(values)


def _words(column):
    """Return a column of Arrow's as words."""
    pyarrow = required("pyarrow", "Reading Arrow files")
    kind = pyarrow.types
    if kind.is_dictionary(column.type):
        column = column.dictionary_decode()
    if kind.is_nested(column.type) or kind.is_binary(column.type):
        return [None if cell is None else OBJECT for cell in column.to_pylist()]
    if kind.is_duration(column.type):
        column = column.cast("int64")
    if kind.is_timestamp(column.type) or kind.is_date(column.type):
        return column.cast("string").to_pylist()
    return [word(cell) for cell in column.to_pylist()]


# Sheets, lines and databases


def read_excel(path, draw):
    """Return names, drawn rows and notes of the first sheet that is not empty."""
    calamine = required("python_calamine", "Reading Excel")
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError as error:
        raise ValueError(f"it is no Excel file that can be opened: {error}.") from error
    for name in book.sheet_names:
        records = [
            (line, [_cell(value) for value in row])
            for line, row in enumerate(book.get_sheet_by_name(name).to_python(), 1)
        ]
        if any(any(record) for _, record in records):
            break
    else:
        raise ValueError("its sheets are empty.")
    notes = []
    if len(book.sheet_names) > 1:
        others = ", ".join(repr(n) for n in book.sheet_names if n != name)
        notes.append(f"The sheet {name!r} was read; there are also: {others}.")
    first = [record for _, record in records[:100]]
    n_skipped, names, more = find_names(first)
    sheet = Sheet(names, [*notes, *more])
    filled = (pair for pair in records[n_skipped:] if any(pair[1]))
    rows = sheet.repaired(draw.rows(sheet.rows(filled), len(names)))
    return sheet.names, rows, sheet.notes


def _cell(value):
    text = word(value) or ""
    return text.removesuffix(" 00:00:00")


def read_json(open_bytes, draw, encoding=None):
    """Return names, drawn rows and notes of lines that are objects, or a list of them.

    Numbers stay as they are written.
    """
    names = {}
    codecs.lookup(encoding or "utf-8")
    with open_bytes() as packed:
        file = io.TextIOWrapper(packed, encoding=encoding or "utf-8-sig")
        rows = draw.rows(_objects(file, names), 1)
    rows = draw.fewer(rows, max(1, len(names)))
    return list(names), [[row.get(name) for name in names] for row in rows], []


def _objects(file, names):
    start = file.read(1)
    while start.isspace():
        start = file.read(1)
    whole = start == "["
    lines = [start + file.read(LARGEST_LIST)] if whole else _lines(start, file)
    if whole and len(lines[0]) > LARGEST_LIST:
        raise ValueError("it is one long list; write an object on each line instead.")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=str, parse_int=str)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number:,} is not JSON: {error}.") from error
        for entry in found if whole else [found]:
            if not isinstance(entry, dict):
                raise ValueError(
                    f"line {number:,} holds no object with names; each row must be "
                    '{"name": value, …}.'
                )
            names.update(dict.fromkeys(entry))
            yield {name: word(value) for name, value in entry.items()}


def _lines(start, file):
    yield start + file.readline()
    yield from file


def read_sqlite(path, draw, query):
    """Return names, drawn rows and notes of a query on an SQLite file."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite_%'"
        )
        return _answer(connection, draw, query, [name for (name,) in tables])


def read_duckdb(path, draw, query):
    """Return names, drawn rows and notes of a query on a DuckDB file."""
    duckdb = required("duckdb", "Reading a DuckDB file", extra="duckdb")
    try:
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            connection.execute("SET enable_external_access = false")
            tables = connection.execute(
                "SELECT table_name FROM information_schema.tables"
            )
            names = [name for (name,) in tables.fetchall()]
            return _answer(connection, draw, query, names)
    except duckdb.Error as error:
        raise ValueError(str(error)) from error


def _answer(connection, draw, query, tables):
    notes = []
    if query is None:
        if len(tables) != 1:
            named = ", ".join(map(repr, tables)) or "none"
            raise ValueError(
                f"it holds {len(tables)} tables ({named}); say which with "
                '--query "SELECT * FROM …".'
            )
        quoted = tables[0].replace('"', '""')
        query = f'SELECT * FROM "{quoted}"'
        notes = [f"The table {tables[0]!r} was read."]
    if not re.match(r"\s*(select|with|from|values|table)\b", query, re.IGNORECASE):
        raise ValueError(f"--query must be a SELECT, got {query!r}.")
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    fetched = iter(cursor.fetchone, None)
    rows = draw.rows((tuple(map(word, row)) for row in fetched), len(names))
    return names, rows, notes
