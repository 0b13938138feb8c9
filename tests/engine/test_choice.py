"""Which engine is taken, and what happens around it."""

import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._engine import Engine

X = np.random.default_rng(0).normal(size=(60, 4))
Y = (X[:, 0] > 0).astype(int)
SEARCH = {"batch_size": 32, "n_steps": 10**5, "n_networks": 50}


def network(**parameters):
    defaults = {"max_iter": 4, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier((6,), **defaults | parameters)


@pytest.mark.parametrize(
    ("layer_sizes", "changes", "is_compiled"),
    [
        ((20, 16, 1), {}, True),
        ((64, 100, 10), {}, True),
        ((20, 16, 1), {"n_steps": 100, "n_networks": 1}, False),  # too little work
        ((784, 2000, 10), {"batch_size": 200}, False),  # products worth threads
    ],
    ids=["small", "middling", "short", "large"],
)
def test_auto_goes_by_sizes(layer_sizes, changes, is_compiled):
    pytest.importorskip("numba")
    engine = Engine("auto", layer_sizes, **SEARCH | changes)
    assert engine.is_compiled is is_compiled


def test_auto_is_numpy_where_numba_is_missing(monkeypatch):
    monkeypatch.setattr("sklearn_mlp_edu._engine.choice.find_spec", lambda name: None)
    assert not Engine("auto", (20, 16, 1), **SEARCH).is_compiled


def test_compiled_names_the_extra_where_numba_is_missing(monkeypatch):
    fitted = network().fit(X, Y)
    before = vars(fitted).copy()
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(ImportError, match=r"sklearn-mlp-edu\[fast\]"):
        fitted.set_params(engine="compiled").fit(X, 1 - Y)
    assert vars(fitted) == before | {"engine": "compiled"}
    assert fitted.set_params(engine="auto").fit(X, Y).n_iter_ == 4


def test_other_words_are_refused():
    with pytest.raises(ValueError, match="'engine' parameter.*'numba'"):
        network(engine="numba").fit(X, Y)


def test_lbfgs_says_that_it_has_no_engine():
    pytest.importorskip("numba")
    estimator = LectureMLPClassifier(solver="lbfgs", engine="compiled", tol=0.1)
    with pytest.warns(UserWarning, match="engine='compiled' has no effect"):
        estimator.fit(X, Y)
    LectureMLPClassifier(solver="lbfgs", engine="numpy", tol=0.1).fit(X, Y)


def test_divergence_is_told_as_ever():
    pytest.importorskip("numba")
    with pytest.raises(ValueError, match="diverged"):
        network(engine="compiled", learning_rate_init=1e6).fit(X, 1e3 * Y)


def test_long_work_is_done_in_pieces(monkeypatch):
    """Between them Python notices an interruption."""
    pytest.importorskip("numba")
    from sklearn_mlp_edu._engine import program

    whole = network(engine="compiled", batch_size=10).fit(X, Y)
    monkeypatch.setattr(program, "WORK_OF_A_CALL", 1)
    runs, run = [], program.Program.run

    def interrupted(self, *arguments):
        runs.append(arguments)
        if len(runs) == limit:
            raise KeyboardInterrupt
        run(self, *arguments)

    monkeypatch.setattr(program.Program, "run", interrupted)
    limit = np.inf
    in_pieces = network(engine="compiled", batch_size=10).fit(X, Y)
    assert len(runs) > 4 * 6 * 10  # epochs, mini-batches, kernels
    assert_array_equal(in_pieces.coefs_[0], whole.coefs_[0])
    limit = len(runs) + len(runs) * 5 // 8
    interrupted_in_epoch_3 = network(engine="compiled", batch_size=10)
    with pytest.raises(KeyboardInterrupt):
        interrupted_in_epoch_3.fit(X, Y)
    assert interrupted_in_epoch_3.n_iter_ == 2


def coefficients(seed):
    return network(engine="compiled", random_state=seed).fit(X, Y).coefs_[0]


def test_several_threads_at_once():
    pytest.importorskip("numba")
    alone = [coefficients(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        for ours, theirs in zip(pool.map(coefficients, range(8)), alone, strict=True):
            assert_array_equal(ours, theirs)


@pytest.mark.skipif(sys.platform != "linux", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_in_processes_that_are_forked():
    pytest.importorskip("numba")
    expected = coefficients(0)
    with get_context("fork").Pool(1) as pool:
        assert_array_equal(pool.apply(coefficients, (0,)), expected)
