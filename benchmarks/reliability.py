"""Reliability in figures: load, threads, interruptions, limits, files.

    python -m benchmarks.reliability
    python -m benchmarks.reliability --short --only soak,latency

Takes about ten minutes of one core; ``--short`` a hundredth of the repetitions. Prints
Markdown tables. Needs Linux, which tells how much memory a process holds of its own.
"""

import argparse
import gc
import pickle
import random
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.base import clone
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from sklearn_mlp_edu import (
    LectureMLPClassifier,
    LectureMLPClassifierCV,
    LectureMLPRegressor,
    LectureMLPRegressorCV,
)

from . import environment, limits
from .faults import Lines
from .memory import n_open_files, own_bytes
from .tables import markdown
from .workloads import clusters

SOLVERS = ("sgd", "adam", "lbfgs")


def soak(short):
    """Fit and predict again and again, to see whether anything grows."""
    n_fits, n_predictions = (200, 20_000) if short else (10_000, 1_000_000)
    X, y = clusters(60, 5, 3)
    kinds = [LectureMLPClassifier, LectureMLPRegressor]

    def fit(k):
        network = kinds[k % 2]((4,), solver=SOLVERS[k % 3], max_iter=2, random_state=k)
        return network.fit(X, y)

    network = fit(0)

    def predict(k):
        network.predict_proba(X[k % 60, None])

    found = []
    for name, work, n in [("fits", fit, n_fits), ("rows", predict, n_predictions)]:
        for k in range(n // 20):
            work(k)  # until caches and the allocator have what they need
        gc.collect()
        before = own_bytes(), n_open_files(), threading.active_count()
        for k in range(n):
            work(k)
        gc.collect()
        after = own_bytes(), n_open_files(), threading.active_count()
        grown = [one - other for one, other in zip(after, before, strict=True)]
        what = f"{n:,} fits" if name == "fits" else f"{n:,} predictions of a row"
        found.append([what, f"{grown[0] / 1e6:.2f}", *map(str, grown[1:])])
    header = ["after", "growth of memory, MB", "open files", "threads"]
    return markdown(header, found)


def latency(short):
    """Predict one row: the median and the slowest of a hundred, beside scikit-learn."""
    n = 2_000 if short else 20_000
    X, y = clusters(1000, 50, 10)
    settings = {"hidden_layer_sizes": (100,), "max_iter": 3, "random_state": 0}
    predictors = {
        "this package": LectureMLPClassifier(**settings).fit(X, y),
        "scikit-learn": MLPClassifier(**settings).fit(X, y),
    }
    seconds = {name: np.empty(n) for name in predictors}
    for k in range(n):
        row = X[k % 1000, None]
        for name, predictor in predictors.items():
            started = time.thread_time_ns()  # of the processor: others may use it
            predictor.predict_proba(row)
            seconds[name][k] = time.thread_time_ns() - started
    found = [
        [name, *(f"{np.percentile(taken, p) / 1e3:.0f}" for p in (50, 99))]
        for name, taken in seconds.items()
    ]
    return markdown(["`predict_proba` of one row", "p50, µs", "p99, µs"], found)


def threads(short):
    """Predict with one estimator in 8 threads, fit clones of one in 4."""
    n = 10 if short else 1000
    X, y = clusters(200, 5, 3)
    network = LectureMLPClassifier((8, 4), max_iter=2, random_state=0).fit(X, y)
    pieces = [X[k % 100 :: 3] for k in range(8 * n)]

    def weights(seed):
        fitted = clone(network).set_params(random_state=seed).fit(X, y)
        return np.concatenate([W.ravel() for W in fitted.coefs_])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            predicted = list(pool.map(network.predict_proba, pieces))
        with ThreadPoolExecutor(4) as pool:
            fitted = list(pool.map(weights, range(n)))
    finally:
        sys.setswitchinterval(before)
    pairs = zip(predicted, map(network.predict_proba, pieces), strict=True)
    others = sum(not np.array_equal(one, alone) for one, alone in pairs)
    others_fitted = sum(not np.array_equal(w, weights(k)) for k, w in enumerate(fitted))
    found = [
        [f"{len(pieces):,} predictions in 8 threads", str(others)],
        [f"{n:,} fits of clones in 4 threads", str(others_fitted)],
    ]
    return markdown(["work", "results unlike those of one thread"], found)


def faults(short):
    """Interrupt fits at random lines: an estimator is as before, or some epochs on."""
    n = 10 if short else 200
    X, y = clusters(40, 3, 2)
    few = {"cv": 2, "alphas": [0.1, 1]}
    kinds = {
        "sgd": (LectureMLPClassifier, {"dropout": 0.2}),
        "adam": (LectureMLPClassifier, {"solver": "adam", "early_stopping": True}),
        "L-BFGS": (LectureMLPClassifier, {"solver": "lbfgs"}),
        "regression": (LectureMLPRegressor, {}),
        "classes, cross-validated": (LectureMLPClassifierCV, few),
        "regression, cross-validated": (LectureMLPRegressorCV, few),
    }
    found = []
    for name, (kind, parameters) in kinds.items():
        for error in (KeyboardInterrupt, MemoryError):
            wrong, hit = _inject(n, kind, parameters, error, X, y)
            found.append([name, error.__name__, f"{hit:,}", str(wrong)])
    return markdown(["network", "error", "injected", "neither before nor after"], found)


def _inject(n, kind, parameters, error, X, y):
    """Return how many estimators were left in a state they should not be in, of all."""
    parameters = {"hidden_layer_sizes": (3,), **parameters}

    def network(max_iter=3, seed=0):
        return kind(max_iter=max_iter, random_state=seed, **parameters).fit(X, y)

    def outputs(network):
        return getattr(network, "decision_function", network.predict)(X)

    before = network(5, seed=7)
    allowed = [outputs(one) for one in (before, *map(network, (1, 2, 3)))]
    with Lines() as counted:
        network()
    wrong = hit = 0
    for fatal in random.Random(0).choices(range(1, counted.n + 1), k=n):
        victim = pickle.loads(pickle.dumps(before))
        victim.set_params(random_state=0, max_iter=3)
        try:
            with Lines(fatal, error):
                victim.fit(X, y)
        except error:
            hit += 1
            found = outputs(victim)
            wrong += not any(np.array_equal(found, one) for one in allowed)
    return wrong, hit


def blas(short):
    """Train with one thread of the BLAS and with two."""
    X, y = clusters(2000, 100, 3)
    found = []
    for solver in SOLVERS:
        weights = []
        for n_threads in (1, 2):
            with threadpool_limits(n_threads, user_api="blas"):
                network = LectureMLPClassifier((64,), solver=solver, random_state=0)
                network.set_params(max_iter=3).fit(X, y)
            weights.append(np.concatenate([W.ravel() for W in network.coefs_]))
        found.append([solver, f"{abs(weights[0] - weights[1]).max():.1g}"])
    return markdown(["float64", "largest difference of a weight, 1 and 2"], found)


def files(short):
    """Write estimators down, to see how much more it is than the parameters."""
    found = []
    for hidden in ((), (100,), (500, 500)):
        X, y = clusters(500, 50, 10)
        network = LectureMLPClassifier(hidden, max_iter=50, random_state=0).fit(X, y)
        n_bytes = 8 * network.n_parameters_ + network.mean_.nbytes
        n_bytes += network.scale_.nbytes
        more = (len(pickle.dumps(network)) - n_bytes) / 1000
        found.append([str(hidden), f"{n_bytes / 1000:,.0f}", f"{more:.1f}"])
    header = ["hidden layers", "parameters and statistics, kB", "the file has more, kB"]
    return markdown(header, found)


def at_the_limits(short):
    """Train at the limits."""
    header = ["what", "parameters, MB", "memory beyond the data, MB", "seconds"]
    return markdown(header, limits.rows(short))


PARTS = {
    "soak": soak,
    "latency": latency,
    "threads": threads,
    "faults": faults,
    "blas": blas,
    "limits": at_the_limits,
    "files": files,
}


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.reliability",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="only to see that it runs")
    parser.add_argument("--only", default=",".join(PARTS), metavar="A,B")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in options.only.split(","):
        with threadpool_limits(None if name == "blas" else 1):
            print(PARTS[name](options.short), end="\n\n", flush=True)
    print(environment.report())


if __name__ == "__main__":
    main()
