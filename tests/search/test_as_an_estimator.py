"""`FusedGridSearchCV` as an estimator: chance, output, metadata, checks."""

import pickle
import re

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

from ..searches import ALPHAS, GRID, NETWORK, assert_same_search, both, network, quietly

# Chance


@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
def test_without_a_random_state_the_networks_of_a_stack_share_chance(pipeline, iris):
    """The same alpha twice gives the same scores; another search gives others."""
    X, y = iris
    estimator = network(random_state=None, dropout=0.3, early_stopping=True)
    name = "alpha"
    if pipeline:
        name = f"{NETWORK}__alpha"
        estimator = make_pipeline(StandardScaler(), estimator)

    def scores():
        search = FusedGridSearchCV(
            estimator, {name: [0.01, 0.01]}, scoring="neg_log_loss", cv=3
        ).fit(X, y)
        results = search.cv_results_
        return np.array([results[f"split{k}_test_score"] for k in range(3)])

    one, other = scores(), scores()
    assert_array_equal(one[:, 0], one[:, 1])
    assert_array_equal(other[:, 0], other[:, 1])
    assert (one[:, 0] != other[:, 0]).all()


def test_without_a_random_state_stacks_have_chance_of_their_own(iris):
    """So two shapes, and two splits on the same rows, differ."""
    rows = np.arange(150)
    search = FusedGridSearchCV(
        network(random_state=None),
        {"alpha": [0.01], "hidden_layer_sizes": [(8,), [8]]},
        scoring="neg_log_loss",
        cv=[(rows, rows), (rows, rows)],
    ).fit(*iris)
    results = search.cv_results_
    scores = [*results["split0_test_score"], *results["split1_test_score"]]
    assert len(set(scores)) == 4


def test_the_search_does_not_set_a_random_state(iris):
    estimator = network(random_state=None)
    search = FusedGridSearchCV(estimator, GRID, cv=2).fit(*iris)
    assert estimator.random_state is None
    assert search.best_estimator_.random_state is None


def test_a_random_state_instance_is_copied_for_every_fit(iris):
    """As `GridSearchCV` does, by cloning; the user's own stays where it was."""
    rng = np.random.RandomState(3)
    before = rng.get_state()[1].copy()
    both(*iris, network(random_state=rng))
    assert_array_equal(rng.get_state()[1], before)


def test_the_global_random_state_is_drawn_from_only_for_none(iris):
    shared = check_random_state(None)
    before = shared.get_state()
    FusedGridSearchCV(network(), GRID, cv=2).fit(*iris)
    for one, other in zip(before, shared.get_state(), strict=True):
        assert_array_equal(one, other)


# Verbosity


def printed(search_class, verbose, capsys, data, **settings):
    """Return what a search prints, without times and in alphabetical order."""
    defaults = dict(cv=2, verbose=verbose, refit=False)
    search = search_class(network(), {"alpha": [0, 0.1]}, **defaults | settings)
    quietly(search, *data)
    text = re.sub(r"\.+|-+", "…", capsys.readouterr().out)
    return sorted(re.sub(r"total time=.*", "", text).splitlines())


@pytest.mark.parametrize("train", [False, True], ids=["test", "train"])
@pytest.mark.parametrize(
    "scoring", [None, ["accuracy", "neg_log_loss"]], ids=["one", "several"]
)
@pytest.mark.parametrize("verbose", [0, 1, 2, 3, 10])
def test_verbose(verbose, scoring, train, iris, capsys):
    settings = {"scoring": scoring, "return_train_score": train}
    theirs, ours = (
        printed(search_class, verbose, capsys, iris, **settings)
        for search_class in (GridSearchCV, FusedGridSearchCV)
    )
    assert ours == theirs
    assert len(ours) == {0: 0, 1: 1, 2: 5, 3: 5, 10: 9}[verbose]


def test_verbose_shows_the_time_of_each_fit(iris, capsys):
    FusedGridSearchCV(network(), GRID, cv=2, verbose=2).fit(*iris)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Fitting 2 folds for each of 4 candidates, totalling 8 fits"
    for line in lines[1:]:
        assert re.fullmatch(r"\[CV\] END \.+alpha=[\d.]+; total time= +\d\.\ds", line)


def test_a_verbose_network_prints_its_epochs(iris, capsys):
    """Which it does when it trains alone."""
    FusedGridSearchCV(network(verbose=True), GRID, cv=2, refit=False).fit(*iris)
    assert capsys.readouterr().out.count("epoch") == 8


# Metadata routing


@pytest.fixture
def routing():
    """Let metadata be routed."""
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def test_weights_are_routed_to_the_network_and_the_score(iris, routing):
    weight = np.random.default_rng(0).uniform(0, 3, size=150)
    estimator = network().set_fit_request(sample_weight=True)
    estimator.set_score_request(sample_weight=True)
    fit_params = {"sample_weight": weight}
    weighted = both(*iris, estimator, fit_params=fit_params)
    loss = weighted.best_estimator_.loss_
    assert loss != both(*iris, network()).best_estimator_.loss_


def test_weights_are_routed_to_steps_and_groups_to_the_splitter(iris, routing):
    weight = np.random.default_rng(0).uniform(0, 3, size=150)
    pipeline = make_pipeline(
        StandardScaler().set_fit_request(sample_weight=True),
        network().set_fit_request(sample_weight=True),
    )
    fit_params = {"sample_weight": weight, "groups": np.arange(150) % 5}
    grid = {f"{NETWORK}__alpha": ALPHAS}
    accuracy = make_scorer(accuracy_score).set_score_request(sample_weight=True)
    settings = {"scoring": accuracy, "cv": GroupKFold(3)}
    both(*iris, pipeline, grid, fit_params=fit_params, **settings)


def test_a_validation_set_is_transformed_as_the_pipeline_is_asked_to(iris, routing):
    X, y = iris
    step = network(early_stopping=True, n_iter_no_change=2, tol=0.01, max_iter=80)
    step.set_fit_request(X_val=True, y_val=True)
    pipeline = make_pipeline(StandardScaler(), step, transform_input=["X_val"])
    own = {"X_val": X[::7] * 2 + 1, "y_val": y[::7]}
    both(X * 2 + 1, y, pipeline, {f"{NETWORK}__alpha": ALPHAS}, fit_params=own)


def test_metadata_that_nobody_asked_for(iris, routing):
    search = FusedGridSearchCV(network(), GRID)
    with pytest.raises(ValueError, match="sample_weight.* not explicitly set"):
        search.fit(*iris, sample_weight=np.ones(150))


# As an estimator


def brief_network():
    """Return a network that learns in few epochs, as the checks fit very many."""
    return LectureMLPClassifier(
        (10,),
        learning_rate_init=1.0,
        max_iter=40,
        n_iter_no_change=np.inf,
        random_state=0,
    )


def default_search():
    """Return what scikit-learn's checks are for: little, and errors raised."""
    return FusedGridSearchCV(
        brief_network(), {"alpha": [1e-4, 1e-3]}, cv=2, error_score="raise"
    )


def pipeline_search():
    """Return the same of a pipeline."""
    pipeline = make_pipeline(PCA(), brief_network())
    grid = {f"{NETWORK}__alpha": [1e-4, 1e-3]}
    return FusedGridSearchCV(pipeline, grid, cv=2, error_score="raise")


# What scikit-learn expects of `GridSearchCV` itself.
KNOWN = {"check_requires_y_none": "does not fail in the expected words"}


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [default_search(), pipeline_search()], expected_failed_checks=lambda search: KNOWN
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


def test_clone_and_repr(iris):
    search = FusedGridSearchCV(network(), GRID, cv=2).fit(*iris)
    copy = clone(search)
    assert not hasattr(copy, "cv_results_")
    assert copy.get_params()["estimator__random_state"] == 0
    assert repr(search).startswith("FusedGridSearchCV(cv=2,")
    assert_same_search(copy.fit(*iris), search)


def test_pickle(iris):
    X, y = iris
    search = FusedGridSearchCV(make_pipeline(StandardScaler(), network()), {}, cv=2)
    search.fit(X, y)
    again = pickle.loads(pickle.dumps(search))
    assert_array_equal(again.predict_proba(X), search.predict_proba(X))
    assert_same_search(again, search)


def test_a_second_fit_starts_anew(iris):
    X, y = iris
    search = FusedGridSearchCV(network(), GRID, cv=2).fit(X[:100], y[:100])
    once = FusedGridSearchCV(network(), GRID, cv=2).fit(X, y)
    assert_same_search(search.fit(X, y), once)


def test_the_users_objects_stay_as_they_are(iris):
    X, y = iris
    X_before, estimator, grid = X.copy(), network(), {"alpha": [0.1, 0.2]}
    pipeline = make_pipeline(StandardScaler(), estimator)
    FusedGridSearchCV(estimator, grid, cv=2).fit(X, y)
    FusedGridSearchCV(pipeline, {f"{NETWORK}__alpha": ALPHAS}, cv=2).fit(X, y)
    assert_array_equal(X, X_before)
    assert not hasattr(estimator, "coefs_") and not hasattr(pipeline[0], "mean_")
    assert grid == {"alpha": [0.1, 0.2]} and pipeline[-1] is estimator


def test_a_frozen_step_stays_as_it_is(iris):
    """Cloning returns the step itself, so all candidates have the user's own."""
    X, y = iris
    frozen = FrozenEstimator(StandardScaler().fit(X))
    before = list(vars(frozen)), list(vars(frozen.estimator))
    pipeline = make_pipeline(frozen, network())
    both(X, y, pipeline, {f"{NETWORK}__alpha": ALPHAS})
    assert (list(vars(frozen)), list(vars(frozen.estimator))) == before


def parts(value):
    """Return a list of arrays as it is, and of anything else a list."""
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("rate", ["constant", "invscaling", "adaptive"])
def test_networks_have_all_attributes_when_they_are_scored(rate, iris):
    """Those that `GridSearchCV` scores have, with the same values."""

    def scores(search_class):
        learned = {}

        def score(estimator, X, y):
            public = {n: v for n, v in vars(estimator).items() if n.endswith("_")}
            public |= public.pop("_statistics_", {})
            learned[estimator.alpha, len(X)] = public
            return estimator.score(X, y)

        estimator = network(learning_rate=rate, tol=0.02, n_iter_no_change=2)
        estimator.set_params(max_iter=80)
        splits = [(np.arange(0, 150, 2), np.arange(1, 90, 2))]
        quietly(search_class(estimator, GRID, cv=splits, scoring=score), *iris)
        return learned

    theirs, ours = scores(GridSearchCV), scores(FusedGridSearchCV)
    assert ours.keys() == theirs.keys() and len(ours) == len(ALPHAS)
    for key, expected in theirs.items():
        assert ours[key].keys() == expected.keys()
        for name, value in expected.items():
            if isinstance(value, str | None):
                assert ours[key][name] == value
            else:
                for one, other in zip(
                    *map(parts, (ours[key][name], value)), strict=True
                ):
                    assert_allclose(one, other, rtol=1e-7, atol=1e-12)


def test_a_search_within_cross_validation(iris):
    """Nested, with the network's and with the search's own splits."""
    theirs, ours = (
        cross_val_score(search_class(network(), GRID, cv=2), *iris, cv=3)
        for search_class in (GridSearchCV, FusedGridSearchCV)
    )
    assert_array_equal(ours, theirs)


def test_lists_instead_of_arrays(iris):
    X, y = iris
    both(X.tolist(), y.tolist())
