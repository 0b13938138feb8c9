"""scikit-learn's own checks of `LectureMLPClassifierCV`."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import LectureMLPClassifierCV

BRIEF = {"learning_rate_init": 1.0, "max_iter": 40, "n_iter_no_change": np.inf}
SETTINGS = [
    {"cv": 3, "alphas": 2, **BRIEF},
    {"cv": 3, "alphas": [0.001, 0.01], "refit": "single", **BRIEF},
]
FOLDS_DEPEND_ON_THE_ROWS = {
    check: "weighted examples are dealt out to other folds than their copies; with "
    "given folds they agree, which a test of its own holds"
    for check in (
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    )
}


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [LectureMLPClassifierCV(**setting) for setting in SETTINGS],
    expected_failed_checks=lambda estimator: FOLDS_DEPEND_ON_THE_ROWS,
)
def test_scikit_learn_check(estimator, check):
    check(estimator)
