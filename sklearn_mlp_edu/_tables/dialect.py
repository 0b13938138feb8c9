"""How a text file writes a table: its encoding, its delimiter, where its names stand.

The grammar itself is that of Python's `csv`.
"""

import csv
import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from .columns import MARKS
from .numbers import numbers

DELIMITERS = (",", ";", "\t", "|")
SPACES = " "
MARK_OF_ORDER = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
HANGUL = re.compile("[가-힣]")
FEW = 200  # records at the beginning that are looked at


class QuoteError(ValueError):
    """Quotes do not enclose cells, as they should."""


class Dialect(NamedTuple):
    """How cells are told apart."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None

    def records(self, lines):
        """Yield line number and cells of each record.

        Raises
        ------
        QuoteError
            If a quote is not closed, or something stands behind one.
        """
        if self.delimiter == SPACES:
            lines = (re.sub(r"[ \t]+", " ", line.strip()) + "\n" for line in lines)
        reader = csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape,
            skipinitialspace=self.delimiter != SPACES,
            strict=True,
        )
        start = 1
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise QuoteError(
                    f"the record that begins in line {start:,}: {error}; is a quote "
                    "not closed, or not doubled within a cell?"
                ) from error
            yield start, record
            start = reader.line_num + 1


def find_encoding(beginning):
    """Return the encoding that a file's first bytes tell, and a note."""
    for mark, encoding in MARK_OF_ORDER.items():
        if beginning.startswith(mark):
            return encoding, []
    if b"\0" in beginning:
        for side, encoding in ((0, "utf-16-le"), (1, "utf-16-be")):
            ends = "\n".encode(encoding) in beginning
            if ends and not beginning[side::2].count(0):
                return encoding, [f"The text was read as {encoding}."]
        raise ValueError("it holds bytes that no text has.")
    return "utf-8", []


def other_encoding(beginning):
    """Return an encoding for text that is not UTF-8, and a note."""
    hangul = HANGUL.findall(beginning.decode("euc_kr", errors="ignore"))
    if 2 * len(hangul) > 0.8 * sum(byte > 127 for byte in beginning):
        return "cp949", ["The text is not UTF-8; it was read as Korean (cp949)."]
    try:
        beginning.decode("cp1252")
    except UnicodeDecodeError:
        raise ValueError(
            "its text is neither UTF-8 nor Windows-1252; pass --encoding."
        ) from None
    return "cp1252", [
        "The text is not UTF-8; it was read as Windows-1252. Where letters look wrong, "
        "pass --encoding."
    ]


def find_dialect(lines, delimiter=None):
    """Return the dialect in which most of the first lines have as many cells."""
    match = re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\r\n"))
    if match and delimiter is None:
        return Dialect(match[1])
    single = sum(line.lstrip().startswith("'") for line in lines)
    quote = "'" if single > len(lines) / 2 and "','" in lines[-1] else '"'

    text = "".join(lines)
    escaped = re.search(r'\\"[^,;|\t\r\n]', text) and '""' not in text
    escape = "\\" if escaped else None

    if delimiter is not None:
        return Dialect(delimiter, quote, escape)

    def agreement(delimiter):
        width, share, first = _width(Dialect(delimiter, quote, escape), lines)
        if width == 1:
            return 0, 1
        return share + (first == width) / 2 + (first == width - 1 > 1) / 4, width

    best = max(DELIMITERS, key=agreement)
    if agreement(best)[0] < 0.5:
        width, share, _ = _width(Dialect(SPACES, quote, escape), lines)
        if width > 1 and share > 0.9:
            best = SPACES
        elif not any(agreement(d)[0] for d in DELIMITERS):
            best = ","
    return Dialect(best, quote, escape)


def _width(dialect, lines):
    """Return how many cells most records have, which share of them, and the first.

    The first does not count among them: it may be a title, or lack a name.
    """
    widths = []
    try:
        for _, record in dialect.records(lines):
            if any(cell.strip() for cell in record):
                widths.append(len(record))
    except ValueError:  # the last record may be cut
        pass
    if not widths:
        return 1, 0.0, 1
    others = widths[1:] or widths
    (width, n), *_ = Counter(others).most_common(1)
    return width, n / len(others), widths[0]


def find_names(records):
    """Return how many records to skip, the names of the columns, and notes.

    Names stand in the first record that is as wide as most. Lines above it that have a
    single cell, or begin with ``#``, are skipped. Where the record holds numbers, or
    words that stand below as well, it is taken for data.

    Parameters
    ----------
    records : list of list of str
        The first ones of the file.

    Returns
    -------
    n_skipped : int
    names : list of str
    notes : list of str
    """
    widths = Counter(len(r) for r in records if any(r))
    (usual, _), *_ = widths.most_common(1)
    n_skipped, comments = 0, []
    while n_skipped < len(records) - 1:
        record = records[n_skipped]
        if record[:1] and record[0].lstrip().startswith("#"):
            comments.append(record)
        elif not _is_title(record, usual):
            break
        n_skipped += 1
    first, below = records[n_skipped], records[n_skipped + 1 :]
    notes = []
    skipped = [" ".join(filter(None, r)) for r in records[:n_skipped]]
    titles = [text for text in skipped if text and text != "sep="]
    if titles:
        notes.append(f"Lines above the table, skipped: {_some(titles)}.")
    names = [cell.strip(" #") for cell in comments[-1]] if comments else []
    names = names if len(names) == len(first) else [*filter(None, names)]
    named = len(names) == len(first)
    if not _is_data(first, below, named):
        return n_skipped + 1, [cell.strip() for cell in first], notes
    if named:
        return n_skipped, names, [*notes, "The names stand behind a #."]
    names = [str(i) for i in range(1, len(first) + 1)]
    return (
        n_skipped,
        names,
        [*notes, f"The columns have no names; they are called 1 to {len(first)}."],
    )


def _is_title(record, usual):
    n_filled = sum(bool(cell.strip()) for cell in record)
    if n_filled == 0 or re.fullmatch("sep=.?", record[0]):
        return True
    return n_filled == 1 and (len(record) == 1 < usual or len(record) == usual > 2)


def _is_data(record, below, named):
    """Tell whether what would be names are values: numbers, or words found below.

    The numbers 0, 1, 2, … are names, unless there are ``named`` ones.
    """
    cells = [cell.strip() for cell in record]
    below = [r for r in below if len(r) == len(record)]
    known = numbers(set(cells))[0]["."]
    if not known or not below:
        return False
    if all(cell in known for cell in cells):
        steps = {known[b] - known[a] for a, b in pairwise(cells)}
        return len(cells) > 1 and (named or steps != {1})
    for i, cell in enumerate(cells):
        if cell in known or cell in MARKS:
            continue
        if cell not in {r[i].strip() for r in below}:
            return False
    return True


def _some(titles):
    shown = "; ".join(repr(t if len(t) < 60 else t[:59] + "…") for t in titles[:3])
    return shown + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
