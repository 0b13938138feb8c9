"""Class weights: another way to say sample weights."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import recall_score
from sklearn.utils.class_weight import compute_sample_weight

from sklearn_mlp_edu import LectureMLPClassifier

FACTORS = {0: 0.2, 1: 3.0, 2: 1.5}
WEIGHT = np.random.default_rng(3).uniform(0.1, 2, 150)


def fixed(**parameters):
    """A small network for a given number of epochs."""
    defaults = {"max_iter": 6, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    defaults |= {"batch_size": 32, "standardize": False}
    if parameters.get("solver") != "lbfgs":
        defaults["learning_rate_init"] = 0.2
    return LectureMLPClassifier((8,), **{**defaults, **parameters})


def assert_same(one, other):
    for ours, theirs in zip(one.coefs_, other.coefs_, strict=True):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("ignore")  # L-BFGS has no patience and is cut short
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_dict_multiplies_the_sample_weights(solver, weight, iris):
    X, y = iris
    batch_size = "full" if solver == "lbfgs" else 32
    settings = {"solver": solver, "batch_size": batch_size}
    classes = fixed(**settings, class_weight=FACTORS).fit(X, y, weight)
    product = np.array([FACTORS[code] for code in y]) * (
        1 if weight is None else weight
    )
    assert_same(classes, fixed(**settings).fit(X, y, product))
    assert not np.allclose(
        classes.coefs_[0], fixed(**settings).fit(X, y, weight).coefs_[0]
    )


def test_classes_that_a_dict_leaves_out_count_once(iris):
    X, y = iris
    some = fixed(class_weight={1: 3.0}).fit(X, y)
    assert_same(some, fixed(class_weight={0: 1, 1: 3, 2: 1}).fit(X, y))


@pytest.mark.parametrize("names", [["a", "b", "c"], [-5, 10, 20], [0.0, 1.0, 7.0]])
def test_dict_names_classes_as_the_user_does(names, iris):
    X, y = iris
    weight = dict(zip(names, FACTORS.values(), strict=True))
    named = fixed(class_weight=weight).fit(X, np.array(names)[y])
    assert_same(named, fixed(class_weight=FACTORS).fit(X, y))


def test_dict_names_truth_values(cancer):
    X, y = cancer
    network = fixed(class_weight={False: 2.0, True: 0.5}).fit(X, y == 1)
    assert_same(network, fixed(class_weight={0: 2.0, 1: 0.5}).fit(X, y))


def test_balanced_is_what_scikit_learn_defines(iris):
    """Up to a constant, which changes nothing (decision 7)."""
    X, y = iris[0][30:], iris[1][30:]
    balanced = fixed(class_weight="balanced").fit(X, y)
    weight = compute_sample_weight("balanced", y)
    assert_same(balanced, fixed().fit(X, y, weight))
    assert not np.allclose(balanced.coefs_[0], fixed().fit(X, y).coefs_[0])


def test_balanced_counts_an_example_of_weight_two_twice(iris):
    X, y = iris[0][30:], iris[1][30:]
    weight = np.arange(120) % 4
    settings = {"class_weight": "balanced", "batch_size": "full"}
    weighted = fixed(**settings).fit(X, y, weight)
    copies = fixed(**settings).fit(X.repeat(weight, axis=0), y.repeat(weight))
    assert_same(weighted, copies)


def test_balanced_where_a_class_has_no_weight_at_all(iris):
    X, y = iris
    weight = (y > 0).astype(float)
    network = fixed(class_weight="balanced").fit(X, y, weight)
    assert_same(network, fixed().fit(X, y, weight))


def test_balance_helps_a_rare_class(cancer):
    X, y = cancer
    rows = np.r_[np.flatnonzero(y == 1), np.flatnonzero(y == 0)[:8]]
    y = y[rows]
    X = X[rows][:, :3]
    recalls = [
        recall_score(y, fixed(class_weight=c).fit(X, y).predict(X), pos_label=0)
        for c in (None, "balanced")
    ]
    assert recalls[0] + 0.1 < recalls[1]


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
def test_partial_fit_takes_a_dict(weight, iris):
    """Weights in a stream are absolute, and classes may be missing from a part."""
    X, y = iris
    product = np.array([FACTORS[code] for code in y]) * (
        1 if weight is None else weight
    )
    one, other = fixed(class_weight=FACTORS), fixed()
    for rows in (slice(0, 100), slice(50, 150)):
        some = None if weight is None else weight[rows]
        one.partial_fit(X[rows], y[rows], [0, 1, 2], sample_weight=some)
        other.partial_fit(X[rows], y[rows], [0, 1, 2], sample_weight=product[rows])
    assert_same(one, other)


def test_balanced_labels_are_what_scikit_learn_defines(labels):
    """The product over labels of what balances each."""
    X, Y = labels
    Y = Y * (np.arange(120) % 3 > 0)[:, np.newaxis]
    balanced = fixed(class_weight="balanced").fit(X, Y)
    assert_same(balanced, fixed().fit(X, Y, compute_sample_weight("balanced", Y)))
    assert not np.allclose(balanced.coefs_[0], fixed().fit(X, Y).coefs_[0])


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_an_example_with_several_labels_has_no_one_class(method, labels):
    network = fixed(class_weight={0: 2.0})
    with pytest.raises(ValueError, match="not defined for multilabel y.* 'balanced'"):
        getattr(network, method)(*labels)
    assert not hasattr(network, "coefs_")


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ({"d": 2.0}, r"names the classes \['d'\], .* it has \['a', 'b', 'c'\]"),
        ({0: 2.0, "a": 1}, r"names the classes \[0\]"),
        ({"a": -1.0}, "finite numbers >= 0"),
        ({"a": np.nan}, "finite numbers >= 0"),
        ({"a": np.inf}, "finite numbers >= 0"),
        ({"a": "heavy"}, "finite numbers >= 0"),
        ({"a": None}, "finite numbers >= 0"),
        ({"a": 0, "b": 0, "c": 0}, "gives every example weight zero"),
        ("heavy", "class_weight.*'balanced'.*Got 'heavy'"),
        ([1, 2, 3], "class_weight"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_bad_class_weight(method, class_weight, message, iris):
    X, y = iris
    network = fixed(class_weight=class_weight)
    arguments = (["a", "b", "c"],) if method == "partial_fit" else ()
    with pytest.raises(ValueError, match=message):
        getattr(network, method)(X, np.array(["a", "b", "c"])[y], *arguments)
    assert not hasattr(network, "coefs_")


def test_class_of_weight_zero_is_not_learned(iris):
    X, y = iris
    network = fixed(class_weight={0: 0.0}, max_iter=60).fit(X, y)
    assert set(network.predict(X)) == {1, 2}
    assert_array_equal(network.classes_, [0, 1, 2])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_class_weight_with_early_stopping_and_dropout(iris):
    """All at once equals the sample weights, all at once."""
    X, y = iris
    settings = {"early_stopping": True, "dropout": 0.3, "max_iter": 20}
    classes = fixed(**settings, class_weight=FACTORS).fit(X, y, WEIGHT)
    product = np.array([FACTORS[code] for code in y]) * WEIGHT
    samples = fixed(**settings).fit(X, y, product)
    assert_same(classes, samples)
    assert_allclose(classes.validation_scores_, samples.validation_scores_)
