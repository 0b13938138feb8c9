"""Networks as ONNX graphs: import this module, and skl2onnx knows how to write them.

>>> import sklearn_mlp_edu.onnx  # doctest: +SKIP
>>> model = skl2onnx.to_onnx(pipeline, X[:1])  # doctest: +SKIP

The graph takes inputs as `predict` does, float32 or float64, and computes in their
type: standardisation is part of it, that of a regressor's target too. A classifier has
two outputs, labels and probabilities, and skl2onnx's options ``zipmap`` and
``output_class_labels``; a regressor has one, of shape (n, number of targets).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arithmetic import required
from ._estimators import LectureMLPClassifier, LectureMLPRegressor
from ._lecture import LEAKY_SLOPE
from ._search import LectureMLPClassifierCV, LectureMLPRegressorCV

NEEDED_BY = "sklearn_mlp_edu.onnx"
CLASSIFIER_OPTIONS = {
    "zipmap": [True, False, "columns"],
    "output_class_labels": [False, True],
    "nocl": [True, False],  # which skl2onnx asks of every classifier
}
OPERATORS = {"identity": "Identity", "tanh": "Tanh", "relu": "Relu"} | dict.fromkeys(
    ("sigmoid", "logistic"), "Sigmoid"
)


class Graph:
    """What a converter adds to the graph of a model: constants, and nodes on them.

    Parameters
    ----------
    scope, operator, container
        As skl2onnx passes them to a converter.

    Attributes
    ----------
    inputs : str
        Name of the inputs, in the float type that the graph computes in.
    """

    def __init__(self, scope: Any, operator: Any, container: Any) -> None:
        types = required("skl2onnx", NEEDED_BY, "onnx").common.data_types
        self.scope, self.container = scope, container
        (given,) = operator.inputs
        double = isinstance(given.type, types.DoubleTensorType)
        self.dtype = np.dtype(np.float64 if double else np.float32)
        self.inputs = self.cast(given.full_name, self.dtype)

    def constant(self, value: Any) -> str:
        """Add an array: numbers in the graph's float type, integers, or strings."""
        value = np.asarray(value)
        value = value.astype(self.dtype) if value.dtype.kind == "f" else value
        content = [str(word).encode() for word in value] if _is_text(value) else value
        name = self.scope.get_unique_variable_name("constant")
        kind = _code_of(value.dtype)
        self.container.add_initializer(name, kind, value.shape, np.ravel(content))
        return name

    def node(
        self, kind: str, *inputs: str, out: str | None = None, **attributes: Any
    ) -> str:
        """Add a node; ``out`` is the name of its output, which is returned."""
        name = out or self.scope.get_unique_variable_name(kind.lower())
        label = self.scope.get_unique_operator_name(kind)
        self.container.add_node(kind, list(inputs), [name], name=label, **attributes)
        return name

    def cast(self, name: str, dtype: Any, out: str | None = None) -> str:
        """Add a conversion to another type."""
        return self.node("Cast", name, out=out, to=_code_of(np.dtype(dtype)))


def _is_text(value):
    return value.dtype.kind in "OUS"


def _code_of(dtype):
    """Return ONNX's number of a type."""
    types = required("onnx", NEEDED_BY, "onnx").TensorProto
    names = {"f4": types.FLOAT, "f8": types.DOUBLE, "i8": types.INT64}
    return names.get(dtype.str[1:], types.STRING)


def logits(graph: Graph, network: Any) -> str:
    """Add the standardisation of inputs (L18) and the layers: (3.1)–(3.5)."""
    A = graph.inputs
    if network.mean_ is not None:
        if network.mean_.any():
            A = graph.node("Sub", A, graph.constant(network.mean_))
        A = graph.node("Div", A, graph.constant(network.scale_))
    for l, (W, b) in enumerate(
        zip(network.coefs_, network.intercepts_, strict=True), start=1
    ):
        Z = graph.node("MatMul", A, graph.constant(W))
        Z = graph.node("Add", Z, graph.constant(b))
        A = Z
        if l < len(network.coefs_):
            A = activation(graph, network._hidden_activation_, Z)
    return A


def activation(graph: Graph, name: str, Z: str) -> str:
    """Add g(z) (3.2)."""
    if name == "leaky_relu":  # ONNX has it for float32 only
        return graph.node("Max", Z, graph.node("Mul", Z, graph.constant(LEAKY_SLOPE)))
    return graph.node(OPERATORS[name], Z)


def probabilities(graph: Graph, network: Any) -> str:
    """Add ŷ (3.6), of shape (n, number of classes or labels)."""
    Z, targets = logits(graph, network), network._targets()
    if network.out_activation_ == "softmax":
        return graph.node("Softmax", Z, axis=1)
    if not targets.multilabel:  # 1 − σ(z) = σ(−z)
        Z = graph.node("Concat", graph.node("Neg", Z), Z, axis=1)
    return graph.node("Sigmoid", Z)


def mean_probabilities(graph: Graph, networks: list) -> str:
    """Add the mean of several networks' probabilities."""
    return mean(graph, [probabilities(graph, network) for network in networks])


def mean(graph: Graph, each: list) -> str:
    """Add the mean of outputs."""
    if len(each) == 1:
        return each[0]
    total = graph.node("Sum", *each)
    return graph.node("Div", total, graph.constant(float(len(each))))


def values(graph: Graph, network: Any) -> str:
    """Add what a network for numbers predicts, in the user's units."""
    Y = logits(graph, network)
    if network.out_activation_ == "exp":
        Y = graph.node("Exp", Y)
    targets = network._targets()
    for kind, limit in zip(("Max", "Min"), targets.scaled(targets.limits), strict=True):
        if np.isfinite(limit).any():
            Y = graph.node(kind, Y, graph.constant(limit))
    centre, scale = targets.units
    Y = graph.node("Mul", Y, graph.constant(scale))
    return graph.node("Add", Y, graph.constant(centre))


def convert_classifier(scope: Any, operator: Any, container: Any) -> None:
    """Write labels and probabilities of a classifier, or of the mean of several."""
    graph, classifier = Graph(scope, operator, container), operator.raw_operator
    labels, scores = (output.full_name for output in operator.outputs)
    networks = _networks(operator)
    P = mean_probabilities(graph, networks)
    graph.node("Identity", P, out=scores)
    if networks[0]._targets().multilabel:
        likely = graph.node("Greater", P, graph.constant(0.5))
        graph.cast(likely, np.int64, out=labels)
        return
    codes = graph.node("ArgMax", P, axis=1, keepdims=0)
    classes = graph.constant(classes_of(classifier))
    graph.node("Gather", classes, codes, out=labels, axis=0)


def convert_regressor(scope: Any, operator: Any, container: Any) -> None:
    """Write the predictions of a regressor, or of the mean of several."""
    graph, (output,) = Graph(scope, operator, container), operator.outputs
    Y = mean(graph, [values(graph, one) for one in _networks(operator)])
    graph.node("Identity", Y, out=output.full_name)


def _networks(operator):
    """Return the networks of which the mean is predicted."""
    return getattr(operator.raw_operator, "estimators_", [operator.raw_operator])


def classes_of(classifier: Any) -> np.ndarray:
    """Return the labels as ONNX can hold them: strings or integers.

    No other numbers are taken for labels by scikit-learn.
    """
    classes = classifier.classes_
    return classes if _is_text(classes) else classes.astype(np.int64)


def classifier_shapes(operator: Any) -> None:
    """Tell skl2onnx the types and shapes of labels and probabilities."""
    types = required("skl2onnx", NEEDED_BY, "onnx").common.data_types
    classifier, n_rows = operator.raw_operator, _n_rows(operator)
    classes = classes_of(classifier)
    multilabel = _networks(operator)[0]._targets().multilabel
    kind = types.StringTensorType if _is_text(classes) else types.Int64TensorType
    shape = [n_rows, len(classes)] if multilabel else [n_rows]
    operator.outputs[0].set_type(kind(shape))
    operator.outputs[1].type.shape = [n_rows, len(classes)]


def regressor_shapes(operator: Any) -> None:
    """Tell skl2onnx the shape of the predictions."""
    n_rows = _n_rows(operator)
    operator.outputs[0].type.shape = [n_rows, _networks(operator)[0].n_outputs_]


def _n_rows(operator):
    utils = required("skl2onnx", NEEDED_BY, "onnx").common.utils
    utils.check_input_and_output_numbers(operator, input_count_range=1)
    return operator.inputs[0].get_first_dimension()


def _register():
    skl2onnx = required("skl2onnx", NEEDED_BY, "onnx")
    for kind in (LectureMLPClassifier, LectureMLPClassifierCV):
        skl2onnx.update_registered_converter(
            kind,
            f"SklearnMlpEdu{kind.__name__}",
            classifier_shapes,
            convert_classifier,
            options=CLASSIFIER_OPTIONS,
        )
    for kind in (LectureMLPRegressor, LectureMLPRegressorCV):
        skl2onnx.update_registered_converter(
            kind,
            f"SklearnMlpEdu{kind.__name__}",
            regressor_shapes,
            convert_regressor,
        )


_register()
