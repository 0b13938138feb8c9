"""Measure ``predict_proba`` against scikit-learn's, with the same weights.

    python -m benchmarks.prediction

50 features, 100 hidden neurons, 10 classes. Memory is the peak that the call allocates,
beyond the probabilities that it returns. Prints a Markdown table.
"""

import tracemalloc
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import LectureMLPClassifier

from . import environment, options
from .tables import markdown, microseconds, significant
from .timing import interleaved
from .workloads import clusters

SIZES = (1, 100, 1_000_000)
CALLS = {1: 2000, 100: 1000}  # in one repetition; one call for the largest


def classifiers(dtype):
    """Return both, trained briefly and given the same weights."""
    X, y = clusters(1000, 50, 10)
    options = {"hidden_layer_sizes": (100,), "max_iter": 3, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        ours = LectureMLPClassifier(**options, standardize=False).fit(
            X.astype(dtype), y
        )
        theirs = MLPClassifier(**options).fit(X.astype(dtype), y)
    ours.coefs_, ours.intercepts_ = theirs.coefs_, theirs.intercepts_
    return {"this package": ours, "scikit-learn": theirs}


def seconds(predictors, X, repeats):
    """Return the median seconds of one call of each."""
    n_calls = CALLS.get(len(X), 1)

    def task(classifier):
        for _ in range(n_calls):
            classifier.predict_proba(X)

    tasks = {name: lambda c=c: task(c) for name, c in predictors.items()}
    timed = interleaved(tasks, repeats)
    return [timed[name].median / n_calls for name in predictors]


def memory(classifier, X):
    """Return the peak in bytes, and the bytes of the result, which are not in it."""
    tracemalloc.start()
    probabilities = classifier.predict_proba(X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - probabilities.nbytes, probabilities.nbytes


def row(dtype, n_rows, repeats):
    """Return one line of the table."""
    X = np.random.default_rng(0).normal(size=(n_rows, 50)).astype(dtype)
    predictors = classifiers(dtype)
    one, other = (
        classifier.predict_proba(X[:1000]) for classifier in predictors.values()
    )
    np.testing.assert_allclose(one, other, atol=1e-5)
    ours, theirs = seconds(predictors, X, repeats)
    peaks = [memory(classifier, X) for classifier in predictors.values()]
    megabytes = [significant(peak / 1e6) for peak, _ in peaks]
    sizes = [significant(size / 1e6) for size in (X.nbytes, peaks[0][1])]
    times = [microseconds(ours), microseconds(theirs), f"{ours / theirs:.2f}"]
    return [dtype, f"{n_rows:,}", *times, *megabytes, *sizes]


def main():
    """Print the table."""
    chosen = options.parse(options.parser("benchmarks.prediction", __doc__))
    header = ["float type", "rows", "ours, µs", "scikit-learn, µs", "ratio"]
    header += ["ours, MB", "scikit-learn, MB", "input, MB", "output, MB"]
    types = ("float32", "float64")
    rows = [row(dtype, n, chosen.repeats) for dtype in types for n in SIZES]
    print(markdown(header, rows), end="\n\n")
    print(environment.report())


if __name__ == "__main__":
    main()
