"""joblib's other backends: processes, threads, and one that cannot give results early.

Where Ray is installed, Ray's too.
"""

import joblib
import numpy as np
import pytest
from joblib._parallel_backends import ThreadingBackend
from numpy.testing import assert_array_equal

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    diagnose_overfitting,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning", "ignore:.*:DeprecationWarning"
)


class Hasty(ThreadingBackend):
    """A backend that knows nothing of generators, as Ray's."""

    supports_return_generator = False


@pytest.fixture(params=["loky", "threading", "hasty", "ray"])
def backend(request):
    name = request.param
    if name == "hasty":
        joblib.register_parallel_backend("hasty", Hasty)
        yield name
    elif name == "ray":
        ray = pytest.importorskip("ray")
        from ray.util.joblib import register_ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        register_ray()
        yield name
        ray.shutdown()
    else:
        yield name


def test_the_same_is_found(backend, iris):
    network = LectureMLPClassifier(4, max_iter=2, random_state=0)
    grid = {"alpha": [0.01, 0.1], "hidden_layer_sizes": [2, 4]}

    def work():
        search = FusedGridSearchCV(network, grid, cv=3).fit(*iris)
        options = {"alphas": [0.1], "dropouts": [0.1], "train_sizes": [0.5]}
        report = diagnose_overfitting(network, *iris, cv=2, random_state=0, **options)
        return search.cv_results_["mean_test_score"], report.to_frame().to_csv()

    with joblib.parallel_config(backend=backend, n_jobs=2):
        scores, table = work()
    expected_scores, expected_table = work()
    assert_array_equal(scores, expected_scores)
    assert np.array_equal(table, expected_table)
