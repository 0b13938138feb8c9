"""One pass over real tables by `partial_fit`, in parts of a few rows.

    python -m benchmarks.small_parts --half confirm --splits 3

At most 1,000 rows of each table are for training, in a random order. Ours gets the
columns as they are, and learns their scales as rows come. `MLPClassifier` gets them
from a `StandardScaler` that has seen all training rows, and as they are. All are at
their defaults. Prints Markdown.
"""

import warnings
from statistics import fmean, stdev

import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier

from . import environment, real_tables
from .options import tables_parser
from .real_defaults import select_tables
from .real_measuring import split
from .tables import markdown

MOST_ROWS = 1000
SIZES = (1, 5, 10)
CONTENDERS = {
    "ours raw": (LectureMLPClassifier, False),
    "MLPClassifier": (MLPClassifier, True),
    "MLPClassifier raw": (MLPClassifier, False),
}


def measure(contender, table, seed, size):
    """Return the accuracy and the log loss on the test rows after one pass."""
    kind, scaled = CONTENDERS[contender]
    train, test = split(table, seed)
    train = np.random.default_rng(seed).permutation(train)[:MOST_ROWS]
    X, X_test = table.X[train], table.X[test]
    if scaled:
        scaler = StandardScaler().fit(X)
        X, X_test = scaler.transform(X), scaler.transform(X_test)
    classes, network = np.unique(table.y), kind(random_state=seed)
    for start in range(0, len(train), size):
        part = slice(start, start + size)
        network.partial_fit(X[part], table.y[train][part], classes=classes)
    accuracy = network.score(X_test, table.y[test])
    proba = network.predict_proba(X_test)
    return accuracy, log_loss(table.y[test], proba, labels=classes)


def difference(ours, theirs):
    """Return ours - theirs and its standard error over the splits, as text."""
    paired = [mine - peers for mine, peers in zip(ours, theirs, strict=True)]
    error = stdev(paired) / len(paired) ** 0.5 if len(paired) > 1 else float("nan")
    return f"{fmean(paired):+.4f} ± {error:.4f}"


def results_of(tables, n_splits, size):
    """Return contender: table: what `measure` gives for each split."""
    return {
        contender: {
            table.name: [
                measure(contender, table, seed, size) for seed in range(n_splits)
            ]
            for table in tables
        }
        for contender in CONTENDERS
    }


def mean_rows(size, results):
    """Yield a line for each contender: its means over the tables."""
    for contender, of_tables in results.items():
        means = [np.mean(splits, axis=0) for splits in of_tables.values()]
        accuracy, loss = np.mean(means, axis=0)
        yield [size, contender, f"{accuracy:.4f}", f"{loss:.4f}"]


def table_rows(size, results):
    """Yield a line for each table: the accuracies of all contenders."""
    for table in results["ours raw"]:
        accuracies = [
            [accuracy for accuracy, _ in of_tables[table]]
            for of_tables in results.values()
        ]
        cells = [f"{fmean(values):.3f}" for values in accuracies]
        yield [table, size, *cells, difference(*accuracies[:2])]


def parser():
    """Return the parser of the command line."""
    return tables_parser("benchmarks.small_parts", __doc__)


def main(arguments=None):
    """Measure, and print the means over the tables, and each table's accuracy."""
    options = parser().parse_args(arguments)
    chosen = select_tables(
        "classification", options.half, options.tables, options.without
    )
    environment.limit_threads(1)
    warnings.simplefilter("ignore")  # rows of one class have no scale, and the like
    tables = list(real_tables.classification(options.half, chosen))
    means, single = [], []
    for size in SIZES:
        results = results_of(tables, options.splits, size)
        means += mean_rows(size, results)
        single += table_rows(size, results)
    print(
        markdown(["rows a part", "contender", "accuracy", "log loss"], means, 2), "\n"
    )
    header = ["table; accuracy", "rows a part", *CONTENDERS, "ours - MLPClassifier"]
    print(markdown(header, single), "\n")
    print(markdown(["environment", ""], environment.describe(), n_left=2))


if __name__ == "__main__":
    main()
