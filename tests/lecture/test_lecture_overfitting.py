"""The gap between training and test, and what narrows it (L20–L22)."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedShuffleSplit, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier


def gap_and_weights(X, y, train_size, **params):
    """Mean train score, test score, their gap, and ‖W‖², over three splits."""
    model = LectureMLPClassifier(
        **dict(
            hidden_layer_sizes=(50, 50),
            alpha=0,
            batch_size=50,
            learning_rate_init=0.5,
            max_iter=150,
            tol=0,
            n_iter_no_change=np.inf,
            random_state=0,
        )
        | params
    )
    splits = StratifiedShuffleSplit(
        3, train_size=train_size, test_size=150, random_state=0
    )
    result = cross_validate(
        make_pipeline(StandardScaler(), model),
        X,
        y,
        cv=splits,
        return_train_score=True,
        return_estimator=True,
    )
    train, test = result["train_score"].mean(), result["test_score"].mean()
    weights = [W for pipeline in result["estimator"] for W in pipeline[-1].coefs_]
    squared_norm = sum(np.sum(W**2) for W in weights) / 3
    return train, test, train - test, squared_norm


@pytest.fixture(scope="module")
def mislabelled():
    """Breast cancer with every fifth label wrong, which a large network memorises."""
    X, y = load_breast_cancer(return_X_y=True)
    wrong = np.random.RandomState(0).permutation(len(y))[: len(y) // 5]
    y[wrong] = 1 - y[wrong]
    return X, y


def test_L20_a_large_network_overfits(mislabelled):
    """L20, §3.3: the training score says nothing of the score on unseen data."""
    train, test, gap, _ = gap_and_weights(*mislabelled, 150)
    assert train > 0.96
    assert test < 0.7
    assert gap > 0.3


def test_L21_more_data_narrow_the_gap():
    """L21, §3.3: handwritten digits, from 50 to 800 examples."""
    X, y = load_digits(return_X_y=True)
    gaps = [
        gap_and_weights(X, y, n, hidden_layer_sizes=30, max_iter=50)[2]
        for n in (50, 200, 800)
    ]
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert gaps[2] < 0.06


def test_L21_a_shallower_or_narrower_model_narrows_the_gap(mislabelled):
    """L21, §3.3: from two hidden layers of 50 to one of 3, to none."""
    _, tests, gaps, _ = zip(
        *(
            gap_and_weights(*mislabelled, 150, hidden_layer_sizes=sizes)
            for sizes in ((50, 50), (3,), ())
        ),
        strict=True,
    )
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert tests[2] > tests[0] + 0.03


def test_L21_L22_regularisation_shrinks_weights_and_gap(mislabelled):
    """L21, L22, §3.3: larger λ, smaller ‖W‖², smaller gap, better test score."""
    _, tests, gaps, norms = zip(
        *(gap_and_weights(*mislabelled, 150, alpha=a) for a in (0, 0.03, 0.1)),
        strict=True,
    )
    assert norms[0] > 5 * norms[1] > 25 * norms[2]
    assert gaps[0] > gaps[1] + 0.05 > gaps[2] + 0.1
    assert tests[2] > tests[0] + 0.03


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_L22_the_cost_of_an_epoch_is_the_mean_over_its_mini_batches(iris):
    """(3.35): of J + λ/2 ‖W‖², here with three of them and weights that stay."""
    X, y = iris
    model = LectureMLPClassifier(
        (), solver="sgd", alpha=0.3, learning_rate_init=1e-300, batch_size=70
    )
    model.set_params(shuffle=False, standardize=False, max_iter=2).fit(X, y)
    batches = [slice(0, 70), slice(70, 140), slice(140, 150)]
    costs = [
        log_loss(y[b], model.predict_proba(X[b]), labels=[0, 1, 2]) for b in batches
    ]
    expected = np.mean(costs) + 0.3 / 2 * (model.coefs_[0] ** 2).sum()
    np.testing.assert_allclose(model.loss_curve_, [expected] * 2, rtol=1e-9)
