"""How `FusedGridSearchCV` distributes its work: stacks, workers, callbacks."""

import joblib
import numpy as np
import pytest
from joblib._parallel_backends import SequentialBackend
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_info, threadpool_limits

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier
from sklearn_mlp_edu._search import side_by_side

from ..searches import NETWORK, assert_same_search, compare, network

ALPHAS = [0, 1e-3, 0.01, 0.1, 0.3]
GRID = {"alpha": ALPHAS}

needs_callbacks = pytest.mark.skipif(
    not hasattr(StandardScaler, "set_callbacks"),
    reason="scikit-learn has callbacks from 1.9 on",
)


@pytest.fixture
def stacks(monkeypatch):
    """The sizes of all stacks that are trained in this process."""
    sizes, descend = [], side_by_side.descend

    def counted(networks, *args):
        sizes.append(len(networks))
        return descend(networks, *args)

    monkeypatch.setattr(side_by_side, "descend", counted)
    return sizes


# Stacks


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (GRID, [5]),
        ({"alpha": ALPHAS, "momentum": [0, 0.9], "learning_rate_init": [0.1]}, [10]),
        ({"alpha": ALPHAS, "activation": ["relu", "tanh"]}, [5, 5]),
        ({"activation": ["relu", "tanh"], "momentum": [0.5, 0.6]}, [2, 2]),
        ([{"alpha": [0, 0.1]}, {"momentum": [0.5]}], [3]),
        ({"alpha": ALPHAS, "random_state": [0, 1]}, [5, 5]),
        ({"learning_rate": ["invscaling"], "learning_rate_init": [0.1, 0.2]}, [2]),
    ],
    ids=str,
)
def test_networks_of_a_kind_train_together(grid, expected, stacks, iris):
    FusedGridSearchCV(network(), grid, cv=2, refit=False).fit(*iris)
    assert sorted(stacks) == sorted(expected * 2)


def test_networks_with_the_same_preprocessing_train_together(stacks, iris):
    pipeline = make_pipeline(StandardScaler(), network())
    grid = {"standardscaler__with_mean": [True, False], f"{NETWORK}__alpha": ALPHAS}
    FusedGridSearchCV(pipeline, grid, cv=3, refit=False).fit(*iris)
    assert stacks == [5] * 6


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_stacks_of_more_than_so_many_bytes_are_cut(dropout, monkeypatch, stacks, iris):
    """And lead to the same networks."""
    estimator = network(hidden_layer_sizes=(20,), dropout=dropout)
    monkeypatch.setattr(side_by_side, "STACK_BYTES", 50_000)
    cut = compare(estimator, GRID, *iris)
    assert len(stacks) > 3 and max(stacks) < 5 and sum(stacks) == 15
    monkeypatch.setattr(side_by_side, "STACK_BYTES", 1)
    stacks.clear()
    alone = compare(estimator, GRID, *iris)
    assert stacks == [1] * 15
    assert_same_search(alone, cut)


def test_cut_stacks_share_their_chance(monkeypatch, iris):
    """A search without a random state does not depend on how much memory it has."""
    monkeypatch.setattr(side_by_side, "STACK_BYTES", 1)
    estimator = network(random_state=None, dropout=0.2)
    search = FusedGridSearchCV(estimator, {"alpha": [0.1] * 3}, cv=2)
    search.set_params(scoring="neg_log_loss").fit(*iris)
    for k in range(2):
        assert len(set(search.cv_results_[f"split{k}_test_score"])) == 1


@pytest.mark.parametrize("n_rows", [20, 1000])
def test_the_bound_holds(n_rows, monkeypatch):
    """Training needs no more than it, the data and the networks that it returns."""
    import tracemalloc

    bound = 3_000_000
    monkeypatch.setattr(side_by_side, "STACK_BYTES", bound)
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(n_rows, 40)), np.arange(n_rows) % 2
    estimator = network(hidden_layer_sizes=(100,), batch_size="full", max_iter=1, tol=0)
    grid = {"alpha": np.linspace(0, 0.1, 30)}
    search = FusedGridSearchCV(estimator, grid, cv=[(np.arange(n_rows), [0, 1])])
    tracemalloc.start()
    search.set_params(refit=False).fit(X, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    results = 30 * 8 * 41 * 100 * 2
    one = 8 * 8 * n_rows * 100  # a network alone may need more than the bound
    assert peak < max(bound, one) + 4 * X.nbytes + results + 1_000_000


# Workers


class Registered(SequentialBackend):
    """A backend that is none of joblib's own."""


joblib.register_parallel_backend("registered", Registered)


@pytest.mark.parametrize(
    ("backend", "pipeline"),
    [
        ("loky", True),
        ("threading", False),
        ("threading", True),
        ("registered", True),
        ("sequential", False),
    ],
)
def test_two_workers(backend, pipeline, iris):
    """The same results as with one, and as of `GridSearchCV`."""
    estimator = network(activation="identity")
    rates, grid = [0.1, 0.3], {"alpha": [0, 0.1, 0.2]}
    if pipeline:
        estimator = make_pipeline(StandardScaler(), estimator)
        grid = {f"{NETWORK}__{name}": values for name, values in grid.items()}
        grid["standardscaler__with_std"] = [True, False]
    else:
        grid["learning_rate_init"] = rates
    settings = dict(cv=3, return_train_score=True)
    with joblib.parallel_config(backend, n_jobs=2):
        ours = FusedGridSearchCV(estimator, grid, **settings).fit(*iris)
    alone = FusedGridSearchCV(estimator, grid, **settings).fit(*iris)
    theirs = GridSearchCV(estimator, grid, **settings).fit(*iris)
    assert_same_search(ours, theirs)
    assert_same_search(alone, theirs)


@pytest.mark.filterwarnings("ignore:.*non-finite")
def test_failures_in_workers(iris):
    """Reported as from one worker."""
    grid = {"learning_rate_init": [0.1, 1e9, 0.3]}
    estimator = network(activation="identity")
    with joblib.parallel_config("threading"):
        with pytest.warns(FitFailedWarning, match="3 fits failed out of a total of 9"):
            ours = FusedGridSearchCV(estimator, grid, n_jobs=2, cv=3).fit(*iris)
    with pytest.warns(FitFailedWarning):
        theirs = GridSearchCV(estimator, grid, cv=3).fit(*iris)
    assert_same_search(ours, theirs)


def test_networks_that_train_alone_in_workers(iris):
    """L-BFGS beside stacks."""
    estimator = LectureMLPClassifier((4,), alpha=0.1, random_state=0)
    grid = [{"solver": ["lbfgs"], "tol": [0.05, 0.1]}, {"tol": [0.05, 0.1]}]
    with joblib.parallel_config("threading", n_jobs=2):
        ours = FusedGridSearchCV(estimator, grid, cv=2).fit(*iris)
    assert_same_search(ours, GridSearchCV(estimator, grid, cv=2).fit(*iris))


@pytest.mark.parametrize(
    ("n_jobs", "n_splits", "expected"),
    [
        (1, 3, [5, 5, 5]),
        (2, 5, [2, 3, 5, 5, 5, 5]),
        (2, 2, [5, 5]),
        (3, 2, [2, 3, 2, 3]),
        (4, 1, [1, 1, 1, 2]),
    ],
)
def test_stacks_are_cut_so_that_workers_get_the_same(
    n_jobs, n_splits, expected, stacks, iris
):
    """Five stacks for two workers would keep one of them waiting."""
    rows = np.arange(150)
    cv = [(rows, rows[:10])] * n_splits
    with joblib.parallel_config("threading"):
        search = FusedGridSearchCV(network(), GRID, cv=cv, n_jobs=n_jobs, refit=False)
        search.fit(*iris)
    assert sorted(stacks) == sorted(expected)


class Counting(TransformerMixin, BaseEstimator):
    """Notes how many threads the linear algebra has where it is fitted."""

    def __init__(self, log=None):
        self.log = log

    def __sklearn_clone__(self):
        return Counting(self.log)

    def fit(self, X, y=None):
        """Note the number."""
        self.log += [
            pool["num_threads"]
            for pool in threadpool_info()
            if pool["user_api"] == "blas"
        ]
        self.fitted_ = True
        return self

    def transform(self, X):
        """Leave the data as they are."""
        return X


def test_there_are_never_two_levels_of_threads(monkeypatch, iris):
    """Two workers on two processors leave one thread to each."""
    monkeypatch.setattr(joblib, "cpu_count", lambda *args, **kwargs: 2)
    pipeline = Pipeline([("count", Counting([])), ("net", network())])
    search = FusedGridSearchCV(pipeline, {"net__alpha": [0, 0.1]}, cv=2, refit=False)
    with threadpool_limits(2, user_api="blas"):
        before = {pool["num_threads"] for pool in threadpool_info()}
        with joblib.parallel_config("threading", n_jobs=2):
            search.fit(*iris)
        assert {pool["num_threads"] for pool in threadpool_info()} == before
    assert set(search.estimator["count"].log) <= {1}


# Callbacks


class Tasks:
    """Writes down the tasks that begin and end."""

    def __init__(self):
        self.begun, self.ended, self.given = [], [], []

    def setup(self, estimator, context):
        """Nothing to do."""

    teardown = setup

    def on_fit_task_begin(self, estimator, context, *, X, y, metadata):
        self.begun.append((type(estimator).__name__, context.task_name))
        n_weights = metadata and len(metadata["sample_weight"])
        self.given.append((X is not None and len(X), n_weights))

    def on_fit_task_end(self, estimator, context):
        self.ended.append((type(estimator).__name__, context.task_name))


def tasks_of(search_class, iris, **fit_params):
    callback = Tasks()
    search = search_class(network(), GRID, cv=2).set_callbacks(callback)
    search.fit(*iris, **fit_params)
    return callback


def renamed(tasks):
    return sorted((name.replace("Fused", ""), task) for name, task in tasks)


@needs_callbacks
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_callbacks_are_told_of_every_fit(weighted, stacks, iris):
    """As of `GridSearchCV`, though the fits are done together."""
    fit_params = {"sample_weight": np.ones(150)} if weighted else {}
    theirs = tasks_of(GridSearchCV, iris, **fit_params)
    ours = tasks_of(FusedGridSearchCV, iris, **fit_params)
    assert renamed(ours.begun) == renamed(theirs.begun)
    assert renamed(ours.ended) == renamed(theirs.ended)
    assert sorted(ours.given, key=str) == sorted(theirs.given, key=str)
    assert stacks == [5, 5]


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("depth", [0, 1, None])
def test_a_progress_bar(depth, n_jobs, stacks, iris, capsys, monkeypatch):
    """It counts fits, and does not keep networks from training together."""
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "200")
    from sklearn.callback import ProgressBar

    bar = ProgressBar(max_propagation_depth=depth)
    search = FusedGridSearchCV(network(), GRID, cv=2, n_jobs=n_jobs)
    search.set_callbacks(bar)
    with joblib.parallel_config("threading"):
        search.fit(*iris)
    drawn = capsys.readouterr().out
    assert "FusedGridSearchCV" in drawn and "100%" in drawn
    assert stacks == [5, 5]
    plain = FusedGridSearchCV(network(), GRID, cv=2).fit(*iris)
    assert_same_search(search, plain)


@needs_callbacks
def test_a_progress_bar_in_two_processes(iris, capsys, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "200")
    from sklearn.callback import ProgressBar

    search = FusedGridSearchCV(network(), GRID, cv=2, n_jobs=2)
    search.set_callbacks(ProgressBar()).fit(*iris)
    assert "100%" in capsys.readouterr().out


@needs_callbacks
@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
def test_callbacks_of_the_network_follow_every_epoch(pipeline, stacks, iris):
    """For that networks train alone."""
    from sklearn.callback import ScoringMonitor

    counts = []
    for search_class in (GridSearchCV, FusedGridSearchCV):
        monitor = ScoringMonitor(scoring="accuracy")
        estimator, name = network().set_callbacks(monitor), "alpha"
        if pipeline:
            estimator, name = (
                make_pipeline(StandardScaler(), estimator),
                f"{NETWORK}__alpha",
            )
        search_class(estimator, {name: ALPHAS}, cv=2).fit(*iris)
        logs = monitor.get_logs(select="all")
        rows = [row for log in logs for row in log.data]
        counts.append(sum(row["task_name"] == "epoch" for row in rows))
    assert counts[0] == counts[1] == (2 * 5 + 1) * 6
    assert stacks == []


@needs_callbacks
def test_callbacks_of_networks_in_the_grid(stacks, iris):
    """They are followed, too."""
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring="accuracy")
    pipeline = Pipeline([("scale", StandardScaler()), ("net", network())])
    grid = {"net": [network().set_callbacks(monitor)], "net__alpha": ALPHAS}
    FusedGridSearchCV(pipeline, grid, cv=2, refit=False).fit(*iris)
    rows = [row for log in monitor.get_logs(select="all") for row in log.data]
    assert sum(row["task_name"] == "epoch" for row in rows) == 2 * 5 * 6
