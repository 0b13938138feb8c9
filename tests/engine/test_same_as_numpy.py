"""Compiled kernels lead to what NumPy leads to, up to rounding."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
)

pytest.importorskip("numba")
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

ACTIVATIONS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu"]
CLASSES = ["two classes", "three classes", "labels"]
LOSSES = ["squared_error", "absolute_error", "huber", "poisson"]
SOLVERS = [
    {"solver": "sgd", "momentum": 0.8},
    {"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": True},
    {"solver": "adam"},
]
BESIDE = [  # dropout, weights, sparse: each with and without, by turns
    dict(zip(("dropout", "weights", "sparse"), values, strict=True))
    for values in product((False, True), repeat=3)
]
CASES = [
    (activation, loss, solver, BESIDE[number % len(BESIDE)])
    for number, (activation, loss, solver) in enumerate(
        product(ACTIVATIONS, CLASSES + LOSSES, range(len(SOLVERS)))
    )
]


def examples(loss, sparse=False, dtype=np.float64):
    """Return 50 × 6 inputs, targets for that loss and weights."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 6)) * (rng.random((50, 6)) < 0.7)
    targets = {
        "two classes": (X[:, 0] > 0).astype(int),
        "three classes": np.digitize(X[:, 0], [-0.5, 0.5]),
        "labels": (X[:, :3] > 0).astype(int),
    }
    y = targets.get(loss, np.abs(X[:, 0]) + X[:, 1] ** 2)
    X = X.astype(dtype)
    return csr_matrix(X) if sparse else X, y, rng.random(50) + 0.5


def network(loss, **parameters):
    """Return an estimator for that loss, two hidden layers, an odd last batch."""
    defaults = {"batch_size": 16, "max_iter": 3, "random_state": 0}
    defaults |= {"n_iter_no_change": np.inf, "hidden_layer_sizes": (9, 5)}
    if loss in CLASSES:
        return LectureMLPClassifier(**defaults | parameters)
    return LectureMLPRegressor(loss=loss, **defaults | parameters)


def assert_same(estimator, *arguments, rtol=1e-10):
    """Fit the estimator with both engines and compare what it learns."""
    by_numpy, compiled = (
        clone(estimator).set_params(engine=engine).fit(*arguments)
        for engine in ("numpy", "compiled")
    )
    for ours, theirs in zip(
        compiled.coefs_ + compiled.intercepts_,
        by_numpy.coefs_ + by_numpy.intercepts_,
        strict=True,
    ):
        assert ours.dtype == theirs.dtype
        assert_allclose(ours, theirs, rtol=rtol, atol=rtol * abs(theirs).max())
    assert_allclose(compiled.loss_curve_, by_numpy.loss_curve_, rtol=rtol)
    assert compiled.n_iter_ == by_numpy.n_iter_
    return compiled


@pytest.mark.parametrize(("activation", "loss", "solver", "beside"), CASES, ids=str)
def test_every_equation(activation, loss, solver, beside):
    X, y, weight = examples(loss, beside["sparse"])
    parameters = SOLVERS[solver] | {"dropout": 0.3 if beside["dropout"] else 0.0}
    estimator = network(loss, activation=activation, **parameters)
    assert_same(estimator, X, y, *[weight] * beside["weights"])


@pytest.mark.parametrize("loss", ["three classes", "two classes", "squared_error"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_float32(activation, loss):
    X, y, _ = examples(loss, dtype=np.float32)
    assert_same(network(loss, activation=activation), X, y, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", [(), (1,), (40,), (33, 70), (150, 21)], ids=str)
@pytest.mark.parametrize("batch_size", [1, 7, 50, "full"])
def test_sizes(hidden, batch_size, dtype):
    """Tiles of every height and width, one example, one unit, one batch of all."""
    X, y, _ = examples("three classes", dtype=dtype)
    parameters = {"batch_size": batch_size, "hidden_layer_sizes": hidden}
    rtol = 1e-10 if dtype == np.float64 else 1e-5
    assert_same(network("three classes", **parameters), X, y, rtol=rtol)


@pytest.mark.parametrize(
    "parameters",
    [
        {"learning_rate": "invscaling"},
        {"learning_rate": "adaptive", "max_iter": 30, "n_iter_no_change": 2},
        {"early_stopping": True, "validation_fraction": 0.3},
        {"standardize": False},
        {"shuffle": False},
        {"alpha": 0.0},
        {"momentum": 0.0},
        {"hidden_layer_sizes": (400, 400), "batch_size": 10, "max_iter": 1},
    ],
    ids=str,
)
def test_other_parameters(parameters):
    X, y, _ = examples("three classes")
    assert_same(network("three classes", **parameters), X, y)


def test_layouts_of_memory():
    X, y, _ = examples("two classes")
    for other in (np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2]):
        assert_same(network("two classes"), other, y)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("solver", range(len(SOLVERS)))
@pytest.mark.parametrize("loss", ["three classes", "two classes", "huber"])
def test_stacks(activation, solver, loss):
    X, y, _ = examples(loss)
    estimator = network(loss, activation=activation, **SOLVERS[solver])
    strengths = {"alpha": [0.0, 0.01, 0.3]}
    scoring = "neg_log_loss" if loss in CLASSES else "r2"
    arguments = {"cv": 2, "scoring": scoring, "return_train_score": True}
    one_by_one = GridSearchCV(estimator, strengths, **arguments).fit(X, y)
    estimator.set_params(engine="compiled")
    fused = FusedGridSearchCV(estimator, strengths, **arguments).fit(X, y)
    for name in ("mean_test_score", "mean_train_score"):
        scores = fused.cv_results_[name]
        assert_allclose(scores, one_by_one.cv_results_[name], rtol=1e-9)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"solver": "adam"},
        {"solver": "adamw"},
        {"dropout": 0.3},
        {"max_grad_norm": 0.5},
        {"nesterovs_momentum": True},
    ],
    ids=str,
)
def test_networks_leave_a_stack(parameters):
    """Those that stay are trained as if the others had never been there."""
    X, y, _ = examples("two classes")
    stopping = {"tol": 0.02, "n_iter_no_change": 2, "max_iter": 20}
    estimator = network("two classes", **stopping | parameters)
    strengths = {"alpha": [0.0, 0.01, 0.1, 1.0]}
    results = [
        FusedGridSearchCV(
            clone(estimator).set_params(engine=engine),
            strengths,
            cv=2,
            scoring="neg_log_loss",
        ).fit(X, y)
        for engine in ("numpy", "compiled")
    ]
    scores = [search.cv_results_["mean_test_score"] for search in results]
    assert_allclose(*scores, rtol=1e-9)
    together = [
        LectureMLPClassifierCV(
            4,
            cv=3,
            hidden_layer_sizes=(9,),
            init="he",
            batch_size=16,
            max_iter=30,
            tol=0.01,
            n_iter_no_change=2,
            random_state=0,
            engine=engine,
            **parameters,
        ).fit(X, y)
        for engine in ("numpy", "compiled")
    ]
    ours, theirs = together
    assert len(set(ours.n_iter_.max(axis=0))) > 1
    assert_array_equal(ours.n_iter_, theirs.n_iter_)
    assert_allclose(ours.scores_, theirs.scores_, rtol=1e-4)
    assert_allclose(ours.oof_proba_, theirs.oof_proba_, rtol=1e-3, atol=1e-6)


def test_a_stack_goes_on_without_being_prepared_anew(monkeypatch):
    from sklearn_mlp_edu._engine.program import Compiled

    X, y, _ = examples("two classes")
    prepared, shrunk = [], []
    prepare, shrink = Compiled.prepare, Compiled.shrink

    def noted(self, *steps):
        prepared.append(self)
        return prepare(self, *steps)

    def tried(self, n_networks):
        shrunk.append(shrink(self, n_networks))
        return shrunk[-1]

    monkeypatch.setattr(Compiled, "prepare", noted)
    monkeypatch.setattr(Compiled, "shrink", tried)
    LectureMLPClassifierCV(
        [1e-3, 1e-2, 1e-1], cv=2, max_iter=3, random_state=0, engine="compiled"
    ).fit(X, y)
    assert shrunk and all(shrunk)
    assert len(set(map(id, prepared))) == 4  # two folds, each trained and judged


@pytest.mark.parametrize("n_units", [1, 2, 15, 16, 17, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_output(n_units, dtype):
    """Rows of every length are multiplied with a single column."""
    X, y, _ = examples("two classes", dtype=dtype)
    estimator = network("two classes", hidden_layer_sizes=(n_units,), batch_size=7)
    assert_same(estimator, X, y, rtol=1e-10 if dtype == np.float64 else 1e-5)


@pytest.mark.parametrize("beside", BESIDE, ids=str)
def test_cross_validated_network(beside):
    X, y, weight = examples("three classes", beside["sparse"], np.float32)
    estimator = LectureMLPClassifierCV(
        [0.001, 0.1],
        cv=2,
        hidden_layer_sizes=(9,),
        dropout=0.3 if beside["dropout"] else 0.0,
        batch_size=16,
        max_iter=4,
        n_iter_no_change=np.inf,
        random_state=0,
    )
    scores = [
        clone(estimator)
        .set_params(engine=engine)
        .fit(X, y, *[weight] * beside["weights"])
        .scores_
        for engine in ("numpy", "compiled")
    ]
    assert_allclose(*scores, rtol=1e-4)


def test_a_stream_goes_on_with_the_other_engine():
    X, y, _ = examples("two classes")
    streams = [network("two classes", engine=e) for e in ("numpy", "compiled")]
    for part in (slice(0, 20), slice(20, 50)):
        for stream in streams:
            stream.partial_fit(X[part], y[part], classes=[0, 1])
        streams[0].set_params(engine="compiled")
    first, second = (stream.predict_proba(X) for stream in streams)
    assert_allclose(first, second, rtol=1e-10)


def test_an_activation_of_ones_own_runs_in_numpy(monkeypatch):
    """Within the same step, between compiled kernels."""
    from sklearn_mlp_edu._lecture import ACTIVATIONS

    tanh = ACTIVATIONS["tanh"]

    def own(Z, out):
        return tanh.function(Z, out)

    monkeypatch.setitem(ACTIVATIONS, "tanh", tanh._replace(function=own))
    X, y, _ = examples("three classes")
    assert_same(network("three classes", activation="tanh"), X, y)
