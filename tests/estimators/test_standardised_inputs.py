"""Inputs are standardised inside the network (L18), by the training rows alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier
from sklearn_mlp_edu._training import statistics_of

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


def fixed(**parameters):
    """A small network for a given number of epochs."""
    defaults = {"max_iter": 5, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier((8,), **{**defaults, **parameters})


def assert_same(one, other, **tolerance):
    for ours, theirs in zip(
        [*one.coefs_, *one.intercepts_],
        [*other.coefs_, *other.intercepts_],
        strict=True,
    ):
        assert_allclose(ours, theirs, **tolerance)


@pytest.fixture
def table():
    """500 × 6: ordinary, rare, heavy-tailed, constant, far away, and tiny columns."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 6))
    X[:, 1] = np.arange(500) == 7
    X[:, 2] = np.exp(3 * X[:, 2])
    X[:, 3] = 0.1
    X[:, 4] = 1.7e9 + 100 * X[:, 4]
    X[:, 5] *= 1e-9
    return X, (X[:, 0] + (X[:, 4] - 1.7e9) / 100 + rng.normal(size=500) > 0).astype(int)


def test_mean_and_scale_are_those_of_the_columns(table):
    X, y = table
    network = fixed().fit(X, y)
    assert_allclose(network.mean_, X.mean(axis=0), rtol=1e-12)
    far = abs(X - X.mean(axis=0)).max(axis=0)
    expected = np.maximum(X.std(axis=0), far / 3)
    expected[3] = 1  # a constant
    assert_allclose(network.scale_, expected, rtol=1e-7)
    assert (expected > 1.1 * X.std(axis=0))[[1, 2]].all()
    standardised = (X - network.mean_) / network.scale_
    assert abs(standardised).max() <= 3 + 1e-9
    assert network.n_samples_seen_ == 500


def test_it_is_the_same_as_scaled_data_to_the_letter(table):
    X, y = table
    inside = fixed().fit(X, y)
    scaled = (X - inside.mean_) / inside.scale_
    outside = fixed(standardize=False, learning_rate_init=0.5).fit(scaled, y)
    assert_same(inside, outside, rtol=1e-9, atol=1e-12)
    assert outside.mean_ is outside.scale_ is None
    assert_allclose(inside.predict_proba(X), outside.predict_proba(scaled), rtol=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e-8, 1e8, 1e200, 1e300])
def test_units_do_not_matter(scale, iris):
    X, y = iris
    network = fixed().fit(X * scale, y)
    assert_same(network, fixed().fit(X, y), rtol=1e-6, atol=1e-9)


def test_units_do_not_matter_where_the_least_value_is_0(iris):
    X, y = iris[0] - iris[0].min(axis=0), iris[1]
    for scale in (1e-200, 1e300):
        assert_same(fixed().fit(X * scale, y), fixed().fit(X, y), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_units_of_a_stream_do_not_matter(container, iris):
    """The same rows twice, so that their mean does not move."""
    X, y = iris[0] - iris[0].min(axis=0), iris[1]
    one, other = (
        fixed()
        .partial_fit(container(s * X), y, [0, 1, 2])
        .partial_fit(container(s * X), y)
        for s in (1, 1e300)
    )
    assert_same(one, other, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("scale", [1e-30, 1e10, 1e24, 1e37])
def test_units_do_not_matter_in_single_precision(scale, iris):
    X, y = iris
    network = fixed().fit((X * scale).astype(np.float32), y)
    assert network.coefs_[0].dtype == np.float32
    one = fixed().fit(X.astype(np.float32), y)
    assert_same(network, one, rtol=1e-2, atol=1e-4)


def test_seconds_since_1970_lose_no_accuracy():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    y = (X[:, 0] > 0).astype(int)
    away = X + 1.7e9
    assert_allclose(
        LectureMLPClassifier(random_state=0).fit(away, y).predict_proba(away),
        LectureMLPClassifier(random_state=0).fit(X, y).predict_proba(X),
        atol=1e-5,
    )
    days = (86_400 * X + 1.7e9).astype(np.float32)  # which resolves two minutes
    assert LectureMLPClassifier(random_state=0).fit(days, y).score(days, y) > 0.97


def test_rows_set_aside_and_rows_without_weight_are_not_looked_at(iris):
    X, y = iris
    weight = (np.arange(150) % 3 > 0).astype(float)
    X_wild = np.where(weight[:, np.newaxis] > 0, X, 1e200)
    few = fixed().fit(X_wild, y, sample_weight=weight)
    assert_allclose(few.mean_, X[weight > 0].mean(axis=0))
    early = fixed(early_stopping=True, validation_fraction=0.4).fit(X, y)
    assert abs(early.mean_ - X.mean(axis=0)).max() > 1e-3


def test_a_weight_of_two_counts_as_two_rows(iris):
    X, y = iris
    weight = 1 + np.arange(150) % 3
    one = fixed(batch_size="full").fit(X, y, sample_weight=weight)
    other = fixed(batch_size="full").fit(X.repeat(weight, 0), y.repeat(weight))
    assert_allclose(one.mean_, other.mean_, atol=1e-12)
    assert_allclose(one.scale_, other.scale_)
    assert_same(one, other, rtol=1e-7, atol=1e-10)


def test_class_weights_leave_the_statistics_as_they_are(iris):
    X, y = iris
    balanced = fixed(class_weight={0: 10, 1: 1, 2: 1}).fit(X, y)
    assert_array_equal(balanced.mean_, fixed().fit(X, y).mean_)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_to_sklearn_takes_raw_inputs(dtype, table):
    X, y = table
    X = X[:, [0, 1, 2, 3, 5]].astype(dtype)
    network = LectureMLPClassifier(random_state=0).fit(X, y)
    same = network.to_sklearn()
    assert type(same) is MLPClassifier
    atol = 1e-6 if dtype == np.float64 else 1e-3
    assert_allclose(same.predict_proba(X), network.predict_proba(X), atol=atol)


def test_sparse_and_dense_are_the_same_to_the_letter(iris):
    X, y = iris
    X = np.where(abs(X) > 0.5, X, 0)
    raw = {"standardize": False}
    dense = fixed(**raw).fit(X, y)
    assert_same(fixed(**raw).fit(sparse.csr_array(X), y), dense, rtol=1e-9, atol=1e-12)


def test_duplicate_entries_of_a_sparse_matrix_are_one(iris):
    X, y = iris
    once = sparse.csr_array(X)
    twice = sparse.csr_array(
        (
            np.repeat(once.data / 2, 2),
            np.repeat(once.indices, 2),
            2 * once.indptr,
        ),
        shape=once.shape,
    )
    assert not twice.has_canonical_format
    for standardize in (True, False):
        one = fixed(standardize=standardize).fit(once, y)
        two = fixed(standardize=standardize).fit(twice, y)
        assert one.learning_rate_ == two.learning_rate_
        assert_same(one, two, rtol=1e-9, atol=1e-12)
        assert_allclose(one.predict_proba(twice), two.predict_proba(once))
    assert twice.nnz == 2 * once.nnz


def test_sparse_inputs_are_not_centred_and_predict_like_dense_ones(iris):
    X, y = iris
    network = fixed().fit(sparse.csr_array(X), y)
    assert not network.mean_.any()
    assert_allclose(
        network.predict_proba(X), network.predict_proba(sparse.csr_array(X))
    )
    centred = fixed().fit(X, y)
    assert_allclose(
        centred.predict_proba(sparse.csr_array(X)), centred.predict_proba(X)
    )


def test_the_units_of_sparse_inputs_do_not_matter(iris):
    X, y = sparse.csr_array(abs(iris[0])), iris[1]
    assert_same(fixed().fit(1e150 * X, y), fixed().fit(X, y), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_columns", [1500, 200_000])
def test_statistics_of_more_than_is_looked_at_at_a_time(weighted, n_columns):
    """A megabyte at a time, or a row if that is more."""
    n_rows = 200 if n_columns == 1500 else 3
    rng = np.random.default_rng(0)
    X = rng.exponential(size=(n_rows, n_columns)) - 0.5
    y = np.arange(n_rows) % 2
    weight = np.arange(n_rows) % 3 + 0.5 if weighted else np.ones(n_rows)
    if weighted:
        weight[-1] = 0
    network = fixed(max_iter=1).set_params(hidden_layer_sizes=(1,))
    network.fit(X, y, weight)
    mean = np.average(X, axis=0, weights=weight)
    deviation = np.sqrt(np.average((X - mean) ** 2, axis=0, weights=weight))
    largest = abs(X[weight > 0] - mean).max(axis=0)
    assert_allclose(network.mean_, mean, atol=1e-12)
    assert_allclose(network.scale_, np.maximum(deviation, largest / 3), rtol=1e-9)
    network.fit(sparse.csr_array(X), y, weight)
    r = np.sqrt(np.average(X**2, axis=0, weights=weight))
    assert_allclose(network.scale_, expected_scale(r, 1000), rtol=1e-9)


def expected_scale(r, squared_length):
    """r^0.4, times what gives rows that mean squared length; ``r`` has no zeros."""
    return r**0.4 * np.linalg.norm(r**0.6) / np.sqrt(squared_length)


@pytest.mark.parametrize("n_columns", [7, 999, 1500])
def test_sparse_columns_are_divided_by_a_power_of_their_magnitude(n_columns):
    """Rows get a squared length of 1000, or of the number of columns if less."""
    rng = np.random.default_rng(0)
    X = rng.exponential(size=(40, n_columns)) * (rng.random((40, n_columns)) < 0.3)
    X[0] += 0.1
    r = np.sqrt((X**2).mean(axis=0))
    network = fixed(max_iter=1).fit(sparse.csr_array(X), np.arange(40) % 2)
    assert_allclose(network.scale_, expected_scale(r, min(1000, n_columns)))
    lengths = ((X / network.scale_) ** 2).sum(axis=1)
    assert_allclose(lengths.mean(), min(1000, n_columns))


@pytest.mark.parametrize("least", [1e-150, 1e-300])
def test_sparse_columns_from_the_least_to_the_largest_of_numbers(least, iris):
    X, y = abs(iris[0][:, :3]) + 0.1, iris[1]
    r = np.sqrt((X**2).mean(axis=0))
    X = sparse.csr_array(X * [least, 1, 1 / least])
    network = fixed().fit(X, y)
    largest = expected_scale(r[2:], 3)[0] / least  # to which others add nothing
    powers = (r / r[2]) ** 0.4 * np.array([least**2, least, 1]) ** 0.4
    known = powers > 0  # 10⁻⁶⁰⁰ is no number
    assert_allclose((network.scale_ / largest)[known], powers[known], rtol=1e-6)
    assert (network.scale_ > 0).all()
    assert np.isfinite(network.predict_proba(X)).all()


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_a_stream_from_the_least_to_the_largest_of_numbers(container, iris):
    X, y = abs(iris[0][::2]), iris[1][::2]
    parts = [container(1e-200 * X), container(1e200 * X)]
    network = fixed().partial_fit(parts[0], y, [0, 1, 2]).partial_fit(parts[1], y)
    both = container(np.vstack([1e-200 * X, 1e200 * X]))
    assert_allclose(network.scale_, fixed().fit(both, np.tile(y, 2)).scale_)


def test_a_stream_of_constants_that_jump():
    """From 0 to 1e300, and from 0 to as much on both sides."""
    X, y = np.zeros((20, 2)), np.arange(20) % 2
    jumped = np.column_stack([np.full(20, 1e300), np.tile([1e300, -1e300], 10)])
    network = fixed().partial_fit(X, y, [0, 1]).partial_fit(jumped, y)
    both = fixed().fit(np.vstack([X, jumped]), np.tile(y, 2))
    assert_allclose(network.scale_, both.scale_)
    assert_allclose(network.mean_, both.mean_, atol=1e285)


def test_sparse_rows_without_weight_are_not_looked_at(iris):
    X, y = abs(iris[0]), iris[1]
    weight = (np.arange(150) % 3 > 0).astype(float)
    wild = sparse.csr_array(np.where(weight[:, np.newaxis] > 0, X, 1e200))
    few = fixed().fit(wild, y, sample_weight=weight)
    expected = fixed().fit(sparse.csr_array(X[weight > 0]), y[weight > 0])
    assert_allclose(few.scale_, expected.scale_, rtol=1e-12)


def test_zeros_that_are_stored_are_zeros():
    X, y = np.ones((20, 3)), np.arange(20) % 2
    X[:10, 0] = 3
    stored = sparse.csr_array(X)
    stored.data[2::3] = 0  # a column of nothing else
    X[:, 2] = 0
    left_out = sparse.csr_array(X)
    assert stored.nnz > left_out.nnz
    expected = fixed().partial_fit(left_out, y, [0, 1]).partial_fit(left_out, y)
    network = fixed().partial_fit(stored, y, [0, 1]).partial_fit(stored, y)
    assert_array_equal(network.scale_, expected.scale_)
    assert_same(network, expected, rtol=1e-12)


def test_empty_sparse_columns_are_as_the_rarest_and_rarer_than_a_bound_is_none():
    X = np.zeros((20, 3))
    X[::2, 0], X[1, 1] = 2, 1  # the last is empty
    y, weight = np.arange(20) % 2, np.ones(20)
    r = np.array([np.sqrt(2), np.sqrt(1 / 20)])
    scale = fixed(max_iter=1).fit(sparse.csr_array(X), y).scale_
    assert_allclose(scale[:2], expected_scale(r, 3), rtol=1e-9)
    assert scale[2] == scale[1]
    weight[1] = 1e-15
    scale = fixed(max_iter=1).fit(sparse.csr_array(X), y, weight).scale_
    r = np.array([np.sqrt(40 / 19), 1e-6])
    assert_allclose(scale[:2], expected_scale(r, 3), rtol=1e-6)
    empty = sparse.csr_array((20, 3))
    assert (fixed(max_iter=1).fit(empty, y).scale_ == 1).all()


# Streams


@pytest.mark.parametrize("n_rows", [99, 100])
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_weights_stay_where_statistics_were_of_a_few_rows(n_rows, container, iris):
    """Of 100 rows and more, what the network computes stays instead."""
    X, y = abs(iris[0]) + 0.1, iris[1]
    network = fixed().partial_fit(container(X[:n_rows]), y[:n_rows], [0, 1, 2])
    weights, biases = network.coefs_[0].copy(), network.intercepts_[0].copy()
    network.set_params(learning_rate_init=1e-300)
    network.partial_fit(container(3 * X[100:]), y[100:])
    assert np.array_equal(network.coefs_[0], weights) == (n_rows < 100)
    kept = n_rows < 100 or sparse.issparse(container(X))  # which has no mean to move
    assert np.array_equal(network.intercepts_[0], biases) == kept


def test_weights_of_a_column_that_was_constant_stay(iris):
    X, y = iris[0].copy(), iris[1]
    X[:120, 1] = 5
    network = fixed().partial_fit(X[:120], y[:120], [0, 1, 2])
    before = network.coefs_[0].copy()
    network.set_params(learning_rate_init=1e-300).partial_fit(X[120:], y[120:])
    assert_array_equal(network.coefs_[0][1], before[1])
    assert (network.coefs_[0][[0, 2, 3]] != before[[0, 2, 3]]).all()


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_refined_statistics_leave_the_function_as_it_is(solver, table):
    """At a rate of almost nothing, a part from elsewhere changes no prediction."""
    X, y = table
    network = fixed(solver=solver).partial_fit(X[:300], y[:300], classes=[0, 1])
    before = network.predict_proba(X)
    network.set_params(learning_rate_init=1e-300)
    network.partial_fit(2 * X[300:] - X[:200], y[300:])
    assert abs(network.scale_ / X[:300].std(axis=0) - 1).max() > 0.1
    assert_allclose(network.predict_proba(X), before, rtol=1e-6)
    assert network.n_samples_seen_ == 500


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_what_an_optimizer_carries_along_is_expressed_anew_too(solver):
    """Two steps, each on a part, beside the same by hand."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 3)), (rng.random(300) < 0.3).astype(int)
    X[150:] = 5 + 3 * X[150:]
    network = LectureMLPClassifier(
        (),
        solver=solver,
        init="zeros",
        momentum=0.9,
        nesterovs_momentum=False,
        learning_rate_init=0.1,
        batch_size="full",
        alpha=0,
    )
    theta, first, second = np.zeros((3, 4))  # weights and bias, averages of g and g²
    old_mean, old_scale = np.zeros(3), np.ones(3)
    for t, part in enumerate((slice(150), slice(150, 300)), 1):
        network.partial_fit(X[part], y[part], classes=[0, 1])
        mean, scale = network.mean_, network.scale_
        ratio, back = scale / old_scale, (old_mean - mean) / scale
        theta[3] += (mean - old_mean) / old_scale @ theta[:3]
        theta[:3] *= ratio
        first[:3] = first[:3] / ratio + back * first[3]
        second[:3] = second[:3] / ratio**2 + back**2 * second[3]
        old_mean, old_scale = mean, scale
        x = np.hstack([(X[part] - mean) / scale, np.ones((150, 1))])
        g = x.T @ (expit(x @ theta) - y[part]) / 150
        first = 0.9 * first + 0.1 * g
        second = 0.999 * second + 0.001 * g**2
        if solver == "sgd":
            theta -= 0.1 * first
        else:
            rms = np.sqrt(second / (1 - 0.999**t))
            theta -= 0.1 * first / (1 - 0.9**t) / (rms + 1e-8)
    assert_allclose(network.coefs_[0][:, 0], theta[:3], rtol=1e-9)
    assert_allclose(network.intercepts_[0], theta[3:], rtol=1e-9)


def test_statistics_of_a_stream_are_those_of_all_its_rows(table):
    X, y = table
    network = fixed()
    for start in range(0, 500, 70):
        part = slice(start, start + 70)
        network.partial_fit(X[part], y[part], classes=[0, 1])
    whole = fixed().fit(X, y)
    assert_allclose(network.mean_, whole.mean_, rtol=1e-12)
    assert_allclose(network.scale_, whole.scale_, rtol=1e-7)


def test_sparse_statistics_of_a_stream_are_those_of_all_its_rows(iris):
    X, y = sparse.csr_array(abs(iris[0])), iris[1]
    network = fixed()
    for start in range(0, 150, 50):
        network.partial_fit(X[start : start + 50], y[start : start + 50], [0, 1, 2])
    assert_allclose(network.scale_, fixed().fit(X, y).scale_, rtol=1e-9)


def test_a_stream_that_began_dense_takes_sparse_rows_as_dense_ones(iris):
    X, y = iris[0][::-1], iris[1][::-1]
    streams = [fixed().partial_fit(X[:70], y[:70], [0, 1, 2]) for _ in range(2)]
    one, other = streams
    part = sparse.csr_array(X[70:])
    one.partial_fit(part, y[70:])
    assert_same(one, other.partial_fit(X[70:], y[70:]), rtol=1e-9, atol=1e-12)
    assert_array_equal(part.toarray(), X[70:])
    assert_allclose(one.predict_proba(part), one.predict_proba(X[70:]))


def test_a_stream_that_began_sparse_takes_dense_rows_as_sparse_ones(iris):
    X, y = np.maximum(iris[0][::-1], 0), iris[1][::-1]
    assert (X == 0).any(axis=0).all()
    first = sparse.csr_array(X[:70])
    one, other = (fixed().partial_fit(first, y[:70], [0, 1, 2]) for _ in range(2))
    one.partial_fit(X[70:], y[70:])
    other.partial_fit(sparse.csr_array(X[70:]), y[70:])
    assert_allclose(one.scale_, other.scale_, rtol=1e-12)
    assert_same(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_sparse_inputs_stay_as_they_are(solver, iris):
    X = sparse.csr_array(iris[0])
    network = LectureMLPClassifier((3,), solver=solver, random_state=0)
    network.fit(X, iris[1]).predict(X)
    assert_array_equal(X.toarray(), iris[0])


def test_calls_with_the_same_rows_are_epochs(iris):
    X, y = iris
    stream = fixed(alpha="auto")
    for _ in range(5):
        stream.partial_fit(X, y, classes=[0, 1, 2])
    assert_same(stream, fixed().fit(X, y), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("load", "chunk", "score"),
    [
        (load_breast_cancer, 1, 0.95),
        (load_breast_cancer, 10, 0.95),
        (load_digits, 1, 0.94),
        (load_digits, 10, 0.93),
    ],
)
def test_a_stream_in_small_parts_is_learned_in_one_pass(load, chunk, score):
    X, y = load(return_X_y=True)
    order = np.random.RandomState(0).permutation(len(y))
    X, y, n = X[order], y[order], int(0.7 * len(y))
    network = LectureMLPClassifier(random_state=0)
    for start in range(0, n, chunk):
        part = slice(start, min(start + chunk, n))
        network.partial_fit(X[part], y[part], classes=np.unique(y))
    assert network.score(X[n:], y[n:]) > score


def test_warm_starts_keep_the_statistics(table):
    X, y = table
    network = fixed(warm_start=True).fit(X, y)
    mean = network.mean_
    assert_array_equal(network.fit(X[:100], y[:100]).mean_, mean)
    with pytest.raises(ValueError, match="goes on with standardize=True"):
        network.set_params(standardize=False).fit(X, y)


# Around it


def test_searches_standardise_each_split_by_itself():
    X, y = load_wine(return_X_y=True)
    search = FusedGridSearchCV(fixed(max_iter=50), {"alpha": [1e-3, 0.1]}, cv=3)
    search.fit(X, y)
    scores = cross_val_score(fixed(max_iter=50, alpha=0.1), X, y, cv=3)
    results = [search.cv_results_[f"split{k}_test_score"][1] for k in range(3)]
    assert_allclose(results, scores)


def test_raw_columns_are_learned():
    X, y = load_wine(return_X_y=True)
    assert cross_val_score(LectureMLPClassifier(random_state=0), X, y).mean() > 0.96


@ignore_unconverged
def test_more_columns_than_rows_train():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2300)) * np.exp(rng.normal(size=2300))
    y = np.arange(60) % 4
    X[np.arange(60), y] += 30
    network = LectureMLPClassifier(random_state=0).fit(X, y)
    assert network.score(X, y) == 1


def test_a_column_that_is_as_wide_as_numbers_are():
    """Its deviations from the mean are beyond them, its scale is not."""
    X = np.array([[-1.7], [-1.7], [-1.7], [1.7]])
    wide = statistics_of(1e308 * X, None)
    assert_allclose(wide.scale / 1e308, statistics_of(X, None).scale, rtol=1e-12)


@ignore_unconverged
def test_a_sparse_column_gets_its_scale_with_its_first_value():
    """Its weights stay as they are, and what was learned of others is kept."""
    rng = np.random.default_rng(0)
    X = rng.random((200, 3)) * [0, 0.1, 10]
    y = np.arange(200) % 2
    network = fixed(learning_rate_init=1e-300, alpha=0)
    network.partial_fit(sparse.csr_array(X), y, classes=[0, 1])
    before, weights = network.predict_proba(X), network.coefs_[0].copy()
    more = sparse.csr_array(X * [1, 5, 2] + [7, 0, 0])
    network.partial_fit(more, y)
    assert_array_equal(network.coefs_[0][0], weights[0])
    assert not np.allclose(network.coefs_[0][1:], weights[1:], rtol=0.1)
    assert_allclose(network.predict_proba(X), before, rtol=1e-9)
