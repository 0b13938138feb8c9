"""scikit-learn's own checks, for the default estimator and many other settings."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import LectureMLPClassifier

SETTINGS = [
    {},
    {"activation": "identity"},
    {"activation": "sigmoid"},
    {"activation": "tanh"},
    {"activation": "leaky_relu"},
    {"batch_size": "full"},
    {"batch_size": 1},
    {"hidden_layer_sizes": (20, 10)},
    {"hidden_layer_sizes": ()},
    # Behind hidden layers λ = 1 makes W = 0 the minimum of the cost (see
    # test_lecture.py), and scikit-learn wants its blobs told apart.
    {"alpha": 1, "hidden_layer_sizes": ()},
    {"nesterovs_momentum": True, "momentum": 0.5, "shuffle": False},
]

WEIGHTS_CHANGE_THE_BATCHES = {
    check: "15 weighted examples make 15 batches of one, their copies make 33: a "
    "stochastic path cannot be the same. In full batches it is."
    for check in (
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    )
}


def expected_failures(estimator):
    """Return the checks that cannot hold, with the reason."""
    return WEIGHTS_CHANGE_THE_BATCHES if estimator.batch_size == 1 else {}


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [LectureMLPClassifier(**setting) for setting in SETTINGS],
    expected_failed_checks=expected_failures,
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_weight_of_two_counts_as_two_copies():
    """What the check above asks for holds exactly where batches are full."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), np.arange(40) % 3
    weight = rng.integers(0, 4, size=40)
    weighted = LectureMLPClassifier(batch_size="full", random_state=0)
    copies = LectureMLPClassifier(batch_size="full", random_state=0)
    weighted.fit(X, y, sample_weight=weight)
    copies.fit(X.repeat(weight, axis=0), y.repeat(weight))
    np.testing.assert_allclose(
        weighted.predict_proba(X), copies.predict_proba(X), rtol=1e-7
    )
