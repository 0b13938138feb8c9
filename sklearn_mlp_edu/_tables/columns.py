"""What each column of a table is: numbers, dates, categories, text, or nothing of use.

A column is decided by all its cells, and read in one way. Where a few words stand among
numbers or dates they become missing, and are named.
"""

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from .dates import dates, seconds
from .numbers import is_code, numbers

MARKS = {  # that stand for nothing among numbers and dates
    *("?", "-", "--", "---", "–", "—", ".", "..", "...", "*", "NA", "N/A", "n/a", "na"),
    *("N.A.", "n.a.", "NaN", "nan", "NAN", "null", "NULL", "Null", "nil", "None"),
    *("none", "#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"),
    *("#NULL!", "<NA>", "NaT", "-nan", "missing", "Missing", r"\N"),
}
PLAINLY = {"NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "<NA>", "NaT", r"\N"}
BLANKS = PLAINLY | {  # among words, where None may be a name
    mark for mark in MARKS if not re.search(r"\w", mark) or mark[0] == "#"
}
OBJECT = "[…]"  # stands for a cell that holds no single value
MOST_CATEGORIES = 40
MOST_WORDS = 10  # different ones that may stand among numbers, in a tenth of the cells
LARGEST = 1e30  # numbers beyond it would drown all others
MANY = 20  # rows, more than which tell a counter or a name of rows; and values
ROW_NAMES = "(row names)"  # what R writes before a row, without a name
ID = re.compile(r"(.*[_\s.])?(id|uuid|guid|key|index|rownames)", re.IGNORECASE)
ID_CASE = re.compile(r".*[a-z]I[dD]")


class Column(NamedTuple):
    """How a column was read."""

    name: str
    kind: str  # number, date, category, text or left out
    how: str  # of what was read, or why not
    missing: int  # cells
    values: np.ndarray | None = None  # floats, datetime64 or words
    span: str = ""  # from the least to the largest


def describe(table):
    """Return a `Column` for each column of a table."""
    words = [Words(cells) for cells in table.cells]
    decimal = _decimal(words, table.delimiter)
    return [
        _column(name, cells, decimal, table.n_rows)
        for name, cells in zip(table.names, words, strict=True)
    ]


class Words:
    """The cells of a column with their counts, and what they are as numbers."""

    def __init__(self, cells):
        self.cells = cells
        self.counts = Counter(cells)
        self.counts.pop(None, None)
        self.words = [word for word in self.counts if word not in MARKS]
        self.n_words = sum(self.counts[word] for word in self.words)
        self.codes = any(map(is_code, self.words))
        self.numbers, self.affix = numbers(self.words)

    def coverage(self, decimal):
        """Return how many cells are numbers with this decimal mark."""
        return sum(self.counts[word] for word in self.numbers[decimal])

    def fits(self, known):
        """Tell whether all words but a few are ``known``."""
        others = [word for word in self.words if word not in known]
        n_others = sum(self.counts[word] for word in others)
        return bool(known) and (
            len(others) <= MOST_WORDS and n_others <= self.n_words / 10
        )


def _decimal(columns, delimiter):
    """Return the decimal mark that a table's unambiguous columns have, None for none.

    A semicolon between cells speaks for the comma where no column speaks against it.
    """
    votes = set()
    for column in columns:
        point, comma = column.coverage("."), column.coverage(",")
        mark = "." if point > comma else ","
        if point != comma and column.fits(column.numbers[mark]):
            votes.add(mark)
    if not votes and delimiter == ";":
        votes.add(",")
    return votes.pop() if len(votes) == 1 else None


def _column(name, column, decimal, n_rows):
    n_blank = len(column.cells) - sum(column.counts.values())
    n_marks = sum(n for word, n in column.counts.items() if word in MARKS)
    if not column.words and (not column.counts or set(column.counts) <= BLANKS):
        return Column(name, "left out", "empty", n_blank + n_marks)
    if name == ROW_NAMES and len(column.counts) == len(column.cells) - n_blank:
        return Column(name, "left out", "names of the rows", n_blank)
    if set(column.counts) == {OBJECT}:
        return Column(name, "left out", "lists or other objects", n_blank)
    if len(column.counts) == 1 and not n_blank:
        (word,) = column.counts
        return Column(name, "left out", f"always {_short(word)!r}", 0)
    found = None
    if column.words and not column.codes:
        found = _calendar(name, column) or _number(name, column, decimal, n_rows)
    if found is None and column.words:
        found = _date(name, column)
    return found or _words(name, column)


# Numbers


def _number(name, column, decimal, n_rows):
    point, comma = column.numbers["."], column.numbers[","]
    how = ["number"]
    if not point.keys() <= comma.keys() and not comma.keys() <= point.keys():
        return None  # some have a point, others a comma: no reading is sure
    unsure = [w for w in point if comma.get(w, point[w]) != point[w]]
    if len(point) != len(comma):
        mark = "." if len(point) > len(comma) else ","
    elif unsure:
        mark = decimal or "."
        example = unsure[0]
        if mark not in example:
            how.append(f"{example} taken for {column.numbers[mark][example]:g}")
    else:
        mark = "."
    known = column.numbers[mark]
    if not column.fits(known):
        return None
    if len(column.words) <= MANY and len(column.words) > len(known):
        return None  # few values, of which some are words: categories lose nothing
    if mark == "," and any("," in word for word in known):
        how.append("decimal comma")
    if column.affix:
        how.append(f"{column.affix} taken off")
    values = np.array([known.get(cell, np.nan) for cell in column.cells])
    reason = _counter(name, values, n_rows)
    if reason:
        return Column(name, "left out", reason, int(np.isnan(values).sum()))
    with np.errstate(invalid="ignore"):
        huge = np.abs(values) > LARGEST
    if huge.any():
        how.append(f"{huge.sum():,} infinite or beyond {LARGEST:g} taken as missing")
        values[huge] = np.nan
    return _made(name, "number", how, column, known, values)


def _counter(name, values, n_rows):
    """Return why numbers are those of the rows, "" where they are not."""
    n = len(values)
    if n <= MANY or not np.isfinite(values).all():
        return ""
    if (values != np.round(values)).any():
        return ""
    steps, span = np.diff(values), np.ptp(values)
    if ((steps > 0).all() or (steps < 0).all()) and span < 10 * n_rows:
        return "row numbers"
    if len(np.unique(values)) == n:
        if span < 1.2 * n:
            return "row numbers, in another order"
        if ID.fullmatch(name) or ID_CASE.fullmatch(name):
            return "identifiers, different in each row"
    return ""


def _made(name, kind, how, column, known, values):
    """Return a column of numbers or dates, with the words that it lost."""
    lost = [word for word in column.counts if known.get(word) is None]
    others = [word for word in lost if word not in PLAINLY]
    if others:
        named = ", ".join(repr(_short(word)) for word in others[:5])
        more = " and others" if len(others) > 5 else ""
        how.append(f"{named}{more} taken as missing")
    missing = np.isnan(values) if kind == "number" else np.isnat(values)
    present = values[~missing]
    if not len(present):
        return Column(name, "left out", f"nothing but {how[-1]}", len(values))
    if (present == present[0]).all() and not missing.any():
        first = next(iter(column.words))
        return Column(name, "left out", f"always {_short(first)!r}", 0)
    low, high = (_written(end) for end in (present.min(), present.max()))
    span = f"{low} to {high}"
    return Column(name, kind, ", ".join(how), int(missing.sum()), values, span)


def _written(value):
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[s]")).replace("T00:00:00", "")
    return f"{value:.10g}"


# Dates


def _calendar(name, column):
    """Dates of eight digits, such as 20240131, and times of the day."""
    times = {word: seconds(word) for word in column.words}
    known = {word: time for word, time in times.items() if time is not None}
    if column.fits(known):
        values = np.array([known.get(cell, np.nan) for cell in column.cells])
        how = ["number, seconds since midnight"]
        return _made(name, "number", how, column, known, values)
    if all(len(word) == 8 and word.isdecimal() for word in column.words):
        return _date(name, column)
    return None


def _date(name, column):
    known, how = dates(column.words)
    if not column.fits(known):
        return None
    values = [known.get(cell) for cell in column.cells]
    values = np.array(values, dtype="datetime64[us]")
    return _made(name, "date", [f"date, {how}"], column, known, values)


# Words


def _words(name, column):
    counts = {word: n for word, n in column.counts.items() if word not in BLANKS}
    n_present, n_distinct = sum(counts.values()), len(counts)
    missing = len(column.cells) - n_present
    values = [None if c in BLANKS else c for c in column.cells]
    values = np.array(values, dtype=object)
    few = n_distinct <= MOST_CATEGORIES
    few = few and (n_distinct <= n_present / 2 or n_present <= MANY)
    if few:
        plural = "s" if n_distinct > 1 else ""
        how = f"category, {n_distinct} value{plural}{_digits(column)}"
        return Column(name, "category", how, missing, values)
    reason = _useless(counts, n_present)
    if reason:
        return Column(name, "left out", reason + _digits(column), missing)
    how = f"text, {n_distinct:,} different, by its letters{_digits(column)}"
    return Column(name, "text", how, missing, values)


def _digits(column):
    """Tell where a reader may wonder why words are not numbers."""
    if column.codes:
        return ", digits taken for codes"
    if 2 * max(map(column.coverage, ".,")) > column.n_words:
        return ", numbers among words"
    return ""


def _useless(counts, n_present):
    """Return why words tell nothing, "" where they may."""
    if all(word[0] in "{[" and word[-1] in "}]" for word in counts):
        return "lists or other objects"
    if len(counts) >= 0.9 * n_present:
        if sum(" " in word for word in counts) < len(counts) / 2:
            return "identifiers, different in nearly each row"
        if len({re.sub(r"\d+", "", word) for word in counts}) == 1:
            return "numbered, different in nearly each row"
    return ""


def _short(word, limit=40):
    return word if len(word) <= limit else word[: limit - 1] + "…"
