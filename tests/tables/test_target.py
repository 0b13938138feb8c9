"""Targets: no class vanishes, none is split, numbers are told, misfits are refused."""

from collections import Counter

import numpy as np
import pytest

from sklearn_mlp_edu._tables import prepare, read_table

pytest.importorskip("pandas")


@pytest.fixture
def prepared(tmp_path):
    """Read and prepare a table with these labels."""

    def of(labels, **settings):
        path = tmp_path / "data.csv"
        rng = np.random.default_rng(0)
        lines = [f"{rng.normal():.3f},{label}" for label in labels]
        path.write_text("x,y\n" + "\n".join(lines) + "\n")
        return prepare(read_table(path, sample=0), "y", **settings)

    return of


@pytest.mark.parametrize(
    ("labels", "counts"),
    [
        (["a", "b", "NA"], {"a": 20, "b": 20, "NA": 20}),
        (["None", "x", "y"], {"None": 20, "x": 20, "y": 20}),
        (["a", " a", "b "], {"a": 40, "b": 20}),
        (["0", "1", "1.0"], {0: 20, 1: 40}),
        (["0", "1", "NA"], {0: 20, 1: 20}),
        (["a", "b", ""], {"a": 20, "b": 20}),
        (["a", "b", "?"], {"a": 20, "b": 20}),
        (["01", "1", "02"], {"01": 20, "1": 20, "02": 20}),
        (["1", "1.0", "unknown"], {"1": 40, "unknown": 20}),
        (["0", "1e300", "1"], {"0": 20, "1e+300": 20, "1": 20}),
        (["0.5", "1", "1.5"], {"0.5": 20, "1": 20, "1.5": 20}),
        (["-1", "1", "1"], {-1: 20, 1: 40}),
        (["9007199254740993", "9007199254740992", "9007199254740992"], None),
        (["5%", "10%", "5%"], {"5%": 40, "10%": 20}),
        (["TRUE", "FALSE", "TRUE"], {"TRUE": 40, "FALSE": 20}),
    ],
)
def test_classes(prepared, labels, counts):
    counts = counts or dict(Counter(labels * 20))
    result = prepared(labels * 20)
    assert Counter(result.y.tolist()) == counts
    assert len(result.X) == sum(counts.values())
    assert result.columns[1]["missing"] == 60 - sum(counts.values())


@pytest.mark.parametrize(
    ("labels", "note"),
    [
        (["a", "b", "NA"], "'NA' (20 rows) in 'y' is taken for classes"),
        (["0", "1", "NA"], "'NA' in 'y' among numbers: taken as missing."),
        (["a", "b", "?"], "'?' in 'y' is taken as missing."),
        (["a", "b", ""], "Rows without 'y', left out: 20."),
        (["Yes", "yes", "no"], "differ in capitals only stay apart: ['yes']"),
    ],
)
def test_doubts_about_labels_are_told(prepared, labels, note):
    assert any(note in told for told in prepared(labels * 20).notes)


def test_labels_far_from_the_beginning_are_of_the_same_classes(prepared):
    result = prepared(["0", "1"] * 26_000 + ["0.0", "1.0", ""] * 10)
    assert Counter(result.y.tolist()) == {0: 26_010, 1: 26_010}
    result = prepared(["01", "02"] * 26_000 + ["01", "x"] * 10)
    assert Counter(result.y.tolist()) == {"01": 26_010, "02": 26_000, "x": 10}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 60, "is the same in all 60 rows"),
        ([""] * 60, "is empty in all 60 rows"),
        ([f"name{i}" for i in range(60)], "60 classes in 60 rows"),
        (["0", "1", "inf"] * 20, "holds infinite numbers"),
        (["a"] * 20 + ["b"] * 20 + ["c"], "class 'c' has 1 row, too few for the 5"),
        (["a"] * 40 + ["b"] * 3, "class 'b' has 3 rows, too few.*pass --cv 3"),
        ([3] * 20 + [4] * 20 + [5], "class 5 has 1 row.* If it is a quantity, pass"),
    ],
)
def test_what_is_no_class_is_refused_with_advice(prepared, labels, message):
    with pytest.raises(ValueError, match=message):
        prepared(labels)


def test_a_rare_class_is_heeded_by_the_number_of_folds(prepared):
    assert len(prepared(["a"] * 40 + ["b"] * 3, cv=3).y) == 43


QUANTITIES = [
    (list(range(150)) * 6, "150 different whole numbers, from 0 to 149"),
    (list(range(60)), "60 different whole numbers, from 0 to 59"),
    (np.linspace(0, 1, 60), "60 different numbers with fractions, from 0 to 1"),
    ([f'"{i},5"' for i in range(60)], "60 different numbers with fractions, from 0.5"),
]


@pytest.mark.parametrize(("labels", "what"), QUANTITIES)
def test_many_numbers_are_a_quantity_and_a_note_says_so(prepared, labels, what):
    result = prepared(labels)
    assert result.task == "regression"
    assert result.notes[0].startswith(f"'y' holds {what}")
    assert ": read as a quantity, so the task is regression" in result.notes[0]
    assert "pass --task classification" in result.notes[0]
    right = [float(str(v).strip('"').replace(",", ".")) for v in labels]
    np.testing.assert_allclose(result.y, right)
    assert result.columns[1]["read as"].startswith("target, a number, ")


@pytest.mark.parametrize(("labels", "what"), QUANTITIES[1:])
def test_a_quantity_is_refused_as_classes_with_advice(prepared, labels, what):
    with pytest.raises(ValueError, match=f"{what}.*or pass --task regression"):
        prepared(labels, task="classification")


def test_many_whole_numbers_are_classes_where_they_are_asked_for(prepared):
    result = prepared(list(range(150)) * 6, task="classification")
    assert result.task == "classification" and len(np.unique(result.y)) == 150


def test_few_numbers_are_classes_with_a_note_or_numbers_where_asked_for(prepared):
    stars = ["1", "2", "3"] * 20
    result = prepared(stars)
    assert result.task == "classification"
    assert result.notes == [
        "'y' holds 3 different numbers: read as classes. If it is a quantity, pass "
        "--task regression to predict it as a number."
    ]
    assert prepared(stars, task="classification").notes == []
    result = prepared(stars, task="regression")
    assert result.task == "regression" and result.notes == []
    assert result.y.dtype == float and set(result.y) == {1.0, 2.0, 3.0}
    assert prepared(["a", "b"] * 20).notes == []


def test_numbers_are_read_as_people_write_them(prepared):
    cells = ["$1.50", "$2", "NA", "", "$1e3"] * 12
    result = prepared(cells, task="regression")
    assert Counter(result.y.tolist()) == {1.5: 12, 2.0: 12, 1000.0: 12}
    assert "'NA' in 'y' among numbers: taken as missing." in result.notes
    assert "Rows without 'y', left out: 24." in result.notes


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["a", "b"] * 20, "holds 'a', 'b', but a regression predicts numbers"),
        (["1", "2", "much"] * 20, "holds 'much', but .* pass --task classification"),
        (["NA"] * 20, "holds 'NA', but a regression predicts numbers"),
        (["3"] * 20, "is 3 in all 20 rows; there is nothing to learn"),
        (["1", "2", "-inf"] * 20, "infinite numbers; leave those cells empty"),
    ],
)
def test_what_is_no_number_is_refused_with_advice(prepared, cells, message):
    with pytest.raises(ValueError, match=message):
        prepared(cells, task="regression")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"target": "z"}, "no column 'z'; the columns are 'x', 'y'"),
        ({"target": "Y"}, "Did you mean 'y'"),
        ({"target": "y", "drop": ["y"]}, "is the target and cannot be dropped"),
        ({"target": "y", "group": "y"}, "both the target and the group"),
        ({"target": "y", "drop": ["x"]}, "no column is left to learn from"),
    ],
)
def test_names_that_do_not_fit_are_refused(tmp_path, names, message):
    path = tmp_path / "data.csv"
    path.write_text("x,y\n" + "1,a\n2,b\n" * 20)
    with pytest.raises(ValueError, match=message):
        prepare(read_table(path), **names)


def test_cells_that_are_not_parted_are_told_of_the_delimiter(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("x^y\n1^a\n2^b\n3^a\n4^b\n")
    with pytest.raises(ValueError, match=r"columns are 'x\^y'.*pass --delimiter"):
        prepare(read_table(path), "y")
    assert prepare(read_table(path, delimiter="^", sample=0), "y", cv=1).y[0] == "a"


def test_groups_keep_to_the_rows_that_have_a_label(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("x,g,y\n" + "1,h1,a\n2,h2,b\n3,,a\n4,h1,\n" * 10)
    result = prepare(read_table(path), "y", group="g")
    assert len(result.groups) == len(result.y) == len(result.X) == 30
    assert np.unique(result.groups).tolist() == [0, 1, 2]
    assert "Rows without 'g' are one group: 10." in result.notes
    assert list(result.X) == ["x"]
    assert result.columns[1]["read as"].startswith("group")
