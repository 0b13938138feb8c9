"""What stands before the network learns from training rows alone, and takes any row."""

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_mlp_edu._tables import encoder, prepare, read_table

pd = pytest.importorskip("pandas")
pytest.importorskip("skrub")


@pytest.fixture
def prepared(tmp_path):
    """A table with a column of each kind, and holes in all of them."""
    rng, n = np.random.default_rng(0), 80
    frame = pd.DataFrame({"number": rng.normal(50, 20, n).round(2)})
    frame["city"] = rng.choice(["Ulm", "Bonn"], n)
    frame["day"] = pd.date_range("2023-11-05 10:00", periods=n, freq="36h")
    words = ["red", "old", "big", "new", "wet"]
    frame["remark"] = [" ".join(rng.choice(words, 5)) for _ in range(n)]
    frame.iloc[::7] = None
    frame["y"] = rng.choice(["a", "b"], n)
    path = tmp_path / "data.csv"
    frame.to_csv(path, index=False)
    return prepare(read_table(path), "y")


def test_each_kind_becomes_finite_numbers(prepared):
    columns = encoder(prepared.features, prepared.X)
    values = columns.fit_transform(prepared.X)
    assert values.shape[0] == len(prepared.y) and np.isfinite(values).all()
    names = columns.get_feature_names_out()
    for column in ("number", "city", "day", "remark"):
        assert any(column in name for name in names)
    assert any("city_(missing)" in name for name in names)
    assert any("missingindicator_number" in name for name in names)
    assert any("weekday" in name for name in names)
    assert (
        sum("remark" in name for name in names) == prepared.X["remark"].nunique() // 10
    )


def test_nothing_is_learned_from_rows_that_are_not_trained_on(prepared):
    """Rows of another kind, added to those that are not fitted, change nothing."""
    X, (train, test) = prepared.X, np.split(np.arange(80), [60])
    other = X.copy()
    other.loc[test, "number"] = 1e9
    other.loc[test, "city"] = "Nowhere"
    other.loc[test, "day"] = pd.Timestamp("2100-01-01")
    other.loc[test, "remark"] = "entirely different"
    columns = encoder(prepared.features, X)
    ours = clone(columns).fit(X.iloc[train])
    theirs = clone(columns).fit(other.iloc[train])
    expected = ours.transform(X.iloc[train])
    np.testing.assert_array_equal(theirs.transform(X.iloc[train]), expected)
    unknown = ours.transform(other.iloc[test])
    assert unknown.shape[1] == expected.shape[1] and np.isfinite(unknown).all()


def test_columns_that_are_empty_in_training_rows_are_no_trouble(prepared):
    X = prepared.X.copy()
    X.loc[:59, "number"] = np.nan
    X.loc[:59, "day"] = pd.NaT
    X.loc[2:59, "remark"] = "(missing)"
    columns = encoder(prepared.features, prepared.X).fit(X.iloc[:60])
    assert np.isfinite(columns.transform(X)).all()


def test_text_needs_a_library_that_is_named(prepared, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "skrub", None)
    with pytest.raises(ImportError, match=r"sklearn-mlp-edu\[report\]"):
        encoder(prepared.features, prepared.X)
