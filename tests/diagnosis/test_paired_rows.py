"""The tests behind "helps": rows compared in pairs, chance allowed for."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, make_scorer
from sklearn.model_selection import RepeatedKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting
from sklearn_mlp_edu._diagnosis.choice import choose_out_of_fold
from sklearn_mlp_edu._diagnosis.decision import Finding, decided
from sklearn_mlp_edu._diagnosis.learning_curve import forecast
from sklearn_mlp_edu._diagnosis.measured import Layout, Measured
from sklearn_mlp_edu._diagnosis.remedies import Base
from sklearn_mlp_edu._diagnosis.trials import Trial
from sklearn_mlp_edu._report import Remedy, estimate
from sklearn_mlp_edu._search import fit_together

QUICK = {
    "alphas": (0.03, 0.3),
    "cross_validated": False,
    "train_sizes": (0.5,),
    "random_state": 0,
}


def network(**parameters):
    settings = {"max_iter": 30, "n_iter_no_change": np.inf, "random_state": 0}
    settings |= {"alpha": 1e-4, "learning_rate_init": 1.0}
    return LectureMLPClassifier((8,), **{**settings, **parameters})


def folds(n_samples, k, seed=0):
    rng = np.random.default_rng(seed)
    tests = np.array_split(rng.permutation(n_samples), k)
    return [(np.setdiff1d(np.arange(n_samples), test), test) for test in tests]


# The arithmetic


def test_variance_is_that_of_a_mean_over_rows():
    values = np.random.default_rng(0).normal(size=200)
    measured = Layout(folds(200, 5)).measured(values)
    by_rows = measured.spread @ measured.spread
    assert by_rows == pytest.approx(values.var(ddof=1) / 200, rel=0.02)
    assert measured.mean == pytest.approx(values.mean())


def test_intervals_by_rows_hold_the_truth_in_95_of_100():
    layout, held = Layout(folds(60, 5)), []
    for seed in range(400):
        values = np.random.default_rng(seed).normal(0.3, 1, size=60)
        value = layout.measured(values).estimate(layout.ratio)
        held.append(value.low <= 0.3 <= value.high)
    assert 0.93 <= np.mean(held) <= 0.99


def test_common_noise_cancels_in_a_difference():
    rng = np.random.default_rng(0)
    layout, common = Layout(folds(100, 5)), rng.normal(size=100)
    one = layout.measured(common)
    other = layout.measured(common + 0.1 + 0.01 * rng.normal(size=100))
    difference = (other - one).estimate(layout.ratio)
    assert difference.low > 0.09
    assert one.estimate(layout.ratio).low < 0 < one.estimate(layout.ratio).high


def test_rows_of_a_group_count_together():
    """Ten copies of each row tell no more than one."""
    rng = np.random.default_rng(0)
    few = rng.normal(size=40)
    splits = [(train, test) for train, test in folds(40, 4)]
    copies = [
        tuple((10 * part[:, np.newaxis] + np.arange(10)).ravel() for part in split)
        for split in splits
    ]
    alone, grouped = Layout(splits), Layout(copies, np.repeat(np.arange(40), 10))
    one = alone.measured(few[alone.rows])
    many = grouped.measured(np.repeat(few, 10)[grouped.rows])
    assert_allclose(many.spread @ many.spread, one.spread @ one.spread)
    naive = Layout(copies).measured(np.repeat(few, 10)[grouped.rows])
    assert naive.spread @ naive.spread < 0.2 * (one.spread @ one.spread)


def test_rows_tested_twice_count_once():
    X = np.zeros((60, 1))
    repeated = RepeatedKFold(n_splits=3, n_repeats=4, random_state=0)
    values = np.random.default_rng(0).normal(size=60)
    layout = Layout(list(repeated.split(X)))
    measured = layout.measured(values[layout.rows])
    variance = measured.spread @ measured.spread
    assert variance == pytest.approx(values.var(ddof=1) / 60, rel=0.05)


def test_what_folds_differ_by_beyond_their_rows_widens_the_interval():
    """As initial weights would make them differ."""
    rng = np.random.default_rng(0)
    layout = Layout(folds(500, 5))
    rows = rng.normal(size=500)
    quiet = layout.measured(rows)
    shaken = layout.measured(rows + np.repeat(rng.normal(size=5), 100))
    assert quiet.estimate(layout.ratio).error < 0.07
    assert shaken.estimate(layout.ratio).error > 0.3


def test_interval_of_folds_has_the_correction_of_nadeau_and_bengio():
    value = estimate([0.1, 0.2, 0.3], test_ratio=0.5)
    # t of 2 degrees of freedom: 4.3027; sqrt(1/3 + 1/2) = 0.91287
    assert value.high - value.mean == pytest.approx(4.3027 * 0.1 * 0.91287, rel=1e-4)
    assert value.mean - value.low == pytest.approx(value.high - value.mean)
    assert value.error == pytest.approx(0.1 * 0.91287, rel=1e-4)


# The decision


LAYOUT = Layout(folds(200, 5))
RATIO = LAYOUT.ratio


def gain_of(multiple, seed):
    """A gain of so many standard errors, on rows of its own chance."""
    values = np.random.default_rng(seed).normal(size=200)
    values -= LAYOUT.means(values)[LAYOUT.folds]
    error = np.sqrt(LAYOUT.measured(values).variance(RATIO))
    return LAYOUT.measured(values + multiple * error)


def findings_with(*gains):
    """A finding for each gain in score, without a log loss."""
    return [
        Finding(
            Remedy(f"remedy {i}", "overfitting", test_change=gain.estimate(RATIO)), gain
        )
        for i, gain in enumerate(gains)
    ]


def test_a_gain_of_two_errors_is_one_in_many_by_chance():
    (alone,) = decided(findings_with(gain_of(2.0, 0)), (), RATIO)
    assert alone.helps and 0.02 < alone.p_value < 0.03
    gains = [gain_of(2.0, 0)] + [gain_of(0.0, seed) for seed in range(1, 8)]
    first, *_ = decided(findings_with(*gains), (), RATIO)
    assert not first.helps and 0.1 < first.p_value < 0.2
    assert "of 8 remedies one may have as much by chance" in first.why
    gains[0] = gain_of(4.0, 0)
    assert decided(findings_with(*gains), (), RATIO)[0].helps


def test_remedies_that_do_the_same_count_as_one():
    remedies = decided(findings_with(*[gain_of(2.0, 0)] * 8), (), RATIO)
    assert all(r.helps and r.p_value < 0.03 for r in remedies)


def test_false_alarms_are_5_of_100_pages():
    """Pages of four remedies, none of which is of any use."""
    alarms = []
    for page in range(300):
        rng = np.random.default_rng(page)
        common, own = rng.normal(size=200), rng.normal(size=(4, 200))
        gains = [LAYOUT.measured(common + row) for row in own]
        alarms.append(any(r.helps for r in decided(findings_with(*gains), (), RATIO)))
    assert np.mean(alarms) <= 0.07


def test_log_loss_has_most_of_the_allowance_and_the_score_a_say():
    strong, weak = gain_of(5.0, 0), gain_of(2.0, 1)
    (one,) = findings_with(weak)
    helped = one._replace(loss_gain=strong)
    assert decided([helped], (), RATIO)[0].helps
    assert not decided([one._replace(loss_gain=gain_of(0.0, 2))], (), RATIO)[0].helps
    falling = one._replace(score_gain=gain_of(-2.0, 3), loss_gain=strong)
    assert not decided([falling], (), RATIO)[0].helps


def test_a_gain_that_does_not_beat_guessing_is_no_help():
    (finding,) = findings_with(gain_of(5.0, 0))
    beaten = finding._replace(remedy=replace(finding.remedy, beats_guessing=False))
    (remedy,) = decided([beaten], (), RATIO)
    assert not remedy.helps
    unclear = [gain_of(1.0, 4), gain_of(0.5, 5)]  # nothing clearly beats guessing
    assert not decided([finding], unclear, RATIO)[0].helps
    assert decided([finding], [gain_of(3.0, 4)], RATIO)[0].helps
    assert remedy.why == "better than before, but not clearly better than guessing"


def test_why_is_told_for_every_measured_remedy(iris):
    report = diagnose_overfitting(network(alpha=0.5), *iris, **QUICK)
    for remedy in report.remedies.values():
        assert bool(remedy.why) != bool(remedy.skipped)
        if remedy.why:
            answer = "yes" if remedy.helps else "no"
            text = " ".join(str(report).split())
            assert f"{answer}: {remedy.why}" in text
            assert remedy.why in report._repr_html_()


def test_log_loss_notices_what_accuracy_cannot():
    """A network that is far too sure of itself, on rows that are half noise."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 20))
    y = X[:, 0] + 1.5 * rng.normal(size=300) > 0
    sure = network(alpha=0, max_iter=200, learning_rate_init=0.3)
    report = diagnose_overfitting(
        sure, X, y, alphas=(0.003, 0.01, 0.02), train_sizes=(0.5,), random_state=0
    )
    remedy = report.remedies["regularisation"]
    assert remedy.helps
    assert remedy.loss_change.high < 0
    loss, score = remedy.loss_change, remedy.test_change
    assert -loss.mean / loss.error > score.mean / score.error


def test_nothing_is_gained_by_what_changes_nothing(iris):
    report = diagnose_overfitting(LogisticRegression(), *iris, **QUICK)
    assert not any(r.helps for r in report.remedies.values())


def test_log_loss_is_that_of_cross_validated_probabilities(iris):
    X, y = iris
    splitter = StratifiedKFold(5, shuffle=True, random_state=3)
    report = diagnose_overfitting(
        network(alpha=0.5), X, y, cv=splitter, alphas=(0.03,), train_sizes=(0.5,)
    )
    remedy = report.remedies["less regularisation"]
    loss = remedy.test_loss.mean - remedy.loss_change.mean  # as it is
    own = network(alpha=0.5)
    proba = cross_val_predict(own, X, y, cv=splitter, method="predict_proba")
    assert loss == pytest.approx(log_loss(y, proba), rel=1e-5)


@pytest.mark.parametrize("scoring", ["roc_auc", "average_precision", "f1"])
def test_scores_that_are_no_mean_over_rows_are_drawn_anew(scoring):
    """Their intervals are as wide as those of rows, not of five folds."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 5))
    y = X[:, 0] + 0.5 * rng.normal(size=400) > 0
    estimator = LogisticRegression()
    report = diagnose_overfitting(estimator, X, y, scoring=scoring, **QUICK)
    error = report.test_score.error
    assert 0.003 < error < 0.03
    of_folds = estimate(report.test_score.values, test_ratio=0.25)
    assert error != pytest.approx(of_folds.error, rel=1e-3)
    again = diagnose_overfitting(estimator, X, y, scoring=scoring, **QUICK)
    assert again.test_score.error == error


def test_scorer_that_knows_of_more_than_predictions_has_its_folds():
    X, y = load_iris(return_X_y=True)

    def narrow_petals(estimator, X, y):
        narrow = X[:, 3] < 1.7
        return accuracy_score(y[narrow], estimator.predict(X[narrow]))

    estimator = make_pipeline(StandardScaler(), network())
    report = diagnose_overfitting(estimator, X, y, scoring=narrow_petals, **QUICK)
    values = report.test_score.values
    expected = estimate(values, test_ratio=0.25)
    assert report.test_score.error == pytest.approx(expected.error)


def test_intervals_stay_within_the_range_of_the_score():
    """A score close to 1, few rows: the interval would reach beyond."""
    X, y = load_iris(return_X_y=True)
    rows = np.r_[0:20, 50:70]
    estimator = make_pipeline(StandardScaler(), network())
    report = diagnose_overfitting(
        estimator, X[rows][:, :1], y[rows], alphas=(0.03,), random_state=0
    )
    values = [report.train_score, report.test_score, report.chance_score]
    for remedy in report.remedies.values():
        if not remedy.skipped:
            values += [remedy.train_score, remedy.test_score]
            change = remedy.test_change
            assert report.test_score.mean + change.high <= 1 + 1e-12
    assert all(0 <= value.low <= value.high <= 1 for value in values)


def test_log_loss_as_the_score_is_asked_for_once(iris):
    scorer = make_scorer(
        log_loss, greater_is_better=False, response_method="predict_proba"
    )
    report = diagnose_overfitting(network(alpha=0.5), *iris, scoring=scorer, **QUICK)
    remedy = report.remedies["less regularisation"]
    assert remedy.test_change.mean == pytest.approx(-remedy.loss_change.mean)
    assert remedy.helps


# More data


def trial_of(test, train=None):
    """A trial of which only the folds' scores vary."""
    none = np.zeros(8)
    train = np.ones_like(test) if train is None else train
    return Trial(Measured(train), Measured(test, none, 7), none, None, None)


class FixedRatio:
    """As much of an assessor as a forecast needs."""

    name = "accuracy"
    layout = Layout([(np.arange(4), np.array([4])), (np.arange(4), np.array([4]))])


def base_of(trial):
    return Base(trial, None, None, FixedRatio, 0.0, 1.0)


def test_forecast_lies_between_two_curves_that_are_followed_exactly():
    n = np.array([100, 200, 400])
    slow, quick = (0.9 - 3 * n[:, np.newaxis] ** p + np.zeros(4) for p in (-0.5, -1.0))
    for test, power in ((slow, -0.5), (quick, -1.0)):
        trials = [trial_of(scores) for scores in test]
        remedy, gain, *_ = forecast(n, trials, base_of(trials[-1]))
        truth = 3 * (400.0**power - 800.0**power)
        assert remedy.test_change.low <= truth + 1e-12
        assert remedy.test_change.high >= truth - 1e-12
        assert remedy.test_change.low < remedy.test_change.mean
        assert gain.p_value(0.25) < 1e-9 and remedy.narrows_gap
        assert remedy.setting == "400 to 800 examples, forecast"


def test_forecast_is_less_sure_where_scores_miss_the_curves():
    """As where training is left to chance."""
    n = np.array([100, 140, 200, 280, 400])
    smooth = 0.9 - 3 / n[:, np.newaxis] + np.zeros(4)
    shaken = smooth + np.array([[0.02], [-0.02], [0.0], [0.02], [-0.02]])
    sure, unsure = (
        forecast(n, trials, base_of(trials[-1])).remedy.test_change
        for trials in (list(map(trial_of, smooth)), list(map(trial_of, shaken)))
    )
    assert unsure.high - unsure.low > 3 * (sure.high - sure.low)


def test_nothing_is_forecast_where_learning_has_not_set_in():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(100, 5)), rng.permutation(np.arange(100) % 2)
    report = diagnose_overfitting(LogisticRegression(), X, y, **QUICK)
    assert "better than guessing" in report.remedies["more data"].skipped
    assert report.learning_curve_["test_scores"].shape == (2, 5)


def test_a_curve_without_a_lower_end_begins_where_learning_has_set_in():
    """An R² far below 0 would promise that much more is to come."""
    n = np.array([50, 100, 200, 400])
    trials = [trial_of(np.full(4, score)) for score in (-3.0, 0.30, 0.35, 0.38)]
    guessing = Measured(np.zeros(4), np.zeros(8), 7)
    base = Base(trials[-1], guessing, None, FixedRatio, -np.inf, 1.0)
    remedy, *_ = forecast(n, trials, base)
    assert 0.38 < remedy.test_score.mean < 0.42
    bounded = base._replace(worst=0.0)
    assert forecast(n, trials, bounded).remedy.test_score.mean > 0.42


def test_forecast_is_no_better_than_perfect():
    n, test = np.array([10, 20, 40]), np.array([[0.2] * 3, [0.6] * 3, [0.99] * 3])
    trials = [trial_of(scores, scores) for scores in test]
    remedy, *_ = forecast(n, trials, base_of(trials[-1]))
    assert remedy.test_score.high <= 1.0
    assert remedy.test_score.mean <= 1.0


# The choice among settings


def test_a_fold_has_no_say_in_the_setting_it_is_scored_at():
    """Each setting shines in one fold only, so every other fold votes for another."""
    merit = np.eye(3)
    chosen = choose_out_of_fold(merit)
    assert all(merit[setting, fold] == 0 for fold, setting in enumerate(chosen))


# Fitting


def test_settings_of_one_shape_are_fitted_together(iris):
    """With the answers that each would give alone."""
    estimator = make_pipeline(StandardScaler(), network())
    name = "lecturemlpclassifier__"
    settings = [
        {f"{name}alpha": 0.1},
        {f"{name}hidden_layer_sizes": (3,)},
        {f"{name}alpha": -1.0},
        {f"{name}learning_rate_init": 0.5},
        {f"{name}nonsense": 0},
    ]
    fitted = fit_together(estimator, settings, *iris)
    for setting, one in zip(settings, fitted, strict=True):
        if isinstance(one, Exception):
            assert setting in (settings[2], settings[4])
            continue
        alone = estimator.set_params(**setting).fit(*iris)
        assert_allclose(one.predict_proba(iris[0]), alone.predict_proba(iris[0]), 1e-4)
        estimator = make_pipeline(StandardScaler(), network())


def test_every_fold_has_initial_weights_of_its_own():
    """So that no verdict hangs on one lucky start; an int holds for all folds."""
    X, y = load_iris(return_X_y=True)
    X, y = np.tile(X[:100], (2, 1)), np.tile(y[:100], 2)
    half = np.arange(100), np.arange(100, 200)
    settings = {"cv": [half, half], "alphas": (), "train_sizes": (1.0,)}
    spread = {
        seed: np.ptp(
            diagnose_overfitting(
                network(max_iter=1, random_state=seed),
                X,
                y,
                scoring="neg_log_loss",
                random_state=0,
                **settings,
            ).test_score.values
        )
        for seed in (None, 0)
    }
    assert spread[0] == 0
    assert spread[None] > 0
