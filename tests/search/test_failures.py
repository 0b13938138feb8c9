"""What `FusedGridSearchCV` refuses, and what fails in it, as in `GridSearchCV`."""

import warnings

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning, FitFailedWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    FusedRandomizedSearchCV,
    LectureMLPClassifier,
)
from sklearn_mlp_edu._search import evaluation

from ..searches import (
    ALPHAS,
    GRID,
    NETWORK,
    assert_same_results,
    both,
    compare,
    errors,
    network,
    of_network,
    two_numbers,
)

# Networks that train alone, or fail


@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_lbfgs_trains_alone(pipeline, iris):
    estimator = LectureMLPClassifier((8,), max_iter=30, random_state=0)
    grid = {"alpha": [1e-3, 0.1], "solver": ["lbfgs", "sgd"]}
    if pipeline:
        estimator = make_pipeline(StandardScaler(), estimator)
        grid = of_network(grid)
    compare(estimator, grid, *iris)


class Upper(LectureMLPClassifier):
    """A network that learns in a way of its own."""

    def fit(self, X, y):
        """Leave out the first half."""
        return super().fit(X[len(X) // 2 :], y[len(y) // 2 :])


def test_subclasses_train_alone(iris):
    estimator = Upper(**network().get_params())
    compare(estimator, {"alpha": ALPHAS}, *iris)


@pytest.mark.parametrize("error_score", [np.nan, -1.0, 0])
@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
def test_a_network_that_diverges(pipeline, error_score, iris):
    """It gets the error score, the others what they get without it."""
    estimator, name = network(activation="identity"), "learning_rate_init"
    if pipeline:
        estimator, name = (
            make_pipeline(StandardScaler(), estimator),
            f"{NETWORK}__{name}",
        )
    with pytest.warns() as caught:
        search = compare(
            estimator, {name: [0.1, 1e9, 0.3]}, *iris, error_score=error_score
        )
    results = search.cv_results_
    expected = [error_score] * 3
    assert_array_equal([results[f"split{k}_test_score"][1] for k in range(3)], expected)
    assert_array_equal(
        [results[f"split{k}_train_score"][1] for k in range(3)], expected
    )
    assert search.best_params_[name] != 1e9
    failed = [str(w.message) for w in caught if w.category is FitFailedWarning]
    assert len(failed) == 2
    for message in failed:
        assert "3 fits failed out of a total of 9" in message
        assert "diverged in epoch 1 with learning_rate_init=1000000000.0" in message
    others = compare(estimator, {name: [0.1, 0.3]}, *iris)
    for key, expected in others.scoring.probabilities.items():
        assert_array_equal(search.scoring.probabilities[key], expected)


@pytest.mark.parametrize(
    "grid",
    [
        {"alpha": [0.1, -1, 0.2]},
        {"alpha": [0.1, "much"]},
        {"momentum": [0.5, 1.5]},
        {"activation": ["relu", "step"], "alpha": [0, 0.1]},
        {"hidden_layer_sizes": [(4,), (0,)], "alpha": [0, 0.1]},
        {"learning_rate_init": [-1.0, 0.1]},
    ],
    ids=lambda grid: next(iter(grid)),
)
def test_values_that_a_network_refuses(grid, iris):
    """One candidate fails and the others do not."""
    messages = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        with pytest.warns() as caught:
            search = search_class(network(), grid, cv=3).fit(*iris)
        messages.append([str(w.message).splitlines()[1:6] for w in caught])
        assert np.isfinite(search.best_score_)
    assert messages[0] == messages[1]
    with pytest.warns():
        compare(network(), grid, *iris)


@pytest.mark.filterwarnings("ignore:.*non-finite")
def test_a_preprocessing_that_fails(cancer):
    """For candidates that ask for more components than there are features."""
    X, y = cancer
    pipeline = make_pipeline(PCA(random_state=0), network(learning_rate_init=0.01))
    grid = of_network({"alpha": [0, 0.1]}) | {"pca__n_components": [3, 31]}
    with pytest.warns(FitFailedWarning, match="6 fits failed out of a total of 12"):
        search = compare(pipeline, grid, X[:150], y[:150])
    assert np.isnan(search.cv_results_["mean_test_score"]).sum() == 2


@pytest.mark.filterwarnings("ignore:.*non-finite")
def test_a_warning_that_is_an_error_fails_one_network_only(iris):
    """The second has not converged, which tests make an error of, and users can."""
    estimator = network(tol=0.03, n_iter_no_change=2, max_iter=11, alpha=0.01)
    estimator.set_params(learning_rate="constant")
    grid = {"learning_rate_init": [0.3, 0.1, 0.5]}
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("ignore", FitFailedWarning)
        search = compare(estimator, grid, *iris)
    failed = np.isnan(search.cv_results_["mean_test_score"])
    assert failed.tolist() == [False, True, False]


@pytest.mark.filterwarnings("ignore:.*non-finite")
def test_a_setting_that_adam_has_not(iris):
    """The network refuses a momentum that is set, and the others train."""
    grid = {"momentum": [0.9, 0.5], "alpha": [0, 0.1]}
    estimator = network(solver="adam", learning_rate_init=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitFailedWarning)
        search = compare(estimator, grid, *iris)
    assert np.isnan(search.cv_results_["mean_test_score"]).sum() == 2


# Errors


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(),
        make_pipeline(StandardScaler(), LogisticRegression()),
        make_pipeline(network(), "passthrough"),
        GridSearchCV(LectureMLPClassifier(), GRID),
    ],
    ids=["classifier", "pipeline", "passthrough", "search"],
)
def test_other_estimators_belong_into_grid_search(estimator, iris):
    search = FusedGridSearchCV(estimator, {"C": [1]})
    with pytest.raises(TypeError, match=r"sklearn\.model_selection\.GridSearchCV"):
        search.fit(*iris)


@pytest.mark.parametrize(
    "grid",
    [
        {"alpah": [1]},
        {"alpha": [0, 0.1], "C": [1]},
        [{"alpha": [0.1]}, {"net__alpha": [1]}],
        {"alpha": []},
        {"alpha": 0.1},
        {"alpha": "abc"},
        {"alpha": np.ones((2, 2))},
        [0.1],
        [],
    ],
    ids=str,
)
def test_grids_that_are_none(grid, iris):
    """Refused in the words of scikit-learn."""
    theirs, ours = errors(network(), grid, *iris, cv=3)
    assert ours == theirs


def test_unknown_parameters_of_a_step(iris):
    pipeline = make_pipeline(StandardScaler(), network())
    theirs, ours = errors(pipeline, {f"{NETWORK}__alpah": [1]}, *iris, cv=3)
    assert ours == theirs
    assert "Invalid parameter 'alpah'" in ours[1]


def one_class_in_a_fold():
    """Splits of which the first trains on a single class."""
    X, y = np.random.RandomState(0).normal(size=(30, 3)), np.repeat([0, 1], 15)
    return X, y, [(np.arange(15), np.arange(15, 30)), (np.arange(30), np.arange(30))]


@pytest.mark.filterwarnings("ignore:batch_size")
def test_one_class_in_a_fold():
    """It is predicted, with a warning, wherever the fold looks."""
    X, y, splits = one_class_in_a_fold()
    with pytest.warns(UserWarning, match="y holds a single class"):
        search = both(X, y, cv=splits)
    assert (search.cv_results_["split0_test_score"] == 0).all()
    assert (search.cv_results_["split1_test_score"] > 0).all()


def test_one_class_in_a_fold_is_raised_on_demand():
    X, y, splits = one_class_in_a_fold()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theirs, ours = errors(network(), GRID, X, y, cv=splits, error_score="raise")
    assert ours == theirs and "y holds a single class" in ours[1]


def test_one_class_in_a_test_part():
    """Which is no obstacle to training."""
    X, y, _ = one_class_in_a_fold()
    both(X, y, cv=[(np.r_[:10, 20:30], np.arange(10, 15))])


def test_more_folds_than_examples_of_a_class(iris):
    X, y = iris
    theirs, ours = errors(network(), GRID, X[:52], y[:52], cv=3)
    assert ours == theirs


@pytest.mark.parametrize(
    "settings",
    [
        {"cv": 1},
        {"error_score": "skip"},
        {"refit": "accuracy", "scoring": ["f1_macro"]},
        {"scoring": "beauty"},
        {"n_jobs": "all"},
    ],
    ids=str,
)
def test_settings_that_are_none(settings, iris):
    theirs, ours = errors(network(), GRID, *iris, **settings)
    assert ours == theirs


@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
def test_errors_are_raised_on_demand(pipeline, iris):
    estimator, grid = network(activation="identity"), {"learning_rate_init": [0.1, 1e9]}
    if pipeline:
        estimator = make_pipeline(StandardScaler(), estimator)
        grid = {f"{NETWORK}__{name}": values for name, values in grid.items()}
    theirs, ours = errors(estimator, grid, *iris, cv=3, error_score="raise")
    assert ours == theirs
    assert ours[0] is ValueError and "diverged in epoch 1" in ours[1]


def test_errors_of_preprocessing_are_raised_on_demand(iris):
    pipeline = make_pipeline(PCA(9), network())
    grid = {f"{NETWORK}__alpha": ALPHAS}
    theirs, ours = errors(pipeline, grid, *iris, cv=3, error_score="raise")
    assert ours == theirs and "n_components=9" in ours[1]


def test_all_fits_fail(iris):
    grid = {"alpha": [-1, -2]}
    theirs, ours = errors(network(), grid, *iris, cv=3)
    assert ours == theirs and "All the 6 fits failed" in ours[1][0][1]


def test_weights_that_a_pipeline_does_not_take(iris):
    for search_class in (GridSearchCV, FusedGridSearchCV):
        pipeline = make_pipeline(StandardScaler(), network())
        search = search_class(pipeline, {f"{NETWORK}__alpha": ALPHAS})
        with pytest.raises(ValueError, match="Pipeline.fit does not accept the sample"):
            search.fit(*iris, sample_weight=np.ones(150))


def broken_for_strong_regularisation(estimator, X, y):
    """A score that cannot always be computed."""
    if estimator.alpha > 0.1:
        raise RuntimeError("no score")
    return 0.5


@pytest.mark.filterwarnings("ignore:.*non-finite")
def test_a_score_that_fails(iris):
    with pytest.warns(UserWarning, match="Scoring failed"):
        both(*iris, scoring=broken_for_strong_regularisation)
    search = FusedGridSearchCV(
        network(), GRID, scoring=broken_for_strong_regularisation, error_score="raise"
    )
    with pytest.raises(RuntimeError, match="no score"):
        search.fit(*iris)


@pytest.mark.filterwarnings("ignore:.*non-finite")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
@pytest.mark.parametrize(
    "scoring", [["accuracy"], two_numbers], ids=["list", "function"]
)
def test_the_error_score_goes_to_every_score(scoring, iris):
    grid, refit = {"alpha": [-1, 0.1]}, "accuracy"
    search = both(*iris, grid=grid, scoring=scoring, refit=refit, error_score=-2)
    for name in search.scorer_ if scoring == ["accuracy"] else ("accuracy", "top"):
        assert search.cv_results_[f"mean_test_{name}"][0] == -2


# Other versions of scikit-learn


@pytest.mark.parametrize("n_parallels", [0, 2])
def test_a_scikit_learn_that_searches_in_another_way(n_parallels, monkeypatch, iris):
    """All goes to it, one fit at a time, after a warning."""
    seen = []

    def fit(search, X, y):
        if n_parallels == 2:
            one, other = joblib.Parallel(), joblib.Parallel()
            search._run_search(lambda candidates: seen.extend([candidates, one, other]))
        else:
            search._run_search(lambda candidates: seen.extend([candidates]))

    def run_search(search, evaluate_candidates):
        evaluate_candidates(search.param_grid)

    monkeypatch.setattr(GridSearchCV, "fit", fit)
    monkeypatch.setattr(GridSearchCV, "_run_search", run_search)
    with pytest.warns(RuntimeWarning, match="does not know this version"):
        FusedGridSearchCV(network(), GRID).fit(*iris)
    assert seen[0] == GRID


@pytest.mark.parametrize("kind", [FusedGridSearchCV, FusedRandomizedSearchCV])
def test_a_scikit_learn_that_asks_for_more(kind, monkeypatch, iris):
    """What a fit is to do is not known: then scikit-learn does it."""
    settings = {} if kind is FusedGridSearchCV else {"n_iter": 3, "random_state": 0}
    ours = kind(network(), GRID, cv=2, **settings).fit(*iris)
    monkeypatch.setattr(evaluation, "HELD", evaluation.HELD - {"error_score"})
    with pytest.warns(RuntimeWarning, match=f"{kind.__name__} does not know this ver"):
        alone = kind(network(), GRID, cv=2, **settings).fit(*iris)
    assert_same_results(ours.cv_results_, alone.cv_results_)


def test_nothing_of_scikit_learn_is_altered(iris):
    left = []

    class Watched(FusedGridSearchCV):
        def _run_search(self, evaluate_candidates, *, callback_ctx=None):
            super()._run_search(evaluate_candidates, callback_ctx=callback_ctx)
            left.extend(cell.cell_contents for cell in evaluate_candidates.__closure__)

    Watched(network(), GRID, cv=2).fit(*iris)
    assert sum(isinstance(content, joblib.Parallel) for content in left) == 1


def test_a_search_that_fails_stays_as_it_was(iris):
    """Its best candidate is chosen before what fails here: the refit."""
    X, y = iris
    search = FusedRandomizedSearchCV(network(), {"alpha": ALPHAS}, n_iter=2, cv=2)
    search.set_params(random_state=0).fit(X, y)
    before = vars(search).copy()

    class Interrupted(LectureMLPClassifier):
        def fit(self, X, y):
            if len(X) == len(iris[0]):
                raise KeyboardInterrupt
            return super().fit(X, y)

    search.set_params(estimator=Interrupted(**network().get_params()))
    with pytest.raises(KeyboardInterrupt):
        search.fit(X, y)
    names = [name for name in vars(search) if name.endswith("_")]
    assert "best_params_" in names
    assert all(vars(search)[name] is before[name] for name in names)
