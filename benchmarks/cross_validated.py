"""Judge `LectureMLPClassifierCV` on real tables: honesty, answers, time.

    python -m benchmarks.cross_validated --half confirm --splits 3

For each table, split as `benchmarks.real_defaults` splits it, the inputs raw: the log
loss out of fold, that on unseen rows, and their difference, which would be negative if
what is chosen flattered the rows that it is chosen on; the log loss of one network that
is refitted, and of `MLPClassifier` behind a scaler; and the time of a fit as a multiple
of that of the latter, fits of both in turn. Means over splits. Prints Markdown.
"""

import argparse
import time
import warnings
from statistics import mean, median

from sklearn.metrics import accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifierCV

from . import environment, real_tables
from .options import positive
from .real_defaults import names, select_tables
from .real_measuring import split
from .tables import markdown

COLUMNS = (
    "out of fold",
    "unseen",
    "difference",
    "single",
    "MLPClassifier",
    "accuracy",
    "its accuracy",
    "time ratio",
    "epochs",
    "alpha",
)


def measure(table, seed, n_jobs):
    """Return a number for each of `COLUMNS`, for one split of a table."""
    train, test = split(table, seed)
    X, y, X_test, y_test = table.X[train], table.y[train], table.X[test], table.y[test]
    ours = LectureMLPClassifierCV(random_state=seed, n_jobs=n_jobs)
    single = LectureMLPClassifierCV(random_state=seed, n_jobs=n_jobs, refit="single")
    theirs = make_pipeline(StandardScaler(), MLPClassifier(random_state=seed))
    seconds = []
    for estimator in (ours, theirs, single):
        start = time.perf_counter()
        estimator.fit(X, y)
        seconds.append(time.perf_counter() - start)
    losses = [
        log_loss(y_test, estimator.predict_proba(X_test), labels=estimator.classes_)
        for estimator in (ours, single, theirs)
    ]
    out_of_fold = log_loss(y, ours.oof_proba_, labels=ours.classes_)
    return [
        out_of_fold,
        losses[0],
        out_of_fold - losses[0],
        *losses[1:],
        accuracy_score(y_test, ours.predict(X_test)),
        accuracy_score(y_test, theirs.predict(X_test)),
        seconds[0] / seconds[1],
        float(ours.n_iter_.sum()),
        ours.alpha_,
    ]


def parser():
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(
        "python -m benchmarks.cross_validated",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = result.add_argument
    add("--half", choices=("choose", "confirm"), default="choose", help="which tables")
    add("--splits", type=positive, default=3, help="of each table; 3 by default")
    add("--tables", type=names, help="all of the half by default", metavar="A,B")
    add("--without", type=names, default=[], help="tables to leave out", metavar="A,B")
    add("--n-jobs", type=positive, default=2, help="threads; 2 by default")
    return result


def main(arguments=None):
    """Measure, and print a table."""
    options = parser().parse_args(arguments)
    chosen = select_tables(
        "classification", options.half, options.tables, options.without
    )
    environment.limit_threads(1)
    rows, warned = [], 0
    for table in real_tables.classification(options.half, chosen):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            splits = [
                measure(table, seed, options.n_jobs) for seed in range(options.splits)
            ]
        warned += len(caught)
        rows.append([mean(column) for column in zip(*splits, strict=True)])
        print(chosen[len(rows) - 1], *(f"{v:.3g}" for v in rows[-1]), flush=True)
    columns = list(zip(*rows, strict=True))
    summary = [("mean", *map(mean, columns)), ("median", *map(median, columns))]
    lines = [
        [name, *(f"{value:.3g}" for value in values)]
        for name, *values in [
            *([name, *row] for name, row in zip(chosen, rows, strict=True)),
            *summary,
        ]
    ]
    print(markdown(["table", *COLUMNS], lines))
    print(f"\nWarnings: {warned}.\n")
    print(markdown(["environment", ""], environment.describe(), n_left=2))


if __name__ == "__main__":
    main()
