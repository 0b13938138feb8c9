"""scikit-learn's callbacks follow training epoch by epoch."""

import sys

import numpy as np
import pytest
import sklearn
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier

needs_callbacks = pytest.mark.skipif(
    not hasattr(StandardScaler, "set_callbacks"),
    reason="scikit-learn has callbacks from 1.9 on",
)


def fixed(**parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 4, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


class Recorder:
    """Writes down what it is called with; asks to stop after so many epochs."""

    def __init__(self, stop_after=np.inf, fails_in=None):
        self.calls, self.estimators = [], []
        self.stop_after, self.fails_in = stop_after, fails_in

    def setup(self, estimator, context):
        self.calls.append("setup")

    def teardown(self, estimator, context):
        self.calls.append("teardown")

    def on_fit_task_begin(self, estimator, context, *, X, y, metadata):
        self.calls.append(f"begin {context.task_name}")
        self.given = X, y, metadata

    def on_fit_task_end(self, estimator, context, *, fitted_estimator):
        self.calls.append(f"end {context.task_name}")
        if context.task_name == self.fails_in:
            raise RuntimeError("the callback has failed")
        if context.task_name == "epoch":
            self.estimators.append(fitted_estimator)
        return len(self.estimators) >= self.stop_after


@needs_callbacks
def test_every_epoch_is_a_task(iris):
    recorder = Recorder()
    fixed(max_iter=2).set_callbacks(recorder).fit(*iris)
    epoch = ["begin epoch", "end epoch"]
    assert recorder.calls == ["setup", "begin fit", *2 * epoch, "end fit", "teardown"]


@needs_callbacks
def test_callbacks_see_the_data_and_the_weights(iris):
    X, y = iris
    recorder, weight = Recorder(), np.ones(150)
    fixed().set_callbacks(recorder).fit(X, y, sample_weight=weight)
    assert recorder.given[0] is X and recorder.given[1] is y
    assert recorder.given[2]["sample_weight"] is weight


@needs_callbacks
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_callbacks_get_the_estimator_as_of_each_epoch(solver, iris):
    X, y = iris
    patience = 10 if solver == "lbfgs" else np.inf
    settings = {"solver": solver, "n_iter_no_change": patience}
    recorder = Recorder()
    fixed(**settings).set_callbacks(recorder).fit(X, y)
    assert len(recorder.estimators) == 4
    for n_epochs, estimator in enumerate(recorder.estimators, start=1):
        shorter = fixed(**settings, max_iter=n_epochs).fit(X, y)
        np.testing.assert_array_equal(
            estimator.predict_proba(X), shorter.predict_proba(X)
        )
        assert estimator.n_iter_ == n_epochs


@needs_callbacks
@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_a_callback_can_stop_training(solver, iris):
    network = fixed(solver=solver, n_iter_no_change=10, max_iter=100)
    network.set_callbacks(Recorder(stop_after=3)).fit(*iris)
    assert network.n_iter_ == 3


@needs_callbacks
@pytest.mark.parametrize("task", ["epoch", "fit"])
def test_a_callback_that_fails_is_torn_down(task, iris):
    recorder = Recorder(fails_in=task)
    network = fixed().set_callbacks(recorder)
    with pytest.raises(RuntimeError, match="the callback has failed"):
        network.fit(*iris)
    assert recorder.calls[-1] == "teardown"
    assert not any("callback_fit" in name for name in vars(network))


@needs_callbacks
def test_callbacks_change_nothing(iris):
    X, y = iris
    plain, followed = fixed().fit(X, y), fixed().set_callbacks(Recorder()).fit(X, y)
    np.testing.assert_array_equal(plain.predict_proba(X), followed.predict_proba(X))
    assert vars(followed).keys() - vars(plain).keys() == {"_skl_callbacks"}


@needs_callbacks
def test_scores_are_monitored(iris):
    from sklearn.callback import ScoringMonitor

    X, y = iris
    monitor = ScoringMonitor(scoring="accuracy")
    network = fixed().set_callbacks(monitor).fit(X, y)
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert [row["task_id"] for row in rows] == [0, 1, 2, 3]
    assert rows[-1]["accuracy"] == accuracy_score(y, network.predict(X))


@needs_callbacks
def test_scores_are_monitored_inside_a_search(iris):
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring="accuracy")
    network = fixed().set_callbacks(monitor)
    GridSearchCV(network, {"alpha": [0, 0.1]}, cv=3, n_jobs=2).fit(*iris)
    logs = monitor.get_logs(select="all")
    rows = [row for log in logs for row in log.data if row["task_name"] == "epoch"]
    assert len(rows) == (2 * 3 + 1) * 4


@needs_callbacks
@pytest.mark.parametrize("inside", ["nothing", "search", "pipeline in search"])
def test_a_bar_for_every_fit(inside, iris, capsys, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "200")
    from sklearn.callback import ProgressBar

    estimator = fixed()
    if inside == "pipeline in search":
        estimator = make_pipeline(StandardScaler(), estimator)
    if inside != "nothing":
        name = "lecturemlpclassifier__alpha" if "pipeline" in inside else "alpha"
        estimator = GridSearchCV(estimator, {name: [0, 0.1]}, cv=2)
    estimator.set_callbacks(ProgressBar(max_propagation_depth=2)).fit(*iris)
    drawn = capsys.readouterr().out
    assert drawn.count("LectureMLPClassifier") >= (1 if inside == "nothing" else 5)
    assert "100%" in drawn


@needs_callbacks
def test_what_is_no_callback_is_refused():
    with pytest.raises(TypeError, match="FitCallback"):
        LectureMLPClassifier().set_callbacks(print)


def test_older_scikit_learn_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.callback", None)
    monkeypatch.delattr(sklearn, "callback", raising=False)
    with pytest.raises(ImportError, match="need scikit-learn 1.9 or newer"):
        LectureMLPClassifier().set_callbacks(Recorder())
