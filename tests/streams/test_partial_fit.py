"""`partial_fit` watches a validation set, and checks only what can have changed."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

CLASSES = [0, 1, 2]


def assert_same(one, other):
    for ours, theirs in zip(one.coefs_, other.coefs_, strict=True):
        assert_array_equal(ours, theirs)
    assert one.loss_curve_ == other.loss_curve_


def parts(X, y, size=30):
    return [(X[i : i + size], y[i : i + size]) for i in range(0, len(y), size)]


def test_validation_is_recorded_after_each_call(iris):
    X, y = iris
    network = LectureMLPClassifier(4, random_state=0)
    losses, scores = [], []
    for some, labels in parts(X, y):
        network.partial_fit(some, labels, CLASSES, X_val=X, y_val=y)
        p = network.predict_proba(X)[np.arange(len(y)), y]
        losses.append(-np.log(p).mean())
        scores.append(network.score(X, y))
    np.testing.assert_allclose(network.validation_loss_curve_, losses)
    assert network.validation_scores_ == scores
    assert network.best_validation_score_ == scores[-1]  # of the last call
    plain = LectureMLPClassifier(4, random_state=0)
    for some, labels in parts(X, y):
        plain.partial_fit(some, labels, CLASSES)
    assert_same(plain, network)  # to watch changes nothing
    assert plain.validation_loss_curve_ is None


def test_validation_of_numbers(iris):
    X, y = iris[0][:, :3], iris[0][:, 3]
    network = LectureMLPRegressor(4, random_state=0)
    for some, target in parts(X, y):
        network.partial_fit(some, target, X_val=X, y_val=y)
    assert network.validation_scores_[-1] == pytest.approx(network.score(X, y))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X_val": np.ones((3, 4))}, "X_val and y_val"),
        ({"X_val": np.ones((3, 5)), "y_val": [0, 1, 2]}, "5 features"),
        ({"X_val": np.ones((3, 4)), "y_val": [0, 1, 7]}, "y_val holds the classes"),
    ],
)
def test_a_wrong_validation_set_is_refused(arguments, message, iris):
    network = LectureMLPClassifier(4, random_state=0).partial_fit(*iris, CLASSES)
    before = copy.deepcopy(network)
    with pytest.raises(ValueError, match=message):
        network.partial_fit(*iris, **arguments)
    assert_same(network, before)


@pytest.mark.parametrize("names", [CLASSES, ["a", "bb", "ccc"], [False, True, True]])
def test_arrays_and_lists_lead_to_the_same(names, iris):
    """Arrays pass without scikit-learn's checks, lists do not."""
    X, y = iris[0], np.array(names)[iris[1]]
    quick, slow = (LectureMLPClassifier(4, random_state=0) for _ in range(2))
    quick.partial_fit(X, y, np.unique(y))
    slow.partial_fit(X, y, np.unique(y))
    for some, labels in parts(X, y, 50):
        quick.partial_fit(some, labels)
        slow.partial_fit(some.tolist(), labels.tolist(), np.unique(y))
    assert_same(quick, slow)


@pytest.mark.parametrize("loss", ["squared_error", "poisson"])
def test_arrays_and_lists_of_numbers_lead_to_the_same(loss, iris):
    X, y = iris[0][:, :3], np.exp(iris[0][:, 3])
    quick, slow = (LectureMLPRegressor(4, loss=loss, random_state=0) for _ in range(2))
    for some, target in parts(X, y):
        quick.partial_fit(some, target)
        slow.partial_fit(some.tolist(), target.tolist())
    assert_same(quick, slow)
    with pytest.raises(ValueError, match="NaN"):
        quick.partial_fit(X, np.where(y > 1, np.nan, y))
    assert_same(quick, slow)


def spoilt(X, value):
    X = X.copy()
    X[3, 1] = value
    return X


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X, y: (spoilt(X, np.nan), y), "NaN"),
        (lambda X, y: (spoilt(X, np.inf), y), "infinity"),
        (lambda X, y: (X[:, :3], y), "3 features"),
        (lambda X, y: (X[:9], y), "inconsistent"),
        (lambda X, y: (X[:0], y[:0]), "0 sample"),
        (lambda X, y: (X, y + 1), r"classes \[3\], which are not among"),
        (lambda X, y: (X, y + 0.5), "Unknown label type"),
        (lambda X, y: (X, y[:, np.newaxis] + y), "shape"),
    ],
    ids=["nan", "inf", "columns", "rows", "empty", "class", "numbers", "matrix"],
)
def test_what_can_have_changed_is_checked(change, message, iris):
    network = LectureMLPClassifier(4, random_state=0).partial_fit(*iris, CLASSES)
    network.partial_fit(*iris)
    before = copy.deepcopy(network)
    with pytest.raises(ValueError, match=message):
        network.partial_fit(*change(*iris))
    assert_same(network, before)
    assert_same(network.partial_fit(*iris), before.partial_fit(*iris))


@pytest.mark.parametrize(
    "change",
    [{"alpha": -1.0}, {"momentum": 2}, {"hidden_layer_sizes": (7,)}, {"dropout": 1}],
)
def test_a_parameter_that_has_changed_is_checked(change, iris):
    network = LectureMLPClassifier(4, random_state=0).partial_fit(*iris, CLASSES)
    network.set_params(**change)
    with pytest.raises(ValueError, match=next(iter(change))):
        network.partial_fit(*iris)


def test_a_list_that_was_changed_inside_is_noticed(iris):
    network = LectureMLPClassifier([4], random_state=0).partial_fit(*iris, CLASSES)
    network.hidden_layer_sizes.append(3)
    with pytest.raises(ValueError, match="hidden_layer_sizes"):
        network.partial_fit(*iris)


def test_a_change_of_the_float_type_is_refused_or_converted(iris):
    X, y = iris
    network = LectureMLPClassifier(4, random_state=0)
    network.partial_fit(X.astype(np.float32), y, CLASSES).partial_fit(X, y)
    assert network.coefs_[0].dtype == np.float32


def test_copies_and_pickles_go_on_by_themselves(iris):
    """Generators in use are never shared between a network and its copies."""
    network = LectureMLPClassifier(4, random_state=0, dropout=0.2)
    network.partial_fit(*iris, CLASSES)
    others = copy.copy(network), copy.deepcopy(network)
    others = *others, pickle.loads(pickle.dumps(network))
    for _ in range(2):
        network.partial_fit(*iris)
    for other in others:
        assert_same(other.partial_fit(*iris).partial_fit(*iris), network)


@pytest.mark.parametrize("kind", [LectureMLPClassifier, LectureMLPRegressor])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X, y: (X[:, :2], y), "2 features"),
        (lambda X, y: (X * np.nan, y), "NaN"),
        (lambda X, y: (np.full(X.shape, "a"), y), "could not convert"),
        (lambda X, y: (X, np.c_[y, y] + 7), "y has|y holds|y is"),
        (lambda X, y: (X[:0], y[:0]), "0 sample"),
        (lambda X, y: (X, y[:9]), "inconsistent numbers"),
    ],
    ids=["columns", "nan", "text", "targets", "empty", "lengths"],
)
def test_a_part_unlike_the_others_changes_nothing(kind, change, message, iris):
    X, y = iris
    announced = [CLASSES] if kind is LectureMLPClassifier else []
    network = kind(4, random_state=0).partial_fit(X, y, *announced)
    before = copy.deepcopy(network)
    with pytest.raises(ValueError, match=message):
        network.partial_fit(*change(X, y))
    assert_same(network, before)
    assert vars(network).keys() == vars(before).keys()
