"""The contenders that compute with NumPy."""

import warnings
from operator import matmul

import numpy as np
from scipy.sparse import issparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import LectureMLPClassifier

from .contender import Contender, Trained
from .workloads import ALPHA, MOMENTUM, SEED


class ScikitLearnStyle(Contender):
    """Common to the two classifiers with the same parameters."""

    def prepare(self, workload, dtype):
        """Return a function that calls ``fit``, stopping switched off."""
        X, y = workload.data(dtype)

        def train(epochs):
            classifier = self.classifier(workload).set_params(
                hidden_layer_sizes=workload.hidden,
                activation=workload.activation,
                batch_size=workload.batch_size,
                momentum=MOMENTUM,
                nesterovs_momentum=False,
                max_iter=epochs,
                tol=0,
                n_iter_no_change=np.inf,
                random_state=SEED,
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                classifier.fit(X, y)
            n_steps = workload.n_steps(classifier.n_iter_)
            return Trained(n_steps, classifier.predict)

        return train


class ThisPackage(ScikitLearnStyle):
    """`LectureMLPClassifier`, its learning rate found by itself, with NumPy."""

    name = "this package"
    engine = "numpy"

    def classifier(self, workload):
        """Return the estimator with what its own conventions ask for."""
        return LectureMLPClassifier(alpha=ALPHA, standardize=False, engine=self.engine)


class Compiled(ThisPackage):
    """The same with compiled kernels."""

    name = "this package, compiled"
    engine = "compiled"
    modules = ("numba",)
    loads = True
    remark = "kernels that were compiled before are loaded at the first fit"


class Automatic(ThisPackage):
    """The same with the engine that it chooses by itself."""

    name = "this package, auto"
    engine = "auto"


class Standardising(ThisPackage):
    """The same, with inputs that are standardised inside the network."""

    name = "this package, standardising"

    def classifier(self, workload):
        """Return the estimator with what its own conventions ask for."""
        return super().classifier(workload).set_params(standardize=True)


class ScikitLearn(ScikitLearnStyle):
    """`MLPClassifier`, whose L2 term is divided by the batch size."""

    name = "scikit-learn"

    def classifier(self, workload):
        """Return the estimator with what its own conventions ask for."""
        return MLPClassifier(
            solver="sgd",
            alpha=ALPHA * workload.batch_size,
            learning_rate_init=workload.learning_rate,
        )


class Mlxtend(Contender):
    """`MultiLayerPerceptron`, which has one hidden layer of sigmoids."""

    name = "mlxtend"
    modules = ("mlxtend",)
    takes_sparse = False
    remark = (
        "its momentum is a multiple of the one gradient before, which lacks the "
        "learning rate; it is given one that makes up for that"
    )

    def obstacle(self, workload, dtype):
        """Sigmoid, one hidden layer and float64 are all that it has."""
        if workload.activation != "logistic":
            return f"cannot: sigmoid only, no {workload.activation}"
        if len(workload.hidden) != 1:
            return "cannot: one hidden layer only"
        if np.dtype(dtype) != np.float64:
            return "cannot: float64 only"
        return super().obstacle(workload, dtype)

    def prepare(self, workload, dtype):
        """Return a function that calls ``fit``."""
        from mlxtend.classifier import MultiLayerPerceptron

        X, y = workload.data(dtype)
        # Batches' gradients are added up, and each takes part in two steps. In the long
        # run θ is to move by as much a step as with momentum that never forgets.
        step = workload.learning_rate / (1 - MOMENTUM)
        rate = step / (1 + MOMENTUM) / workload.batch_size

        def train(epochs):
            classifier = MultiLayerPerceptron(
                hidden_layers=list(workload.hidden),
                eta=rate,
                l2=ALPHA * workload.batch_size,
                momentum=MOMENTUM * rate,
                epochs=epochs,
                minibatches=len(workload.batch_sizes),
                random_seed=SEED,
            )
            classifier.fit(X, y)
            n_steps = len(classifier.cost_) * classifier.minibatches
            return Trained(n_steps, classifier.predict)

        return train


class MatrixProducts(Contender):
    """The products of forward and backward pass and nothing else: a lower bound."""

    name = "products by dot"
    remark = "the matrix products of a step by np.dot into given arrays, nothing else"

    def prepare(self, workload, dtype):
        """Return a function that does the products of every step."""
        X, _ = workload.data(dtype)
        room = Room(workload.layer_sizes, workload.batch_size, dtype)
        sizes = workload.batch_sizes
        ends = np.cumsum(sizes)
        pairs = zip(ends, sizes, strict=True)
        steps = [room.products(X[end - m : end]) for end, m in pairs]

        def train(epochs):
            for _ in range(epochs):
                self.multiply(steps)
            return Trained(epochs * len(steps))

        return train

    def multiply(self, steps):
        """Do the products of one epoch."""
        for products in steps:
            for product, A, B, out in products:
                product(A, B, out)


class OperatorProducts(MatrixProducts):
    """The same as one would write them, every product a new array."""

    name = "products by @"
    remark = "the same by the operator @, every product a new array"

    def multiply(self, steps):
        """Do the products of one epoch."""
        for products in steps:
            for _, A, B, _ in products:
                matmul(A, B)


class Room:
    """Arrays of the shapes that a step multiplies, with any values."""

    def __init__(self, layer_sizes, m, dtype):
        rng = np.random.default_rng(SEED)

        def random(*shape):
            return rng.normal(size=shape).astype(dtype)

        pairs = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
        self.W, self.grad = ([random(*pair) for pair in pairs] for _ in range(2))
        arrays = ([random(m, n) for n in layer_sizes[1:]] for _ in range(4))
        self.A, self.Z, self.delta, self.product = arrays

    def products(self, A0):
        """Return the 3L − 1 products of a step as (function, factor, factor, out)."""
        m = A0.shape[0]
        first = sparse_product if issparse(A0) else np.dot
        inputs = [A0, *(A[:m] for A in self.A[:-1])]
        products = []
        for l, W in enumerate(self.W):
            dot = np.dot if l else first
            delta = self.delta[l][:m]
            products.append((dot, inputs[l], W, self.Z[l][:m]))
            products.append((dot, inputs[l].T, delta, self.grad[l]))
            if l:
                products.append((np.dot, delta, W.T, self.product[l - 1][:m]))
        return products


def sparse_product(A, B, out):
    """Write A B into ``out``, where A is sparse."""
    out[...] = A @ B
