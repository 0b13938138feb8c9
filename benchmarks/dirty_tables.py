"""Compare readers of dirty tables, and what tells numbers and dates from words.

    python -m benchmarks.dirty_tables

Each reader finds the dialect by itself where it can, and is asked for words. "right"
are the cells that stand in the file, or an error where no reading is certain;
"refused" is an error where there is a reading; "WRONG" is another answer without one.
Then the weight on disk, the time of an import, and of drawing 20,000 rows of a long
file. Prints Markdown tables.
"""

import argparse
import contextlib
import subprocess
import sys
import warnings
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from sklearn_mlp_edu._tables import describe, read_table

from . import environment
from .dirty_cases import COLUMNS, TABLES
from .tables import markdown

WEIGHED = {
    "pandas": "pandas",
    "pyarrow": "pyarrow.csv",
    "polars": "polars",
    "duckdb": "duckdb",
    "skrub": "skrub",
    "python-calamine": "python_calamine",
}


def main(arguments=None):
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dirty_tables")
    parser.add_argument("--rows", type=int, default=500_000, help="of the long file")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    print(environment.report())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        rows = [[case.name, *table_results(case, path)] for case in TABLES]
        print(markdown(["cells", *READERS], rows, n_left=1 + len(READERS)))
        rows = [[case.name, *column_results(case)] for case in COLUMNS]
        print(markdown(["column", *TYPERS], rows, n_left=1 + len(TYPERS)))
        _write_long(path, options.rows)
        rows = [[name, _seconds(reader, path)] for name, reader in READERS.items()]
        size = path.stat().st_size / 1e6
        print(markdown([f"{size:.0f} MB", "seconds"], rows, n_left=1))
    rows = [[name, _weight(name), _import(module)] for name, module in WEIGHED.items()]
    print(markdown(["library", "MB on disk", "import, seconds"], rows, n_left=1))


# Readers: from a path to a mapping of names to words


def _this_package(path, rows=0):
    table = read_table(path, sample=rows)
    return dict(zip(table.names, table.cells, strict=True))


def _pandas(path, rows=0):
    import pandas

    settings = {"sep": None, "engine": "python"} if rows == 0 else {}
    words = {"dtype": str, "keep_default_na": False, **settings}
    frame = pandas.read_csv(path, **words)
    if rows:
        frame = frame.sample(rows, random_state=0)
    return {name: frame[name].tolist() for name in frame}


def _pyarrow(path, rows=0):
    import pyarrow
    from pyarrow import csv

    with csv.open_csv(path) as file:
        words = dict.fromkeys(file.schema.names, pyarrow.string())
    table = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=words),
    )
    if rows:
        chosen = np.random.default_rng(0).choice(len(table), rows, replace=False)
        table = table.take(chosen)
    return table.to_pydict()


def _polars(path, rows=0):
    import polars

    frame = polars.read_csv(path, infer_schema=False)
    if rows:
        frame = frame.sample(rows, seed=0)
    return frame.to_dict(as_series=False)


def _duckdb(path, rows=0):
    import duckdb

    draw = f"USING SAMPLE reservoir({rows} ROWS) REPEATABLE (0)" if rows else ""
    query = f"SELECT * FROM read_csv('{path}', all_varchar = true) {draw}"
    found = duckdb.sql(query)
    columns = zip(*found.fetchall(), strict=True)
    return dict(zip(found.columns, columns, strict=False))


READERS = {
    "this package": _this_package,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
    "polars": _polars,
    "duckdb": _duckdb,
}


def table_results(case, path):
    """Yield for each reader what it makes of a file."""
    path.write_bytes(case.content)
    for reader in READERS.values():
        try:
            found = reader(path)
        except ImportError:
            yield "–"
        except Exception:
            yield "right" if case.cells is None else "refused"
        else:
            cells = [*found.get(case.column, ())]
            yield "right" if cells == case.cells else "WRONG"


# Typers: from words to a kind and values


def _our_column(words):
    from sklearn_mlp_edu._tables.reading import Table

    (column,) = describe(Table(["x"], [words], []))
    return column.kind, column.values


def _cleaner(words):
    import pandas
    from skrub import Cleaner

    cleaner = Cleaner(parse_numbers=True, null_strings=["?", "#DIV/0!"])
    return _kind(cleaner.fit_transform(pandas.DataFrame({"x": words}))["x"])


def _to_datetime_and_to_float(words):
    import pandas
    from skrub import ToDatetime, ToFloat
    from skrub.core import RejectColumn

    column = pandas.Series(words, name="x")
    for step in (ToFloat(decimal=".", thousand=",", parentheses=True), ToDatetime()):
        try:
            return _kind(step.fit_transform(column))
        except RejectColumn:
            continue
    return "word", None


def _pandas_column(words):
    import io

    import pandas

    text = "x\ty\n" + "\n".join(f"{word}\t0" for word in words)
    column = pandas.read_csv(io.StringIO(text), sep="\t", na_values=["?", "#DIV/0!"])[
        "x"
    ]
    if _kind(column)[0] == "word":
        with contextlib.suppress(ValueError):
            column = pandas.to_datetime(column, utc=True)
    return _kind(column)


def _kind(column):
    kinds = {"f": "number", "i": "number", "M": "date"}
    if getattr(column.dtype, "tz", None) is not None:
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    return kinds.get(getattr(column.dtype, "kind", ""), "word"), column.to_numpy()


TYPERS = {
    "this package": _our_column,
    "skrub, Cleaner(parse_numbers=True)": _cleaner,
    "skrub, ToFloat(thousand=',')": _to_datetime_and_to_float,
    "pandas, to_datetime": _pandas_column,
}


def column_results(case):
    """Yield for each typer what it makes of words."""
    for typer in TYPERS.values():
        try:
            kind, values = typer(case.words)
        except ImportError:
            yield "–"
            continue
        is_word = kind not in ("number", "date")
        if case.kind == "word":
            yield "right" if is_word else f"WRONG: {kind}"
        elif is_word:
            yield "not found"
        else:
            yield "right" if _equal(kind, values, case) else f"WRONG: {kind}"


def _equal(kind, values, case):
    if kind != case.kind:
        return False
    if kind == "date":
        return values[0] == np.datetime64(case.values[0])
    expected = np.array(case.values, dtype=float)
    values = np.asarray(values, dtype=float)
    return np.allclose(values, expected, rtol=1e-12, atol=0, equal_nan=True)


# Weight and speed


def _write_long(path, n_rows):
    rng = np.random.default_rng(0)
    block = rng.normal(size=(1000, 12)).round(4)
    lines = [",".join(map(str, row)) for row in block.tolist()]
    names = ",".join(f"x{i}" for i in range(12))
    text = "\n".join(lines) + "\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(names + "\n")
        for _ in range(n_rows // 1000):
            file.write(text)


def _seconds(reader, path):
    try:
        start = perf_counter()
        reader(path, 20_000)
        return f"{perf_counter() - start:.1f}"
    except ImportError:
        return "–"


def _weight(library):
    try:
        sizes = [file.locate() for file in files(library) or ()]
    except PackageNotFoundError:
        return "–"
    if library == "polars":  # its compiled part is a package of its own
        sizes += [file.locate() for file in files("polars-runtime-32") or ()]
    return f"{sum(p.stat().st_size for p in sizes if p.is_file()) / 1e6:.0f}"


def _import(module):
    start = perf_counter()
    done = subprocess.run([sys.executable, "-c", f"import {module}"], check=False)
    return "–" if done.returncode else f"{perf_counter() - start:.2f}"


if __name__ == "__main__":
    main()
