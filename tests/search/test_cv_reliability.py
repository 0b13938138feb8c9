"""Networks that choose their strength: interrupted, in threads, written down."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

from benchmarks.faults import Lines
from sklearn_mlp_edu import LectureMLPClassifierCV, LectureMLPRegressorCV

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
TARGETS = {LectureMLPClassifierCV: (X[:, 0] > 0).astype(int), LectureMLPRegressorCV: X}
kinds = pytest.mark.parametrize("kind", TARGETS, ids=lambda kind: kind.__name__)
refits = pytest.mark.parametrize("refit", ["ensemble", "single"])
needs_callbacks = pytest.mark.skipif(
    not hasattr(StandardScaler, "set_callbacks"),
    reason="scikit-learn has callbacks from 1.9 on",
)


def network(kind, **parameters):
    defaults = {"hidden_layer_sizes": (3,), "max_iter": 3, "random_state": 0, "cv": 2}
    return kind([0.1, 1.0], **defaults | parameters)


def learned(estimator):
    """The learned attributes and chance, as bytes."""
    state = vars(estimator)
    names = [n for n in state if n.endswith("_") or n == "random_state"]
    return {name: pickle.dumps(state[name]) for name in names}


@kinds
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_error_at_any_line_changes_nothing(kind, error):
    """Not the generator that the user has passed, either."""
    chance = np.random.RandomState(0)
    fitted = network(kind, random_state=chance).fit(X, TARGETS[kind])
    before = learned(fitted)
    with Lines() as lines:
        clone(fitted).fit(X, TARGETS[kind])
    for line in np.random.default_rng(0).choice(lines.n - 50, 8, replace=False) + 1:
        with pytest.raises(error), Lines(line, error):
            fitted.fit(X, TARGETS[kind])
        assert learned(fitted) == before


class Failing:
    """A callback that fails at the end of a task."""

    def __init__(self, task):
        self.task = task

    def setup(self, estimator, context):
        """Nothing to do."""

    def teardown(self, estimator, context):
        """Nothing to do."""

    def on_fit_task_begin(self, estimator, context, *, X, y, metadata):
        """Nothing to do."""

    def on_fit_task_end(self, estimator, context, *, fitted_estimator):
        """Fail."""
        if context.task_name == self.task:
            raise RuntimeError("the callback has failed")


@needs_callbacks
@kinds
def test_a_callback_that_fails_changes_nothing(kind):
    fitted = network(kind).fit(X, TARGETS[kind])
    before = learned(fitted)
    with pytest.raises(RuntimeError, match="the callback has failed"):
        fitted.set_callbacks(Failing("epoch")).fit(X, TARGETS[kind])
    assert learned(fitted) == before


@kinds
@refits
def test_threads_predict_and_fit_as_one_alone(kind, refit, frequent_switches):
    fitted = network(kind, refit=refit).fit(X, TARGETS[kind])
    pieces = [X[k::8] * (k + 1) for k in range(8)] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fitted.predict, pieces))
    for ours, piece in zip(found, pieces, strict=True):
        assert_array_equal(ours, fitted.predict(piece))

    def fit(seed):
        return clone(fitted).set_params(random_state=seed).fit(X, TARGETS[kind])

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(fit, range(4)))
    for seed, one in enumerate(together):
        assert learned(one) == learned(fit(seed))


@kinds
@refits
def test_files_hold_the_same_network(kind, refit, tmp_path):
    fitted = network(kind, refit=refit).fit(X, TARGETS[kind])
    joblib.dump(fitted, tmp_path / "joblib", compress=3)
    copies = [joblib.load(tmp_path / "joblib"), pickle.loads(pickle.dumps(fitted))]
    for again in copies:
        assert vars(again).keys() == vars(fitted).keys()
        assert_array_equal(again.scores_, fitted.scores_)
        assert_array_equal(again.predict(X), fitted.predict(X))


@kinds
@refits
def test_skops_gives_the_same_network(kind, refit, tmp_path):
    skops = pytest.importorskip("skops.io")
    fitted = network(kind, refit=refit).fit(X, TARGETS[kind])
    skops.dump(fitted, tmp_path / "skops")
    one = type(fitted.estimators_[0]).__name__
    ours = [f"sklearn_mlp_edu.{name}" for name in (kind.__name__, one)]
    again = skops.load(tmp_path / "skops", trusted=ours)
    assert_array_equal(again.predict(X), fitted.predict(X))
