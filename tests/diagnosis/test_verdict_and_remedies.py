"""`diagnose_overfitting`: the verdict, the remedies, and what it refuses."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_validate,
)
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    OverfittingReport,
    diagnose_overfitting,
)

THREE = ("more data", "regularisation", "smaller network")
SEEDS = range(20)
FEW = {
    "alphas": (0.1,),
    "cross_validated": False,
    "train_sizes": (0.5,),
}  # where many diagnoses are made


def network(hidden=(8,), **parameters):
    """A network that trains for a fixed, small number of epochs."""
    settings = {"max_iter": 30, "n_iter_no_change": np.inf, "random_state": 0}
    settings |= {"alpha": 1e-4, "learning_rate_init": 1.0}
    return LectureMLPClassifier(hidden, **{**settings, **parameters})


def diagnose(estimator, X, y, **settings):
    """A quick diagnosis that is the same every time."""
    quick = {
        "cv": 4,
        "cross_validated": False,
        "alphas": (0.03, 0.3),
        "train_sizes": (0.4, 0.7),
    }
    return diagnose_overfitting(
        estimator, X, y, **{**quick, "random_state": 0, **settings}
    )


def overfitting_case(seed):
    """A large network, few examples, mostly features that mean nothing."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(120, 40))
    y = X[:, 0] + X[:, 1] + rng.normal(size=120) > 0
    return network((16, 8), alpha=0, max_iter=50), X, y


def underfitting_case(seed):
    """No hidden layer, for classes that no line divides."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(160, 2))
    return network((), max_iter=50), X, X[:, 0] * X[:, 1] > 0


def balanced_case(seed):
    """A small network for an easy problem."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(240, 4))
    y = X[:, 0] + X[:, 1] + 0.2 * rng.normal(size=240) > 0
    return network((4,)), X, y


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (overfitting_case, "overfitting"),
        (underfitting_case, "underfitting"),
        (balanced_case, "balanced"),
    ],
)
def test_verdict_is_right_for_19_of_20_seeds(case, verdict):
    verdicts = [
        diagnose(*case(seed), **FEW, cv=5, random_state=seed).verdict for seed in SEEDS
    ]
    assert verdicts.count(verdict) >= 0.95 * len(SEEDS), verdicts


@pytest.mark.parametrize("case", [overfitting_case, balanced_case])
def test_nothing_helps_where_labels_are_shuffled(case):
    helping = []
    for seed in SEEDS[::2]:
        estimator, X, y = case(seed)
        y = np.random.default_rng(1000 + seed).permutation(y)
        report = diagnose(estimator, X, y, **FEW, cv=5, random_state=seed)
        helping += [name for name, r in report.remedies.items() if r.helps]
        assert "No remedy" in report.recommendation or "no remedy" in (
            report.recommendation
        )
    assert helping == []


def test_nothing_helps_where_imbalanced_labels_are_shuffled():
    """Not even what brings the score up to that of always naming the larger class."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(120, 30)), rng.permutation(np.arange(120) < 24)
        report = diagnose(network((16,)), X, y, alphas=(0.1, 0.5), random_state=seed)
        assert not any(remedy.helps for remedy in report.remedies.values())


def noisy_line(n_samples, rng):
    """Classes that a line divides, but for much noise, among eight idle features."""
    X = rng.normal(size=(n_samples, 10))
    return X, X[:, 0] + X[:, 1] + 1.5 * rng.normal(size=n_samples) > 0


@pytest.mark.filterwarnings("ignore:activation='tanh' has no effect")
def test_remedies_help_where_they_do():
    """A large network learns the noise by heart; what helps here helps on new data."""
    rng = np.random.default_rng(0)
    X, y = noisy_line(600, rng)
    settings = {"alpha": 0, "activation": "tanh", "max_iter": 200}
    estimator = network((64,), **settings, batch_size=50, learning_rate_init=0.5)
    report = diagnose(estimator, X, y, cv=5, alphas=(0.03, 0.1))
    assert report.verdict == "overfitting"
    X_new, y_new = noisy_line(4000, rng)
    before = estimator.fit(X, y).score(X_new, y_new)
    for name in ("regularisation", "smaller network"):
        remedy = report.remedies[name]
        assert remedy.helps and remedy.narrows_gap
        after = clone(estimator).set_params(**remedy.parameters).fit(X, y)
        assert after.score(X_new, y_new) > before + 0.03
    assert report.recommendation.startswith("Try ")


def test_too_much_regularisation_is_underfitting():
    _, X, y = balanced_case(0)
    report = diagnose(network((8,), alpha=0.9), X, y, alphas=(1e-4, 1e-2))
    assert report.verdict == "underfitting"
    assert report.remedies["less regularisation"].helps
    assert "less regularisation" in report.recommendation


def test_longer_training_helps_a_network_that_has_hardly_trained():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 10))
    y = X[:, :3].sum(axis=1) > 0
    report = diagnose(network(max_iter=5, learning_rate_init=0.1, random_state=2), X, y)
    assert report.verdict == "underfitting"
    assert report.remedies["longer training"].parameters["max_iter"] == 20
    assert report.remedies["longer training"].helps
    assert report.remedies["higher learning rate"].helps
    assert "longer training (max_iter=20" in report.reason


@pytest.fixture(scope="module")
def pipeline_report():
    X, y = load_iris(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), network((6, 4)))
    return diagnose(estimator, X, y, dropouts=(0.2,)), estimator, X, y


def test_scores_are_those_of_cross_validate(pipeline_report):
    report, estimator, X, y = pipeline_report
    seed = np.random.RandomState(0).randint(2**31 - 1, size=4)[0]
    folds = StratifiedKFold(4, shuffle=True, random_state=int(seed))
    scores = cross_validate(estimator, X, y, cv=folds, return_train_score=True)
    assert_allclose(report.train_score.values, scores["train_score"])
    assert_allclose(report.test_score.values, scores["test_score"])
    assert_allclose(
        report.gap.values, scores["train_score"] - scores["test_score"], atol=1e-12
    )
    assert report.gap.std == pytest.approx(report.gap.values.std(ddof=1))


def test_each_remedy_reports_settings_scores_and_paired_changes(pipeline_report):
    report, *_ = pipeline_report
    assert isinstance(report, OverfittingReport)
    assert set(THREE) < set(report.remedies)
    for remedy in report.remedies.values():
        if remedy.skipped:
            continue
        change = remedy.test_score.values - report.test_score.values
        assert_allclose(remedy.test_change.values, change, atol=1e-12)
        change = remedy.gap.values - report.gap.values
        assert_allclose(remedy.gap_change.values, change, atol=1e-12)
        assert remedy.test_change.low <= remedy.test_change.mean
        assert remedy.setting


def test_curves_are_kept_as_plain_arrays(pipeline_report):
    report, *_ = pipeline_report
    curve = report.learning_curve_
    assert_array_equal(curve["train_sizes"], [45, 78, 112])
    assert curve["train_scores"].shape == curve["test_scores"].shape == (3, 4)
    path = report.regularization_path_
    assert {1e-4, 0.03, 0.3} <= set(path["alpha"].tolist())
    assert path["test_scores"].shape == (len(path["alpha"]), 4)
    assert_allclose(path["test_scores"][0], report.test_score.values)
    assert_array_equal(report.dropout_path_["dropout"], [0, 0.2])
    sizes = report.size_curve_["hidden_layer_sizes"]
    assert (6, 4) in sizes and (6,) in sizes and (3, 2) in sizes
    assert report.size_curve_["train_scores"].shape == (len(sizes), 4)


def test_path_is_that_of_a_grid_search(pipeline_report):
    report, estimator, X, y = pipeline_report
    seed = np.random.RandomState(0).randint(2**31 - 1, size=4)[0]
    search = GridSearchCV(
        estimator,
        {"lecturemlpclassifier__alpha": [0.03, 0.3]},
        cv=StratifiedKFold(4, shuffle=True, random_state=int(seed)),
        refit=False,
    ).fit(X, y)
    path = report.regularization_path_
    tried = np.isin(path["alpha"], [0.03, 0.3])
    mean = path["test_scores"][tried].mean(axis=1)
    assert_allclose(mean, search.cv_results_["mean_test_score"], atol=1e-6)


def test_estimator_stays_as_it_is(pipeline_report):
    _, estimator, *_ = pipeline_report
    assert not hasattr(estimator[-1], "coefs_")


def test_same_random_state_gives_the_same_report_in_parallel_too(iris):
    estimator = network(random_state=None)
    one, two, other = (
        diagnose(estimator, *iris, random_state=seed, n_jobs=n_jobs).to_dict()
        for seed, n_jobs in ((3, None), (3, 2), (4, None))
    )
    for values in (one, two):
        values["provenance"].pop("date")
    assert one == two
    assert one["test_score"] != other["test_score"]


def test_a_report_without_a_seed_names_the_call_that_repeats_it(iris):
    settings = {"cv": 4, "alphas": (0.03,), "train_sizes": (0.5,)}
    first = diagnose_overfitting(network(random_state=None), *iris, **settings)
    seed = int(re.search(r"random_state=(\d+)\)$", first.provenance["call"])[1])
    again = diagnose_overfitting(
        network(random_state=None), *iris, **settings, random_state=seed
    )
    assert_array_equal(again.test_score.values, first.test_score.values)
    assert again.provenance["data"] == first.provenance["data"]
    other = diagnose_overfitting(network(), iris[0] + 1, iris[1], **settings)
    assert other.provenance["data"]["X"] != first.provenance["data"]["X"]
    assert other.provenance["data"]["y"] == first.provenance["data"]["y"]


def test_report_is_ready_for_json(pipeline_report):
    report, *_ = pipeline_report
    values = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert values["verdict"] == report.verdict
    assert values["remedies"]["more data"]["helps"] in (True, False)


@pytest.mark.parametrize(
    "scoring", ["roc_auc", "neg_log_loss", "f1", "balanced_accuracy"]
)
def test_any_scoring(scoring):
    _, X, y = balanced_case(1)
    report = diagnose(network(max_iter=15), X, y, scoring=scoring)
    assert report.data["scoring"] == scoring
    assert report.perfect_score == pytest.approx(0 if scoring == "neg_log_loss" else 1)
    assert report.chance_score.mean < report.test_score.mean
    assert report.verdict != "overfitting"  # what helps learns faster, no less by heart


def test_scorer_of_ones_own():
    _, X, y = balanced_case(1)

    def n_correct(estimator, X, y):
        return float((estimator.predict(X) == y).sum()) / 10

    report = diagnose(network(max_iter=15), X, y, scoring=n_correct)
    assert report.data["scoring"] == "n_correct"
    assert report.train_score.mean > report.test_score.mean


def test_imbalanced_and_multiclass_and_frames():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(200, 3)), columns=["a", "b", "c"])
    y = pd.Series(np.where(X["a"] > 1.2, "rare", np.where(X["b"] > 0, "x", "z")))
    report = diagnose(network(), X, y, scoring="balanced_accuracy")
    assert report.data["feature_names"] == ["a", "b", "c"]
    assert report.data["classes"].keys() == {"rare", "x", "z"}
    assert report.chance_score.mean == pytest.approx(1 / 3, abs=0.05)


def test_sparse_inputs_give_the_scores_of_dense_ones():
    _, X, y = balanced_case(0)
    X = np.where(X > 0, X, 0)
    dense, sparse = (
        diagnose(network(standardize=False), data, y) for data in (X, csr_array(X))
    )
    assert_allclose(dense.test_score.values, sparse.test_score.values, atol=0.02)


def test_multilabel(labels):
    report = diagnose(network(), *labels)
    assert report.verdict in ("overfitting", "underfitting", "balanced")


def test_groups_stay_together():
    """Groups that carry the label: between groups there is nothing to learn."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(24), 8)
    X = np.repeat(rng.normal(size=(24, 12)), 8, axis=0)
    X = X + 0.01 * rng.normal(size=X.shape)
    y = np.repeat(rng.permutation(24) % 2, 8)
    mixed = diagnose(network((16,)), X, y)
    grouped = diagnose(network((16,)), X, y, groups=groups)
    assert mixed.test_score.mean > 0.95
    assert grouped.test_score.mean < 0.7
    assert grouped.gap.mean > 0.3


def test_splitter_of_ones_own(iris):
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0)
    report = diagnose(network(), *iris, cv=folds)
    assert len(report.gap.values) == 6


def test_other_estimators_skip_what_they_have_not():
    X, y = load_iris(return_X_y=True)
    report = diagnose(RandomForestClassifier(5, random_state=0), X, y)
    assert report.remedies["regularisation"].skipped == (
        "RandomForestClassifier has no parameter alpha"
    )
    assert "hidden_layer_sizes" in report.remedies["smaller network"].skipped
    assert not report.remedies["more data"].skipped
    assert report.regularization_path_ is None and report.size_curve_ is None
    assert "has no parameter alpha" in str(report)


def test_a_network_that_chooses_its_strength_has_none_to_turn(iris):
    estimator = LectureMLPClassifierCV(
        [0.01], cv=2, hidden_layer_sizes=(2,), max_iter=2
    )
    report = diagnose(estimator, *iris, cv=2, **FEW)
    skipped = "LectureMLPClassifierCV chooses its strength by itself"
    assert report.remedies["regularisation"].skipped == skipped
    assert not report.remedies["smaller network"].skipped


def test_network_without_hidden_layer_has_no_layer_to_leave_out(iris):
    report = diagnose(network(()), *iris)
    assert "no hidden layer" in report.remedies["smaller network"].skipped


def test_mlp_classifier_of_scikit_learn(iris):
    estimator = MLPClassifier((6,), max_iter=20, n_iter_no_change=50, random_state=0)
    report = diagnose(estimator, *iris, alphas=(0.1, 10.0))
    assert not report.remedies["regularisation"].skipped
    assert any("ConvergenceWarning" in note for note in report.notes)


def test_regressor():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 30))
    y = X[:, 0] + rng.normal(size=60)
    report = diagnose(Ridge(alpha=0.01), X, y, alphas=(10.0, 100.0), cv=5)
    assert report.data["scoring"] == "r2"
    assert report.verdict == "overfitting"
    assert report.remedies["regularisation"].test_change.mean > 0


def test_setting_that_cannot_be_fitted_is_left_out():
    """L2 this strong makes each step overshoot: W ← (1 − αλ) W."""
    _, X, y = balanced_case(0)
    report = diagnose(network(), X, y, alphas=(0.01, 1e3))
    assert report.remedies["regularisation"].setting == "alpha=0.01"
    assert np.isnan(report.regularization_path_["test_scores"][-1]).all()
    report = diagnose(network(), X, y, alphas=(1e3,))
    assert "training failed" in report.remedies["regularisation"].skipped


class Failing(LogisticRegression):
    """Cannot be fitted."""

    def fit(self, X, y):
        raise RuntimeError("no way")


def failing_scorer(estimator, X, y):
    raise ZeroDivisionError("oh")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cv": 1}, "cv=1 folds"),
        ({"cv": 60}, "too few for cv=60"),
        ({"alphas": (-1,)}, "alphas has the entry -1"),
        ({"alphas": (True,)}, "alphas has the entry True"),
        ({"dropouts": (1.0,)}, "dropouts has the entry 1.0"),
        ({"train_sizes": (1.5,)}, "train_sizes has the entry 1.5"),
        ({"train_sizes": (0,)}, "train_sizes has the entry 0"),
        ({"train_sizes": ()}, "train_sizes is empty"),
        ({"scoring": failing_scorer}, "failing_scorer.*ZeroDivisionError: oh"),
        ({"scoring": "roc_auc"}, "could not be scored with scoring='roc_auc'"),
        ({"progress": "yes"}, "progress must be"),
        ({"budget": 0}, "budget must be a number of seconds above 0"),
        ({"budget": True}, "budget must be a number of seconds above 0"),
        ({"groups": np.zeros(150)}, "1 groups are too few"),
    ],
)
def test_bad_arguments_are_told(settings, message):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message):
        diagnose(network(), X, y, **settings)


def test_bad_types_are_told(iris):
    with pytest.raises(TypeError, match="alphas must be a sequence"):
        diagnose(network(), *iris, alphas=0.1)
    with pytest.raises(TypeError, match="scoring must be one scorer"):
        diagnose(network(), *iris, scoring=["accuracy", "f1"])


def test_estimator_that_cannot_be_fitted_is_told(iris):
    with pytest.raises(ValueError, match="could not be fitted.*RuntimeError: no way"):
        diagnose(Failing(), *iris)


def test_rare_class_is_told():
    X, y = np.zeros((50, 2)), np.array(["b"] * 47 + ["a"] * 3)
    with pytest.raises(ValueError, match="class 'a' has 3 examples, too few for cv=4"):
        diagnose(network(), X, y)
    with pytest.raises(ValueError, match="has 1 example, .* folds; leave out or merge"):
        diagnose(network(), X[:48], y[:48])
    with pytest.raises(ValueError, match="single class 'b'"):
        diagnose(network(), X[:40], y[:40])
