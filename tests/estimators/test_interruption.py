"""What is interrupted or fails leaves what was there, or the finished epochs."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from benchmarks.faults import Lines
from sklearn_mlp_edu import LectureMLPClassifier

EPOCHS = 3
KINDS = [
    {},
    {"early_stopping": True, "validation_fraction": 0.3},
    {"solver": "adam", "dropout": 0.3},
    {"solver": "lbfgs"},
]


def network(**parameters):
    parameters = {"max_iter": EPOCHS, "random_state": 0} | parameters
    return LectureMLPClassifier((3,), **parameters)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_ctrl_c_at_any_line(kind, xor):
    X, y = xor[0][:40], xor[1][:40]
    clean = {k: network(max_iter=k, **kind).fit(X, y) for k in range(1, EPOCHS + 1)}
    before = network(random_state=7, max_iter=5).fit(X, y)
    changed = {"random_state": 0, "max_iter": EPOCHS} | kind
    counted = network(random_state=7, max_iter=5).fit(X, y).set_params(**changed)
    with Lines() as lines:
        counted.fit(X, y)
    chosen = np.random.default_rng(0).choice(lines.n, 60, replace=False) + 1
    kept = set()
    for fatal in [*chosen, lines.n]:
        interrupted = network(random_state=7, max_iter=5).fit(X, y)
        interrupted.set_params(**changed)
        with pytest.raises(KeyboardInterrupt), Lines(fatal):
            interrupted.fit(X, y)
        n_epochs = interrupted.n_iter_
        expected = before if n_epochs == before.n_iter_ else clean[n_epochs]
        for W, W_expected in zip(interrupted.coefs_, expected.coefs_, strict=True):
            assert_array_equal(W, W_expected)
        assert interrupted.loss_curve_ == expected.loss_curve_
        assert interrupted.validation_scores_ == expected.validation_scores_
        if "lbfgs" not in kind.values():
            assert interrupted.learning_rate_ == expected.learning_rate_
        kept.add(interrupted.n_iter_)
    assert len(kept) > 1  # both were seen: nothing learned, and some epochs


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("error", [MemoryError, BrokenPipeError])
@pytest.mark.parametrize("go_on", ["warm start", "partial_fit", "user's generator"])
def test_what_has_failed_can_be_tried_again(error, go_on, xor):
    """A retry is as if nothing had happened: chance has not moved on."""
    X, y = xor[0][:40], xor[1][:40]

    def fitted():
        chance = 0 if go_on != "user's generator" else np.random.RandomState(0)
        model = network(random_state=chance, dropout=0.2)
        if go_on == "user's generator":
            return model
        model.set_params(warm_start=go_on == "warm start")
        return model.partial_fit(X, y, classes=[0, 1])

    method = "partial_fit" if go_on == "partial_fit" else "fit"
    getattr(fitted(), method)(X, y)  # what a process does but once is not counted
    undisturbed = fitted()
    learn = getattr(undisturbed, method)
    with Lines() as lines:
        learn(X, y)
    for fatal in np.random.default_rng(0).choice(lines.n, 25, replace=False) + 1:
        model = fitted()
        learn = getattr(model, method)
        with pytest.raises(error), Lines(fatal, error):
            learn(X, y)
        if getattr(model, "n_iter_", 0) == undisturbed.n_iter_:
            continue  # all was learned, and telling how it ended has failed
        learn(X, y)
        for W, W_expected in zip(model.coefs_, undisturbed.coefs_, strict=True):
            assert_array_equal(W, W_expected)
