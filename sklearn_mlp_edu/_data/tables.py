"""Reading a table from a file, and making features and labels of its columns."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .._arithmetic import required

LARGEST_FILE = 2 * 10**9  # bytes that are read without being asked to sample
LARGEST_SAMPLE = 20_000  # rows used unless asked for more
CHUNK = 50_000  # rows read at a time
BEGINNING = 2**16  # characters looked at to find the delimiter
DELIMITERS = {".tsv": "\t", ".tab": "\t"}
PARQUET = {".parquet", ".pq"}
MOST_CATEGORIES = 50
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?\s*")
DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
DECIMAL_POINT = re.compile(r"\s*-?\d+\.\d+\s*")
MISSING = "(missing)"


class Table(NamedTuple):
    """Features and labels, and a word on all that was done to get them."""

    X: object  # DataFrame, numbers as float64 and categories as str
    y: np.ndarray
    numbers: list[str]
    categories: list[str]
    notes: list[str]


def read_table(path, *, delimiter=None, encoding=None, sample=None, random_state=0):
    """Read a CSV, TSV or Parquet file into a DataFrame.

    Parameters
    ----------
    path : str or Path
    delimiter : str, default=None
        One character between columns; None finds it.
    encoding : str, default=None
        Of the text; None takes UTF-8 or UTF-16 where they fit, else Windows-1252.
    sample : int, default=None
        How many rows to draw at most; 0 is all. None draws 20,000, and refuses files of
        more than 2 GB.
    random_state : int, default=0
        Draws the rows.

    Returns
    -------
    frame : pandas.DataFrame
    notes : list of str
        What the user should know of.

    Raises
    ------
    ValueError
        If the file is missing, too large, empty, or not such a table.
    """
    pandas = required("pandas", "Reading a table")
    path = Path(path)
    if not path.is_file():
        kind = "is not a file" if path.exists() else "does not exist"
        raise ValueError(f"{path} {kind}; pass the path of a CSV, TSV or Parquet file.")
    size = path.stat().st_size
    if size == 0:
        raise ValueError(f"{path} is empty.")
    if size > LARGEST_FILE and sample is None:
        raise ValueError(
            f"{path} has {size / 1e9:.1f} GB, more than the "
            f"{LARGEST_FILE / 1e9:.0f} GB that are read unasked; draw rows with "
            f"--sample {LARGEST_SAMPLE}."
        )
    notes = []
    try:
        if path.suffix.lower() in PARQUET:
            chunks = _parquet_chunks(path)
        else:
            chunks = _text_chunks(pandas, path, delimiter, encoding, notes)
        frame, n_rows = _sampled(pandas, chunks, sample, random_state)
    except (UnicodeError, OSError, ValueError, LookupError) as error:
        text = " ".join(str(error).split())
        raise ValueError(
            f"{path} could not be read: {text} Check the file, or pass "
            "--delimiter and --encoding."
        ) from error
    if n_rows > len(frame):
        notes.append(f"{len(frame):,} of {n_rows:,} rows were drawn at random.")
    frame.columns = [str(name) for name in frame.columns]
    return frame, notes


def _parquet_chunks(path):
    parquet = required("pyarrow.parquet", "Reading Parquet")
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(CHUNK):
            yield batch.to_pandas()


def _text_chunks(pandas, path, delimiter, encoding, notes):
    if encoding is None:
        encoding = find_encoding(path)
        if encoding == "cp1252":
            notes.append("The text is not UTF-8; it was read as Windows-1252.")
    with open(path, encoding=encoding, newline="") as file:
        beginning = file.read(BEGINNING)
    if "\0" in beginning:
        raise ValueError("it holds bytes that no text has.")
    if delimiter is None:
        delimiter = DELIMITERS.get(path.suffix.lower()) or find_delimiter(beginning)
    reader = pandas.read_csv(
        path,
        sep=delimiter,
        encoding=encoding,
        decimal=find_decimal(beginning, delimiter),
        chunksize=CHUNK,
        skipinitialspace=True,
        low_memory=False,
    )
    with reader:
        yield from reader


def find_encoding(path):
    """Return the encoding of a text file: UTF-8, UTF-16 with a mark, or else cp1252."""
    with open(path, "rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    try:
        with open(path, encoding="utf-8") as file:
            while file.read(2**22):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def find_delimiter(beginning):
    """Return the delimiter that cuts the first lines into most columns, all alike."""
    lines = beginning.splitlines()
    lines = [line for line in (lines[:-1] or lines)[:50] if line.strip()]

    def columns(delimiter):
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        return widths[0] if widths and len(set(widths)) == 1 else 1

    return max((",", ";", "\t", "|"), key=columns)


def find_decimal(beginning, delimiter):
    """Return "," if the numbers are written 1,5 and never 1.5, else "."."""
    if delimiter == ",":
        return "."
    cells = [
        c
        for row in csv.reader(beginning.splitlines(), delimiter=delimiter)
        for c in row
    ]
    commas = any(map(DECIMAL_COMMA.fullmatch, cells))
    points = any(map(DECIMAL_POINT.fullmatch, cells))
    return "," if commas and not points else "."


def _sampled(pandas, chunks, sample, random_state):
    """Put chunks together, keeping at most ``sample`` rows drawn at random."""
    limit = {None: LARGEST_SAMPLE, 0: np.inf}.get(sample, sample)
    rng = np.random.default_rng(random_state)
    kept, n_rows, lots = [], 0, np.empty(0)
    for chunk in chunks:
        n_rows += len(chunk)
        kept.append(chunk)
        lots = np.append(lots, rng.uniform(size=len(chunk)))
        if len(lots) > limit:  # the rows of the lowest lots stay, in their order
            rows = np.sort(np.argpartition(lots, limit)[:limit])
            kept = [pandas.concat(kept, ignore_index=True).iloc[rows]]
            lots = lots[rows]
    if n_rows == 0:
        raise ValueError("it has no rows.")
    return pandas.concat(kept, ignore_index=True), n_rows


def prepare(frame, target, drop=()):
    """Make features and labels of a table.

    Numbers and yes-or-no columns become float64, words that repeat become categories.
    Rows without a label, dates, free text, identifiers and columns that never vary are
    left out, each with a note.

    Parameters
    ----------
    frame : pandas.DataFrame
    target : str
        Column of the labels.
    drop : sequence of str, default=()
        Columns to leave out.

    Returns
    -------
    table : Table

    Raises
    ------
    ValueError
        If a column is not there, no usable feature is left, or the target is constant,
        a measurement, or has almost as many classes as rows.
    """
    for name in (target, *drop):
        if name not in frame.columns:
            raise ValueError(
                f"there is no column {name!r}; the columns are "
                f"{_some(list(frame.columns))}."
            )
    notes = []
    labelled = frame[target].notna()
    if not labelled.all():
        notes.append(f"Rows without {target!r}, left out: {(~labelled).sum():,}.")
        frame = frame[labelled]
    y = _labels(frame[target], target)
    columns, kinds, dropped = {}, {}, {}
    for name in frame.columns.drop([target, *drop]):
        kind, values = _feature(frame[name])
        if kind in ("number", "category"):
            columns[name], kinds[name] = values, kind
        else:
            dropped.setdefault(kind, []).append(name)
    for reason, names in dropped.items():
        notes.append(f"Left out as {reason}: {_some(names)}.")
    if not columns:
        raise ValueError("no column is left to learn from. " + " ".join(notes))
    X = type(frame)(columns)
    numbers = [name for name in columns if kinds[name] == "number"]
    categories = [name for name in columns if kinds[name] == "category"]
    return Table(X.reset_index(drop=True), y, numbers, categories, notes)


def _some(names, limit=10):
    text = ", ".join(repr(name) for name in names[:limit])
    return text + (f" and {len(names) - limit} more" if len(names) > limit else "")


def _labels(column, target):
    y = column.to_numpy()
    if y.dtype.kind not in "iubf":
        y = column.astype(str).to_numpy(dtype=object).astype(str)
    elif y.dtype.kind == "f" and (y == np.round(y)).all():
        y = y.astype(np.int64)
    n_classes = len(np.unique(y))
    if n_classes < 2:
        raise ValueError(
            f"the target {target!r} is the same in all {len(y):,} rows; there is "
            "nothing to tell apart."
        )
    if y.dtype.kind == "f":
        raise ValueError(
            f"the target {target!r} holds {n_classes:,} different numbers with "
            "fractions; classes are needed, predicting numbers is not supported."
        )
    if n_classes > len(y) / 2:
        raise ValueError(
            f"the target {target!r} has {n_classes:,} classes in {len(y):,} rows; "
            "each needs several rows. Is it the right column?"
        )
    return y


def _feature(column):
    """Return what a column is, and its values if it can be used."""
    present = column.dropna()
    try:
        n_distinct = present.nunique()
    except TypeError:
        return "lists or other objects", None
    if n_distinct == 0:
        return "empty", None
    if n_distinct == 1 and len(present) == len(column):
        return "constant", None
    if present.dtype.kind in "mM" or hasattr(present.dtype, "tz"):
        return "dates", None
    if present.dtype.kind in "iufb":
        values = column.astype("float64").replace([np.inf, -np.inf], np.nan)
        steps = np.diff(values.to_numpy())
        if present.dtype.kind in "iu" and len(steps) > 20 and (steps > 0).all():
            return "row numbers", None
        return "number", values
    words = present.astype(str)
    if words.str.fullmatch(DATE).mean() > 0.9:
        return "dates", None
    if n_distinct > min(MOST_CATEGORIES, len(present) / 2):
        return "free text or identifiers", None
    values = column.astype(object).where(column.notna(), MISSING).astype(str)
    return "category", values.astype(object)
