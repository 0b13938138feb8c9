"""
A search on a cluster
=====================

The same search, once here and once on the workers of a Dask cluster. This one is two
processes of this machine; `Client("scheduler:8786")` would be one of many machines.

    python -m pip install "sklearn-mlp-edu[distributed]"
"""

import joblib
import numpy as np
from distributed import Client, LocalCluster
from sklearn.datasets import load_digits

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier


def main():
    """Search here and there, and compare."""
    X, y = load_digits(return_X_y=True)
    network = LectureMLPClassifier(
        max_iter=20, tol=0, n_iter_no_change=np.inf, random_state=0
    )
    grid = {"alpha": [1e-4, 1e-3, 1e-2], "hidden_layer_sizes": [(20,), (50,)]}
    search = FusedGridSearchCV(network, grid, cv=3)
    here = search.fit(X, y).cv_results_["mean_test_score"]

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as two:
        with Client(two), joblib.parallel_config(backend="dask"):
            there = search.fit(X, y).cv_results_["mean_test_score"]

    print("the same scores:", bool(np.allclose(here, there)))
    print(f"best: {search.best_params_}, {search.best_score_:.3f}")


if __name__ == "__main__":  # worker processes import this file, and must not search
    main()
