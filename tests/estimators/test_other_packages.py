"""What MLflow, Optuna and skops see of our estimators: rows of docs/switching.md.

Those that are not installed are skipped; `.ci/weekly` installs them.
"""

import importlib
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LectureMLPRegressorCV,
)

pytestmark = pytest.mark.filterwarnings("ignore::Warning")  # of theirs
SWITCHING = (Path(__file__).parents[2] / "docs" / "switching.md").read_text("utf-8")
SHORT = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}


@pytest.fixture
def mlflow(tmp_path, monkeypatch):
    """MLflow with a store of its own, and autologging on."""
    pytest.importorskip("mlflow")
    mlflow = importlib.import_module("mlflow")
    importlib.import_module("mlflow.sklearn")
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/runs.db")
    mlflow.sklearn.autolog(log_models=False, log_datasets=False, silent=True)
    yield mlflow
    mlflow.sklearn.autolog(disable=True)


def runs(mlflow):
    """Return all runs so far."""
    return mlflow.search_runs(search_all_experiments=True, output_format="list")


def test_mlflow_sees_pipelines_and_searches_by_itself(mlflow, iris):
    LectureMLPClassifier(3, **SHORT).fit(*iris)
    assert runs(mlflow) == []
    make_pipeline(PCA(2), LectureMLPClassifier(3, alpha=0.25, **SHORT)).fit(*iris)
    (run,) = runs(mlflow)
    assert run.data.params["lecturemlpclassifier__alpha"] == "0.25"
    assert "training_accuracy_score" in run.data.metrics
    network = LectureMLPClassifier(3, **SHORT)
    search = FusedGridSearchCV(network, {"alpha": [0.01, 1.0]}, cv=2).fit(*iris)
    found = [r.data for r in runs(mlflow) if "best_alpha" in r.data.params]
    assert len(found) == 1
    assert_allclose(found[0].metrics["best_cv_score"], search.best_score_)
    assert len(runs(mlflow)) == 4  # that of the pipeline, and the search's with two


def test_mlflow_logs_a_network_by_hand(mlflow, iris):
    """As docs/switching.md says, and an epoch is a step."""
    X, y = iris
    network = LectureMLPClassifier(3, **SHORT).fit(X, y)
    with mlflow.start_run() as run:
        mlflow.log_params(network.get_params())
        for epoch, cost in enumerate(network.loss_curve_, start=1):
            mlflow.log_metric("loss", cost, step=epoch)
        model = mlflow.sklearn.log_model(
            network, name="network", skops_trusted_types=trusted_types()
        )
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [metric.value for metric in history] == network.loss_curve_
    loaded = mlflow.sklearn.load_model(model.model_uri)
    assert_array_equal(loaded.predict_proba(X), network.predict_proba(X))


def trusted_types():
    """Return what docs/switching.md says that skops is to trust."""
    return re.findall(r'"(sklearn_mlp_edu\.\w+)"', SWITCHING)


def test_optuna_prunes_what_partial_fit_trains():
    pytest.importorskip("optuna")
    optuna = importlib.import_module("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 5))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    X, X_val, y, y_val = train_test_split(X, y, random_state=0)
    n_epochs = []

    def objective(trial):
        rate = trial.suggest_float("learning_rate_init", 1e-4, 1, log=True)
        network = LectureMLPClassifier(20, learning_rate_init=rate, random_state=0)
        for epoch in range(15):
            network.partial_fit(X, y, classes=[0, 1])
            trial.report(network.score(X_val, y_val), epoch)
            if trial.should_prune():
                n_epochs.append(network.n_iter_)
                raise optuna.TrialPruned
        return network.score(X_val, y_val)

    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.RandomSampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=3),
    )
    study.optimize(objective, n_trials=10)
    pruned = [t for t in study.trials if t.state == optuna.trial.TrialState.PRUNED]
    assert 1 < len(pruned) == len(n_epochs)
    assert max(n_epochs) < 15
    assert study.best_value > 0.8


@pytest.mark.parametrize(
    "estimator",
    [
        LectureMLPClassifier(3, warm_start=True, **SHORT),
        LectureMLPRegressor(3, loss="huber", **SHORT),
        LectureMLPClassifierCV(2, cv=2, **SHORT),
        LectureMLPRegressorCV(2, cv=2, **SHORT),
        make_pipeline(PCA(2), LectureMLPClassifier(3, **SHORT)),
    ],
    ids=["classifier", "regressor", "classifier CV", "regressor CV", "pipeline"],
)
def test_skops_trusts_what_the_documents_say(estimator, iris, tmp_path):
    pytest.importorskip("skops")
    skops = importlib.import_module("skops.io")
    X, y = iris
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(X, y)
    path = tmp_path / "network.skops"
    skops.dump(estimator, path)
    assert set(skops.get_untrusted_types(file=path)) <= set(trusted_types())
    loaded = skops.load(path, trusted=trusted_types())
    assert_array_equal(loaded.predict(X), estimator.predict(X))


def test_dask_shares_out_a_search(iris):
    """By joblib's backend of that name, as docs/switching.md says."""
    distributed = pytest.importorskip("distributed")
    joblib = importlib.import_module("joblib")
    X, y = iris
    grid = {"alpha": [0.01, 0.1], "hidden_layer_sizes": [3, 4]}
    network = LectureMLPClassifier(**SHORT)
    expected = FusedGridSearchCV(network, grid, cv=2).fit(X, y)
    with (
        distributed.Client(
            processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None
        ),
        joblib.parallel_config("dask"),
    ):
        search = FusedGridSearchCV(network, grid, cv=2, n_jobs=2).fit(X, y)
    assert_array_equal(
        search.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"]
    )
