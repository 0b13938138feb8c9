"""Whatever valid input comes, a usable network or a documented error comes out.

Drawn by hypothesis: 400 examples for each property in ordinary runs, always the same,
and others, 15 times as many, with ``--hypothesis-profile=long``.
"""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse

pytest.importorskip("hypothesis")
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

N_EPOCHS = 3
MAGNITUDES = [0.0, 1e-300, 1e-30, 1e-8, 1.0, 1e5, 1e30, 1e150, 1e300]
ACTIVATIONS = ["identity", "logistic", "sigmoid", "tanh", "relu", "leaky_relu"]


def fitted(network, *args, **kwargs):
    """Fit; NumPy's warnings are errors, those of the package are not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", RuntimeWarning)
        return network.fit(*args, **kwargs)


@st.composite
def inputs(draw, n_rows):
    """X as an ordinary, strided, read-only, sparse or framed array of any scale."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_columns = draw(st.integers(1, 5))
    X = rng.normal(size=(n_rows, n_columns))
    scale = draw(st.lists(st.sampled_from(MAGNITUDES), min_size=1, max_size=n_columns))
    X *= np.resize(scale, n_columns)
    X += draw(st.sampled_from([0.0, 0.0, 1.0, -1e6, 1e12]))
    if draw(st.booleans()):
        X[:, 0] = X[0, 0]  # constant
    if draw(st.booleans()):
        X[1:] = X[rng.integers(n_rows, size=n_rows - 1)]  # duplicates
    if draw(st.booleans()):
        X[rng.random(X.shape) < 0.7] = 0
    dtype = draw(st.sampled_from([np.float64, np.float32, np.int64, bool]))
    if dtype is np.float32:
        assume(np.abs(X).max() < 1e38)
    if dtype is np.int64:
        X = np.clip(X, -1e18, 1e18)
    X = X.astype(dtype)
    return draw(st.sampled_from(LAYOUTS))(X)


def _strided(X):
    return np.repeat(np.repeat(X, 2, axis=0), 3, axis=1)[::2, ::3]


def _read_only(X):
    X = X.copy()
    X.flags.writeable = False
    return X


LAYOUTS = [
    np.ascontiguousarray,
    np.asfortranarray,
    _strided,
    _read_only,
    np.ndarray.tolist,
    lambda X: X[::-1],
    lambda X: pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])]),
    sparse.csr_array,
    sparse.csc_matrix,
    sparse.coo_array,
    sparse.lil_matrix,
]
CLASSES = [
    ["a", "b", "c"],
    [False, True],
    [-7, 3, 0],
    [2.0, 1.0],
    ["only one"],
    list(range(12)),
]


@st.composite
def problems(draw):
    """X, y and weights, or None for these."""
    n_rows = draw(st.integers(2, 14))
    X = draw(inputs(n_rows))
    codes = draw(st.lists(st.integers(0, 99), min_size=n_rows, max_size=n_rows))
    classes = draw(st.sampled_from(CLASSES))
    y = np.array([classes[code % len(classes)] for code in codes])
    form = draw(st.sampled_from(["array", "list", "object", "series", "categorical"]))
    y = {
        "array": y,
        "list": y.tolist(),
        "object": y.astype(object),
        "series": pd.Series(y),
        "categorical": pd.Series(y).astype("category"),
    }[form]
    weights = st.sampled_from([0, 1, 2.5, 1e-300, 1e300])
    weights = st.lists(weights, min_size=n_rows, max_size=n_rows)
    return X, y, draw(st.none() | weights)


PARAMETERS = st.fixed_dictionaries(
    {
        "hidden_layer_sizes": st.sampled_from([(), (1,), (3,), (4, 2), (2,) * 6]),
        "activation": st.sampled_from(ACTIVATIONS),
        "solver": st.sampled_from(["sgd", "adam", "lbfgs"]),
    },
    optional={
        "alpha": st.sampled_from(["auto", 0, 1e-3, 1, 1e10]),
        "batch_size": st.sampled_from(["auto", "full", 1, 3, np.uint8(5), 1000]),
        "learning_rate": st.sampled_from(["constant", "invscaling", "adaptive"]),
        "learning_rate_init": st.sampled_from(["auto", 1e-300, 0.1, 1.0, 1e10]),
        "momentum": st.sampled_from([0, 0.5, 0.99, 1]),
        "nesterovs_momentum": st.booleans(),
        "standardize": st.booleans(),
        "shuffle": st.booleans(),
        "class_weight": st.sampled_from([None, "balanced"]),
        "init": st.sampled_from(["auto", "he", "zeros", "constant", "small_normal"]),
        "warm_start": st.booleans(),
        "n_iter_no_change": st.sampled_from([1, 2, np.inf]),
    },
)


def network_of(parameters):
    return LectureMLPClassifier(
        **parameters, max_iter=N_EPOCHS, max_fun=20, random_state=0
    )


DOCUMENTED = "diverged|beyond the range|zero for every example|gives every example"
DOCUMENTED += "|Unknown label type|too large for dtype|finite numbers|Input [Xy] "


@given(problems(), PARAMETERS)
def test_fit_ends_in_probabilities_or_in_a_documented_error(problem, parameters):
    X, y, weight = problem
    network = network_of(parameters)
    try:
        fitted(network, X, y, weight)
    except (ValueError, TypeError) as error:
        assert re.search(DOCUMENTED, str(error))
        assert not hasattr(network, "coefs_")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            probabilities = network.predict_proba(X)
        except ValueError as error:
            assert "beyond the range" in str(error)
            return
        assert np.isin(network.predict(X), network.classes_).all()
    assert probabilities.shape == (len(y), len(network.classes_))
    assert np.isfinite(probabilities).all()
    assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


@given(problems(), PARAMETERS)
def test_failure_leaves_a_fitted_network_as_it_was(problem, parameters):
    X, y, weight = problem
    rng = np.random.default_rng(0)
    network = LectureMLPClassifier((2,), max_iter=1, n_iter_no_change=np.inf)
    network.fit(rng.normal(size=(6, 2)), [0, 1, 2] * 2)
    before = {name: value for name, value in vars(network).items() if name[-1] == "_"}
    network.set_params(**network_of(parameters).get_params())
    try:
        fitted(network, X, y, weight)
    except (ValueError, TypeError):
        after = {
            name: value for name, value in vars(network).items() if name[-1] == "_"
        }
        assert after.keys() == before.keys()
        assert all(after[name] is before[name] for name in before)


# What must not matter


@st.composite
def plain_problems(draw):
    """X, y with two classes or three, each of them with two rows at least."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_classes = draw(st.integers(2, 3))
    y = np.repeat(np.arange(n_classes), draw(st.integers(2, 5)))
    return rng.normal(size=(len(y), 3)) + y[:, None], rng.permutation(y), rng


BY_THE_LETTER = st.fixed_dictionaries(
    {
        "hidden_layer_sizes": st.sampled_from([(), (3,), (4, 2)]),
        "activation": st.sampled_from(ACTIVATIONS),
        "solver": st.sampled_from(["sgd", "adam", "lbfgs"]),
        "standardize": st.booleans(),
        "alpha": st.sampled_from([0, 0.01, 1.0]),
        "learning_rate_init": st.just(0.1),
        "batch_size": st.just("full"),
    }
)


def probabilities(parameters, X, y, *args, at=None):
    """Return what a network predicts at ``at``, or at X."""
    network = fitted(network_of(parameters), X, y, *args)
    return network.predict_proba(X if at is None else at)


@given(plain_problems(), BY_THE_LETTER)
def test_the_order_of_rows_does_not_matter_to_full_batches(problem, parameters):
    X, y, rng = problem
    order = rng.permutation(len(y))
    expected = probabilities(parameters, X, y)
    found = probabilities(parameters, X[order], y[order], at=X)
    assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


@given(plain_problems(), BY_THE_LETTER)
def test_a_weight_is_so_many_copies(problem, parameters):
    X, y, rng = problem
    weight = rng.integers(1, 4, size=len(y))
    expected = probabilities(parameters, X.repeat(weight, 0), y.repeat(weight), at=X)
    found = probabilities(parameters, X, y, weight)
    assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    thrice = probabilities(parameters, X, y, 3.0 * weight)
    assert_allclose(thrice, found, rtol=1e-6, atol=1e-9)


@given(plain_problems(), BY_THE_LETTER)
def test_names_of_classes_do_not_matter(problem, parameters):
    X, y, _ = problem
    named = np.array(["ant", "bee", "cow"])[y]
    assert_array_equal(
        probabilities(parameters, X, named), probabilities(parameters, X, y)
    )


@settings(max_examples=settings.default.max_examples // 10)  # searches take longer
@given(plain_problems(), BY_THE_LETTER, st.lists(st.sampled_from([0, 0.1, 3.0])))
def test_a_stack_is_as_its_networks_alone(problem, parameters, alphas):
    X, y, _ = problem
    assume(alphas)
    network = network_of(parameters)
    split = [(np.arange(len(y)), np.arange(len(y)))]
    search = FusedGridSearchCV(
        network, {"alpha": alphas}, cv=split, scoring="neg_log_loss", refit=False
    )
    scores = fitted(search, X, y).cv_results_["mean_test_score"]
    for alpha, score in zip(alphas, scores, strict=True):
        alone = fitted(network_of(parameters | {"alpha": alpha}), X, y)
        log_proba = alone.predict_log_proba(X)
        expected = np.mean(log_proba[np.arange(len(y)), y])
        assert_allclose(score, expected, rtol=1e-6, atol=1e-9)
