"""`FusedGridSearchCV` is used as `GridSearchCV` is, and finds the same."""

import inspect
import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, TransformerMixin, is_classifier
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
)
from sklearn.pipeline import Pipeline

from sklearn_mlp_edu import FusedGridSearchCV

from ..searches import (
    GRID,
    assert_same_search,
    both,
    network,
    two_numbers,
)


def test_the_signatures_are_the_same():
    for name in ("__init__", "fit", "score", "predict", "predict_proba"):
        ours, theirs = (
            str(inspect.signature(getattr(search_class, name)))
            for search_class in (FusedGridSearchCV, GridSearchCV)
        )
        assert ours == theirs


# The results, and what is chosen from them


@pytest.mark.parametrize("train", [False, True], ids=["test", "train and test"])
def test_results(train, iris):
    results = both(*iris, return_train_score=train).cv_results_
    assert ("mean_train_score" in results) == train


def accuracy_of_small_weights(results):
    """Choose the strongest regularisation."""
    return len(results["params"]) - 1


@pytest.mark.parametrize("refit", [True, False, accuracy_of_small_weights])
def test_refit(refit, iris):
    X, y = iris
    search = both(X, y, refit=refit)
    assert hasattr(search, "best_estimator_") == bool(refit)
    if callable(refit):
        assert search.best_index_ == 3 and not hasattr(search, "best_score_")
    assert hasattr(search, "predict") == bool(refit)


SEVERAL = ["accuracy", "neg_log_loss"]


@pytest.mark.parametrize(
    "scoring",
    [
        SEVERAL,
        ("accuracy", "f1_macro"),
        {"accuracy": "accuracy", "other": make_scorer(accuracy_score)},
        two_numbers,
    ],
    ids=["list", "tuple", "dict", "function"],
)
@pytest.mark.parametrize("refit", ["accuracy", False, accuracy_of_small_weights])
def test_several_scores(scoring, refit, iris):
    X, y = iris
    searches = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        search = search_class(
            network(),
            GRID,
            scoring=scoring,
            refit=refit,
            cv=3,
            return_train_score=True,
        )
        searches.append(search.fit(X, y))
    theirs, ours = searches
    assert ours.multimetric_
    assert list(ours.cv_results_) == list(theirs.cv_results_)
    for name in theirs.cv_results_:
        if "_score_" not in name and re.search("accuracy|f1|other|top|loss", name):
            one, other = ours.cv_results_[name], theirs.cv_results_[name]
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9)
    assert getattr(ours, "best_params_", None) == getattr(theirs, "best_params_", None)
    assert hasattr(ours, "best_estimator_") == bool(refit)


@pytest.mark.parametrize("scoring", ["f1_macro", make_scorer(accuracy_score), None])
def test_one_score(scoring, iris):
    both(*iris, scoring=scoring)


def test_several_scores_need_to_know_which_is_best(iris):
    search = FusedGridSearchCV(network(), GRID, scoring=SEVERAL)
    with pytest.raises(ValueError, match="refit must be set to a scorer key"):
        search.fit(*iris)


def test_methods_are_those_of_the_best(iris):
    X, y = iris
    search = both(X, y)
    best = search.best_estimator_
    assert_array_equal(search.predict(X), best.predict(X))
    assert_array_equal(search.predict_proba(X), best.predict_proba(X))
    assert search.score(X, y) == best.score(X, y)
    assert_array_equal(search.classes_, best.classes_)
    assert search.n_features_in_ == 4
    assert is_classifier(search)


# How the data are split


@pytest.mark.parametrize(
    "cv",
    [
        None,
        2,
        KFold(3, shuffle=True, random_state=0),
        RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=0),
        ShuffleSplit(2, test_size=0.2, train_size=0.5, random_state=0),
    ],
    ids=lambda cv: type(cv).__name__,
)
def test_splitters(cv, iris):
    both(*iris, cv=cv)


@pytest.mark.parametrize("kind", [list, iter])
def test_an_iterable_of_splits(kind, iris):
    """Parts may overlap and leave examples out."""
    splits = [(np.arange(0, 150, 2), np.arange(1, 150, 2)), (np.arange(140), [1, 99])]
    for search_class in (GridSearchCV, FusedGridSearchCV):
        search = search_class(network(), GRID, cv=kind(splits)).fit(*iris)
        assert search.n_splits_ == 2
        if search_class is GridSearchCV:
            theirs = search
    assert_same_search(search, theirs)


def test_groups(iris):
    groups = np.arange(150) % 7
    both(*iris, cv=GroupKFold(3), fit_params={"groups": groups})


def test_no_splits(iris):
    search = FusedGridSearchCV(network(), GRID, cv=iter([]))
    with pytest.raises(ValueError, match="No fits were performed"):
        search.fit(*iris)


class Remembering(TransformerMixin, BaseEstimator):
    """Shifts the data, and writes down the numbers of the rows."""

    def __init__(self, log, shift=0):
        self.log, self.shift = log, shift

    def __sklearn_clone__(self):
        return Remembering(self.log, self.shift)

    def fit(self, X, y=None):
        """Note the rows."""
        self.log.append(("fit", np.rint(X[:, 0] * 100).tolist()))
        self.fitted_ = True
        return self

    def transform(self, X):
        """Note the rows."""
        self.log.append(("transform", np.rint(X[:, 0] * 100).tolist()))
        return X + self.shift


def numbered(n=30):
    """Examples whose first feature is their number, in hundredths."""
    y = np.arange(n) % 2
    return np.column_stack([np.arange(n) / 100, y]), y


def test_preprocessing_is_fitted_on_the_training_part_only():
    X, y = numbered()
    log = []
    pipeline = Pipeline([("step", Remembering(log)), ("net", network())])
    cv = KFold(3, shuffle=True, random_state=0)
    grid = {"net__alpha": [0, 0.1, 0.2, 0.3], "net__activation": ["relu", "tanh"]}
    FusedGridSearchCV(pipeline, grid, cv=cv, refit=False).fit(X, y)
    fitted = [rows for what, rows in log if what == "fit"]
    assert fitted == [train.tolist() for train, _ in cv.split(X, y)]
    tested = [rows for what, rows in log if what == "transform"]
    for _, test in cv.split(X, y):
        assert test.tolist() in tested


def test_candidates_share_a_preprocessing_only_if_it_is_the_same():
    """Of two shifts and two networks each shift is fitted once a split."""
    X, y = numbered()
    log = []
    pipeline = Pipeline([("step", Remembering(log)), ("net", network())])
    grid = {"net__alpha": [0, 0.1], "step__shift": [0, 1]}
    FusedGridSearchCV(pipeline, grid, cv=3).fit(X, y)
    assert sum(what == "fit" for what, _ in log) == 2 * 3 + 1


@pytest.mark.parametrize("scoring", [None, ["accuracy", "neg_log_loss"]])
def test_data_are_transformed_once_for_all_candidates(scoring):
    """On each split in the fit, and for the scores of its test and training part."""
    X, y = numbered(40)
    log = []
    pipeline = Pipeline([("step", Remembering(log)), ("net", network())])
    settings = {"scoring": scoring, "refit": False, "return_train_score": True}
    FusedGridSearchCV(pipeline, {"net__alpha": [0, 0.1, 0.2]}, cv=2, **settings).fit(
        X, y
    )
    assert [what for what, _ in log] == ["fit", *3 * ["transform"]] * 2


def test_training_scores_are_those_of_the_training_part():
    """Every example of the training part is learned by heart, of the test part none."""
    X, y = np.eye(20), np.random.RandomState(0).permutation(20) % 2
    estimator = network(max_iter=30, batch_size="full", learning_rate_init=1.0)
    search = both(X, y, estimator, cv=2, return_train_score=True)
    assert search.cv_results_["mean_train_score"][0] == 1.0
    assert search.cv_results_["mean_test_score"][0] < 0.8
