"""Early stopping: when training ends, and with which weights."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


def stopping(**parameters):
    """A network on the user's own validation set, of which every score is known."""
    defaults = {"early_stopping": True, "random_state": 0, "batch_size": 25}
    defaults["learning_rate"] = "constant"
    return LectureMLPClassifier((10,), **{**defaults, **parameters})


def halves(data):
    """X, y, and a validation set."""
    X, y = data
    return (X[::2], y[::2]), {"X_val": X[1::2], "y_val": y[1::2]}


def expected_end(scores, patience, tol):
    """Number of epochs until ``patience`` in a row were not better by ``tol``."""
    best, waited = -np.inf, 0
    for epoch, score in enumerate(scores, start=1):
        waited = 0 if score > best + tol else waited + 1
        best = max(best, score)
        if waited == patience:
            return epoch
    return len(scores)


@ignore_unconverged
@pytest.mark.parametrize("solver", ["sgd", "adam"])
@pytest.mark.parametrize("tol", [0, 1e-4, 0.05])
@pytest.mark.parametrize("patience", [1, 2, 3, 7])
def test_patience_is_counted_exactly(patience, tol, solver, iris):
    training, validation = halves(iris)
    settings = {"tol": tol, "solver": solver, "learning_rate_init": 0.02}
    endless = stopping(**settings | {"tol": 0}, n_iter_no_change=np.inf, max_iter=60)
    scores = endless.fit(*training, **validation).validation_scores_
    network = stopping(**settings, n_iter_no_change=patience, max_iter=60)
    network.fit(*training, **validation)
    assert network.n_iter_ == expected_end(scores, patience, tol) <= 60
    assert network.validation_scores_ == scores[: network.n_iter_]


@ignore_unconverged
@pytest.mark.parametrize("patience", [1, 3, 10])
def test_a_score_that_stays_as_it_is_ends_training(patience, iris):
    """The first epoch sets the mark; patience counts those after it."""
    training, validation = halves(iris)
    network = stopping(learning_rate_init=1e-12, n_iter_no_change=patience)
    assert network.fit(*training, **validation).n_iter_ == patience + 1


@ignore_unconverged
def test_the_best_epochs_weights_are_restored(cancer):
    """The first of equally good epochs, by the score and not by the loss."""
    training, validation = halves(cancer)
    network = stopping(max_iter=40, n_iter_no_change=np.inf)
    scores = network.fit(*training, **validation).validation_scores_
    best = scores.index(max(scores)) + 1
    assert 1 < best < 40
    plain = stopping(early_stopping=False, max_iter=best, n_iter_no_change=np.inf)
    assert_array_equal(network.coefs_[0], plain.fit(*training).coefs_[0])
    assert_array_equal(network.intercepts_[-1], plain.intercepts_[-1])
    score = network.score(validation["X_val"], validation["y_val"])
    assert score == network.best_validation_score_ == max(scores)
    assert network.n_iter_ == len(network.loss_curve_) == 40


@ignore_unconverged
def test_progress_below_tol_is_not_progress_but_is_kept(cancer):
    """With a large ``tol`` training ends early, yet with the best weights seen."""
    training, validation = halves(cancer)
    network = stopping(tol=1, n_iter_no_change=12, learning_rate_init=0.1)
    network.fit(*training, **validation)
    assert network.n_iter_ == 13
    scores = network.validation_scores_
    assert scores.index(max(scores)) > 0
    score = network.score(validation["X_val"], validation["y_val"])
    assert score == max(scores)


@ignore_unconverged
def test_stopped_weights_are_the_users_to_keep(iris):
    """Going on writes into new arrays."""
    training, validation = halves(iris)
    network = stopping(warm_start=True, max_iter=5).fit(*training, **validation)
    held = [*network.coefs_, *network.intercepts_]
    before = [array.copy() for array in held]
    network.fit(*training, **validation)
    for array, copy in zip(held, before, strict=True):
        assert_array_equal(array, copy)
    assert not np.array_equal(held[0], network.coefs_[0])


@ignore_unconverged
def test_each_fit_has_patience_and_a_best_score_of_its_own(iris):
    """A fit that begins with a poorer score is not measured by the one before."""
    training, validation = halves(iris)
    network = stopping(warm_start=True, n_iter_no_change=4, max_iter=100)
    network.fit(*training, **validation)
    first, best = network.n_iter_, network.best_validation_score_
    wrong = {"X_val": validation["X_val"], "y_val": 2 - validation["y_val"]}
    network.fit(*training, **wrong)
    assert network.n_iter_ - first >= 5
    second = network.validation_scores_[first:]
    assert len(second) == network.n_iter_ - first
    assert network.best_validation_score_ == max(second) < best
    assert network.score(wrong["X_val"], wrong["y_val"]) == max(second)


@ignore_unconverged
def test_a_set_aside_stays_the_same_over_warm_starts(cancer):
    """What was validated on is never trained on later."""
    X, y = cancer
    network = stopping(warm_start=True, max_iter=2, learning_rate_init=1e-12)
    network.fit(X, y).fit(X, y).fit(X, y)
    losses = network.validation_loss_curve_
    assert len(losses) == 6
    np.testing.assert_allclose(losses, losses[0], rtol=1e-9)


@pytest.mark.parametrize("early_stopping", [False, True])
def test_verbose_prints_the_validation(early_stopping, iris, capsys):
    training, validation = halves(iris)
    network = stopping(
        early_stopping=early_stopping, verbose=2, max_iter=6, n_iter_no_change=np.inf
    ).fit(*training, **validation)
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == "epoch cost val. loss val. score time".split()
    assert [int(line.split()[0]) for line in lines] == [2, 4, 6]
    assert float(lines[-1].split()[3]) == round(network.validation_scores_[-1], 4)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_early_stopping_works_out_of_the_box(solver, digits):
    X, y = digits
    network = LectureMLPClassifier(solver=solver, early_stopping=True, random_state=0)
    network.fit(X[:1200], y[:1200])
    assert network.n_iter_ < 200
    assert network.score(X[1200:], y[1200:]) > 0.85
