"""Validation sets: set aside or one's own, watched or deciding when to stop."""

import warnings

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, log_loss
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier
from sklearn_mlp_edu._estimators.labels import Labels

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


def fixed(**parameters):
    """A small network for a given number of epochs, without any stopping."""
    defaults = {"max_iter": 8, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier((10,), **{"batch_size": 25, **defaults, **parameters})


def halves(data):
    """X, y, X_val, y_val."""
    X, y = data
    return X[::2], y[::2], X[1::2], y[1::2]


def recomputed(data, validation, weight=None, n_epochs=8, **parameters):
    """Log loss and accuracy after each epoch, of a network trained again and again."""
    X_val, y_val = validation
    losses, scores = [], []
    for k in range(1, n_epochs + 1):
        network = fixed(**parameters).set_params(max_iter=k).fit(*data)
        probabilities = network.predict_proba(X_val)
        if y_val.ndim == 2:
            columns = zip(y_val.T, probabilities.T, strict=True)
            losses.append(sum(log_loss(y, p, labels=[0, 1]) for y, p in columns))
        else:
            losses.append(log_loss(y_val, probabilities, sample_weight=weight))
        scores.append(
            accuracy_score(y_val, network.predict(X_val), sample_weight=weight)
        )
    return losses, scores


# A set of one's own


@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
def test_curves_are_loss_and_accuracy_after_each_epoch(problem, request):
    X, y, X_val, y_val = halves(request.getfixturevalue(problem))
    network = fixed().fit(X, y, X_val=X_val, y_val=y_val)
    losses, scores = recomputed((X, y), (X_val, y_val))
    assert_allclose(network.validation_loss_curve_, losses, rtol=1e-9)
    assert_allclose(network.validation_scores_, scores, rtol=1e-12)
    assert network.best_validation_score_ == max(network.validation_scores_)
    assert len(network.validation_loss_curve_) == network.n_iter_ == 8


def test_curves_weight_the_validation_examples(iris):
    X, y, X_val, y_val = halves(iris)
    weight = np.random.default_rng(0).uniform(0, 3, len(y_val))
    network = fixed().fit(X, y, X_val=X_val, y_val=y_val, sample_weight_val=weight)
    losses, scores = recomputed((X, y), (X_val, y_val), weight)
    assert_allclose(network.validation_loss_curve_, losses, rtol=1e-9)
    assert_allclose(network.validation_scores_, scores, rtol=1e-12)


@pytest.mark.parametrize("dropout", [0, 0.3])
def test_watching_changes_nothing(dropout, iris):
    """Neither weights nor chance nor the end of training."""
    X, y, X_val, y_val = halves(iris)
    settings = {"n_iter_no_change": 5, "tol": 1e-2, "max_iter": 500}
    settings["learning_rate_init"] = 0.1
    alone = fixed(dropout=dropout, **settings).fit(X, y)
    watched = fixed(dropout=dropout, **settings).fit(X, y, X_val=X_val, y_val=y_val)
    assert_array_equal(watched.coefs_[0], alone.coefs_[0])
    assert watched.n_iter_ == alone.n_iter_ < 500


@ignore_unconverged
def test_own_set_takes_the_place_of_one_set_aside(iris):
    """It decides, and all of X is trained on."""
    X, y, X_val, y_val = halves(iris)
    settings = {"early_stopping": True, "max_iter": 6}
    network = fixed(**settings).fit(X, y, X_val=X_val, y_val=y_val)
    assert network.t_ == 6 * len(X)
    best = 1 + int(np.argmax(network.validation_scores_))
    assert 1 < best
    again = fixed(max_iter=best).fit(X, y)
    assert_array_equal(network.coefs_[0], again.coefs_[0])


@pytest.mark.parametrize("container", [csr_array, np.ndarray.tolist, np.float32])
def test_own_set_may_be_in_another_container(container, iris):
    X, y, X_val, y_val = halves(iris)
    usual = fixed().fit(X, y, X_val=X_val, y_val=y_val)
    other = fixed().fit(X, y, X_val=container(X_val), y_val=y_val)
    assert_allclose(
        other.validation_loss_curve_, usual.validation_loss_curve_, rtol=1e-5
    )


def test_own_set_may_have_names_as_labels_and_lack_a_class(iris):
    X, y, X_val, y_val = halves(iris)
    names = np.array(["a", "b", "c"])
    some = y_val > 0
    network = fixed().fit(X, names[y], X_val=X_val[some], y_val=names[y_val[some]])
    score = accuracy_score(names[y_val[some]], network.predict(X_val[some]))
    assert network.validation_scores_[-1] == score


def test_no_validation_no_curves(iris):
    network = fixed().fit(*iris, X_val=iris[0], y_val=iris[1]).fit(*iris)
    for name in ("validation_loss_curve_", "validation_scores_"):
        assert getattr(network, name) is None
    assert network.best_validation_score_ is None


@ignore_unconverged
@pytest.mark.parametrize("early_stopping", [False, True])
def test_pipeline_transforms_the_validation_set(early_stopping, cancer):
    """``transform_input`` sends X_val through the steps before the network."""
    X, y, X_val, y_val = halves(cancer)
    X, X_val = 50 * X + 7, 50 * X_val + 7
    weight = np.linspace(0.1, 2, len(y_val))
    network = fixed(early_stopping=early_stopping, batch_size=100)
    with sklearn.config_context(enable_metadata_routing=True):
        network.set_fit_request(X_val=True, y_val=True, sample_weight_val=True)
        steps = [("scale", StandardScaler()), ("network", network)]
        pipeline = Pipeline(steps, transform_input=["X_val"])
        pipeline.fit(X, y, X_val=X_val, y_val=y_val, sample_weight_val=weight)
    scaler = StandardScaler().fit(X)
    direct = fixed(early_stopping=early_stopping, batch_size=100).fit(
        scaler.transform(X),
        y,
        X_val=scaler.transform(X_val),
        y_val=y_val,
        sample_weight_val=weight,
    )
    curve = pipeline[-1].validation_loss_curve_
    assert_allclose(curve, direct.validation_loss_curve_, rtol=1e-12)
    assert curve[-1] < 0.3


# A part set aside


def parts(y, fraction=0.1, seed=0):
    """Class counts of the training part and of the part set aside."""
    labels = Labels.of(y)
    codes = labels.encode(y)
    rows, aside = labels.split(codes, fraction, seed)
    assert_array_equal(np.sort(np.r_[rows, aside]), np.arange(len(y)))
    n = len(labels.classes)
    return np.bincount(codes[rows], minlength=n), np.bincount(codes[aside], minlength=n)


@pytest.mark.parametrize(
    ("counts", "fraction", "aside"),
    [
        ((50, 50), 0.1, (5, 5)),
        ((50, 30, 20), 0.1, (5, 3, 2)),
        ((500, 499), 0.25, (125, 125)),  # ⌈249.75⌉ in all
        ((97, 3), 0.1, (10, 1)),  # the rare class is in both parts
        ((100, 2), 0.9, (90, 1)),
        ((2, 2, 2), 0.1, (1, 1, 1)),
        ((3, 3), 0.9, (2, 2)),
    ],
)
def test_split_keeps_the_proportions(counts, fraction, aside):
    """Binary and multiclass, with one example of each class in each part at least."""
    y = np.random.default_rng(0).permutation(np.repeat(range(len(counts)), counts))
    training, validation = parts(y, fraction)
    assert_array_equal(validation, aside)
    assert_array_equal(training + validation, counts)


@ignore_unconverged
@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
def test_size_of_the_part_set_aside(problem, request):
    """⌈fraction · n⌉ examples, whose accuracy is a multiple of 1/n_aside."""
    X, y = request.getfixturevalue(problem)
    network = fixed(early_stopping=True, validation_fraction=0.2, max_iter=3)
    network.fit(X, y)
    n_aside = -(-len(X) // 5)
    assert network.t_ == 3 * (len(X) - n_aside)
    n_right = np.array(network.validation_scores_) * n_aside
    assert len(n_right) == 3
    assert_allclose(n_right, n_right.round(), atol=1e-9)


def set_aside(X, y, **parameters):
    """Tell which examples are set aside: doubling their weight has no effect."""
    settings = {"early_stopping": True, "batch_size": "full", "max_iter": 1}

    def first_cost(weight):
        return fixed(**settings | parameters).fit(X, y, weight).loss_

    usual = first_cost(None)
    return np.array([first_cost(1 + row) == usual for row in np.eye(len(y))])


@pytest.fixture
def third(iris):
    """50 × 4, three classes, and which of them are set aside."""
    X, y = iris[0][::3], iris[1][::3]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return X, y, set_aside(X, y, validation_fraction=0.3)


@ignore_unconverged
def test_split_depends_on_the_seed_and_on_nothing_else(third):
    X, y, aside = third
    assert_array_equal(np.bincount(y[aside]), [5, 5, 5])
    settings = {"validation_fraction": 0.3}
    again = set_aside(X, y, **settings, init="xavier", alpha=1, solver="adam")
    assert_array_equal(aside, again)
    assert not np.array_equal(aside, set_aside(X, y, **settings, random_state=1))


@ignore_unconverged
@pytest.mark.parametrize("batch_size", ["full", 10])
def test_remaining_examples_are_weighted_by_their_own_mean(batch_size, third):
    """Training on the part that is left equals training on that part alone."""
    X, y, aside = third
    weight = np.random.default_rng(0).uniform(0.1, 5, 50)
    settings = {"batch_size": batch_size, "learning_rate_init": 0.5, "shuffle": False}
    network = fixed(**settings, early_stopping=True, validation_fraction=0.3)
    network.fit(X, y, weight)
    alone = fixed(**settings).fit(X[~aside], y[~aside], weight[~aside])
    assert_allclose(network.loss_curve_, alone.loss_curve_, rtol=1e-12)
    probabilities = alone.predict_proba(X[aside])
    loss = log_loss(y[aside], probabilities, sample_weight=weight[aside])
    assert_allclose(network.validation_loss_curve_[-1], loss, rtol=1e-12)


@ignore_unconverged
def test_auto_rate_sees_the_training_part_only(third):
    """A part set aside may not leak into training by way of its scale."""
    X, y, aside = third
    X[aside] *= 100
    network = fixed(early_stopping=True, validation_fraction=0.3, batch_size="full")
    network.set_params(standardize=False)
    expected = 0.5 / max(1, np.mean(X[~aside] ** 2))
    assert_allclose(network.fit(X, y).learning_rate_, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("part", "message"), [(True, "set aside for valid"), (False, "left for training")]
)
def test_part_without_any_weight(part, message, third):
    X, y, aside = third
    network = fixed(early_stopping=True, validation_fraction=0.3)
    with pytest.raises(ValueError, match=f"sample_weight is zero .* {message}"):
        network.fit(X, y, sample_weight=aside != part)
    assert not hasattr(network, "coefs_")


@pytest.mark.parametrize("name", ["unicorn", 7])
def test_class_too_rare_to_split_is_named(name, iris):
    X, y = iris
    y = np.array(["a", "b", "c"])[y] if isinstance(name, str) else y
    y = np.append(y, [name])
    network = fixed(early_stopping=True)
    with pytest.raises(
        ValueError, match=rf"classes \[{name!r}\] have a single example"
    ):
        network.fit(np.vstack([X, X[:1]]), y)
    assert not hasattr(network, "coefs_")


def test_one_example_of_several_labels_cannot_be_split(labels):
    X, Y = labels
    with pytest.raises(ValueError, match="two examples at least.* n_samples=1"):
        fixed(early_stopping=True, batch_size="full").fit(X[:1], Y[:1])


def test_class_weights_are_those_of_the_validation_set_too(iris):
    X, y = iris
    class_weight = {0: 1.0, 1: 5.0, 2: 0.5}
    own = {"X_val": X[::3], "y_val": y[::3]}
    raw = {"standardize": False}
    by_class = fixed(class_weight=class_weight, **raw).fit(X, y, **own)
    weight = np.array([1.0, 5.0, 0.5])[y]
    by_example = fixed(**raw).fit(
        X, y, sample_weight=weight, **own, sample_weight_val=weight[::3]
    )
    assert_allclose(by_class.validation_scores_, by_example.validation_scores_)
    assert_allclose(by_class.validation_loss_curve_, by_example.validation_loss_curve_)
