"""Networks that choose their strength, where values are far from all others."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array

from sklearn_mlp_edu import LectureMLPClassifierCV, LectureMLPRegressorCV

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
NUMBERS = 2 * X[:, 0] + 0.1 * rng.normal(size=60)
TARGETS = {LectureMLPClassifierCV: NUMBERS > 0, LectureMLPRegressorCV: NUMBERS}
kinds = pytest.mark.parametrize("kind", TARGETS, ids=lambda kind: kind.__name__)
ROWS = np.arange(60)
SPLITS = [(ROWS[30:], ROWS[:30]), (ROWS[:30], ROWS[30:])]  # the first lacks row 3


def network(kind, **parameters):
    defaults = {"hidden_layer_sizes": (5,), "max_iter": 30, "random_state": 0}
    return kind([0.01], **defaults | {"cv": SPLITS} | parameters)


def out_of_fold(fitted):
    proba = getattr(fitted, "oof_proba_", None)
    return fitted.oof_prediction_ if proba is None else proba


@kinds
@pytest.mark.parametrize("big", [1e5, 1e10, 1e20, 1e150])
@pytest.mark.parametrize("column", [0, slice(None)])
def test_a_value_far_from_all_others_hides_nothing_where_it_is_held_out(
    kind, big, column
):
    """The first network learns from other rows, and has to learn the same from them."""
    far, y = X.copy(), TARGETS[kind]
    far[3, column] = big
    first, plain = (
        network(kind, cv=SPLITS[:1]).fit(Z, y).estimators_[0] for Z in (far, X)
    )
    assert first.n_iter_ <= plain.n_iter_  # as that is chosen on rows held out
    n_epochs = first.n_iter_
    assert_allclose(
        first.loss_curve_[:n_epochs], plain.loss_curve_[:n_epochs], rtol=1e-3
    )
    assert first.loss_curve_[-1] < first.loss_curve_[0] or n_epochs == 1
    network(kind).fit(far, y)


@kinds
def test_a_far_value_of_no_weight_to_speak_of(kind):
    """It moves no mean, but is what a scale is made of."""
    far, weight = X.copy(), np.ones(60)
    far[3, 0], weight[3] = 1e120, 1e-150
    found, plain = (network(kind).fit(Z, TARGETS[kind], weight) for Z in (far, X))
    curves = [one.estimators_[0].loss_curve_[0] for one in (found, plain)]
    assert_allclose(*curves, rtol=1e-3)


@pytest.mark.parametrize("big", [1e16, 1e20, 1e39])
def test_a_far_target_that_is_held_out(big):
    """Its square is beyond float32."""
    y = NUMBERS.copy()
    y[3] = big
    found, plain = (network(LectureMLPRegressorCV).fit(X, t) for t in (y, NUMBERS))
    assert np.isfinite(found.oof_prediction_).all()
    curves = [one.estimators_[0].loss_curve_[0] for one in (found, plain)]
    assert_allclose(*curves, rtol=1e-3)


@kinds
def test_ordinary_columns_are_still_read_in_float32(kind, monkeypatch):
    """Large, shifted, skewed ones and rare indicators are: only then is it as fast."""
    from sklearn_mlp_edu._search import folds

    Z = np.column_stack(
        [X[:, 0] + 1e9, X[:, 1] * 1e-200, np.exp(5 * X[:, 2]), ROWS % 30 == 3, 0 * ROWS]
    )

    def refuse(examples):
        raise AssertionError("read in float64")

    monkeypatch.setattr(folds.Examples, "in_given_floats", refuse)
    network(kind, max_iter=2).fit(Z, TARGETS[kind])
    network(kind, max_iter=2).fit(csr_array(Z), TARGETS[kind])
    Z[3, 0] = 1e20
    with pytest.raises(AssertionError):
        network(kind, max_iter=2).fit(Z, TARGETS[kind])


SCORERS = {
    LectureMLPClassifierCV: {"scoring": "roc_auc"},
    LectureMLPRegressorCV: {"scoring": "neg_mean_absolute_error"},
}


@kinds
@pytest.mark.parametrize(
    "refit, scorers, form, dtype, nodata",
    [
        ("ensemble", {}, np.asarray, np.float32, -1e30),
        ("single", {}, np.asarray, np.float64, 1e200),
        ("single", SCORERS, csr_array, np.float32, -1e30),
        ("ensemble", SCORERS, np.asarray, np.float64, 1e200),
    ],
)
def test_rows_without_weight_take_no_part(kind, refit, scorers, form, dtype, nodata):
    """Whatever stands in them, in training and where scores are made."""
    weight, Z = np.ones(60), X.astype(dtype)
    hidden = [3, 30, 45]
    weight[hidden], Z[hidden, 0] = 0, nodata
    parameters = {"refit": refit, "max_iter": 3} | scorers.get(kind, {})
    one = network(kind, **parameters).fit(form(Z), TARGETS[kind], weight)
    kept = np.flatnonzero(weight)
    place = np.full(60, -1)
    place[kept] = np.arange(len(kept))
    splits = [tuple(place[r][place[r] >= 0] for r in pair) for pair in SPLITS]
    Z = Z[kept]
    same = network(kind, cv=splits, **parameters).fit(form(Z), TARGETS[kind][kept])
    assert_allclose(one.scores_, same.scores_, rtol=1e-5)
    assert_allclose(one.predict(Z), same.predict(Z), rtol=1e-3, atol=1e-5)


def test_numbers_next_to_the_largest_are_predicted_or_refused():
    """A line goes on beyond the targets, to where there are no numbers."""
    y = np.where(NUMBERS > 0, 1e308, -1e308)
    fitted = network(LectureMLPRegressorCV, max_iter=2).fit(X, y)
    before = fitted.oof_prediction_
    assert np.isfinite(before).all()
    line = np.linspace(-1, 1, 60)
    line[:30] *= 1.7
    fitted.set_params(hidden_layer_sizes=(), max_iter=300, cv=SPLITS[:1])
    with pytest.raises(ValueError, match="row 0 of X is beyond the range of float64"):
        fitted.fit(line[:, np.newaxis], np.clip(line, -1, 1) * 1.5e308)
    assert fitted.oof_prediction_ is before
    with pytest.raises(ValueError, match="beyond the range of float32"):
        network(LectureMLPRegressorCV).fit(X.astype(np.float32), 1e50 * NUMBERS)


def test_the_mean_out_of_fold_of_large_predictions_is_finite():
    """They are divided before they are added."""
    one = network(LectureMLPRegressorCV, cv=SPLITS * 4, max_iter=2)
    fitted = one.fit(X, 1e308 + 1e293 * NUMBERS)
    assert_allclose(fitted.oof_prediction_, 1e308)


@kinds
def test_a_row_that_is_too_large_is_named_as_it_is_in_x(kind):
    far, weight = X.astype(np.float32), np.ones(60)
    far[50] = np.finfo(np.float32).max
    far[50, 0] *= -1
    weight[50] = 0  # so that it neither teaches nor is judged
    with pytest.raises(ValueError, match="Row 50 of X has values so large"):
        network(kind).fit(far * np.float32([1, 1, -1]), TARGETS[kind], weight)


def test_losses_whose_squares_overflow_are_compared_in_silence():
    far = X.copy()
    far[3, 0] = 1e150
    one = LectureMLPRegressorCV([0.01, 0.1], cv=3, hidden_layer_sizes=(5,), max_iter=15)
    fitted = one.set_params(random_state=0).fit(far, NUMBERS)
    assert_array_equal(np.isfinite(fitted.oof_prediction_), True)
