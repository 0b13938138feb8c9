"""Parquet, Arrow, Excel, JSON lines and databases are read as text is."""

import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

import pytest

from sklearn_mlp_edu._tables import describe, read_table

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyarrow.parquet")
pytest.importorskip("pyarrow.feather")


def arrow_table():
    """Types that a text file does not have."""
    days = [date(2024, 1, day) for day in range(1, 25)]
    times = [datetime(2024, 1, day, 3) for day in range(1, 25)]
    return pa.table(
        {
            "decimal": pa.array([Decimal(f"{i}.50") for i in range(24)]),
            "dictionary": pa.array(["a", "b", None] * 8).dictionary_encode(),
            "nullable": pa.array([1, None, 3] * 8, pa.int64()),
            "truth": pa.array([True, False, None] * 8),
            "day": pa.array(days),
            "moment": pa.array(times, pa.timestamp("us", "Europe/Berlin")),
            "list": pa.array([[1, 2]] * 24),
            "bytes": pa.array([b"x", b"y"] * 12),
            "large": pa.array([2**53 + 1, 2**53] * 12),
            "single": pa.array([0.1, 0.25] * 12, pa.float32()),
        }
    )


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_types_of_arrow(tmp_path, form):
    path = tmp_path / "data"
    if form == "parquet":
        pa.parquet.write_table(arrow_table(), path, row_group_size=5)
    else:
        pa.feather.write_feather(arrow_table(), path, chunksize=5)
    columns = {column.name: column for column in describe(read_table(path))}
    kinds = {name: column.kind for name, column in columns.items()}
    assert kinds == {
        **dict.fromkeys(("decimal", "nullable", "single"), "number"),
        **dict.fromkeys(("dictionary", "truth", "large"), "category"),
        **dict.fromkeys(("day", "moment"), "date"),
        **dict.fromkeys(("list", "bytes"), "left out"),
    }
    assert columns["decimal"].values[:2].tolist() == [0.5, 1.5]
    assert columns["nullable"].missing == columns["dictionary"].missing == 8
    assert columns["dictionary"].how == "category, 2 values"
    assert str(columns["moment"].values[0]).startswith("2024-01-01T03:00:00")
    assert set(columns["large"].values) == {str(2**53), str(2**53 + 1)}
    assert columns["list"].how == "lists or other objects"


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_rows_of_arrow_are_drawn(tmp_path, form):
    table = pa.table({"a": list(range(1000)), "b": [f"x{i}" for i in range(1000)]})
    path = tmp_path / "data"
    if form == "parquet":
        pa.parquet.write_table(table, path, row_group_size=70)
    else:
        pa.feather.write_feather(table, path, chunksize=70)
    read = read_table(path, sample=50)
    numbers = [int(cell) for cell in read.column("a")]
    assert numbers == sorted(set(numbers)) and len(numbers) == 50
    assert read.column("b") == [f"x{i}" for i in numbers]
    assert read.notes == ["50 of 1,000 rows were drawn at random."]


def test_excel(tmp_path):
    pytest.importorskip("python_calamine")
    pytest.importorskip("openpyxl")
    frame = pd.DataFrame({"n": [1, 2, 3.5], "code": ["01", "02", "01"]})
    frame["day"] = pd.to_datetime(["2024-01-31", None, "2024-02-01"])
    path = tmp_path / "data.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame().to_excel(writer, sheet_name="empty")
        frame.to_excel(writer, sheet_name="full", index=False, startrow=2)
    table = read_table(path)
    assert table.names == ["n", "code", "day"]
    assert table.column("n") == ["1", "2", "3.5"]
    assert table.column("code") == ["01", "02", "01"]
    assert table.column("day") == ["2024-01-31", None, "2024-02-01"]
    assert "The sheet 'full' was read; there are also: 'empty'." in table.notes
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ValueError, match="could not be read"):
        read_table(path)


def test_json_lines_and_lists(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text('{"a":1,"b":"01"}\n\n{"a":2.50,"c":[1]}\n{"a":9007199254740993}\n')
    table = read_table(path)
    assert table.names == ["a", "b", "c"]
    assert table.column("a") == ["1", "2.50", "9007199254740993"]
    assert table.column("b") == ["01", None, None]
    path.write_text('[{"a": true},\n {"a": null}]')
    assert read_table(path).cells == [["True", None]]
    for text, message in {
        '{"a":1}\n{"a":\n': "line 2 is not JSON",
        '{"a":1}\n[1, 2]\n': "line 2 holds no object with names",
    }.items():
        path.write_text(text)
        with pytest.raises(ValueError, match=message):
            read_table(path)


@pytest.fixture
def database(tmp_path):
    """An SQLite file with two tables."""
    path = tmp_path / "data.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE people (age, name)")
        people = [(31, "Ann"), (None, "Bob"), (50.5, "Cy")]
        connection.executemany("INSERT INTO people VALUES (?, ?)", people)
        connection.execute("CREATE TABLE houses (price)")
    return path


def test_sqlite(database):
    table = read_table(database, query="SELECT name, age FROM people ORDER BY name")
    assert table.names == ["name", "age"]
    assert table.column("age") == ["31", None, "50.5"]
    for query, message in {
        None: "2 tables .'people', 'houses'.; say which with --query",
        "DROP TABLE people": "--query must be a SELECT",
        "SELECT height FROM people": "no such column: height",
        "WITH x AS (SELECT 1) DELETE FROM people": "readonly",
        "SELECT * FROM houses": "it has no rows",
    }.items():
        with pytest.raises(ValueError, match=message):
            read_table(database, query=query)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TABLE houses")
    assert read_table(database).notes == ["The table 'people' was read."]


def test_duckdb(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range a, 'x' b FROM range(3)")
    assert read_table(path).cells == [["0", "1", "2"], ["x", "x", "x"]]
    assert read_table(path, query="SELECT max(a) m FROM t").cells == [["2"]]
    for query in ("SELECT * FROM nowhere", f"SELECT * FROM read_text('{path}')"):
        with pytest.raises(ValueError, match="could not be read"):
            read_table(path, query=query)
