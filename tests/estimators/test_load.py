"""Nothing grows, however often one fits and predicts.

``python -m benchmarks.reliability`` does a hundred times as much.
"""

import gc
import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
OPEN_FILES = Path("/proc/self/fd")


def held():
    """Bytes, threads and open files, where the system tells these."""
    gc.collect()
    n_files = len(os.listdir(OPEN_FILES)) if OPEN_FILES.exists() else 0
    return tracemalloc.get_traced_memory()[0], threading.active_count(), n_files


@pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_fits_and_predictions_leave_nothing_behind(kind, solver, iris):
    X, y = iris[0][::3], iris[1][::3]

    def work(n):
        for k in range(n):
            network = kind((4,), solver=solver, max_iter=1, random_state=k).fit(X, y)
            for row in range(10):
                network.predict(X[row, None])

    tracemalloc.start()
    work(2)
    before = held()
    work(5)
    after = held()
    tracemalloc.stop()
    assert after[0] - before[0] < 20_000
    assert after[1:] == before[1:]
