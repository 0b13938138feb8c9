"""`trace_step` shows what a step computes, as the lecture has it."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from sklearn_mlp_edu import LectureMLPClassifier, trace_step

from ..lecture_notation import (
    descent,
    initial_parameters,
    lecture_descent,
    lecture_forward,
    lecture_gradient,
    sigma,
)

RATE = 0.5


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    return rng.normal(size=(5, 4)), np.array([0, 1, 1, 0, 1])


def equations(trace):
    return {row.key: row.equation for row in trace.rows}


def test_the_lectures_network_equation_by_equation(batch):
    """(3.1)–(3.8), (3.14)–(3.23), (3.25)–(3.31) on one example, written out."""
    X, y = batch[0][:1], [1]
    trace = trace_step(descent(), X, y, classes=[0, 1])
    (W1, W2, W3), (b1, b2, b3) = initial_parameters(4)
    x = X.T
    z1 = W1 @ x + b1
    a1 = sigma(z1)
    z2 = W2 @ a1 + b2
    a2 = sigma(z2)
    z3 = W3 @ a2 + b3
    a3 = sigma(z3)
    dW3 = (a3 - 1) @ a2.T
    dz2 = W3.T * (a2 * (1 - a2)) * (a3 - 1)
    dW2 = dz2 @ a1.T
    dz1 = W2.T @ dz2 * a1 * (1 - a1)
    expected = {
        "x": (x, ""),
        "W[1]": (W1, "3.7"),
        "W[2]": (W2, "3.8"),
        "W[3]": (W3, "3.8"),
        "z[1]": (z1, "3.1"),
        "a[1]": (a1, "3.2"),
        "z[2]": (z2, "3.3"),
        "a[2]": (a2, "3.4"),
        "z[3]": (z3, "3.5"),
        "a[3]": (a3, "3.6"),
        "L": (-np.log(a3), "§3.1"),
        "dz[3]": (a3 - 1, "3.14–3.21"),
        "dW[3]": (dW3, "3.27"),
        "da[2]": (W3.T @ (a3 - 1), "3.22–3.25"),
        "g'(z[2])": (a2 * (1 - a2), "3.28"),
        "dz[2]": (dz2, "3.28–3.30"),
        "dW[2]": (dW2, "3.26–3.30"),
        "dW[1]": (dz1 @ x.T, "3.26–3.30"),
        "new W[2]": (W2 - RATE * dW2, "3.10, 3.31"),
        "new b[3]": (b3 - RATE * (a3 - 1), "3.11, 3.31"),
    }
    for key, (value, number) in expected.items():
        assert_allclose(trace[key], value, rtol=1e-12, atol=1e-15, err_msg=key)
        assert equations(trace)[key] == number
    assert trace["∂L/∂W[2]"] is trace["dW[2]"]
    assert trace.parameters == "3d + 14 = 26 parameters, d = 4"


def test_a_batch_with_momentum_and_decay(batch):
    """(3.32), (3.33), (3.34)–(3.37): the second of two steps."""
    X, y = batch
    settings = {"momentum": 0.9, "alpha": 0.1}
    network = descent(**settings).partial_fit(X, y, classes=[0, 1])
    trace = trace_step(network, X, y)
    once = lecture_descent(*initial_parameters(4), [batch], RATE, 0.9, 0.1)
    twice = lecture_descent(*initial_parameters(4), [batch] * 2, RATE, 0.9, 0.1)
    dW, db = lecture_gradient(*once, X.T, y)
    ridge = sum(np.sum(W**2) for W in once[0])
    for l in (1, 2, 3):
        W, b = once[0][l - 1], once[1][l - 1]
        new_W, new_b = twice[0][l - 1], twice[1][l - 1]
        expected = {
            f"W[{l}]": (W, "3.7" if l == 1 else "3.8"),
            f"dW[{l}]": (dW[l - 1], "3.27" if l == 3 else "3.26–3.30"),
            f"db[{l}]": (db[l - 1], ""),
            f"dJ_L2/dW[{l}]": (dW[l - 1] + 0.1 * W, "3.37"),
            f"vW[{l}]": ((W - new_W) / RATE, "3.33"),
            f"vb[{l}]": ((b - new_b) / RATE, "3.33"),
            f"new W[{l}]": (new_W, "3.33"),
            f"new b[{l}]": (new_b, "3.33"),
        }
        for key, (value, number) in expected.items():
            assert_allclose(trace[key], value, rtol=1e-9, atol=1e-14, err_msg=key)
            assert equations(trace)[key] == number
    a3 = lecture_forward(*once, X.T)[2]
    assert_allclose(trace["dL/dz[3]"], a3 - y)
    assert_allclose(trace["dz[3]"], (a3 - y) / 5)
    assert_allclose(trace["J"], -np.log(np.where(y, a3, 1 - a3)).mean())
    assert_allclose(trace["J_L2"], trace["J"] + 0.05 * ridge)
    assert equations(trace)["J_L2"] == "3.34–3.36"
    assert "3.38" in equations(trace_step(descent(alpha=0.1), X, y))["new W[1]"]


@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "adam", "momentum": 0.9, "learning_rate_init": 0.01},
        {"momentum": 0.9, "nesterovs_momentum": True},
        {"momentum": 0.5, "dropout": 0.5},
        {"activation": "relu", "init": "he"},
        {"max_grad_norm": 0.01, "alpha": 0.1, "momentum": 0.9},
        {"solver": "adamw", "alpha": 3.0, "momentum": 0.9},
        {"learning_rate": lambda epoch: 1 / (1 + epoch)},
    ],
    ids=lambda settings: "-".join(settings),
)
@pytest.mark.parametrize("kind", ["binary", "softmax", "multilabel"])
def test_the_step_is_that_of_training(batch, kind, settings):
    """What `partial_fit` makes of the same batch, to the bit."""
    X, y = batch
    y = {
        "binary": y,
        "softmax": [0, 1, 2, 1, 0],
        "multilabel": np.eye(5, 3, dtype=int),
    }[kind]
    network = descent(**settings)
    classes = None if kind == "multilabel" else np.unique(y)
    network.partial_fit(X, y, classes=classes)
    weight = np.array([0.5, 2, 1, 1, 0.5])  # 1 on average
    trace = trace_step(network, X, y, weight)
    before = [W.copy() for W in network.coefs_]
    network.partial_fit(X, y, sample_weight=weight)
    for l in (1, 2, 3):
        assert_array_equal(trace[f"W[{l}]"], before[l - 1].T)
        assert_allclose(
            trace[f"new W[{l}]"], network.coefs_[l - 1].T, rtol=1e-13, atol=1e-15
        )
        b = network.intercepts_[l - 1][:, np.newaxis]
        assert_allclose(trace[f"new b[{l}]"], b, rtol=1e-13, atol=1e-15)


def test_weights_of_examples_and_of_classes(batch):
    X, y = batch  # (0, 1, 1, 0, 1)
    by_class = trace_step(descent(class_weight={0: 1, 1: 3}), X, y)
    by_example = trace_step(descent(), X, y, [1, 3, 3, 1, 3])
    assert_array_equal(by_class["new W[1]"], by_example["new W[1]"])
    errors = by_class["dL/dz[3]"][0]
    assert_allclose(by_class["dz[3]"][0], errors * [1, 3, 3, 1, 3] / 11)
    weighted = np.average(by_class["L"][0], weights=[1, 3, 3, 1, 3])
    assert_allclose(by_class["J"], weighted)
    assert "J = weighted mean of L" in str(by_class)


def test_adam_shows_its_averages(batch):
    trace = trace_step(descent(solver="adam", momentum=0.9), *batch)
    assert_allclose(trace["mW[2]"], 0.1 * trace["dW[2]"])
    assert_allclose(trace["sW[2]"], 0.001 * trace["dW[2]"] ** 2)


def test_decoupled_decay_stands_beside_the_step(batch):
    trace = trace_step(descent(solver="adamw", momentum=0.9, alpha=0.5), *batch)
    assert "λ = 0.5" in trace.settings
    assert "dJ_L2/dW[1]" not in trace and "J_L2" not in trace
    assert "W[1] ← (1 − αλ) W[1] − α m̂/(√ŝ + ε)" in str(trace)
    assert "b[1] ← b[1] − α m̂/(√ŝ + ε)" in str(trace)
    moved = trace["new W[2]"] - (1 - 0.5 * 0.5) * trace["W[2]"]
    assert_allclose(abs(moved), 0.5, rtol=1e-4)


@pytest.mark.parametrize("alpha", [0, 0.1])
def test_a_bounded_gradient_is_shown_before_and_after(batch, alpha):
    network = descent(max_grad_norm=0.01, alpha=alpha, momentum=0.9)
    trace = trace_step(network, *batch)
    name = "dJ_L2/dW" if alpha else "dW"
    before = [trace[f"{name}[{l}]"] for l in (1, 2, 3)]
    before += [trace[f"db[{l}]"] for l in (1, 2, 3)]
    length = np.sqrt(sum((array**2).sum() for array in before))
    assert_allclose(trace["clipped dW[2]"], before[1] * 0.01 / (length + 1e-6))
    assert_allclose(trace["vb[3]"], 0.1 * trace["clipped db[3]"])
    assert "‖g‖ ≤ 0.01" in trace.settings
    J = "J_L2" if alpha else "J"
    assert f"g_dW[2] = ∂{J}/∂W[2] min(1, c/‖∂{J}/∂θ‖)" in str(trace)
    assert "v_dW[2] = β v_dW[2] + (1−β) g_dW[2]" in str(trace)
    plain = trace_step(descent(max_grad_norm=0.01, alpha=alpha), *batch)
    assert "W[2] ← W[2] − α g_dW[2]" in " ".join(str(plain).replace("  ", " ").split())


def test_dropout_shows_its_masks(batch):
    network = descent(dropout=0.5, hidden_layer_sizes=(20, 10))
    trace = trace_step(network, *batch)
    for l in (1, 2):
        assert set(np.unique(trace[f"mask[{l}]"])) == {0, 2}
        assert_array_equal(trace[f"h[{l}]"], trace[f"a[{l}]"] * trace[f"mask[{l}]"])
    assert_allclose(trace["z[2]"], trace["W[2]"] @ trace["h[1]"])
    assert "W[2] h[1] + b[2]" in str(trace)
    back = trace["W[3]"].T @ trace["dz[3]"] * trace["g'(z[2])"] * trace["mask[2]"]
    assert_allclose(trace["dz[2]"], back)


def test_softmax_and_several_labels(batch):
    X, _ = batch
    trace = trace_step(descent(), X, [0, 1, 2, 2, 1])
    assert_allclose(trace["a[3]"].sum(axis=0), 1)
    assert_array_equal(trace["y"], np.eye(3)[[0, 1, 2, 2, 1]].T)
    assert_allclose(trace["L"][0], -np.log(trace["a[3]"][[0, 1, 2, 2, 1], range(5)]))
    y = np.array([[1, 0], [0, 1], [1, 1], [0, 0], [1, 0]])
    trace = trace_step(descent(), X, y)
    assert_allclose(trace["a[3]"], sigma(trace["z[3]"]))
    assert trace["L"].shape == (1, 5)


def test_fitted_or_not(iris):
    """From the fitted weights, and else from those that `fit` starts with."""
    X, y = iris
    network = LectureMLPClassifier((5,), max_iter=3, n_iter_no_change=np.inf)
    network.set_params(random_state=0)
    trace = trace_step(network, X, y)
    network.set_params(max_iter=1, learning_rate_init=1e-300).fit(X, y)
    assert_array_equal(trace["W[1]"], network.coefs_[0].T)
    network.set_params(max_iter=3, learning_rate_init="auto").fit(X, y)
    trace = trace_step(network, X[:2], y[:2])
    assert_array_equal(trace["W[1]"], network.coefs_[0].T)
    assert_allclose(trace["a[2]"].T, network.predict_proba(X[:2]))


@pytest.mark.parametrize("fitted", [False, True])
@pytest.mark.parametrize("seed", [0, np.random.RandomState])
def test_the_estimator_stays_as_it_is(iris, fitted, seed):
    seed = seed(3) if callable(seed) else seed
    network = LectureMLPClassifier(
        (5,), dropout=0.2, max_iter=2, n_iter_no_change=np.inf, random_state=seed
    )
    if fitted:
        network.partial_fit(*iris, classes=[0, 1, 2])
    before = pickle.dumps(network)
    first, second = trace_step(network, *iris), trace_step(network, *iris)
    assert pickle.dumps(network) == before
    assert_array_equal(first["new W[1]"], second["new W[1]"])


def test_sparse_inputs_and_float32(batch):
    X, y = batch
    X = X.astype(np.float32) * (X > 0)
    dense, sparse = (trace_step(descent(), A, y) for A in (X, csr_array(X)))
    assert_array_equal(sparse["x"], X.T)
    assert sparse["z[2]"].dtype == np.float32
    assert_allclose(sparse["dW[1]"], dense["dW[1]"], rtol=1e-5, atol=1e-7)


def test_without_hidden_layers(batch):
    trace = trace_step(descent(hidden_layer_sizes=(), activation="relu"), *batch)
    assert [key for key in trace if key[0] in "za"] == ["z[1]", "a[1]"]
    assert trace.parameters == "d + 1 = 5 parameters, d = 4"


def test_as_a_table(batch):
    trace = trace_step(descent(momentum=0.9), *batch)
    lines = str(trace).splitlines()
    assert lines[0] == "One step of a 4-3-2-1 network on 5 examples"
    assert lines[1] == "g = sigmoid, α = 0.5, λ = 0, β = 0.9"
    assert lines[2] == "3d + 14 = 26 parameters, d = 4"
    (row,) = [line for line in lines if line.startswith("(3.3) ")]
    assert "z[2] = W[2] a[1] + b[2]" in row and "2 × 5" in row
    sections = [line for line in lines if line in {row.section for row in trace.rows}]
    assert sections == ["given", "forward pass", "cost", "backward pass", "update"]
    columns = {line.index("×") for line in lines if " × " in line}
    assert len(columns) == 1
    assert "4-3-2-1" in repr(trace)


def test_as_a_page(batch):
    html = trace_step(descent(momentum=0.9, alpha=0.1), *batch)._repr_html_()
    assert "z<sup>[2]</sup> = W<sup>[2]</sup> a<sup>[1]</sup> + b<sup>[2]</sup>" in html
    assert "v<sub>dW</sub><sup>[1]</sup>" in html and "J<sub>L2</sub>" in html
    assert html.count("<tr>") == html.count("</tr>")


def test_large_arrays_are_shown_by_their_corners(iris):
    X, y = iris
    table = str(trace_step(LectureMLPClassifier(50, random_state=0), X, y))
    assert max(map(len, table.splitlines())) < 130
    assert "…" in table


def test_a_name_that_is_not_there(batch):
    trace = trace_step(descent(), *batch)
    with pytest.raises(KeyError, match=r"'dW\[4\]' is not in the trace; it has x, y"):
        trace["dW[4]"]
    assert len(trace) == len(trace.keys()) == len(list(trace))


def test_who_cannot_be_traced(batch):
    with pytest.raises(TypeError, match="network of this package, got LogisticReg"):
        trace_step(LogisticRegression(), *batch)
    network = LectureMLPClassifier(3, solver="lbfgs")
    with pytest.raises(ValueError, match="'lbfgs' has no steps of descent"):
        trace_step(network, *batch)
    with pytest.raises(ValueError, match="2 classes|known|classes"):
        trace_step(descent().fit(*batch), batch[0], [0, 1, 2, 1, 0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        trace_step(descent(), batch[0], [0, 1])


def test_copies_can_be_kept(batch):
    trace = copy.deepcopy(trace_step(descent(), *batch))
    assert pickle.loads(pickle.dumps(trace)).keys() == trace.keys()


def test_standardised_inputs_come_first():
    """L18: x, then x̃, which the first layer reads."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(50, [1, 20, 300], size=(40, 3)), np.arange(40) % 2
    network = LectureMLPClassifier((3, 2), standardize=True, random_state=0)
    trace = trace_step(network, X, y)
    assert trace.keys()[:2] == ["x", "x̃"]
    assert equations(trace)["x̃"] == "L18"
    assert_array_equal(trace["x"], X.T)
    assert_allclose(trace["x̃"].mean(axis=1), 0, atol=1e-12)
    assert_allclose(trace["z[1]"], trace["W[1]"] @ trace["x̃"] + trace["b[1]"])
    assert "W[1] x̃ + b[1]" in str(trace)
    fitted = network.set_params(max_iter=2, n_iter_no_change=np.inf).fit(X, y)
    trace = trace_step(fitted, X[:2], y[:2])
    expected = (X[:2] - fitted.mean_) / fitted.scale_
    assert_allclose(trace["x̃"], expected.T)


def test_strength_of_a_fitted_network_is_that_of_its_training():
    """Not what "auto" would be for so few rows."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(3000, 2)), np.arange(3000) % 2
    network = LectureMLPClassifier(3, max_iter=2, n_iter_no_change=np.inf).fit(X, y)
    assert f"λ = {network.alpha_:g}" in trace_step(network, X[:2], y[:2]).settings


@pytest.mark.parametrize("standardize", [False, True])
def test_the_automatic_rate_is_that_of_fit(standardize):
    rng = np.random.default_rng(0)
    X, y = 5 * rng.normal(size=(40, 3)), np.arange(40) % 2
    network = LectureMLPClassifier(3, standardize=standardize, random_state=0)
    settings = trace_step(network, X, y).settings
    network.set_params(max_iter=1, n_iter_no_change=np.inf).fit(X, y)
    rate = float(settings.partition("α = ")[2].partition(",")[0])
    assert rate == pytest.approx(network.learning_rate_, rel=1e-5)
