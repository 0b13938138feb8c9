"""scikit-learn's own checks, for the default estimator and many other settings."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._lecture import ACTIVATIONS

# At the default learning rates: those of every activation suit the checks' data.
SETTINGS = [
    *({"activation": activation} for activation in sorted(ACTIVATIONS)),
    *(
        {"activation": activation, "solver": "adam"}
        for activation in sorted(ACTIVATIONS)
    ),
    {"hidden_layer_sizes": ()},
    {"hidden_layer_sizes": (), "solver": "adam"},
    {"hidden_layer_sizes": (), "solver": "lbfgs"},
    {"batch_size": "full"},
    {"batch_size": 1, "max_iter": 40},
    {"hidden_layer_sizes": (20, 10)},
    # Behind hidden layers λ = 1 makes W = 0 the minimum of the cost, and scikit-learn
    # wants its blobs told apart.
    {"alpha": 1, "hidden_layer_sizes": (), "solver": "lbfgs"},
    {"nesterovs_momentum": True, "momentum": 0.5, "shuffle": False},
    {"solver": "lbfgs", "alpha": 0.01, "max_iter": 100},
    {"learning_rate": "invscaling"},
    {"learning_rate": "adaptive"},
    {"dropout": 0.2},
    {"early_stopping": True, "validation_fraction": 0.3},
    {"solver": "adam", "early_stopping": True, "learning_rate_init": 0.01},
    {"solver": "adamw", "max_grad_norm": 0.5},
    {"class_weight": "balanced"},
    {"solver": "lbfgs", "alpha": 0.01, "max_iter": 100, "class_weight": "balanced"},
    {"hidden_layer_sizes": (), "solver": "lbfgs", "alpha": 0.01, "warm_start": True},
]

CHANCE_DEPENDS_ON_THE_ROWS = {
    check: "15 weighted examples make other batches, masks and validation sets than "
    "their 33 copies, so chance falls differently. Without chance they agree."
    for check in (
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    )
}


def expected_failures(estimator):
    """Return the checks that cannot hold, with the reason."""
    if estimator.batch_size == 1 or estimator.dropout or estimator.early_stopping:
        return CHANCE_DEPENDS_ON_THE_ROWS
    return {}


@pytest.mark.filterwarnings("ignore::Warning")  # scikit-learn's checks provoke them
@parametrize_with_checks(
    [LectureMLPClassifier(**setting) for setting in SETTINGS],
    expected_failed_checks=expected_failures,
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


# What cannot hold with chance holds without: each setting whose failure is expected,
# with its obstacle removed.
OBSTACLES_REMOVED = [
    {"batch_size": "full"},  # instead of batches of 1
    {"batch_size": "full", "dropout": 0.0, "momentum": 0.5},
    {"batch_size": "full", "early_stopping": True},  # with a set of one's own
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("setting", OBSTACLES_REMOVED, ids=str)
def test_a_weight_of_two_counts_as_two_copies(setting):
    """What the check above asks for holds exactly where nothing is left to chance."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), np.arange(40) % 3
    weight = rng.integers(0, 4, size=40)
    own = {"X_val": X[:20], "y_val": y[:20]} if "early_stopping" in setting else {}
    weighted = LectureMLPClassifier(**setting, random_state=0)
    copies = LectureMLPClassifier(**setting, random_state=0)
    weighted.fit(X, y, sample_weight=weight, **own)
    copies.fit(X.repeat(weight, axis=0), y.repeat(weight), **own)
    np.testing.assert_allclose(
        weighted.predict_proba(X), copies.predict_proba(X), rtol=1e-7
    )
