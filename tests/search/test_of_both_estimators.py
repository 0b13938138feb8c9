"""Fused searches give the results of scikit-learn's, of classes and of numbers."""

import inspect
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import loguniform, uniform
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.metrics import make_scorer, mean_absolute_error
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    FusedHalvingGridSearchCV,
    FusedHalvingRandomSearchCV,
    FusedRandomizedSearchCV,
    LectureMLPClassifier,
    LectureMLPRegressor,
)
from sklearn_mlp_edu._search import side_by_side

from ..searches import network

PAIRS = {
    FusedGridSearchCV: GridSearchCV,
    FusedRandomizedSearchCV: RandomizedSearchCV,
    FusedHalvingGridSearchCV: HalvingGridSearchCV,
    FusedHalvingRandomSearchCV: HalvingRandomSearchCV,
}
GRID = {"alpha": [0, 0.01, 0.3], "learning_rate_init": [0.003, 0.02]}
DISTRIBUTIONS = {
    "alpha": loguniform(1e-4, 1),
    "learning_rate_init": uniform(0.001, 0.02),
    "hidden_layer_sizes": [4, (6,)],
}


def regressor(**settings):
    """A small network that trains for a few epochs, without a warning."""
    brief = dict(
        hidden_layer_sizes=8,
        batch_size=16,
        max_iter=6,
        n_iter_no_change=np.inf,
        random_state=0,
    )
    return LectureMLPRegressor(**brief | settings)


@pytest.fixture
def numbers():
    """60 × 4, a target of the size of prices."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    return X, 2e5 + 1e4 * (X[:, 0] - np.abs(X[:, 1]) + rng.normal(size=60))


def assert_equal_results(kind, estimator, space, X, y, fit_params=None, **settings):
    """Search both ways, expect the same but for rounding, and return ours."""
    settings = {"cv": 3, "return_train_score": True} | settings
    theirs, ours = (
        search(estimator, space, **settings).fit(X, y, **fit_params or {})
        for search in (PAIRS[kind], kind)
    )
    assert list(ours.cv_results_) == list(theirs.cv_results_)
    for name, expected in theirs.cv_results_.items():
        column = ours.cv_results_[name]
        if name == "params":
            assert column == expected
        elif name.startswith(("param_", "rank_")):
            assert_array_equal(column, expected)
        elif not name.endswith("_time"):
            assert_allclose(column, expected, rtol=1e-10, atol=1e-12, err_msg=name)
    assert ours.best_params_ == theirs.best_params_
    assert_array_equal(ours.predict(X), theirs.predict(X))
    assert vars(ours).keys() == vars(theirs).keys()
    return ours


SCORES_OF_NUMBERS = [
    None,
    "r2",
    "neg_mean_squared_error",
    "neg_root_mean_squared_error",
    "neg_mean_absolute_error",
    make_scorer(mean_absolute_error, greater_is_better=False),
]


@pytest.mark.parametrize("scoring", SCORES_OF_NUMBERS, ids=str)
def test_a_grid_of_regressors(scoring, numbers):
    search = assert_equal_results(
        FusedGridSearchCV, regressor(), GRID, *numbers, scoring=scoring
    )
    assert isinstance(search.best_estimator_, LectureMLPRegressor)


def test_several_scores_of_regressors(numbers):
    scores = ["r2", "neg_mean_squared_error", "neg_median_absolute_error"]
    assert_equal_results(
        FusedGridSearchCV, regressor(), GRID, *numbers, scoring=scores, refit="r2"
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "sgd"},
        {"loss": "absolute_error"},
        {"loss": "huber", "activation": "tanh", "dropout": 0.2},
        {"loss": "poisson"},
        {"standardize": False, "hidden_layer_sizes": ()},
    ],
    ids=lambda settings: "-".join(map(str, settings.values())),
)
def test_all_kinds_of_regressors(settings, numbers):
    X, y = numbers
    y = (y - y.min()) / 1e4
    assert_equal_results(FusedGridSearchCV, regressor(**settings), GRID, X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_weights_and_early_stopping_of_regressors(numbers):
    weight = np.random.default_rng(1).uniform(0, 2, size=60)
    estimator = regressor(
        early_stopping=True, tol=0.01, n_iter_no_change=2, max_iter=90
    )
    assert_equal_results(
        FusedGridSearchCV,
        estimator,
        GRID,
        *numbers,
        fit_params={"sample_weight": weight},
    )


def test_losses_and_several_targets_in_a_pipeline(numbers):
    X, y = numbers
    pipeline = make_pipeline(StandardScaler(), regressor())
    grid = {f"lecturemlpregressor__{name}": values for name, values in GRID.items()}
    grid["lecturemlpregressor__loss"] = ["squared_error", "huber"]
    Y = np.column_stack([y, X[:, 2]])
    assert_equal_results(FusedGridSearchCV, pipeline, grid, X, Y)


@pytest.mark.parametrize("scoring", [None, "neg_log_loss", "roc_auc_ovr"])
def test_random_classifiers(scoring, iris):
    search = assert_equal_results(
        FusedRandomizedSearchCV,
        network(),
        DISTRIBUTIONS,
        *iris,
        n_iter=7,
        random_state=3,
        scoring=scoring,
    )
    assert len(search.cv_results_["params"]) == 7
    assert isinstance(search.best_estimator_, LectureMLPClassifier)


@pytest.mark.parametrize("scoring", SCORES_OF_NUMBERS[:3], ids=str)
def test_random_regressors(scoring, numbers):
    assert_equal_results(
        FusedRandomizedSearchCV,
        regressor(),
        DISTRIBUTIONS,
        *numbers,
        n_iter=7,
        random_state=np.random.RandomState(3).randint(100),
        scoring=scoring,
    )


def test_random_candidates_of_a_shape_train_together(monkeypatch, numbers):
    sizes, descend = [], side_by_side.descend

    def counted(networks, *args):
        sizes.append(len(networks))
        return descend(networks, *args)

    monkeypatch.setattr(side_by_side, "descend", counted)
    search = FusedRandomizedSearchCV(
        regressor(), DISTRIBUTIONS, n_iter=9, random_state=0, cv=2, refit=False
    ).fit(*numbers)
    shapes = [p["hidden_layer_sizes"] for p in search.cv_results_["params"]]
    expected = [shapes.count(4), shapes.count((6,))]
    assert sorted(sizes) == sorted(expected * 2) and min(expected) > 1


def test_a_list_of_distributions(numbers):
    spaces = [{"alpha": uniform(0, 1)}, {"momentum": [0.1, 0.5], "solver": ["sgd"]}]
    assert_equal_results(
        FusedRandomizedSearchCV,
        regressor(),
        spaces,
        *numbers,
        n_iter=6,
        random_state=0,
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("resource", ["n_samples", "max_iter"])
def test_halving_of_a_grid(resource, numbers):
    most = {"max_resources": 12, "min_resources": 3} if resource == "max_iter" else {}
    search = assert_equal_results(
        FusedHalvingGridSearchCV,
        regressor(batch_size="full"),
        GRID,
        *numbers,
        factor=2,
        resource=resource,
        random_state=0,
        **most,
    )
    assert search.n_candidates_[:2] == [6, 3]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_halving_of_drawn_candidates(iris):
    search = assert_equal_results(
        FusedHalvingRandomSearchCV,
        network(batch_size="full"),
        {"alpha": loguniform(1e-3, 1), "learning_rate_init": uniform(0.1, 0.4)},
        *iris,
        n_candidates=8,
        random_state=0,
    )
    assert search.n_candidates_ == [8, 3]


def test_halving_is_enabled_where_it_is_asked_for():
    """Not by the import of the package, nor of other searches."""
    script = (
        "import sklearn_mlp_edu; sklearn_mlp_edu.FusedGridSearchCV; "
        "import sklearn.model_selection; "
        "assert 'HalvingGridSearchCV' not in vars(sklearn.model_selection); "
        "sklearn_mlp_edu.FusedHalvingGridSearchCV; "
        "assert 'HalvingGridSearchCV' in vars(sklearn.model_selection)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("kind", PAIRS)
def test_signatures_and_parameters_are_the_same(kind):
    for name in ("__init__", "fit", "predict", "score"):
        ours, theirs = (
            str(inspect.signature(getattr(c, name))) for c in (kind, PAIRS[kind])
        )
        assert ours == theirs


def test_other_estimators_are_refused(iris):
    search = FusedRandomizedSearchCV(StandardScaler(), {"with_mean": [True]})
    with pytest.raises(TypeError, match="use sklearn.model_selection.Randomized"):
        search.fit(*iris)
