"""Compare what a stream learns with what `fit` learns from the same rows in memory.

    python -m benchmarks.stream_quality --half choose

Takes the tables of that half that have most rows, 16,000 of them at most, splits them
at random, three quarters to train on, and prints the held-out log loss of ``fit``, of
``fit_stream`` by default, and of ``fit_stream`` that holds no rows out and is as
patient as ``fit``; in brackets the number of epochs or passes. The stream comes in
batches of 1,000 rows.
"""

import argparse
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from sklearn_mlp_edu import LectureMLPClassifier, fit_stream

from . import environment
from .real_tables import classification
from .tables import markdown

MOST_ROWS, BATCH = 16_000, 1_000


def in_memory(X, y):
    """Return a network that `fit` has trained."""
    return LectureMLPClassifier(random_state=0).fit(X, y)


def streamed(X, y, **options):
    """Return a network that has learned from batches of the rows."""
    starts = range(0, len(y), BATCH)
    batches = [(X[i : i + BATCH], y[i : i + BATCH]) for i in starts]
    network = LectureMLPClassifier(random_state=0)
    return fit_stream(network, batches, progress=False, **options)


def as_patient(X, y):
    """Return the same, of all rows and with the patience of `fit`."""
    return streamed(X, y, validation=0, patience=10, n_passes=1000)


WAYS = {
    "`fit`": in_memory,
    "`fit_stream`": streamed,
    "the same, `validation=0`, `patience=10`": as_patient,
}


def losses(table):
    """Return the held-out log loss and the number of passes of each way, as text."""
    X, y = table.X.astype(np.float32), table.y
    n_train = min(len(y), MOST_ROWS) * 3 // 4
    X, X_test, y, y_test = train_test_split(
        X, y, train_size=n_train, stratify=y, random_state=0
    )
    found = []
    for way in WAYS.values():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network = way(X, y)
        loss = log_loss(y_test, network.predict_proba(X_test), labels=network.classes_)
        found.append(f"{loss:.4f} ({network.n_iter_})")
    return [f"{table.name}, {len(y):,} × {X.shape[1]}", *found]


def main(arguments=None):
    """Print the table."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.stream_quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--half", choices=("choose", "confirm"), default="choose")
    parser.add_argument("--tables", type=int, default=3, help="how many")
    chosen = parser.parse_args(arguments)
    tables = sorted(classification(chosen.half), key=lambda one: -len(one.y))
    lines = [losses(table) for table in tables[: chosen.tables]]
    print(environment.report(), "\n")
    print(markdown(["held-out log loss", *WAYS], lines))


if __name__ == "__main__":
    main()
