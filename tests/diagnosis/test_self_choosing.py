"""The network that chooses its own strength: as a remedy, and diagnosed itself."""

import json
import re
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LectureMLPRegressorCV,
    diagnose_overfitting,
)

NAME = "cross-validated regularisation"
FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)


def noisy(n=150, seed=0):
    """Classes that a line divides, but for much noise, among idle features."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 8))
    return X, (X[:, 0] + 1.5 * rng.normal(size=n) > 0).astype(int)


def network(**parameters):
    settings = {"max_iter": 30, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier((16,), **{"alpha": 0.0, **settings, **parameters})


def diagnose(estimator, X, y, **settings):
    quick = {"cv": FOLDS, "alphas": (), "train_sizes": (0.5,), "random_state": 0}
    return diagnose_overfitting(estimator, X, y, **{**quick, **settings})


def fitted(chooser, X, y):
    """Fit briefly, whether or not training has settled by then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return chooser.fit(X, y)


@pytest.fixture(scope="module")
def case():
    """A report on a pipeline, and what it is of."""
    X, y = noisy()
    return diagnose(make_pipeline(StandardScaler(), network()), X, y), X, y


@pytest.mark.filterwarnings("ignore:Training stopped at max_iter")
def test_it_is_measured_in_the_place_of_the_network_on_the_same_folds(case):
    report, X, y = case
    remedy = report.remedies[NAME]
    chooser = remedy.estimator[-1]
    assert isinstance(chooser, LectureMLPClassifierCV) and chooser.alphas == 5
    assert chooser.max_iter == 30 and chooser.hidden_layer_sizes == (16,)
    assert remedy.parameters == {"lecturemlpclassifier": chooser}
    assert not hasattr(chooser, "alpha_")
    proba = cross_val_predict(
        clone(remedy.estimator), X, y, cv=FOLDS, method="predict_proba"
    )
    right = proba[np.arange(len(y)), y]
    assert remedy.test_loss.mean == pytest.approx(-np.log(right).mean(), rel=1e-5)
    change = remedy.test_score.values - report.test_score.values
    assert_allclose(remedy.test_change.values, change, atol=1e-12)


def test_the_page_says_what_it_chose_and_keeps_its_columns(case):
    report, *_ = case
    remedy, text = report.remedies[NAME], str(report)
    assert re.fullmatch(
        r"LectureMLPClassifierCV\(alphas=5, cv=3\): alpha \S+( to \S+)?", remedy.setting
    )
    assert max(map(len, text.splitlines())) <= 80
    assert f"\n{NAME}\n" in text and remedy.setting in " ".join(text.split())
    assert NAME in report._repr_html_()
    assert "LectureMLPClassifierCV" in json.dumps(report.to_dict())


def test_a_network_alone_is_replaced_as_a_whole():
    report = diagnose(network(), *noisy(80))
    remedy = report.remedies[NAME]
    assert remedy.parameters == {} and not remedy.is_forecast
    assert isinstance(remedy.estimator, LectureMLPClassifierCV)
    assert report.remedies["more data"].is_forecast


def test_it_helps_a_network_that_learns_by_heart():
    """And is recommended as measured, not as a forecast."""
    X, y = noisy(300)
    own = network(max_iter=150, learning_rate_init=1.0)
    report = diagnose(own, X, y, train_sizes=(1.0,))
    remedy = report.remedies[NAME]
    assert report.verdict == "overfitting" and remedy.helps
    assert remedy.loss_change.high < 0


def test_where_it_is_not_tried():
    X, y = noisy(80)
    assert NAME not in diagnose(network(), X, y, cross_validated=False).remedies
    assert NAME not in diagnose(LogisticRegression(), X, y).remedies
    groups = np.arange(80) // 2
    report = diagnose(network(), X, y, groups=groups, cv=3)
    assert "would part the groups" in report.remedies[NAME].skipped
    late = diagnose(network(), X, y, budget=1e-9).remedies[NAME].skipped
    assert late == "not measured, for the budget of time was spent"


def test_early_stopping_is_tried_where_there_is_such_a_parameter():
    X, y = noisy(80)
    remedy = diagnose(network(), X, y, cross_validated=False).remedies["early stopping"]
    assert remedy.parameters == {"early_stopping": True} and remedy.why
    settings = {"cross_validated": False, "budget": 1e-9}
    for parameters, reason in (
        ({"early_stopping": True}, "the estimator stops early already"),
        ({"solver": "lbfgs"}, "solver='lbfgs' does not stop early"),
    ):
        own = LectureMLPClassifier((4,), random_state=0, **parameters)
        report = diagnose(own, X, y, **settings)
        assert report.remedies["early stopping"].skipped == reason


# For numbers


@pytest.fixture(scope="module")
def for_numbers():
    """A network for numbers, one that chooses its strength, and data."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 6))
    settings = {"hidden_layer_sizes": (4,), "max_iter": 30, "random_state": 0}
    chooser = LectureMLPRegressorCV(3, cv=2, tol=0.05, **settings)
    network = LectureMLPRegressor(alpha=0.0, n_iter_no_change=np.inf, **settings)
    return network, chooser, X, 100 + 20 * X[:, 0] + rng.normal(size=100)


def test_one_for_numbers_is_a_remedy_for_numbers(for_numbers):
    network, chooser, X, y = for_numbers
    remedy = diagnose(network, X, y, cv=3).remedies[NAME]
    assert type(remedy.estimator) is type(chooser) and not remedy.skipped
    assert remedy.setting.startswith("LectureMLPRegressorCV(alphas=5, cv=3): alpha ")


def test_a_fitted_one_for_numbers_shows_its_choice(for_numbers):
    _, chooser, X, y = for_numbers
    chooser = fitted(clone(chooser), X, y)
    report = diagnose(chooser, X, y, cv=3, budget=1e-9)
    assert_array_equal(report.regularization_path_["test_scores"], chooser.scores_.T)
    assert report.regularization_path_["scoring"] == "r2"
    assert f"has chosen alpha={chooser.alpha_:.3g} of 3" in report.notes[0]


# Strengths of no use


def test_weaker_strengths_are_left_out_where_rows_are_learned_by_heart():
    """By default; strengths that are given are all tried."""
    X, y = noisy()
    overfits = network(alpha=0.002, learning_rate_init=0.5, max_iter=60)
    settings = {"cv": 3, "random_state": 0, "train_sizes": (0.5,), "progress": False}
    settings |= {"cross_validated": False}
    report = diagnose_overfitting(overfits, X, y, **settings)
    assert "far below that on others" in report.remedies["less regularisation"].skipped
    assert report.regularization_path_["alpha"][0] == 0.002
    given = diagnose_overfitting(overfits, X, y, alphas=(0, 0.1), **settings)
    assert not given.remedies["less regularisation"].skipped
    assert given.regularization_path_["alpha"].tolist() == [0, 0.002, 0.1]


def test_strengths_of_decoupled_decay_are_larger():
    X, y = noisy()
    own = network(solver="adamw", alpha="auto")
    settings = {"cv": 3, "random_state": 0, "train_sizes": (0.5,), "progress": False}
    report = diagnose_overfitting(own, X, y, cross_validated=False, **settings)
    assert not report.remedies["regularisation"].skipped
    assert report.regularization_path_["alpha"].max() >= 15


# Diagnosed itself


@pytest.fixture(scope="module")
def chosen():
    """A fitted network, and its data."""
    X, y = noisy()
    chooser = LectureMLPClassifierCV(
        3, cv=2, hidden_layer_sizes=(4,), max_iter=100, tol=0.05, random_state=0
    )
    return fitted(chooser, X, y), X, y


@pytest.mark.parametrize("wrap", [lambda chooser: chooser, make_pipeline])
def test_a_fitted_network_shows_its_own_strength_gap_and_path(chosen, wrap):
    chooser, X, y = chosen
    report = diagnose(wrap(chooser), X, y, budget=1e-9)
    path = report.regularization_path_
    assert_array_equal(path["alpha"], chooser.alphas_)
    assert_array_equal(path["test_scores"], chooser.scores_.T)
    assert_array_equal(path["train_scores"], chooser.train_scores_.T)
    assert path["scoring"] == "neg_log_loss" and report.data["alpha"] == chooser.alpha_
    note = report.notes[0]
    assert f"has chosen alpha={chooser.alpha_:.3g} of 3" in note
    assert f"gap {chooser.gap_:.3f}" in note and "neg_log_loss on 2 folds" in note
    page = report._repr_html_()
    assert ">neg_log_loss</text>" in page and "score by alpha" in page
    assert note.split(",")[0] in " ".join(str(report).split())


def test_one_that_was_fitted_on_other_rows_does_not(chosen):
    chooser, X, y = chosen
    report = diagnose(chooser, X[:100], y[:100], budget=1e-9)
    assert report.regularization_path_ is None
    assert "on 150 rows, not on these 100" in report.notes[0]


def test_what_it_decides_itself_is_not_turned(chosen):
    chooser, X, y = chosen
    report = diagnose(clone(chooser), X, y)
    skipped = {name: r.skipped for name, r in report.remedies.items()}
    name = "LectureMLPClassifierCV"
    assert skipped["regularisation"] == f"{name} chooses its strength by itself"
    assert skipped["early stopping"] == f"{name} is told by its folds when to stop"
    assert not skipped["smaller network"] and not skipped["higher learning rate"]
    assert set(report.remedies["longer training"].parameters) <= {"max_iter"}


def test_numbers_are_the_same():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 6))
    y = X[:, 0] + rng.normal(size=90)
    settings = {"max_iter": 30, "n_iter_no_change": np.inf, "random_state": 0}
    plain = LectureMLPRegressor(8, alpha=0.0, **settings)
    report = diagnose(plain, X, y, cv=3)
    remedy = report.remedies[NAME]
    assert isinstance(remedy.estimator, LectureMLPRegressorCV)
    assert remedy.test_loss.mean > 0
    chooser = LectureMLPRegressorCV([0.01, 0.1], hidden_layer_sizes=8, cv=3, **settings)
    report = diagnose(chooser.fit(X, y), X, y, cv=3)
    assert report.regularization_path_ is not None
    assert "The fitted LectureMLPRegressorCV has chosen alpha=" in report.notes[0]
