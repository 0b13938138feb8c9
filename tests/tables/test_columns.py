"""How the cells of a column are understood, and that a doubt is told."""

import numpy as np
import pytest

from sklearn_mlp_edu._tables import describe, read_table

pytest.importorskip("pandas")


@pytest.fixture
def columns(tmp_path):
    """Read columns of cells, by name."""

    def of(delimiter="\t", **cells):
        path = tmp_path / "data.tsv"
        lines = [delimiter.join(cells)]
        lines += [delimiter.join(row) for row in zip(*cells.values(), strict=True)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        table = read_table(path, delimiter=delimiter, sample=0)
        return {column.name: column for column in describe(table)}

    return of


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2.5", "+3", "1e3", ".5", "2."], [1, -2.5, 3, 1000, 0.5, 2]),
        (["1.0", "2.0", "3"], [1, 2, 3]),
        (["1,234.5", "2", "1,000,000"], [1234.5, 2, 1e6]),
        (["1.234,5", "2,5", "1.000.000"], [1234.5, 2.5, 1e6]),
        (["1 234,5", "12 000", "7"], [1234.5, 12000, 7]),
        (["1\u00a0234", "2\u202f000", "7"], [1234, 2000, 7]),
        (["1'234.50", "7", "8"], [1234.5, 7, 8]),
        (["$3", "$4.50", "$1,200"], [3, 4.5, 1200]),
        (["3 €", "-4,50 €", "5"], [3, -4.5, 5]),
        (["5%", "7.5 %", "-1%"], [5, 7.5, -1]),
        (["3 kg", "4kg", "5.5 kg"], [3, 4, 5.5]),
        (["(3.5)", "4", "−5"], [-3.5, 4, -5]),
        (["12:30", "0:00:01", "23:59"], [45000, 1, 86340]),
        (["12:30 am", "3:00 PM"], [1800, 54000]),
        (["12,34,567", "1,000"], [1234567, 1000]),
        (['"1"', '"2.5"', '"3"'], [1, 2.5, 3]),
    ],
)
def test_numbers_as_people_write_them(columns, cells, values):
    x = columns(x=cells)["x"]
    assert x.kind == "number"
    assert x.values.tolist() == values


@pytest.mark.parametrize(
    "cells",
    [
        ["01", "02", "11"],
        ["01234", "12345", "12345"],
        ["9007199254740993", "9007199254740992", "9007199254740993"],
        ["1.5", "2,5", "1.5"],
        ["$3", "3 €", "$3"],
        ["5%", "0.05", "5%"],
        ["1.2.3", "1.2.4", "1.2.3"],
        ["1st", "2nd", "1st"],
        ["1_000", "2_000", "1_000"],
    ],
)
def test_what_is_no_number_for_sure_is_a_word(columns, cells):
    x = columns(x=cells)["x"]
    assert x.kind == "category" and x.values.tolist() == cells


def test_a_few_marks_among_numbers_are_missing_and_told(columns):
    marks = ["?", "-", "N.A.", "#DIV/0!", "NA", "null", "", "error", "None"]
    x = columns(x=[*map(str, range(100)), *marks], y=["0"] * 100 + ["1"] * 9)["x"]
    assert x.kind == "number" and x.missing == 9
    assert np.isnan(x.values[-9:]).all()
    assert x.how.startswith("number, '?', '-', 'N.A.', '#DIV/0!', 'error' and others")


def test_numbers_among_many_words_are_not_taken_for_numbers(columns):
    x = columns(x=["1", "2", "3", "low"] * 10)["x"]
    assert x.how == "category, 4 values, numbers among words"


def test_a_word_among_few_numbers_is_a_category_of_its_own(columns):
    x = columns(x=["4", "6", "8"] * 20 + ["rotary"])["x"]
    assert x.how == "category, 4 values, numbers among words"


def test_a_doubtful_comma_is_decided_by_the_other_columns(columns):
    doubtful, point, comma = ["1,234", "2,345"], ["1.5", "1,200.5"], ["1,5", "2,25"]
    assert columns(x=doubtful)["x"].values.tolist() == [1234, 2345]
    assert columns(x=doubtful, y=comma)["x"].values.tolist() == [1.234, 2.345]
    assert columns(x=doubtful, y=point)["x"].values.tolist() == [1234, 2345]
    assert "1,234 taken for 1234" in columns(x=doubtful)["x"].how
    semicolons = columns(";", x=doubtful, y=["1", "2"])
    assert semicolons["x"].values.tolist() == [1.234, 2.345]
    assert columns(";", x=["1.001", "0.27"])["x"].values.tolist() == [1.001, 0.27]
    dots = columns(x=["1.234", "2.345"], y=comma)["x"]
    assert dots.values.tolist() == [1234, 2345] and "taken for" in dots.how


def test_numbers_that_no_network_can_take_are_missing(columns):
    x = columns(x=["1", "2", "inf", "-1e300"])["x"]
    assert x.missing == 2 and "2 infinite or beyond 1e+30" in x.how
    x = columns(x=[*map(str, range(30)), "inf", "inf"])["x"]
    assert x.kind == "number" and x.missing == 2


@pytest.mark.parametrize(
    ("cells", "day", "doubt"),
    [
        (["2024-01-31", "2024-02-01"], "2024-01-31", False),
        (["2024-01-31T10:30:00+02:00", "2024-02-01T00:00:00Z"], "2024-01-31T08:30", 0),
        (["31.01.2024", "15.02.2024"], "2024-01-31", False),
        (["1/31/24 3:30 PM", "2/15/24 1:00 AM"], "2024-01-31T15:30", False),
        (["31/1/2024", "15/2/2024"], "2024-01-31", False),
        (["Jan 31, 2024", "Feb 1, 2024"], "2024-01-31", False),
        (["31 January 2024", "1 February 2024"], "2024-01-31", False),
        (["31-Jan-24", "01-Feb-24"], "2024-01-31", False),
        (["2024-01", "2024-02"], "2024-01-01", False),
        (["Jan-2024", "Feb-2024"], "2024-01-01", False),
        (["20240131", "20240201"], "2024-01-31", False),
        (["2024년 1월 31일", "2024년 2월 1일"], "2024-01-31", False),
        (["1492-10-12 00:00:00", "2024-02-01 10:00:00"], "1492-10-12", False),
        (["01/02/2024", "03/04/2024"], "2024-01-02", True),
        (["01.02.2024", "09.02.2024"], "2024-02-01", True),
        (["24-01-31", "24-02-15"], "2024-01-31", True),
        (["05.01.31", "06.02.28"], "2005-01-31", True),
    ],
)
def test_dates(columns, cells, day, doubt):
    x = columns(x=[*cells, ""], y=["1", "2", "3"])["x"]
    assert x.kind == "date" and x.missing == 1
    assert x.values[0] == np.datetime64(day)
    assert ("could change places" in x.how) == doubt


def test_years_that_stand_for_never_are_missing(columns):
    cells = ["2024-01-31", "2024-02-01", "9999-12-31", "9999-12-31", "0001-01-01"]
    x = columns(x=cells)["x"]
    assert x.kind == "date" and x.missing == 3
    assert x.how == "date, ISO 8601, '9999-12-31', '0001-01-01' taken as missing"


@pytest.mark.parametrize("cells", [["2024-13-45", "z"], ["1-2", "3-4"], ["a1", "May"]])
def test_what_is_no_date(columns, cells):
    assert columns(x=cells)["x"].kind == "category"


def test_what_tells_nothing_is_left_out_with_a_reason(columns):
    n, rng = 60, np.random.default_rng(0)
    mixed = rng.permutation(n)
    found = columns(
        counter=[str(i) for i in range(n)],
        shuffled=[str(i) for i in mixed],
        sorted_sizes=[str(i**4) for i in range(n)],
        user_id=[str(7 * i + 3) for i in mixed],
        uuid=[f"{i:04x}-{i * i:08x}" for i in mixed],
        numbered=[f"row number {i}" for i in mixed],
        constant=["DE"] * n,
        nothing=[""] * n,
        marks=["NA"] * n,
        objects=[f'{{"a": {i}}}' for i in mixed],
    )
    assert found.pop("sorted_sizes").kind == "number"
    assert {name: column.how for name, column in found.items()} == {
        "counter": "row numbers",
        "shuffled": "row numbers, in another order",
        "user_id": "identifiers, different in each row",
        "uuid": "identifiers, different in nearly each row",
        "numbered": "numbered, different in nearly each row",
        "constant": "always 'DE'",
        "nothing": "empty",
        "marks": "empty",
        "objects": "lists or other objects",
    }
    assert all(column.values is None for column in found.values())
    assert found["nothing"].missing == n


def test_a_first_column_without_a_name_holds_names_of_rows(columns):
    names = [f"A car of type {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    x = [str(i % 7) for i in range(26)]
    assert columns(**{"": names, "x": x})["(row names)"].how == "names of the rows"
    assert columns(**{"": x, "y": x})["(row names)"].kind == "number"


def test_words_become_categories_or_text(columns):
    rng = np.random.default_rng(0)
    cities = [f"City{i}" for i in rng.integers(60, size=200)]
    remarks = [" ".join(rng.choice(["red", "old", "big"], 6)) + "." for _ in range(200)]
    found = columns(
        answer=["yes", "no", "", "NA"] * 50,
        city=cities,
        remark=remarks,
        none=["None", "x"] * 100,
    )
    assert (
        found["answer"].how == "category, 2 values" and found["answer"].missing == 100
    )
    assert found["city"].kind == found["remark"].kind == "text"
    assert "different, by its letters" in found["city"].how
    assert found["none"].how == "category, 2 values" and found["none"].missing == 0
