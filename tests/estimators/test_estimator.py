"""`LectureMLPClassifier` as its users see it: parameters, attributes, predictions."""

import pickle
import re
import threading
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from sklearn_mlp_edu import LectureMLPClassifier

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


def fixed(**parameters):
    """A network for a given number of epochs, without any stopping."""
    defaults = {"max_iter": 5, "tol": 0, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


def test_learns_out_of_the_box(digits):
    X, y = digits
    network = LectureMLPClassifier(random_state=0).fit(X[:1200], y[:1200])
    assert network.score(X[:1200], y[:1200]) > 0.99
    assert network.score(X[1200:], y[1200:]) > 0.9


def test_attributes_after_fit(iris):
    X, y = iris
    names = np.array(["setosa", "versicolor", "virginica"])
    network = LectureMLPClassifier((7, 5), random_state=0).fit(X, names[y])
    assert_array_equal(network.classes_, names)
    assert [W.shape for W in network.coefs_] == [(4, 7), (7, 5), (5, 3)]
    assert [b.shape for b in network.intercepts_] == [(7,), (5,), (3,)]
    assert network.n_features_in_ == 4
    assert network.n_layers_ == 4
    assert network.n_outputs_ == 3
    assert network.n_parameters_ == 4 * 7 + 7 + 7 * 5 + 5 + 5 * 3 + 3
    assert network.out_activation_ == "softmax"
    assert network.learning_rate_init_ == 0.5 and network.alpha_ == 0.012
    assert network.learning_rate_ == pytest.approx(0.5 / 25)
    assert network.n_iter_ == len(network.loss_curve_)
    assert network.t_ == 150 * network.n_iter_
    assert network.loss_ == network.loss_curve_[-1]
    assert network.best_loss_ == min(network.loss_curve_)
    assert not hasattr(network, "feature_names_in_")


def test_two_classes_have_one_output(cancer):
    X, y = cancer
    network = fixed().fit(X, np.where(y, "benign", "malignant"))
    assert network.n_outputs_ == 1 and network.out_activation_ == "sigmoid"
    logits, probabilities = network.decision_function(X), network.predict_proba(X)
    assert logits.shape == (569,) and probabilities.shape == (569, 2)
    assert_allclose(probabilities[:, 1], 1 / (1 + np.exp(-logits)))
    assert_array_equal(network.predict(X), np.where(logits > 0, "malignant", "benign"))


def test_several_classes_share_a_softmax(iris):
    X, y = iris
    network = fixed().fit(X, y)
    logits, probabilities = network.decision_function(X), network.predict_proba(X)
    exponentials = np.exp(logits)
    assert_allclose(probabilities, exponentials / exponentials.sum(1, keepdims=True))
    assert_array_equal(network.predict(X), probabilities.argmax(axis=1))


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array, sparse.csr_matrix])
def test_labels_have_a_sigmoid_each(labels, container):
    X, Y = labels
    network = fixed(max_iter=100).fit(X, container(Y))
    probabilities = network.predict_proba(X)
    assert_allclose(probabilities, 1 / (1 + np.exp(-network.decision_function(X))))
    assert_array_equal(network.predict(X), (probabilities > 0.5).astype(int))
    assert_array_equal(network.classes_, [0, 1, 2])
    assert network.score(X, Y) > 0.9


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("n_classes", [256, 257, 300])
def test_hundreds_of_classes(n_classes):
    """More than a byte can count; a linear network learns one input for each."""
    X, y = np.tile(np.eye(n_classes), (2, 1)), 3 * np.tile(np.arange(n_classes), 2)
    settings = {"batch_size": 20, "learning_rate_init": 50, "max_iter": 30}
    network = LectureMLPClassifier((), alpha=0, random_state=0, **settings).fit(X, y)
    assert_array_equal(network.predict(X), y)


@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
def test_log_probabilities_are_exact_and_finite(problem, request):
    X, y = request.getfixturevalue(problem)
    network = fixed().fit(X, y)
    assert_allclose(
        network.predict_log_proba(X), np.log(network.predict_proba(X)), atol=1e-12
    )
    assert np.isfinite(network.predict_log_proba(X * 1e6)).all()


def test_summary_counts_parameters_and_memory(digits):
    X, y = digits
    table = fixed(hidden_layer_sizes=(30, 20), max_iter=1).fit(X, y).summary()
    rows = [line.split() for line in table.splitlines()]
    assert rows[1] == ["1", "64", "x", "30", "30", "1,950", "15.2", "kB", "relu"]
    assert rows[3] == ["3", "20", "x", "10", "10", "210", "1.6", "kB", "softmax"]
    assert rows[4] == ["total", "2,780", "21.7", "kB"]
    single = fixed(max_iter=1).fit(X.astype(np.float32), y)
    double = fixed(max_iter=1).fit(X, y)
    kilobytes = [float(n.summary().split()[-2]) for n in (single, double)]
    assert kilobytes[1] == pytest.approx(2 * kilobytes[0], abs=0.11)


@pytest.mark.parametrize("method", ["predict", "summary", "decision_function"])
def test_unfitted(method):
    arguments = [] if method == "summary" else [[[0.0]]]
    with pytest.raises(NotFittedError):
        getattr(LectureMLPClassifier(), method)(*arguments)


def test_tolerance_and_patience_stop_training(iris):
    loose = LectureMLPClassifier(tol=1e-2, random_state=0).fit(*iris)
    strict = LectureMLPClassifier(tol=1e-3, random_state=0).fit(*iris)
    patient = LectureMLPClassifier(tol=1e-2, n_iter_no_change=20, random_state=0).fit(
        *iris
    )
    assert loose.n_iter_ < strict.n_iter_
    assert loose.n_iter_ < patient.n_iter_


def test_warns_where_it_has_not_converged(iris):
    with pytest.warns(ConvergenceWarning, match="max_iter=9 .* tol=0.0003"):
        LectureMLPClassifier(max_iter=9, random_state=0).fit(*iris)


def test_sigmoid_has_two_names(iris):
    a = fixed(activation="sigmoid").fit(*iris)
    b = fixed(activation="logistic").fit(*iris)
    assert_array_equal(a.coefs_[0], b.coefs_[0])


def test_hidden_layer_sizes_may_be_a_number_or_any_sequence(iris):
    shapes = [
        [W.shape for W in fixed(hidden_layer_sizes=sizes).fit(*iris).coefs_]
        for sizes in (9, (9,), [9], np.array([9]))
    ]
    assert shapes == [[(4, 9), (9, 3)]] * 4


def test_init_by_a_function(iris):
    network = fixed(init=lambda fan_in, fan_out, rng: np.ones((fan_in, fan_out)))
    network.set_params(learning_rate_init=1e-12, max_iter=1).fit(*iris)
    assert_allclose(network.coefs_[0], 1, rtol=1e-6)
    assert_allclose(network.intercepts_[0], 0, atol=1e-6)


def test_same_seed_same_network(iris):
    a, b, c = (fixed(random_state=seed).fit(*iris) for seed in (0, 0, 1))
    assert_array_equal(a.coefs_[0], b.coefs_[0])
    assert not np.array_equal(a.coefs_[0], c.coefs_[0])


def test_random_state_instance_moves_on(iris):
    rng = np.random.RandomState(0)
    a, b = fixed(random_state=rng).fit(*iris), fixed(random_state=rng).fit(*iris)
    assert not np.array_equal(a.coefs_[0], b.coefs_[0])


def variants(X):
    """The same examples in every container that must work."""
    read_only = X.copy()
    read_only.setflags(write=False)
    every_second = np.repeat(X, 2, axis=1)[:, ::2]
    return {
        "fortran": np.asfortranarray(X),
        "read-only": read_only,
        "strided": every_second,
        "list": X.tolist(),
        "pandas": pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])]),
        "csr": sparse.csr_array(X),
        "csc": sparse.csc_array(X),
        "csr matrix": sparse.csr_matrix(X),
    }


@pytest.mark.parametrize("batch_size", [32, "full"])
@pytest.mark.parametrize("name", variants(np.zeros((1, 1))))
def test_containers_give_the_same_network(name, batch_size, iris):
    X, y = iris
    settings = {"batch_size": batch_size, "standardize": "cs" not in name}
    dense = fixed(**settings).fit(X, y)
    other = fixed(**settings).fit(variants(X)[name], y)
    assert_allclose(other.coefs_[0], dense.coefs_[0], rtol=1e-9, atol=1e-12)
    assert_allclose(
        other.predict_proba(variants(X)[name]), dense.predict_proba(X), rtol=1e-9
    )


def test_float32_stays_float32(iris):
    X, y = iris
    network = fixed().fit(X.astype(np.float32), y)
    assert {a.dtype.name for a in (*network.coefs_, *network.intercepts_)} == {
        "float32"
    }
    assert network.predict_proba(X.astype(np.float32)).dtype == np.float32
    exact = fixed().fit(X, y)
    assert exact.coefs_[0].dtype == np.float64
    assert_allclose(network.coefs_[0], exact.coefs_[0], rtol=1e-3, atol=1e-4)


def test_feature_names_are_remembered_and_compared(iris):
    X, y = iris
    frame = pd.DataFrame(X, columns=list("abcd"))
    network = fixed().fit(frame, y)
    assert_array_equal(network.feature_names_in_, list("abcd"))
    with pytest.raises(ValueError, match="feature names should match"):
        network.predict(frame[list("dcba")])


def test_default_rate_falls_with_input_scale_and_batch_size(iris):
    X, y = iris
    raw = {"standardize": False}
    for settings in ({}, raw):
        for batch_size, rate in (
            ("auto", 0.5),
            ("full", 0.5),
            (25, 0.25),
            (3, 0.5 / 11),
        ):
            network = fixed(**settings, batch_size=batch_size).fit(X, y)
            assert_allclose(network.learning_rate_init_, rate)
    assert_allclose(fixed().fit(10 * X, y).learning_rate_, 0.5)
    assert_allclose(fixed(**raw).fit(10 * X, y).learning_rate_, 0.005)
    same = sparse.csr_array(10 * X)
    assert_allclose(fixed(**raw).fit(same, y).learning_rate_, 0.005)
    pixels = np.tile(X, 2000)  # 8000 of them
    assert fixed(max_iter=1, **raw).fit(pixels, y).learning_rate_ == pytest.approx(0.05)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("scale", [1e18, 1e20])
def test_auto_rate_of_inputs_whose_squares_are_too_large_for_float32(scale):
    """One of them, or the sum of all; nothing warns of an overflow."""
    X = np.random.default_rng(0).normal(size=(2000, 3))
    y = (X[:, 0] > 0).astype(int)
    X = (X * scale).astype(np.float32)
    network = LectureMLPClassifier(4, max_iter=2, standardize=False, random_state=0)
    rate = network.fit(X, y).learning_rate_
    # to less precision, as it is a denormal number
    assert_allclose(rate, 0.5 / np.mean(X.astype(np.float64) ** 2), rtol=1e-4)


def test_unscaled_inputs_do_not_break_the_default(iris):
    X, y = iris
    network = LectureMLPClassifier(random_state=0, max_iter=1000)
    with pytest.warns(ConvergenceWarning):
        network.set_params(tol=0).fit(1000 * X + 300, y)
    assert np.isfinite(network.coefs_[0]).all()
    assert network.loss_ < network.loss_curve_[0]


def test_verbose_prints_one_aligned_line_an_epoch(iris, capsys):
    fixed(verbose=True, max_iter=12).fit(*iris)
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["epoch", "cost", "time"]
    assert [int(line.split()[0]) for line in lines] == list(range(1, 13))
    assert {len(line) for line in (header, *lines)} == {len(header)}
    assert all(re.fullmatch(r" +\d+ +\d+\.\d{6} +\d+\.\d\d s", line) for line in lines)


def test_verbose_k_prints_every_kth(iris, capsys):
    fixed(verbose=5, max_iter=12).fit(*iris)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [int(line.split()[0]) for line in lines] == [5, 10]


def test_silent_by_default(iris, capsys):
    fixed().fit(*iris)
    assert capsys.readouterr().out == ""


def test_pickle_keeps_predictions_and_is_small(digits):
    X, y = digits
    network = fixed().fit(X.astype(np.float32), y)
    pickled = pickle.dumps(network)
    assert_array_equal(pickle.loads(pickled).predict_proba(X), network.predict_proba(X))
    assert len(pickled) < 4 * network.n_parameters_ + 5000


def test_predictions_from_several_threads(digits):
    X, y = digits
    network = fixed().fit(X, y)
    expected = network.predict_proba(X)
    results = [None] * 4

    def predict(i):
        results[i] = [network.predict_proba(X) for _ in range(20)]

    threads = [threading.Thread(target=predict, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(p, expected) for result in results for p in result)


@pytest.mark.parametrize("order", ["C", "F"])
def test_training_needs_little_memory_beyond_the_data(order):
    """X is never copied whole: (P × 6 + batch × widest × 12) items and 20 MB."""
    rng = np.random.default_rng(0)
    X = np.asarray(rng.normal(size=(100_000, 100)).astype(np.float32), order=order)
    y = rng.integers(0, 2, len(X))
    network = fixed(hidden_layer_sizes=(50,), max_iter=1, batch_size=128)
    network.fit(X[:200], y[:200])
    tracemalloc.start()
    network.fit(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert X.nbytes == 40e6
    assert peak < 4 * (network.n_parameters_ * 6 + 128 * 100 * 12) + 20e6


@ignore_unconverged
def test_sparse_data_are_never_made_dense():
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 2000, 100_000), rng.integers(0, 50_000, 100_000)
    X = sparse.csr_array((rng.normal(size=100_000), cells), shape=(2000, 50_000))
    network = LectureMLPClassifier((4,), max_iter=2, batch_size=64, random_state=0)
    tracemalloc.start()
    network.fit(X, rng.integers(0, 2, 2000)).predict_proba(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2000 * 50_000 * 8 / 10


def test_partial_fit_continues_like_fit(iris):
    X, y = iris
    stepwise = fixed()
    for _ in range(5):
        stepwise.partial_fit(X, y, classes=[0, 1, 2])
    at_once = fixed(max_iter=5).fit(X, y)
    assert_allclose(stepwise.coefs_[0], at_once.coefs_[0], rtol=1e-12)
    assert_allclose(stepwise.loss_curve_, at_once.loss_curve_)
    assert stepwise.t_ == 5 * 150


def test_partial_fit_of_a_class_not_there_yet(iris):
    X, y = iris
    network = fixed().partial_fit(X[y < 2], y[y < 2], classes=[0, 1, 2])
    assert network.predict_proba(X).shape == (150, 3)
    network.partial_fit(X, y)
    assert network.n_iter_ == 2


def test_partial_fit_of_labels_needs_no_classes(labels):
    X, Y = labels
    network = fixed().partial_fit(X, Y).partial_fit(X, Y)
    assert network.predict(X).shape == Y.shape


def test_partial_fit_after_a_pickle_goes_on_alike(iris):
    X, y = iris
    network = fixed().partial_fit(X, y, classes=[0, 1, 2])
    copy = pickle.loads(pickle.dumps(network))
    assert_array_equal(
        copy.partial_fit(X, y).coefs_[0], network.partial_fit(X, y).coefs_[0]
    )


def test_partial_fit_after_fit_starts_from_its_weights(iris):
    X, y = iris
    network = LectureMLPClassifier(random_state=0).fit(X, y)
    before = network.loss_
    network.partial_fit(X, y)
    assert abs(network.loss_ - before) < 0.01


def test_partial_fit_takes_weights_as_they_are(iris):
    X, y = iris
    one, two = fixed(), fixed()
    one.partial_fit(X, y, [0, 1, 2], sample_weight=np.full(150, 1.0))
    two.partial_fit(X, y, [0, 1, 2], sample_weight=np.full(150, 2.0))
    assert not np.allclose(one.coefs_[0], two.coefs_[0])


def test_fit_forgets_what_was_before(iris, cancer):
    network = fixed().fit(*cancer)
    network.fit(*iris)
    fresh = fixed().fit(*iris)
    assert_array_equal(network.coefs_[0], fresh.coefs_[0])
    assert set(vars(network)) == set(vars(fresh))
