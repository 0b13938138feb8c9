"""The contenders that compute with NumPy, and what all contenders have in common.

Every contender trains the same network on the same data with the same float type,
mini-batches shuffled anew each epoch, momentum 0.9, and L2 on the weights.
"""

import warnings
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import LectureMLPClassifier

from .environment import is_installed
from .workloads import ALPHA, MOMENTUM, SEED


class Trained(NamedTuple):
    """What a training did and brought."""

    n_steps: int
    predict: Any = None  # X -> class codes


class Contender:
    """One way to do a workload."""

    name = ""
    modules = ()  # what must be installed
    takes_sparse = True

    def obstacle(self, workload, dtype):
        """Say why this contender cannot do the workload; None if it can."""
        for module in self.modules:
            if not is_installed(module):
                return f"{module} is not installed"
        if workload.source == "sparse text" and not self.takes_sparse:
            return "cannot: no sparse input"
        return None

    def prepare(self, workload, dtype):
        """Return a function that trains from scratch for so many epochs."""
        raise NotImplementedError


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
            n_steps = classifier.n_iter_ * len(workload.batch_sizes)
            return Trained(n_steps, classifier.predict)

        return train


class ThisPackage(ScikitLearnStyle):
    """`LectureMLPClassifier`, its learning rate found by itself."""

    name = "this package"

    def classifier(self, workload):
        """Return the estimator with what its own conventions ask for."""
        return LectureMLPClassifier(alpha=ALPHA)


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
    """`MultiLayerPerceptron`, without momentum, which there is no such thing.

    Its momentum term lacks the learning rate, so that with 0.9 it does not learn. Left
    out, it does a little less than the others.
    """

    name = "mlxtend"
    modules = ("mlxtend",)
    takes_sparse = False

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
        rate = workload.learning_rate / (1 - MOMENTUM)

        def train(epochs):
            classifier = MultiLayerPerceptron(
                hidden_layers=list(workload.hidden),
                eta=rate / workload.batch_size,  # it adds up a batch's gradients
                l2=ALPHA * workload.batch_size,
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

    name = "matrix products"

    def prepare(self, workload, dtype):
        """Return a function that does the products of every step."""
        X, _ = workload.data(dtype)
        ends = np.cumsum(workload.batch_sizes)
        batches = [X[end - m : end] for end, m in zip(ends, workload.batch_sizes, strict=True)]
        product = sparse_product if issparse(X) else np.dot
        factors = Factors(workload.layer_sizes, workload.batch_size, dtype)

        def train(epochs):
            for _ in range(epochs):
                for A0 in batches:
                    factors.multiply(A0, product)
            return Trained(epochs * len(batches))

        return train


class Factors:
    """Matrices of the shapes that one step multiplies."""

    def __init__(self, layer_sizes, m, dtype):
        rng = np.random.default_rng(SEED)

        def matrix(*shape):
            return rng.normal(size=shape).astype(dtype)

        pairs = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
        self.W, self.grad = ([matrix(*pair) for pair in pairs] for _ in range(2))
        rooms = ([matrix(m, n) for n in layer_sizes[1:]] for _ in range(4))
        self.A, self.Z, self.delta, self.product = rooms

    def multiply(self, A0, product):
        """Do the 3L − 1 products of one step on the inputs ``A0``."""
        m, last = A0.shape[0], len(self.W) - 1
        for l, W in enumerate(self.W):
            first = l == 0
            A = A0 if first else self.A[l - 1][:m]
            (product if first else np.dot)(A, W, out=self.Z[l][:m])
        for l in range(last, -1, -1):
            first, delta = l == 0, self.delta[l][:m]
            A = A0 if first else self.A[l - 1][:m]
            (product if first else np.dot)(A.T, delta, out=self.grad[l])
            if not first:
                np.dot(delta, self.W[l].T, out=self.product[l - 1][:m])


def sparse_product(A, B, out):
    """Write A B into ``out``, where A is sparse."""
    out[...] = A @ B
