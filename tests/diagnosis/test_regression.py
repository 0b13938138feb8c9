"""Numbers as targets: R² with its rows, guessing, verdicts, remedies, refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import KFold, cross_val_predict, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPRegressor,
    diagnose_overfitting,
)
from sklearn_mlp_edu._diagnosis.measured import Layout
from sklearn_mlp_edu._diagnosis.quantities import row_scores

QUICK = {
    "cv": 4,
    "alphas": (0.1,),
    "cross_validated": False,
    "train_sizes": (0.5,),
    "random_state": 0,
}
SQUARED = ["r2", "neg_mean_squared_error", "neg_root_mean_squared_error"]


def network(hidden=(8,), **parameters):
    """A network that trains for a fixed, small number of epochs."""
    settings = {"max_iter": 40, "n_iter_no_change": np.inf, "random_state": 0}
    settings |= {"alpha": 1e-4, "learning_rate_init": 0.02}
    return LectureMLPRegressor(hidden, **{**settings, **parameters})


def line(n=200, n_features=5, noise=1.0, seed=0):
    """A number that two features tell, but for noise, far from 0."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, n_features))
    return X, 1000 + 50 * (X[:, 0] - X[:, 1] + noise * rng.normal(size=n))


def diagnose(estimator, X, y, **settings):
    return diagnose_overfitting(estimator, X, y, **{**QUICK, **settings})


@pytest.fixture(scope="module")
def case():
    """A report, and what it is of."""
    X, y = line()
    estimator = make_pipeline(StandardScaler(), network())
    folds = KFold(4, shuffle=True, random_state=1)
    return diagnose(estimator, X, y, cv=folds), estimator, X, y, folds


# Scores and rows


def test_scores_and_predictions_are_those_of_cross_validation(case):
    report, estimator, X, y, folds = case
    scores = cross_validate(estimator, X, y, cv=folds, return_train_score=True)
    assert report.data["scoring"] == "r2" and report.data["task"] == "regression"
    assert_allclose(report.train_score.values, scores["train_score"], rtol=1e-6)
    assert_allclose(report.test_score.values, scores["test_score"], rtol=1e-6)
    kept = report.out_of_fold_
    expected = cross_val_predict(estimator, X, y, cv=folds)
    assert_allclose(kept["predicted"], expected[kept["row"]], rtol=1e-6)
    assert_array_equal(kept["actual"], y[kept["row"]])
    error = mean_absolute_error(y, expected)
    test, guessing = report.other_scores["mean absolute error"]
    assert test.mean == pytest.approx(error)
    assert guessing.mean == pytest.approx(abs(y - y.mean()).mean(), rel=0.02)
    assert report.test_loss.mean == pytest.approx(
        mean_squared_error(y, expected) / y.var()
    )
    assert report.chance_loss.mean == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("n_targets", [1, 2])
@pytest.mark.parametrize("name", SQUARED + ["neg_mean_absolute_error"])
def test_the_mean_of_rows_is_the_score_of_the_fold(name, n_targets):
    from sklearn.metrics import get_scorer

    score = get_scorer(name)
    rng = np.random.default_rng(0)
    y = rng.normal(3, 2, size=(60, n_targets)).squeeze()
    predicted = y + rng.normal(size=y.shape)
    splits = [(np.arange(30), np.arange(30, 60)), (np.arange(30, 60), np.arange(30))]
    layout = Layout(splits)
    y, predicted = y[layout.rows], predicted[layout.rows]
    rows = row_scores(
        score._score_func.__name__.removesuffix("_score"), predicted, y, layout
    )
    for fold, of_fold in enumerate(layout.means(rows)):
        part = layout.folds == fold
        expected = score._sign * score._score_func(y[part], predicted[part])
        assert of_fold == pytest.approx(expected)


def test_intervals_of_r2_hold_the_truth_in_95_of_100():
    """Also where a score close to 1 lets the denominator count."""
    for noise, truth in ((0.3, 1 / 1.09), (1.0, 0.5)):
        held = []
        for seed in range(300):
            rng = np.random.default_rng(seed)
            signal = rng.normal(size=400)
            y = signal + noise * rng.normal(size=400)
            indices = np.arange(400)
            layout = Layout(
                [(np.delete(indices, t), t) for t in indices.reshape(4, 100)]
            )
            measured = layout.measured(row_scores("r2", signal, y, layout))
            value = measured.estimate(layout.ratio)
            held.append(value.low <= truth <= value.high)
        assert 0.91 <= np.mean(held) <= 0.99


def test_guessing_is_the_mean_and_known_well(case):
    report, *_ = case
    assert -0.1 < report.chance_score.mean <= 0
    assert report.chance_score.error < 0.05
    assert report.perfect_score == 1


def test_scores_that_do_not_go_by_squares_decide_alone():
    X, y = line()
    y = y + np.where(np.arange(len(y)) < 5, 5000, 0)
    report = diagnose(Ridge(), X, y, scoring="neg_mean_absolute_error")
    assert report.test_loss is None and report.data["loss"] == ""
    median = -abs(y - np.median(y)).mean()
    assert report.chance_score.mean == pytest.approx(median, rel=0.02)
    assert report.remedies["regularisation"].loss_change is None
    assert "R²" in report.other_scores
    assert "squared error falls" not in report._repr_html_()


@pytest.mark.parametrize("scoring", ["neg_median_absolute_error", "explained_variance"])
def test_scores_that_are_no_mean_over_rows_are_drawn_anew(scoring):
    report = diagnose(LinearRegression(), *line(), scoring=scoring)
    assert report.test_score.low < report.test_score.mean < report.test_score.high


# Verdicts and remedies


def test_a_network_that_learns_by_heart_overfits_and_is_worse_than_guessing():
    X, y = line(60, 40, noise=3.0)
    report = diagnose(network((32,), alpha=0, max_iter=100), X, y)
    assert report.verdict == "overfitting"
    assert "its squared error" in report.reason
    assert "has learned those by heart" in report.reason
    assert report.train_score.mean > 0.8 and report.test_score.mean < 0


def test_a_network_that_has_hardly_trained_underfits():
    X, y = line(noise=0.3)
    report = diagnose(network(max_iter=5, learning_rate_init=5e-3), X, y)
    assert report.verdict == "underfitting"
    assert report.remedies["higher learning rate"].helps


def test_how_much_worse_than_guessing_folds_are_hides_no_gain():
    """They differ by their initial weights, without a limit."""
    untrained = LectureMLPRegressor((10,), max_iter=8, n_iter_no_change=np.inf)
    report = diagnose(untrained, *line(200, 10, noise=0.5), alphas=())
    assert report.test_score.mean < report.chance_score.mean
    remedy = report.remedies["higher learning rate"]
    assert remedy.helps and remedy.why.endswith("count as guessing")
    assert report.verdict == "underfitting"


def test_a_network_that_fits_is_balanced():
    report = diagnose(network(max_iter=60), *line(300, noise=0.3))
    assert report.verdict == "balanced"
    assert report.gap.mean < 0.1


def test_what_helps_here_helps_on_new_rows():
    X, y = line(400, 10, noise=2.0)
    estimator = network((64,), alpha=0, max_iter=150)
    report = diagnose(estimator, X[:200], y[:200], alphas=(0.1, 0.3))
    before = estimator.fit(X[:200], y[:200]).score(X[200:], y[200:])
    for name in ("regularisation", "smaller network"):
        remedy = report.remedies[name]
        assert remedy.helps and remedy.loss_change.high < 0
        estimator = network((64,), alpha=0, max_iter=150)
        after = estimator.set_params(**remedy.parameters).fit(X[:200], y[:200])
        assert after.score(X[200:], y[200:]) > before + 0.1
    assert "the squared error from" in report.recommendation


def test_nothing_helps_where_numbers_are_shuffled():
    X, y = line(120)
    y = np.random.default_rng(1).permutation(y)
    report = diagnose(network(), X, y)
    assert not any(remedy.helps for remedy in report.remedies.values())
    assert report.remedies["more data"].skipped.startswith("neither score nor loss")


def test_remedies_turn_the_network_behind_a_transformed_target():
    X, y = line(120)
    logarithm = TransformedTargetRegressor(
        make_pipeline(StandardScaler(), network()), func=np.log, inverse_func=np.exp
    )
    report = diagnose(logarithm, X, y)
    remedies, name = report.remedies, "regressor__lecturemlpregressor__"
    assert remedies["regularisation"].parameters == {f"{name}alpha": 0.1}
    assert remedies["smaller network"].parameters.keys() == {
        f"{name}hidden_layer_sizes"
    }
    assert report.data["hidden_layer_sizes"] == (8,)


# What is learned, and refused


def test_several_targets(case):
    X, y = line(120)
    both = pd.DataFrame({"a": y, "b": X[:, 0] * y})
    report = diagnose(network(), X, both)
    kept = report.out_of_fold_
    assert kept["predicted"].shape == kept["actual"].shape == (120, 2)
    assert [target["name"] for target in report.data["targets"]] == ["a", "b"]
    r2 = [
        r2_score(part[:, i], kept["predicted"][:, i])
        for part in [kept["actual"]]
        for i in (0, 1)
    ]
    assert report.test_score.mean == pytest.approx(np.mean(r2), abs=0.1)
    assert report._repr_html_().count("How far predictions of") == 2
    json.dumps(report.to_dict(), allow_nan=False)


def test_a_column_vector_is_one_target():
    X, y = line(80)
    report = diagnose(LinearRegression(), X, y[:, np.newaxis])
    flat = diagnose(LinearRegression(), X, y)
    assert_allclose(report.test_score.values, flat.test_score.values)
    assert report.out_of_fold_["predicted"].shape == (80, 1)


def test_a_few_rows_that_make_most_of_the_error_are_told():
    X, y = line(200)
    assert not any("squared error" in n for n in diagnose(Ridge(), X, y).notes)
    y[[3, 50]] += 1e5
    report = diagnose(Ridge(), X, y)
    (note,) = (n for n in report.notes if "squared error" in n)
    assert note.startswith("2 rows make 9") and "huber" in note


@pytest.mark.parametrize(
    ("estimator", "y", "message"),
    [
        (Ridge(), ["much", "little"] * 20, "y holds 'much', which is no number, but R"),
        (Ridge(), [3.0] * 40, "y is 3 in all 40 rows; Ridge has nothing to learn"),
        (
            LectureMLPClassifier(),
            np.linspace(0, 1, 40),
            "y holds 40 different numbers with fractions.*such as LectureMLPRegressor",
        ),
    ],
)
def test_targets_that_do_not_fit_the_estimator_are_refused(estimator, y, message):
    X = np.random.default_rng(0).normal(size=(40, 2))
    with pytest.raises(ValueError, match=message):
        diagnose(estimator, X, y)


def test_scikit_learns_diabetes():
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    report = diagnose(network(max_iter=10), X, y, budget=1e-9)
    assert report.data["targets"][0]["name"] == "target"
    assert 0.4 < report.test_score.mean < 0.55
