"""What is trained in the benchmarks: data sets, networks, batch sizes, epochs."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits
from sklearn.preprocessing import scale

ALPHA = 1e-4  # λ, the strength of L2
MOMENTUM = 0.9
SEED = 0


@dataclass(frozen=True)
class Workload:
    """One piece of work that every contender does."""

    name: str
    source: str  # a key of SOURCES
    n_rows: int
    n_features: int
    n_classes: int
    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    activation: str = "relu"

    def data(self, dtype):
        """Return X of ``dtype``, standardised unless sparse, and y = 0, 1, …."""
        X, y = _generate(self.source, self.n_rows, self.n_features, self.n_classes)
        return X.astype(dtype), y

    def shortened(self, divisor):
        """Return the same work for fewer epochs, but one at least."""
        return replace(self, epochs=max(1, self.epochs // divisor))

    @property
    def is_sparse(self):
        """Whether X is a CSR matrix."""
        return self.source == "sparse text"

    @property
    def layer_sizes(self):
        """Neurons per layer, inputs first; two classes share one output."""
        n_outputs = 1 if self.n_classes == 2 else self.n_classes
        return (self.n_features, *self.hidden, n_outputs)

    @property
    def batch_sizes(self):
        """How many examples each mini-batch of one epoch has."""
        n_full, rest = divmod(self.n_rows, self.batch_size)
        return [self.batch_size] * n_full + [rest] * (rest > 0)

    def n_steps(self, epochs):
        """Return the number of mini-batches in so many epochs."""
        return epochs * len(self.batch_sizes)

    @property
    def learning_rate(self):
        """Return the package's default for such data, as a step along v ← βv + ∂J/∂θ.

        The package averages gradients, v ← βv + (1−β) ∂J/∂θ, so its own rate is larger
        by 1/(1−β) for the same steps.
        """
        return (1 - MOMENTUM) * min(1.0, (self.batch_size / 200) ** 0.5)

    @property
    def description(self):
        """The data and the network in words."""
        rows = f"{self.n_rows:,}×{self.n_features:,}"
        hidden = ", ".join(map(str, self.hidden))
        return (
            f"{self.source} {rows}, {self.n_classes} classes, "
            f"({hidden}) {self.activation}, batch {self.batch_size}"
        )


@lru_cache(maxsize=1)
def _generate(source, n_rows, n_features, n_classes):
    return SOURCES[source](n_rows, n_features, n_classes)


def clusters(n_rows, n_features, n_classes):
    """Return normal clouds that overlap a little, one for each class."""
    rng = np.random.default_rng(SEED)
    y = rng.integers(n_classes, size=n_rows)
    centres = rng.normal(scale=2.5 / n_features**0.5, size=(n_classes, n_features))
    X = rng.normal(size=(n_rows, n_features))
    X += centres[y]
    return scale(X, copy=False), y


def digits(n_rows, n_features, n_classes):
    """Return scikit-learn's images of handwritten digits."""
    X, y = load_digits(return_X_y=True)
    assert X.shape == (n_rows, n_features) and n_classes == 10
    return scale(X), y


def text(n_rows, n_features, n_classes):
    """Return word weights of documents: 0.5 % of entries, frequent and rare words.

    Every 200 neighbouring columns hold one word of a document, mostly among the first
    of them; one word in four is moved on by an offset that belongs to the class.
    """
    rng = np.random.default_rng(SEED)
    group = 200
    n_words = n_features // group
    y = rng.integers(n_classes, size=n_rows)
    word = group * rng.random((n_rows, n_words)) ** 2
    topical = rng.random((n_rows, n_words)) < 0.25
    word += topical * (y[:, np.newaxis] * group / n_classes)
    columns = np.arange(n_words) * group + word.astype(int) % group
    weights = rng.uniform(1, 5, size=columns.size)
    starts = np.arange(n_rows + 1) * n_words
    return csr_matrix((weights, columns.ravel(), starts), (n_rows, n_features)), y


SOURCES = {"clusters": clusters, "digits": digits, "sparse text": text}

WORKLOADS = [
    Workload("W1", "clusters", 2_000, 20, 2, (16,), 32, epochs=200),
    Workload("W2", "digits", 1_797, 64, 10, (100,), 32, epochs=150),
    Workload("W3", "digits", 1_797, 64, 10, (100,), 200, epochs=300),
    Workload("W4", "clusters", 10_000, 784, 10, (100,), 128, epochs=15),
    Workload("W5", "clusters", 10_000, 784, 10, (256, 128), 256, epochs=6),
    Workload("W6", "sparse text", 5_000, 20_000, 4, (64,), 64, epochs=4),
    Workload("W7", "clusters", 20_000, 50, 10, (64, 64, 64), 64, 10, "tanh"),
    Workload("W8", "digits", 1_797, 64, 10, (100,), 32, 150, "logistic"),
]


def select(names):
    """Return the workloads with these names, or all of them for no names."""
    known = {workload.name: workload for workload in WORKLOADS}
    unknown = set(names) - set(known)
    if unknown:
        raise ValueError(
            f"unknown workloads: {', '.join(sorted(unknown))}; choose from "
            f"{', '.join(known)}"
        )
    return [known[name] for name in names] or WORKLOADS
