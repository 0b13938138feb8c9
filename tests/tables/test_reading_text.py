"""Delimited text: each cell stands in the column that it belongs to, or an error."""

import bz2
import gzip
import io
import lzma
import sys
import zipfile

import pytest

from sklearn_mlp_edu._tables import read_table


@pytest.fixture
def read(tmp_path):
    """Write a text and read it as a table."""

    def from_text(text, *, written="utf-8", **settings):
        path = tmp_path / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(written))
        return read_table(path, **settings)

    return from_text


def rows(table):
    """The table as a list of its rows, names first."""
    return [tuple(table.names), *zip(*table.cells, strict=True)]


AB = [("a", "b"), ("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a;b\n1;2\n3;4",
        "a\tb\r\n1\t2\r\n3\t4\r\n",
        "a|b\r1|2\r3|4\r",
        "a b\n1 2\n3 4\n",
        "  a    b\n  1    2 \n 3   4\n",
        "\ufeffa,b\n1,2\n3,4\n",
        '"a","b"\n"1","2"\n"3","4"\n',
        "'a','b'\n'1','2'\n'3','4'\n",
        "\n\na,b\n1,2\n\n  \n3,4\n\n",
        " a , b\n 1, 2 \n3\t, 4\n",
        "sep=;\na;b\n1;2\n3;4\n",
        "# made by hand, today\na,b\n1,2\n# a remark\n3,4\n",
        "# a b\n1 2\n3 4\n",
        "A title\n\na,b\n1,2\n3,4\n",
        "a,b\n1,2,\n3,4,\n",
        "a,b,\n1,2\n3,4\n",
        "a,b\n1,2\na,b\n3,4\n",
        "a,b\n1,2\n,\n3,4\n , \n\x1a",
    ],
)
def test_one_table_in_many_dialects(read, text):
    assert rows(read(text)) == AB


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_of_unicode_are_found(read, encoding):
    table = read("größe,b\n1,2\n", written=encoding)
    assert rows(table) == [("größe", "b"), ("1", "2")]


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("Stadt;y\nKöln;1\nZürich;2\n", "cp1252", "Windows-1252"),
        ("이름,y\n홍길동,1\n김철수,2\n", "cp949", "Korean (cp949)"),
    ],
)
def test_other_encodings_are_told(read, text, encoding, told):
    table = read(text, written=encoding)
    assert table.cells == read(text).cells
    assert told in table.notes[0]


def test_a_letter_far_from_the_beginning_decides_the_encoding(read):
    """And rows are not drawn from two readings of the file."""
    text = "a,b\n" + "1,2\n" * 30_000 + "Ö,2\n"
    table = read(text, written="cp1252", sample=0)
    assert table.cells[0][-1] == "Ö" and len(table.cells[0]) == 30_001
    drawn = read(text, written="cp1252", sample=10)
    assert drawn.notes[1:] == ["10 of 30,001 rows were drawn at random."]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks(read):
    table = read('a;b;y\n1;"x\ny";0\n2;"z;""q""\r\n\n";1\n')
    assert rows(table)[1:] == [("1", "x\ny", "0"), ("2", 'z;"q"', "1")]
    assert read('a,b\n1,"say \\"no\\" more"\n').column("b") == ['say "no" more']
    assert read('a,b\n1,5" pipe\n').column("b") == ['5" pipe']


def test_quotes_between_tabs_may_enclose_nothing(read):
    table = read('a\tb\n1\t"So," he said\n2\t"Yes\n')
    assert table.column("b") == ['"So," he said', '"Yes']
    assert "Quotes do not enclose cells" in table.notes[0]
    assert read('a\tb\n1\t"x\ty"\n').column("b") == ["x\ty"]


def test_decimal_commas_do_not_part_cells(read):
    assert read("a;b;c\n1,5;2,5;3,5\n").names == ["a", "b", "c"]
    assert read("a;b\n1;2,5\n3;4,5\n").names == ["a", "b"]
    assert read("a;b\nr1;2,5;0\nr2;4,5;1\n").names == ["(row names)", "a", "b"]
    with pytest.raises(ValueError, match="line 4 has 2 cells, but there are 3 col"):
        read("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n1,5;2,5\n")


def test_names_of_rows_that_r_writes(read):
    for text in (
        '"a","y"\n"r1",5,"No"\n"r2",6,"Yes"\n',
        '"a" "y"\n"r1" 5 "No"\n"r2" 6 "Yes"\n',
    ):
        table = read(text)
        assert table.column("a") == ["5", "6"] and table.column("y") == ["No", "Yes"]
        assert "names of the rows" in table.notes[0]


def test_what_has_no_names_is_given_some(read):
    table = read("5.1,3.5,setosa\n4.9,?,setosa\n6.0,3,virginica\n")
    assert table.names == ["1", "2", "3"] and len(table.cells[0]) == 3
    assert "have no names" in table.notes[0]
    assert read("0,1,2\n3.5,4,5\n").names == ["0", "1", "2"]
    assert read("label,400.5,401\na,1,2\nb,3,4\n").names == ["label", "400.5", "401"]


def test_names_that_are_missing_or_there_twice(read):
    table = read(",a,a,b ,\n1,2,3,4,5\n")
    assert table.names == ["(row names)", "a", "a (2)", "b", "column 5"]
    assert table.notes == ["A second column 'a' is called 'a (2)'."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n1,2,3,4\n", "line 3 has 4 cells, but there are 2 columns"),
        ("a,b,c\n1,2,3\n1,2\n1,2,3\n", "line 3 has 2 cells, but there are 3 columns"),
        ('a,b\n"x\ny",2\n1\n', "line 4 has 1 cell, but"),
        ("a,b\n" + "1,2\n" * 60_000 + "1,2,\n", "line 60,002 has 3 cells"),
        ("a,b\n1,2,3\n1,2,3\n", "each row has 3 cells, but there are 2 names"),
        ("a,b\n1,2,\n1,2,3\n", "each row has 3 cells, but there are 2 names"),
        ('a,b\n1,"2\n3,4\n', "record that begins in line 2: unexpected end of data"),
        ("a,b\n", "it has no rows"),
        ("\n\n", "it has no rows"),
        (b"a,b\n1,\x00\x01\x022\n", "bytes that no text has"),
        (b"a,b\n\x81,1\n", "neither UTF-8 nor Windows-1252"),
        (b"%PDF-1.7 ...", "it is a PDF document"),
        (b"\x89PNG\r\n", "it is a picture"),
        ("<!DOCTYPE html><p>Not found", "it is a web page"),
        ("", "is empty"),
        (b"PK\x03\x04junk", "not a zip file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], "ended before"),
        (gzip.compress(b"PAR1....", mtime=0), "packed parquet file"),
    ],
)
def test_what_is_no_table_is_refused(read, text, message):
    with pytest.raises(ValueError, match="data.csv") as error:
        read(text)
    assert message in str(error.value)


def test_unfit_settings_are_told(read):
    with pytest.raises(ValueError, match="unknown encoding: klingon"):
        read("a,b\n1,2\n", encoding="klingon")
    with pytest.raises(ValueError, match="'utf-8' codec can't decode"):
        read("ö,b\n1,2\n", written="cp1252", encoding="utf-8")
    with pytest.raises(ValueError, match="--query is for SQLite and DuckDB"):
        read("a,b\n1,2\n", query="SELECT 1")


def zipped(content, *names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files(read, pack):
    assert rows(read(pack(b"a,b\n1,2\n3,4\n"))) == AB


def test_zip_of_one_file(read):
    content = b"a;b\n1;2\n3;4\n"
    assert rows(read(zipped(content, "x.csv", "__MACOSX/x.csv"))) == AB
    with pytest.raises(ValueError, match="holds 2 files, of which one is needed"):
        read(zipped(content, "x.csv", "y.csv"))


def test_zstandard(read):
    pyarrow = pytest.importorskip("pyarrow")
    sink = pyarrow.BufferOutputStream()
    with pyarrow.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(b"a,b\n1,2\n3,4\n")
    assert rows(read(sink.getvalue().to_pybytes())) == AB


def test_standard_input(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n3,4\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert rows(read_table("-")) == AB
    with pytest.raises(ValueError, match="the standard input is empty"):
        read_table("-")


def test_rows_are_drawn_with_equal_chance_and_in_order(read):
    text = "a\n" + "\n".join(map(str, range(1000)))
    numbers = [int(cell) for cell in read(text, sample=100).cells[0]]
    assert numbers == sorted(numbers) and len(set(numbers)) == 100
    assert 400 < sum(numbers) / 100 < 600
    assert read(text, sample=100).cells == read(text, sample=100).cells
    assert read(text, sample=100, random_state=1).cells[0] != list(map(str, numbers))


def test_wide_tables_have_fewer_rows(read, monkeypatch):
    from sklearn_mlp_edu._tables import drawing

    monkeypatch.setattr(drawing, "CELLS", 100)
    monkeypatch.setattr(drawing, "MOST_CELLS", 500)
    text = "a,b,c,d\n" + "1,2,3,4\n" * 200
    assert len(read(text).cells[0]) == 25
    assert len(read(text, sample=50).cells[0]) == 50
    with pytest.raises(ValueError, match="more than 500 cells in memory.*--sample 25"):
        read(text, sample=0)


def test_lines_without_end_are_refused(read, monkeypatch):
    from sklearn_mlp_edu._tables import text

    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    with pytest.raises(ValueError, match="line 2 never seems to end"):
        read("a,b\n" + "1," * 600)
