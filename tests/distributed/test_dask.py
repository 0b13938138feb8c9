"""Searches and the diagnosis on a Dask cluster of worker processes.

They find the same as here, send the data once, and do not miss a worker that dies.
"""

import os
import pickle
import signal
from contextlib import contextmanager

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    diagnose_overfitting,
)

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore::ResourceWarning",  # of sockets, when the cluster is closed
)


class Keeping(distributed.Client):
    """Lets the scheduler keep what joblib hands to workers, as docs/scaling.md says."""

    async def scatter(self, data, **options):
        return self.submit(pickle.loads, pickle.dumps(data), pure=False)


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes, which are started anew when they die."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with distributed.Client(cluster) as client:
        client.wait_for_workers(2)
        yield client


@pytest.fixture(scope="module")
def data():
    """1000 × 60, 480 kB."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 60))
    return X, (X[:, 0] + X[:, 1] + rng.normal(size=1000) > 0).astype(int)


NETWORK = LectureMLPClassifier(4, max_iter=2, random_state=0)
GRID = {"alpha": [0.01, 0.1], "hidden_layer_sizes": [2, 4]}


def searched(kind, network=NETWORK, prefix=""):
    grid = {prefix + name: values for name, values in GRID.items()}

    def run(X, y):
        return kind(network, grid, cv=3).fit(X, y).cv_results_["mean_test_score"]

    return run


def diagnosed(network=NETWORK):
    def run(X, y):
        report = diagnose_overfitting(
            network,
            X,
            y,
            cv=2,
            alphas=[0.1],
            dropouts=[0.1],
            train_sizes=[0.5],
            random_state=0,
        )
        return report.to_frame().to_csv()

    return run


def validated(X, y):
    return cross_validate(NETWORK, X, y, cv=3)["test_score"]


def chosen(X, y):
    network = LectureMLPClassifierCV([0.01, 0.1], cv=3, max_iter=2, random_state=0)
    return network.fit(X, y).scores_


@contextmanager
def bytes_sent(monkeypatch):
    """Count what this process, client and scheduler, writes to sockets."""
    from distributed.comm.tcp import TCP

    write, counts = TCP.write, []

    async def counted(*args, **kwargs):
        counts.append(await write(*args, **kwargs) or 0)
        return counts[-1]

    with monkeypatch.context() as patch:
        patch.setattr(TCP, "write", counted)
        yield counts


@pytest.mark.parametrize(
    "work",
    [searched(FusedGridSearchCV), searched(GridSearchCV), validated, chosen],
    ids=["fused search", "grid search", "cross_validate", "own strength"],
)
def test_the_same_is_found(work, client, data):
    with joblib.parallel_config(backend="dask"):
        there = work(*data)
    assert_array_equal(there, work(*data))


@pytest.mark.parametrize(
    "work",
    [searched(FusedGridSearchCV), diagnosed()],
    ids=["fused search", "diagnosis"],
)
def test_data_are_sent_once(work, client, data, monkeypatch):
    """To the scheduler, and from there to the first worker that needs them.

    Results and rows of splits are less than X once more; a dozen tasks had X before.
    """
    here = work(*data)
    with joblib.parallel_config(backend="dask"), bytes_sent(monkeypatch) as counts:
        there = work(*data)
    assert_array_equal(there, here)
    assert sum(counts) < 3.5 * data[0].nbytes


def fatal(path):
    """Return a step that kills the first process but this one that fits it."""
    here = os.getpid()

    class Fatal(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):
            if os.getpid() == here:
                return self
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return self
            os.kill(os.getpid(), signal.SIGKILL)

        def transform(self, X):
            return X

        def __sklearn_is_fitted__(self):
            return True

    return Fatal()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("work", ["fused search", "grid search", "diagnosis"])
def test_a_worker_that_dies_is_not_missed(work, cluster, data, tmp_path):
    marker = tmp_path / "killed"
    network = make_pipeline(fatal(str(marker)), NETWORK)
    prefix = "lecturemlpclassifier__"
    run = {
        "fused search": searched(FusedGridSearchCV, network, prefix),
        "grid search": searched(GridSearchCV, network, prefix),
        "diagnosis": diagnosed(network),
    }[work]
    kind = Keeping if work == "grid search" else distributed.Client
    with kind(cluster) as client:
        client.wait_for_workers(2)  # of one joblib makes no use
        with joblib.parallel_config(backend="dask"):
            there = run(*data)
    assert marker.exists()
    assert_array_equal(there, run(*data))


MISSING = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sklearn_mlp_edu":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""


@pytest.fixture
def poor_cluster(tmp_path):
    """Two worker processes that cannot import this package."""
    preload = tmp_path / "preload.py"
    preload.write_text(MISSING)
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=":0",  # beside another cluster
        silence_logs=50,
        preload=[str(preload)],
    ) as cluster:
        yield cluster


def test_workers_without_the_package_are_told_of(poor_cluster, data):
    """Else such a search would wait for ever."""
    with distributed.Client(poor_cluster) as client:
        client.wait_for_workers(2)
        with joblib.parallel_config(backend="dask"):
            for work in (searched(FusedGridSearchCV), diagnosed()):
                with pytest.raises(ImportError, match="2 of 2 Dask workers lack sklea"):
                    work(*data)


def test_without_dask_joblib_says_so_first(monkeypatch):
    """It finds the backend before anything of ours runs."""
    monkeypatch.setattr("joblib._dask.distributed", None)
    with pytest.raises(ValueError, match="dask is not installed. Please install dask"):
        with joblib.parallel_config(backend="dask"):
            pass
