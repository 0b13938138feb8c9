"""Other packages read our networks: scikit-learn, ONNX, C compilers, skops."""

import ctypes
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_html_repr, get_tags

from sklearn_mlp_edu import LectureMLPClassifier


def fixed(**parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 20, "n_iter_no_change": np.inf, "random_state": 0}
    return LectureMLPClassifier(**{**defaults, **parameters})


@pytest.mark.filterwarnings("ignore:activation='leaky_relu' has no effect")
@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"activation": "sigmoid"},
        {"activation": "logistic"},
        {"activation": "tanh", "hidden_layer_sizes": (9, 8)},
        {"activation": "identity"},
        {"activation": "leaky_relu", "hidden_layer_sizes": ()},
        {"dropout": 0.2, "solver": "adam"},
    ],
    ids=str,
)
def test_scikit_learns_network_predicts_the_same(problem, parameters, request):
    X, y = request.getfixturevalue(problem)
    ours = fixed(**parameters).fit(X, y)
    theirs = ours.to_sklearn()
    assert_allclose(
        theirs.predict_proba(X), ours.predict_proba(X), rtol=1e-12, atol=1e-12
    )
    assert_array_equal(theirs.predict(X), ours.predict(X))
    assert theirs.score(X, y) == ours.score(X, y)


def test_scikit_learns_network_keeps_names(iris):
    X, y = iris
    X = pd.DataFrame(X, columns=list("abcd"))
    names = np.array(["setosa", "versicolor", "virginica"])
    ours = fixed().fit(X, names[y])
    theirs = ours.to_sklearn()
    assert_array_equal(theirs.feature_names_in_, list("abcd"))
    assert_array_equal(theirs.predict(X), ours.predict(X))


def test_scikit_learns_network_is_a_copy(iris):
    X, y = iris
    ours = fixed().fit(X, y)
    before = ours.predict_proba(X)
    theirs = ours.to_sklearn()
    for array in theirs.coefs_ + theirs.intercepts_:
        array.fill(0)
    assert_array_equal(ours.predict_proba(X), before)


def test_scikit_learns_network_can_be_cloned_and_trained(iris):
    X, y = iris
    theirs = fixed(max_iter=300).fit(X, y).to_sklearn()
    assert clone(theirs).set_params(learning_rate_init=0.01).fit(X, y).score(X, y) > 0.9


def test_leaky_relu_has_no_counterpart(iris):
    network = fixed(activation="leaky_relu").fit(*iris)
    with pytest.raises(ValueError, match="has no activation 'leaky_relu'"):
        network.to_sklearn()


def test_only_a_fitted_network_can_be_exported():
    with pytest.raises(NotFittedError):
        LectureMLPClassifier().to_sklearn()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("problem", ["cancer", "iris", "digits"])
def test_onnx_gives_the_same_probabilities(problem, request):
    skl2onnx = pytest.importorskip("skl2onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    X, y = request.getfixturevalue(problem)
    X = X.astype(np.float32)
    network = fixed().fit(X, y)
    model = skl2onnx.to_onnx(network.to_sklearn(), X[:1], options={"zipmap": False})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    classes, probabilities = session.run(None, {"X": X})
    assert_allclose(probabilities, network.predict_proba(X), atol=1e-5)
    assert (classes == network.predict(X)).mean() > 0.999  # ties round either way


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("problem", "activation"), [("iris", "relu"), ("iris", "tanh")]
)
def test_c_code_gives_the_same_predictions(
    problem, activation, request, tmp_path, monkeypatch
):
    with np.errstate():  # which importing it changes
        emlearn = pytest.importorskip("emlearn")
    monkeypatch.chdir(tmp_path)  # where it compiles
    compiler = shutil.which("gcc") or pytest.skip("gcc is not installed")
    X, y = request.getfixturevalue(problem)
    X = X.astype(np.float32)
    network = fixed(activation=activation, hidden_layer_sizes=(8,)).fit(X, y)
    code = emlearn.convert(network.to_sklearn(), method="inline")
    code.save(file=str(tmp_path / "network.h"), name="network")
    source, library = tmp_path / "network.c", tmp_path / "network.so"
    source.write_text(
        '#include "network.h"\n'
        "int classify(const float *x, int n) { return network_predict(x, n); }\n"
    )
    include = emlearn.includedir
    build = ["-shared", "-fPIC", "-O2", "-I", include, str(source), "-o", str(library)]
    subprocess.run([compiler, *build, "-lm"], check=True)
    classify = ctypes.CDLL(str(library)).classify
    classify.argtypes = [ctypes.POINTER(ctypes.c_float), ctypes.c_int]
    rows = [row.ctypes.data_as(ctypes.POINTER(ctypes.c_float)) for row in X]
    predicted = [classify(row, X.shape[1]) for row in rows]
    assert_array_equal(predicted, network.predict(X))


def test_skops_needs_trust_in_our_own_types_only(iris, tmp_path):
    skops = pytest.importorskip("skops.io")
    X, y = iris
    network = fixed().fit(X, y)
    skops.dump(network, tmp_path / "network.skops")
    unknown = skops.get_untrusted_types(file=tmp_path / "network.skops")
    assert unknown == ["sklearn_mlp_edu.LectureMLPClassifier"]
    loaded = skops.load(tmp_path / "network.skops", trusted=unknown)
    assert_array_equal(loaded.predict_proba(X), network.predict_proba(X))


def test_html_shows_parameters_and_links_to_no_page_that_is_not_there():
    page = estimator_html_repr(LectureMLPClassifier(alpha=0.125))
    assert "LectureMLPClassifier" in page and "0.125" in page
    assert "Documentation for LectureMLPClassifier" not in page


def test_floating_point_errors_set_to_raise_change_nothing(iris):
    """As some packages set them when they are imported."""
    X, y = iris
    network = fixed(early_stopping=True).fit(X, y)
    with np.errstate(all="raise"):
        same = fixed(early_stopping=True).fit(X, y)
        far = same.predict_log_proba(1e4 * X), same.predict_proba(1e4 * X)
    assert_array_equal(same.coefs_[0], network.coefs_[0])
    assert_array_equal(far[0], network.predict_log_proba(1e4 * X))
    assert_array_equal(far[1], network.predict_proba(1e4 * X))


def test_tags():
    tags = get_tags(LectureMLPClassifier())
    assert is_classifier(LectureMLPClassifier())
    assert tags.classifier_tags.multi_class and tags.classifier_tags.multi_label
    assert tags.input_tags.sparse and not tags.input_tags.allow_nan
    assert tags.target_tags.required and not tags.non_deterministic
