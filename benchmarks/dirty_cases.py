"""Tables as people have them, with what is right to make of them."""

from typing import NamedTuple


class TableCase(NamedTuple):
    """A file, and the cells of one of its columns; None where an error is right."""

    name: str
    content: bytes
    column: str = "y"
    cells: list | None = None


class ColumnCase(NamedTuple):
    """Words of a column, and what they are: numbers, dates, or the words themselves."""

    name: str
    words: list
    kind: str
    values: list | None = None


def _text(name, text, cells=None, encoding="utf-8", column="y"):
    return TableCase(name, text.encode(encoding), column, cells)


TABLES = [
    _text("delimiter at the end of rows", "a,y,b\n1,p,2,\n3,q,4,\n", ["p", "q"]),
    _text("names of rows that R writes", '"a","y"\n"r",5,"p"\n"s",6,"q"\n', ["p", "q"]),
    _text("a row that is too long", "a,y\n1,p\n2,q,3,4\n5,p\n"),
    _text("a row that is too short", "a,b,y\n1,2,p\n3,q\n5,6,p\n"),
    _text("a short row after 30,000", "a,b,y\n" + "1,2,p\n" * 30_000 + "3,q\n"),
    _text("a quote that is not closed", 'a,y\n1,"p\n3,q\n5,p\n'),
    _text("line breaks in cells, ;", 'y;a\n"p\n\nr";1\nq;2\n', ["p\n\nr", "q"]),
    _text("decimal commas, ;", "a;y\n1,5;p\n2,5;q\n", ["p", "q"]),
    _text("tabs, only \\r", "a\ty\r1\tp\r3\tq\r", ["p", "q"]),
    _text("columns of blanks", "a    y\n1    p\n300  q\n", ["p", "q"]),
    _text("a title above", "Report\n\na,y\n1,p\n3,q\n", ["p", "q"]),
    _text("comments", "# by hand, today\na,y\n1,p\n3,q\n", ["p", "q"]),
    _text("sep=;", "sep=;\na;y\n1;p\n3;q\n", ["p", "q"]),
    _text("UTF-16", "a,y\n1,ö\n3,q\n", ["ö", "q"], "utf-16"),
    _text("Windows-1252", "a,y\n1,ö\n3,q\n", ["ö", "q"], "cp1252"),
    _text("a class called None", "a,y\n1,None\n3,q\n", ["None", "q"]),
    _text("a class called NA", "a,y\n1,NA\n3,q\n", ["NA", "q"]),
    _text("codes with zeros", "a,y\n1,01\n3,02\n", ["01", "02"]),
    _text(
        "codes, late a word", "y\n" + "01\n" * 60_000 + "x\n", ["01"] * 60_000 + ["x"]
    ),
    TableCase("bytes that are no text", bytes(range(256)) * 4),
]
COLUMNS = [
    ColumnCase("1,234.5", ["1,234.5", "2", "3.5"], "number", [1234.5, 2, 3.5]),
    ColumnCase("1.234,5", ["1.234,5", "2", "3,5"], "number", [1234.5, 2, 3.5]),
    ColumnCase("1 234,5", ["1 234,5", "2", "3,5"], "number", [1234.5, 2, 3.5]),
    ColumnCase("1.234,5 beside 1.5", ["1.234,5", "1.5", "2.5"], "word"),
    ColumnCase("30001.23", ["30001.23", "2", "3"], "number", [30001.23, 2, 3]),
    ColumnCase("a few ?", [*map(str, range(40)), "?"], "number", [*range(40), None]),
    ColumnCase(
        "a few #DIV/0!", [*map(str, range(40)), "#DIV/0!"], "number", [*range(40), None]
    ),
    ColumnCase("$3", ["$3", "$4.5", "$1,200"], "number", [3, 4.5, 1200]),
    ColumnCase("5%", ["5%", "7.5%", "1%"], "number", [5, 7.5, 1]),
    ColumnCase("5% beside 0.05", ["5%", "0.05", "5%"], "word"),
    ColumnCase("01234", ["01234", "12345", "01234"], "word"),
    ColumnCase("2⁵³ + 1", ["9007199254740993", "9007199254740992"] * 2, "word"),
    ColumnCase("31.01.2024", ["31.01.2024", "01.02.2024"], "date", ["2024-01-31"]),
    ColumnCase(
        "1/31/24 3:30 PM",
        ["1/31/24 3:30 PM", "2/15/24 1:00 AM"],
        "date",
        ["2024-01-31T15:30"],
    ),
    ColumnCase(
        "ISO with zones",
        ["2024-01-31T23:00:00-02:00", "2024-02-01T00:00:00Z"],
        "date",
        ["2024-02-01T01:00"],
    ),
    ColumnCase("31 Jan 2024", ["31 Jan 2024", "1 Feb 2024"], "date", ["2024-01-31"]),
]
