"""Time until held-out log loss is as low as `MLPClassifier`'s at its end.

    python -m benchmarks.time_to_loss --half confirm --splits 3

Faster steps count only where they lead to a network as good. For each table, split as
`benchmarks.real_defaults` splits it, `MLPClassifier` is fitted behind a scaler, all at
its default, and its log loss on the test rows is noted. Then both networks train again
for as many epochs as either took to be as good as that for the first time, and these
fits are timed: ours on the columns as they are, `MLPClassifier`'s with its scaler.
Where ours never gets there, the table says so. Seconds are the processor's, on one
thread. Prints Markdown.
"""

import time
import warnings
from statistics import fmean, median

import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier

from . import environment, real_tables
from .options import tables_parser
from .real_defaults import select_tables
from .real_measuring import split
from .tables import markdown, significant

COLUMNS = (
    "log loss",
    "MLPClassifier, whole fit",
    "MLPClassifier, so far",
    "ours, so far",
    "ours / whole fit",
    "ours / so far",
)


def timed(estimator, X, y):
    """Fit, and return the seconds, which are the processor's."""
    start = time.process_time()
    estimator.fit(X, y)
    return time.process_time() - start


def ours(seed, **parameters):
    """Return our network with defaults; ``parameters`` say how long it trains."""
    return LectureMLPClassifier(random_state=seed, **parameters)


def theirs(seed, **parameters):
    """Return scikit-learn's behind a scaler."""
    network = MLPClassifier(random_state=seed, **parameters)
    return make_pipeline(StandardScaler(), network)


def epochs_of_ours(X, y, X_test, y_test, seed, loss):
    """Return the first epoch whose held-out loss is ``loss`` or less, or None."""
    network = ours(seed).fit(X, y, X_val=X_test, y_val=y_test)
    (reached,) = np.nonzero(np.array(network.validation_loss_curve_) <= loss)
    return None if reached.size == 0 else int(reached[0]) + 1


def epochs_of_theirs(X, y, X_test, y_test, seed, loss, n_epochs):
    """Return the same for `MLPClassifier`; at the latest it is its last epoch."""
    scaler = StandardScaler().fit(X)
    X, X_test = scaler.transform(X), scaler.transform(X_test)
    network = MLPClassifier(random_state=seed)
    for epoch in range(1, n_epochs):
        network.partial_fit(X, y, classes=np.unique(y))
        proba = network.predict_proba(X_test)
        if log_loss(y_test, proba, labels=network.classes_) <= loss:
            return epoch
    return n_epochs


def measure(table, seed):
    """Return a number for each of `COLUMNS`; nan for ours where it is not reached."""
    train, test = split(table, seed)
    X, y, X_test, y_test = table.X[train], table.y[train], table.X[test], table.y[test]
    whole = theirs(seed)
    seconds = timed(whole, X, y)
    loss = log_loss(y_test, whole.predict_proba(X_test), labels=whole.classes_)
    rows = X, y, X_test, y_test, seed, loss
    n_theirs = epochs_of_theirs(*rows, whole[-1].n_iter_)
    of_theirs = timed(theirs(seed, max_iter=n_theirs), X, y)
    n_ours = epochs_of_ours(*rows)
    if n_ours is None:
        return [loss, seconds, of_theirs, np.nan, np.nan, np.nan]
    of_ours = timed(ours(seed, max_iter=n_ours), X, y)
    return [loss, seconds, of_theirs, of_ours, of_ours / seconds, of_ours / of_theirs]


def parser():
    """Return the parser of the command line."""
    return tables_parser("benchmarks.time_to_loss", __doc__)


def row(name, splits):
    """Return a line of the table, and the median ratios of the splits."""
    columns = list(zip(*splits, strict=True))
    reached = [values for values in splits if not np.isnan(values[-1])]
    cells = [significant(fmean(values)) for values in columns[:3]]
    if not reached:
        return [name, *cells, "–", "–", "–", f"0 / {len(splits)}"], None
    means = [fmean(values) for values in list(zip(*reached, strict=True))[3:]]
    cells += [significant(value) for value in means]
    return [name, *cells, f"{len(reached)} / {len(splits)}"], means[1:]


def main(arguments=None):
    """Measure, and print a table."""
    options = parser().parse_args(arguments)
    chosen = select_tables(
        "classification", options.half, options.tables, options.without
    )
    environment.limit_threads(1)
    warnings.simplefilter("ignore")  # most of MLPClassifier's fits do not converge
    lines, ratios = [], []
    for table in real_tables.classification(options.half, chosen):
        splits = [measure(table, seed) for seed in range(options.splits)]
        line, ratio = row(table.name, splits)
        lines.append(line)
        if ratio is not None:
            ratios.append(ratio)
    print(markdown(["table; seconds", *COLUMNS, "reached"], lines))
    if ratios:
        whole, so_far = (median(values) for values in zip(*ratios, strict=True))
        print(
            f"\nMedian over the {len(ratios)} of {len(lines)} tables on which it is "
            f"reached: {significant(whole)} of the whole fit, {significant(so_far)} of "
            "MLPClassifier's fit so far.\n"
        )
    print(markdown(["environment", ""], environment.describe(), n_left=2))


if __name__ == "__main__":
    main()
