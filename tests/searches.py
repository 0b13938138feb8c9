"""Comparing `FusedGridSearchCV` with the `GridSearchCV` it stands in for."""

import warnings
from zlib import crc32

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal, assert_equal
from scipy.sparse import issparse
from sklearn.base import clone
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

ALPHAS = [0, 1e-3, 0.03, 0.3]
GRID = {"alpha": ALPHAS}
NETWORK = "lecturemlpclassifier"  # what make_pipeline calls it


def network(**settings):
    """A small network that trains for a few epochs, without a warning."""
    defaults = dict(
        hidden_layer_sizes=(8,),
        batch_size=16,
        learning_rate_init=0.3,
        max_iter=6,
        n_iter_no_change=np.inf,
        random_state=0,
    )
    return LectureMLPClassifier(**defaults | settings)


class Recorder:
    """Scores by accuracy, and writes down what it is asked to score.

    ``probabilities`` and ``n_epochs`` are kept by candidate and data.
    """

    def __init__(self, names):
        self.names = sorted(names)
        self.probabilities, self.n_epochs = {}, {}

    def __call__(self, estimator, X, y, sample_weight=None):
        parameters = estimator.get_params()
        rows = np.ascontiguousarray(X.toarray() if issparse(X) else X)
        settings = [(name, str(parameters.get(name))) for name in self.names]
        key = (*settings, crc32(rows.tobytes()))
        self.probabilities[key] = estimator.predict_proba(X)
        last = estimator
        while hasattr(last, "steps"):
            last = last[-1]
        self.n_epochs[key] = getattr(last, "n_iter_", None)
        return estimator.score(X, y, sample_weight=sample_weight)


def of_network(grid):
    """The same grid for a network in a pipeline."""
    return {f"{NETWORK}__{name}": values for name, values in grid.items()}


def names_in(grid):
    """Return the names of all parameters of a grid, or of several."""
    grids = [grid] if isinstance(grid, dict) else grid
    return {name for one in grids for name in one}


def compare(estimator, grid, X, y, *, rtol=0, atol=1e-7, fit_params=None, **settings):
    """Search both ways, expect the same of both; return ours and its recorder."""
    settings = {"cv": 3, "return_train_score": True} | settings
    searches = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        recorder = Recorder(names_in(grid))
        search = search_class(clone(estimator), grid, scoring=recorder, **settings)
        searches.append(search.fit(X, y, **fit_params or {}))
    theirs, ours = searches
    assert_same_search(ours, theirs)
    for what in ("probabilities", "n_epochs"):
        one, other = (getattr(search.scoring, what) for search in searches)
        assert one.keys() == other.keys()
    for key, expected in theirs.scoring.probabilities.items():
        result = ours.scoring.probabilities[key]
        assert_allclose(result, expected, rtol=rtol, atol=atol, err_msg=str(key))
    assert ours.scoring.n_epochs == theirs.scoring.n_epochs
    return ours


def both(X, y, estimator=None, grid=GRID, fit_params=None, **settings):
    """Search both ways, expect the same, and return our search."""
    settings = {"cv": 3} | settings
    searches = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        search = search_class(clone(estimator or network()), grid, **settings)
        searches.append(search.fit(X, y, **fit_params or {}))
    theirs, ours = searches
    assert_same_search(ours, theirs)
    assert vars(ours).keys() == vars(theirs).keys()
    return ours


def assert_same_search(ours, theirs):
    """Both have found the same."""
    assert_same_results(ours.cv_results_, theirs.cv_results_)
    for name in ("best_index_", "best_params_", "best_score_"):
        assert hasattr(ours, name) == hasattr(theirs, name)
        assert_equal(getattr(ours, name, None), getattr(theirs, name, None))
    assert ours.n_splits_ == theirs.n_splits_
    assert ours.multimetric_ == theirs.multimetric_
    assert hasattr(ours, "best_estimator_") == hasattr(theirs, "best_estimator_")
    if hasattr(theirs, "best_estimator_"):
        one, other = ours.best_estimator_, theirs.best_estimator_
        while hasattr(one, "steps"):
            one, other = one[-1], other[-1]
        assert type(one) is type(other) and vars(one).keys() == vars(other).keys()
        if hasattr(other, "coefs_"):
            for W, expected in zip(one.coefs_, other.coefs_, strict=True):
                assert_array_equal(W, expected)


def assert_same_results(ours, theirs):
    """The same columns in the same order, of the same types, with the same values."""
    assert list(ours) == list(theirs)
    for name, expected in theirs.items():
        column = ours[name]
        assert type(column) is type(expected)
        if name == "params":
            assert column == expected
            continue
        assert column.dtype == expected.dtype and column.shape == expected.shape
        if name.endswith("_time"):
            assert (column >= 0).all()
        else:
            if name.startswith("param_"):
                assert_array_equal(column.mask, expected.mask)
                column, expected = column.compressed(), expected.compressed()
            assert_array_equal(column, expected, err_msg=name)


def quietly(search, *args, **kwargs):
    """Fit a search whose warnings are no matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return search.fit(*args, **kwargs)


def errors(estimator, grid, X, y, **settings):
    """Return the type and text of what both searches raise."""
    found = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        with pytest.raises(Exception) as caught:
            search_class(clone(estimator), grid, **settings).fit(X, y)
        text = str(caught.value).replace(search_class.__name__, "the search")
        if "more details about the failures" in text:  # then tracebacks follow
            text = [text.splitlines()[:4], text.splitlines()[-1]]
        found.append((caught.type, text))
    return found


def two_numbers(estimator, X, y):
    """Two scores in one function."""
    probabilities = estimator.predict_proba(X)
    return {
        "accuracy": accuracy_score(y, probabilities.argmax(axis=1)),
        "top": probabilities.max(axis=1).mean().round(6),
    }
