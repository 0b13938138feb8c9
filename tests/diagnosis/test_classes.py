"""Rare classes, single classes, and the ends of what is tried."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    confusion_matrix,
    recall_score,
    roc_auc_score,
)
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting

QUICK = {
    "train_sizes": (0.5,),
    "alphas": (0.01, 0.03),
    "cross_validated": False,
    "random_state": 0,
}


def network(hidden=(8,), **parameters):
    settings = {"max_iter": 40, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(hidden, **{**settings, **parameters})


def rare(n=600, share=0.05, seed=0):
    """The sick are few; two features tell them, but for some noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    score = X[:, 0] + X[:, 1] + 0.7 * rng.normal(size=n)
    return X, np.where(score > np.quantile(score, 1 - share), "sick", "well")


@pytest.fixture(scope="module")
def rare_report():
    X, y = rare()
    splits = [*StratifiedKFold(5, shuffle=True, random_state=1).split(X, y)]
    report = diagnose_overfitting(network(), X, y, cv=splits, **QUICK)
    return report, X, y, splits


def test_a_rare_class_is_scored_by_what_sees_it(rare_report):
    report, X, y, splits = rare_report
    assert report.data["scoring"] == "average_precision"
    probability = cross_val_predict(network(), X, y, cv=splits, method="predict_proba")
    expected = [
        average_precision_score(y[test] == "sick", probability[test, 0])
        for _, test in splits
    ]
    assert_allclose(report.test_score.values, expected, rtol=1e-5)
    assert any("'sick' is 5.0% of the rows" in note for note in report.notes)


def test_accuracy_is_given_where_asked_for_with_a_word():
    X, y = rare(300)
    report = diagnose_overfitting(
        LogisticRegression(), X, y, scoring="accuracy", **QUICK
    )
    assert report.data["scoring"] == "accuracy"
    assert any("balanced_accuracy" in note for note in report.notes)
    report = diagnose_overfitting(
        LogisticRegression(), X, y, scoring="f1_macro", **QUICK
    )
    assert not any("of the rows" in note for note in report.notes)


def test_of_several_classes_a_rare_one_counts_as_the_others():
    X, y = rare(400, 0.04)
    y = np.where((y == "well") & (X[:, 2] > 0), "other", y)
    report = diagnose_overfitting(LogisticRegression(), X, y, **QUICK)
    assert report.data["scoring"] == "balanced_accuracy"


def test_classes_in_other_proportions_are_scored_by_accuracy():
    X, y = rare(300, 0.15)
    report = diagnose_overfitting(LogisticRegression(), X, y, **QUICK)
    assert report.data["scoring"] == "accuracy"
    assert "class weights" not in report.remedies


def test_class_weights_are_tried_and_judged_by_the_balanced_accuracy(rare_report):
    report, X, y, splits = rare_report
    remedy = report.remedies["class weights"]
    assert remedy.parameters == {"class_weight": "balanced"}
    after, before = (
        cross_val_predict(network(class_weight=weight), X, y, cv=splits)
        for weight in ("balanced", None)
    )
    expected = [
        balanced_accuracy_score(y[test], after[test])
        - balanced_accuracy_score(y[test], before[test])
        for _, test in splits
    ]
    assert_allclose(remedy.balanced_change.values, expected, atol=1e-9)
    assert remedy.helps and remedy.loss_change.mean > 0
    assert "class weights (class_weight='balanced')" in report.recommendation
    already = diagnose_overfitting(
        network(class_weight="balanced"), X, y, cv=splits, **QUICK
    )
    assert "weights already" in already.remedies["class weights"].skipped


def test_other_scores_are_those_of_the_same_predictions(rare_report):
    report, X, y, splits = rare_report
    predicted = cross_val_predict(network(), X, y, cv=splits)
    probability = cross_val_predict(network(), X, y, cv=splits, method="predict_proba")
    expected = {
        "accuracy": np.mean(predicted == y),
        "balanced accuracy": np.mean(
            [balanced_accuracy_score(y[t], predicted[t]) for _, t in splits]
        ),
        "ROC AUC": np.mean(
            [roc_auc_score(y[t] == "sick", probability[t, 0]) for _, t in splits]
        ),
        "average precision": report.test_score.mean,
    }
    assert report.other_scores.keys() == expected.keys()
    for name, value in expected.items():
        test, guessing = report.other_scores[name]
        assert test.mean == pytest.approx(value, rel=1e-5)
        assert guessing.mean < test.mean or name == "accuracy"
        assert name in str(report) and name in report._repr_html_()
    assert report.other_scores["ROC AUC"][1].mean == 0.5


def test_recall_precision_and_confusion_of_each_class(rare_report):
    report, X, y, splits = rare_report
    predicted = cross_val_predict(network(), X, y, cv=splits)
    assert_array_equal(report.confusion_, confusion_matrix(y, predicted))
    recalls = recall_score(y, predicted, average=None)
    assert_allclose([result.recall for result in report.class_results], recalls)
    assert [result.n_rows for result in report.class_results] == [30, 570]
    for result in report.class_results:
        assert 0 <= result.low < result.recall <= result.high <= 1
    assert report.class_results[0].high - report.class_results[0].low > 0.2
    values = report.to_dict()
    assert values["confusion_"] == report.confusion_.tolist()
    assert values["class_results"][0]["name"] == "sick"


# The ends of what is tried


def noise(n=200):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 20))
    return X, X[:, 0] + 2 * rng.normal(size=n) > 0


def test_a_path_goes_on_where_its_end_is_best():
    estimator = network((30,), alpha=1e-4, max_iter=150)
    settings = {**QUICK, "alphas": (1e-3, 3e-3)}
    report = diagnose_overfitting(estimator, *noise(), **settings)
    assert_array_equal(
        report.regularization_path_["alpha"], [1e-4, 1e-3, 3e-3, 0.009, 0.03]
    )
    remedy = report.remedies["regularisation"]
    assert remedy.setting == "alpha=0.03"
    assert remedy.edge == "the last that was tried; alpha=0.09 would be next"
    assert remedy.edge in " ".join(str(report).split())
    assert remedy.edge in report._repr_html_()


def test_a_path_ends_where_its_middle_is_best():
    estimator = network((30,), alpha=1e-4, max_iter=150)
    settings = {**QUICK, "alphas": (0.03, 0.1, 0.9)}
    report = diagnose_overfitting(estimator, *noise(), **settings)
    assert len(report.regularization_path_["alpha"]) == 4
    assert report.remedies["regularisation"].edge == ""


def test_a_strength_set_by_a_rule_is_where_the_path_starts():
    X, y = noise()
    report = diagnose_overfitting(network(alpha="auto"), X, y, **QUICK)
    own = network(alpha="auto").fit(X, y).alpha_
    assert report.data["alpha"] == own
    assert own in report.regularization_path_["alpha"]
    assert report.remedies["regularisation"].parameters["alpha"] > own


def test_training_that_ended_by_itself_is_not_made_longer():
    X, y = noise()
    estimator = network((4,), max_iter=1000, n_iter_no_change=3, tol=0.05, alpha=0.1)
    report = diagnose_overfitting(estimator, X, y, **QUICK)
    assert "ended by itself" in report.remedies["longer training"].skipped
    estimator.set_params(max_iter=3, n_iter_no_change=np.inf)
    report = diagnose_overfitting(estimator, X, y, **QUICK)
    assert report.remedies["longer training"].parameters["max_iter"] == 12
