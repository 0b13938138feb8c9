"""scikit-learn's own checks, for the default estimator and many other settings."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import LectureMLPClassifier

# The checks that train on unscaled data need a rate that suits the activation; those
# that fit twice, with warm_start, need a cost with one minimum.
SETTINGS = [
    {},
    {"activation": "identity", "learning_rate_init": 0.03},
    {"activation": "sigmoid"},
    {"activation": "tanh", "learning_rate_init": 3.0},
    {"activation": "leaky_relu"},
    {"batch_size": "full"},
    {"batch_size": 1},
    {"hidden_layer_sizes": (20, 10)},
    {"hidden_layer_sizes": (), "solver": "lbfgs"},
    # Behind hidden layers λ = 1 makes W = 0 the minimum of the cost, and scikit-learn
    # wants its blobs told apart.
    {"alpha": 1, "hidden_layer_sizes": (), "solver": "lbfgs"},
    {"nesterovs_momentum": True, "momentum": 0.5, "shuffle": False},
    {"solver": "adam"},
    {"solver": "adam", "activation": "tanh", "learning_rate_init": 0.03},
    {"solver": "adam", "hidden_layer_sizes": (), "learning_rate_init": 0.1},
    {"solver": "lbfgs", "alpha": 1e-3},
    {"learning_rate": "invscaling"},
    {"learning_rate": "adaptive"},
    {"dropout": 0.2},
    {"early_stopping": True, "validation_fraction": 0.3},
    {"solver": "adam", "early_stopping": True, "learning_rate_init": 0.03},
    {"class_weight": "balanced"},
    {"solver": "lbfgs", "alpha": 1e-3, "class_weight": "balanced"},
    {
        "solver": "lbfgs",
        "hidden_layer_sizes": (),
        "alpha": 0.01,
        "warm_start": True,
    },
    {
        "solver": "adam",
        "hidden_layer_sizes": (),
        "learning_rate_init": 0.1,
        "alpha": 0.1,
        "tol": 1e-6,
        "warm_start": True,
    },
]

CHANCE_DEPENDS_ON_THE_ROWS = {
    check: "15 weighted examples make other batches, masks and validation sets than "
    "their 33 copies, so chance falls differently. In full batches they agree."
    for check in (
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    )
}
BALANCE_OF_A_STREAM = {
    check: "it calls partial_fit, where 'balanced' is refused: a part of a stream "
    "does not tell how often each class will come"
    for check in (
        "check_fit_score_takes_y",
        "check_n_features_in_after_fitting",
        "check_estimators_partial_fit_n_features",
    )
}


def expected_failures(estimator):
    """Return the checks that cannot hold, with the reason."""
    expected = {}
    if estimator.batch_size == 1 or estimator.dropout or estimator.early_stopping:
        expected |= CHANCE_DEPENDS_ON_THE_ROWS
    if estimator.class_weight == "balanced" and estimator.solver != "lbfgs":
        expected |= BALANCE_OF_A_STREAM
    return expected


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
