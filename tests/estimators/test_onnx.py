"""`sklearn_mlp_edu.onnx`: pipelines that end in our estimators as ONNX graphs."""

import sys
from importlib import import_module

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import sklearn_mlp_edu
from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LectureMLPRegressorCV,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]
DTYPES = [np.float32, np.float64]
ACTIVATIONS = ["identity", "sigmoid", "logistic", "tanh", "relu", "leaky_relu"]
ATOL = {np.float32: 2e-6, np.float64: 1e-13}


def fixed(kind=LectureMLPClassifier, **parameters):
    """A network for a given number of epochs."""
    defaults = {"max_iter": 10, "n_iter_no_change": np.inf, "random_state": 0}
    return kind(**{"hidden_layer_sizes": (6, 5), **defaults, **parameters})


@pytest.fixture
def skl2onnx():
    """The converter, which knows our estimators."""
    pytest.importorskip("onnxruntime")
    module = pytest.importorskip("skl2onnx")
    import_module("sklearn_mlp_edu.onnx")
    return module


@pytest.fixture
def outputs(skl2onnx):
    """A function of an estimator and X: what its graph computes."""
    runtime = import_module("onnxruntime")

    def run(estimator, X, **options):
        model = skl2onnx.to_onnx(estimator, X[:1], options=options or None)
        settings = runtime.SessionOptions()
        settings.intra_op_num_threads = 1
        session = runtime.InferenceSession(
            model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
        )
        return session.run(None, {"X": X})

    return run


def of_kind(kind):
    """Return iris' inputs at other scales, and targets of a kind."""
    rng = np.random.default_rng(0)
    X = rng.normal([0, 50, -3, 0], [1, 3, 0.01, 100], size=(90, 4))
    codes = np.arange(90) % 3
    return X, {
        "two classes": codes > 0,
        "integers": codes - 5,
        "words": np.array(["setosa", "versicolor", "한국"])[codes],
        "objects": np.array(["no", "yes"], object)[codes // 2],
        "whole floats": codes.astype(float),
        "labels": np.eye(3, dtype=int)[codes] | (X[:, :1] > 0),
        "one class": np.zeros(90, int),
    }[kind]


KINDS = ["two classes", "integers", "words", "objects", "whole floats", "labels"]


@pytest.mark.filterwarnings("ignore:y holds a single class")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [*KINDS, "one class"])
def test_a_graph_tells_labels_and_probabilities(outputs, kind, dtype):
    X, y = of_kind(kind)
    X = X.astype(dtype)
    network = fixed().fit(X, y)
    labels, probabilities = outputs(network, X, zipmap=False)
    assert probabilities.dtype == dtype
    assert_allclose(probabilities, network.predict_proba(X), atol=ATOL[dtype])
    assert_array_equal(labels, network.predict(X))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_in_the_graph(outputs, activation, dtype):
    X, y = of_kind("integers")
    X = X.astype(dtype)
    network = fixed(activation=activation).fit(X, y)
    _, probabilities = outputs(network, X, zipmap=False)
    assert_allclose(probabilities, network.predict_proba(X), atol=ATOL[dtype])


@pytest.mark.parametrize(
    "loss", ["squared_error", "absolute_error", "huber", "poisson"]
)
@pytest.mark.parametrize("n_targets", [1, 2])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_regressors_graph_tells_numbers_in_their_units(
    outputs, dtype, n_targets, loss
):
    X, _ = of_kind("integers")
    X = X.astype(dtype)
    y = 1000 * (1 + X[:, :n_targets] ** 2)
    y = y[:, 0] if n_targets == 1 else y
    network = fixed(LectureMLPRegressor, loss=loss).fit(X, y)
    (predictions,) = outputs(network, X)
    assert predictions.shape == (90, n_targets)
    expected = network.predict(X).reshape(90, n_targets)
    assert_allclose(predictions, expected, rtol=5e-6 if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_regressors_graph_keeps_to_the_range(outputs, dtype):
    X, _ = of_kind("integers")
    X = np.vstack([X, X]).astype(dtype)
    network = fixed(LectureMLPRegressor).fit(X, 1000 * X[:, :2])
    far = 1e5 * np.array([[1], [-1]], dtype) * np.ones(X.shape[1], dtype)
    (predictions,) = outputs(network, far)
    expected = network.predict(far)
    assert_allclose(predictions, expected, rtol=5e-6 if dtype == np.float32 else 1e-12)
    assert abs(network.to_sklearn().predict(far) - expected).max() > 1e6


@pytest.mark.parametrize("parameters", [{"standardize": False}, {"solver": "lbfgs"}])
@pytest.mark.parametrize("hidden", [(), (4,)])
def test_other_networks(outputs, hidden, parameters):
    X, y = of_kind("integers")
    if parameters.get("solver") == "lbfgs":
        parameters = {**parameters, "n_iter_no_change": 10}
    else:
        X = X / 100
    network = fixed(hidden_layer_sizes=hidden, **parameters).fit(X, y)
    _, probabilities = outputs(network, X, zipmap=False)
    assert_allclose(probabilities, network.predict_proba(X), atol=1e-13)


def test_a_network_that_has_learned_from_sparse_inputs(outputs):
    X, y = of_kind("integers")
    network = fixed().fit(csr_array(X * (X > 0)), y)
    _, probabilities = outputs(network, X, zipmap=False)
    assert_allclose(probabilities, network.predict_proba(X), atol=1e-13)


@pytest.mark.parametrize("refit", ["ensemble", "single"])
@pytest.mark.parametrize("kind", ["two classes", "words", "labels"])
def test_networks_that_choose_their_strength(outputs, kind, refit):
    """Several of them have the mean of their probabilities."""
    X, y = of_kind(kind)
    settings = {"alphas": 2, "cv": 2, "refit": refit, "n_iter_no_change": 2}
    network = fixed(LectureMLPClassifierCV, **settings).fit(X, y)
    labels, probabilities = outputs(network, X, zipmap=False)
    assert_allclose(probabilities, network.predict_proba(X), atol=1e-13)
    assert_array_equal(labels, network.predict(X))


@pytest.mark.parametrize("loss", ["squared_error", "poisson"])
@pytest.mark.parametrize("refit", ["ensemble", "single"])
def test_numbers_of_networks_that_choose_their_strength(outputs, loss, refit):
    X, y = of_kind("integers")
    Y = np.column_stack([100.0 * np.abs(y), X[:, 0] ** 2])
    settings = {"alphas": 2, "cv": 2, "refit": refit, "n_iter_no_change": 2}
    network = fixed(LectureMLPRegressorCV, loss=loss, **settings).fit(X, Y)
    (predicted,) = outputs(network, X)
    assert_allclose(predicted, network.predict(X), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_whole_pipeline(skl2onnx, outputs, dtype):
    """With `convert_sklearn`, as with `to_onnx`."""
    X, y = of_kind("words")
    X = X.astype(dtype)
    pipeline = make_pipeline(StandardScaler(), PCA(3), fixed()).fit(X, y)
    labels, probabilities = outputs(pipeline, X, zipmap=False)
    assert_allclose(probabilities, pipeline.predict_proba(X), atol=ATOL[dtype])
    assert_array_equal(labels, pipeline.predict(X))
    types = import_module("skl2onnx.common.data_types")
    tensor = types.FloatTensorType if dtype == np.float32 else types.DoubleTensorType
    model = skl2onnx.convert_sklearn(pipeline, initial_types=[("X", tensor([None, 4]))])
    assert [output.name for output in model.graph.output] == [
        "output_label",
        "output_probability",
    ]


def test_columns_of_several_kinds(skl2onnx):
    """Words are encoded in the graph, too."""
    pd = pytest.importorskip("pandas")
    runtime = import_module("onnxruntime")
    types = import_module("skl2onnx.common.data_types")
    X, y = of_kind("words")
    colours = np.where(X[:, 1] > 50, "red", "blue")
    frame = pd.DataFrame({"size": X[:, 0], "colour": colours})
    columns = ColumnTransformer(
        [("number", "passthrough", ["size"]), ("word", OneHotEncoder(), ["colour"])],
        sparse_threshold=0,
    )
    pipeline = make_pipeline(columns, fixed()).fit(frame, y)
    model = skl2onnx.convert_sklearn(
        pipeline,
        initial_types=[
            ("size", types.DoubleTensorType([None, 1])),
            ("colour", types.StringTensorType([None, 1])),
        ],
        options={"zipmap": False},
    )
    session = runtime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    inputs = {name: frame[[name]].to_numpy() for name in frame}
    labels, probabilities = session.run(None, inputs)
    assert_allclose(probabilities, pipeline.predict_proba(frame), atol=1e-6)
    assert_array_equal(labels, pipeline.predict(frame))


@pytest.mark.parametrize("kind", [GridSearchCV, FusedGridSearchCV])
def test_of_a_search_the_best_estimator_is_exported(outputs, kind):
    X, y = of_kind("integers")
    search = kind(fixed(), {"alpha": [0.01, 0.1]}, cv=2).fit(X, y)
    labels, _ = outputs(search.best_estimator_, X, zipmap=False)
    assert_array_equal(labels, search.predict(X))


def test_probabilities_by_name_of_the_class(outputs):
    """skl2onnx's default, which ONNX has for float32 only, and its two other forms."""
    X, y = of_kind("words")
    X = X.astype(np.float32)
    network = fixed().fit(X, y)
    expected = network.predict_proba(X)
    _, by_name = outputs(network, X)
    assert list(by_name[0]) == network.classes_.tolist()
    assert_allclose([list(row.values()) for row in by_name], expected, atol=1e-6)
    _, *columns = outputs(network, X, zipmap="columns")
    assert_allclose(np.transpose(columns), expected, atol=2e-6)
    _, _, classes = outputs(network, X, zipmap=False, output_class_labels=True)
    assert classes.tolist() == network.classes_.tolist()


def test_whole_numbers_as_inputs(outputs):
    X = np.random.default_rng(0).integers(0, 9, size=(60, 3))
    y = X[:, 0] > 4
    network = fixed().fit(X.astype(np.float32), y)
    _, probabilities = outputs(network, X, zipmap=False)
    expected = network.predict_proba(X.astype(np.float32))
    assert_allclose(probabilities, expected, atol=2e-6)


def test_standardisation_in_the_graph_bears_columns_far_from_0(outputs):
    """Folded into the first layer, in single precision, it would lose its digits."""
    X, y = of_kind("integers")
    X = (X + 1e4).astype(np.float32)
    network = fixed().fit(X, y)
    _, probabilities = outputs(network, X, zipmap=False)
    assert_allclose(probabilities, network.predict_proba(X), atol=2e-6)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn_mlp_edu.onnx", raising=False)
    monkeypatch.delattr(sklearn_mlp_edu, "onnx", raising=False)
    monkeypatch.setitem(sys.modules, "skl2onnx", None)
    with pytest.raises(ImportError, match=r"needs skl2onnx.*sklearn-mlp-edu\[onnx\]"):
        import_module("sklearn_mlp_edu.onnx")
