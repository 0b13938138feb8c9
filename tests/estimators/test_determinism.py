"""The same seed gives the same network: again, in another process, on other threads.

Searches in one process and in two: ``tests/search/test_work_is_shared_out.py``.
"""

import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from numpy.testing import assert_allclose
from threadpoolctl import threadpool_limits

from sklearn_mlp_edu import LectureMLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
KINDS = [
    {"dropout": 0.2},
    {"early_stopping": True, "nesterovs_momentum": True},
    {"solver": "adam", "batch_size": 7},
    {"solver": "lbfgs"},
]
PROGRAM = """
import warnings
from tests.estimators.test_determinism import fingerprints
warnings.simplefilter("ignore")
print(*fingerprints(), sep="\\n")
"""


def network(**parameters):
    return LectureMLPClassifier(
        **{"hidden_layer_sizes": (6,), "max_iter": 4, "random_state": 3} | parameters
    )


def problem(n_rows=90, n_columns=5):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, n_columns))
    return X, np.array(["a", "b", "c"])[np.digitize(X[:, 0], [-0.5, 0.5])]


def fingerprints():
    """Digests of the weights of a network of each kind."""
    X, y = problem()
    fitted = [network(**kind).fit(X, y) for kind in KINDS]
    return [
        sha256(b"".join(W.tobytes() for W in [*n.coefs_, *n.intercepts_])).hexdigest()
        for n in fitted
    ]


def test_again_and_in_another_process_to_the_bit():
    """Where hashes of words are others, too."""
    expected = fingerprints()
    assert fingerprints() == expected and len(set(expected)) == len(KINDS)
    environment = os.environ | {"PYTHONHASHSEED": "42", "OMP_NUM_THREADS": "1"}
    there = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.split() == expected


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_one_thread_or_two_of_the_blas(kind):
    """Products may be added up in another order, but no more."""
    X, y = problem(2000, 100)
    found = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads, user_api="blas"):
            found.append(network(hidden_layer_sizes=(64,), **kind).fit(X, y))
    for one, two in zip(found[0].coefs_, found[1].coefs_, strict=True):
        assert_allclose(two, one, rtol=1e-12, atol=1e-12)
