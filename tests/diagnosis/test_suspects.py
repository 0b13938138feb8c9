"""Leaks, copies and scores that are too good to trust."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting


def diagnose(X, y, estimator=None, **settings):
    """A diagnosis of something that is quick to fit."""
    estimator = estimator or make_pipeline(StandardScaler(), LogisticRegression())
    quick = {"cross_validated": False, "train_sizes": (0.5,), "random_state": 0}
    return diagnose_overfitting(estimator, X, y, **{**quick, **settings})


def noisy(n=300, n_features=6, seed=0):
    """Classes that features tell, but for much noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, n_features))
    return X, (X[:, 0] + rng.normal(size=n) > 0).astype(int)


def kinds(report):
    return {suspect.kind for suspect in report.suspects}


def test_clean_data_are_not_suspected():
    assert diagnose(*noisy()).suspects == []
    for load in (load_iris, load_wine, load_breast_cancer):
        report = diagnose(*load(return_X_y=True))
        assert report.verdict != "suspect", report.suspects


@pytest.mark.parametrize("form", [np.asarray, pd.DataFrame, csr_array])
def test_a_column_that_tells_the_target_is_named(form):
    X, y = noisy()
    X[:, 2] = y + 0.1 * np.random.default_rng(1).normal(size=len(y))
    estimator = LogisticRegression()
    report = diagnose(form(X), y, estimator)
    assert report.verdict == "suspect"
    (suspect,) = (s for s in report.suspects if s.kind == "column")
    assert suspect.column == "column 2"
    assert suspect.value > 0.97
    assert "too good to trust" in report.reason.lower()
    assert "column 2 alone" in report.reason
    assert "SUSPECT" in str(report) and "column 2 alone" in report._repr_html_()


def test_a_column_of_words_can_tell_the_target_too():
    X, y = noisy()
    frame = pd.DataFrame(X[:, :3], columns=["a", "b", "c"])
    frame["outcome"] = np.where(y == 1, "died", "lives")
    numbers = make_pipeline(
        _Numbers(), LogisticRegression()
    )  # the leak is reported whether or not the estimator can use it
    report = diagnose(frame, y, numbers)
    assert [s.column for s in report.suspects] == ["column 'outcome'"]


class _Numbers(StandardScaler):
    """Scales the columns that are numbers."""

    def fit(self, X, y=None):
        return super().fit(X.select_dtypes("number"), y)

    def transform(self, X):
        return super().transform(X.select_dtypes("number"))


def test_an_identifier_that_orders_with_the_target_is_named():
    """The rows came class by class, and were numbered so, with some exceptions."""
    X, y = noisy()
    order = np.argsort(y + 0.3 * np.random.default_rng(2).normal(size=len(y)))
    identifier = np.empty(len(y))
    identifier[order] = 1000 + np.arange(len(y))
    report = diagnose(np.column_stack([X, identifier]), y)
    assert kinds(report) == {"identifier"}, report.suspects
    assert report.suspects[0].column == "column 6"
    shuffled = np.random.default_rng(3).permutation(identifier)
    assert diagnose(np.column_stack([X, shuffled]), y).suspects == []


def test_regression_leaks_too():
    X, y = load_diabetes(return_X_y=True)
    assert diagnose(X, y, Ridge()).suspects == []
    report = diagnose(np.column_stack([X, 3 * y - 1]), y, Ridge())
    assert report.suspects[0].column == "column 10"
    assert "of guessing the order of the target" in report.reason


def test_a_few_extreme_numbers_hide_no_leak():
    rng = np.random.default_rng(0)
    y = np.exp(1.5 * rng.normal(size=300))
    X = np.column_stack([rng.normal(size=(300, 2)), y])
    report = diagnose(X, y, Ridge())
    assert [s.column for s in report.suspects if s.kind == "column"] == ["column 2"]


def test_copies_of_rows_are_counted_and_suspected():
    X, y = noisy()
    twice = np.r_[:300, :60]
    report = diagnose(X[twice], y[twice])
    assert report.verdict == "suspect"
    (suspect,) = report.suspects
    assert suspect.kind == "copies"
    # Of 60 pairs a fifth falls into one fold, where it does no harm.
    assert 2 * 60 * 0.6 < suspect.value * 360 < 2 * 60
    grouped = diagnose(X[twice], y[twice], groups=twice)
    assert grouped.verdict != "suspect" and grouped.notes == []


def test_few_copies_are_noted_only():
    X, y = noisy()
    report = diagnose(np.vstack([X, X[:2]]), np.append(y, y[:2]))
    assert report.verdict != "suspect"
    assert any("copy in the training part" in note for note in report.notes)


def test_rows_of_few_categories_are_alike_by_chance():
    rng = np.random.default_rng(0)
    X = rng.integers(3, size=(300, 3)).astype(float)
    y = (X.sum(axis=1) + rng.normal(size=300) > 3).astype(int)
    assert diagnose(X, y).suspects == []


def test_perfect_scores_are_suspected_where_rows_are_many():
    X, y = load_iris(return_X_y=True)
    X, y = X[y != 1][:, :1] * 0 + (X[y != 1][:, 2:3] > 2.5), y[y != 1]
    jitter = np.random.default_rng(0).normal(size=(100, 3)) * 0.01
    X = jitter + X * np.array([1.0, -1.0, 1.0])
    report = diagnose(X, y)
    assert "perfect score" in kinds(report)
    few = np.r_[0:20, 50:70]
    assert "perfect score" not in kinds(diagnose(X[few], y[few]))


def test_of_many_columns_those_that_vary_most_with_the_target_are_looked_at():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 700)).astype(np.float32)
    y = rng.integers(2, size=200)
    X[:, 650] = y + 0.01 * X[:, 650]
    report = diagnose(X, y, LogisticRegression(max_iter=500))
    assert [s.column for s in report.suspects if s.kind == "column"] == ["column 650"]


# The verdict by log loss


def test_worse_than_guessing_is_overfitting_though_the_gap_in_accuracy_is_small():
    """Four of five rows are of one class, the rest is noise that it learns by heart."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 10)), (rng.random(300) < 0.2).astype(int)
    network = LectureMLPClassifier(
        (30,), alpha=0, learning_rate_init=1.0, max_iter=150, n_iter_no_change=np.inf
    )
    report = diagnose_overfitting(
        network, X, y, alphas=(0.1,), train_sizes=(0.5,), random_state=0
    )
    assert report.verdict == "overfitting"
    assert report.test_loss.mean > report.chance_loss.mean > report.train_loss.mean
    assert "worse than the" in report.reason
