"""Judge `LectureMLPClassifierCV` on real tables: honesty, answers, time.

    python -m benchmarks.cross_validated --half confirm --splits 3

For each table, split as `benchmarks.real_defaults` splits it, the inputs raw:

- "out of fold", the log loss of `oof_proba_`; "unseen", that of the same estimator on
  the test rows, and their "difference";
- "flattery": how much higher the log loss of the folds' networks, each alone, is on
  unseen rows than out of fold. It would be positive if what is chosen flattered the
  rows that it is chosen on, and is 0 on the mean otherwise;
- the log loss on unseen rows of one network that is refitted, and of `MLPClassifier`
  behind a scaler; accuracies of the estimator and of the latter;
- the time of a fit as a multiple of that of the latter: by the clock, and of all
  processors together, which other programs on the machine disturb less. Both are fitted
  in turn, ours with as many threads as ``--n-jobs``, `MLPClassifier` with one, as more
  do not make it faster at this size;
- with ``--grid-search``, the time of `GridSearchCV` over that pipeline, of as many
  strengths and folds and with as many jobs, as a multiple of ours.

Means over splits; times are medians over them. Prints Markdown.
"""

import time
import warnings
from statistics import mean, median

import numpy as np
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifierCV

from . import environment, real_tables
from .options import positive, tables_parser
from .real_defaults import select_tables
from .real_measuring import split
from .tables import markdown

TIMES = ("time ratio", "processor time ratio", "grid search ratio")
N_ALPHAS, N_FOLDS = 8, 5


def fitted(estimator, X, y):
    """Return a fitted estimator, and how long it took by the clock and processors."""
    clock, processors = time.perf_counter(), time.process_time()
    estimator.fit(X, y)
    return estimator, (
        time.perf_counter() - clock,
        time.process_time() - processors,
    )


def measure(table, seed, n_jobs, grid_search):
    """Return {column: number} for one split of a table."""
    train, test = split(table, seed)
    X, y, X_test, y_test = table.X[train], table.y[train], table.X[test], table.y[test]

    def loss(estimator):
        proba = estimator.predict_proba(X_test)
        return log_loss(y_test, proba, labels=estimator.classes_)

    settings = {"random_state": seed, "n_jobs": n_jobs}
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(random_state=seed))
    ours, our_time = fitted(LectureMLPClassifierCV(**settings), X, y)
    theirs, their_time = fitted(pipeline, X, y)
    single, _ = fitted(LectureMLPClassifierCV(**settings, refit="single"), X, y)
    out_of_fold = log_loss(y, ours.oof_proba_, labels=ours.classes_)
    row = {
        "out of fold": out_of_fold,
        "unseen": loss(ours),
        "difference": out_of_fold - loss(ours),
        "flattery": mean(map(loss, ours.estimators_)) - out_of_fold,
        "single": loss(single),
        "MLPClassifier": loss(theirs),
        "accuracy": accuracy_score(y_test, ours.predict(X_test)),
        "its accuracy": accuracy_score(y_test, theirs.predict(X_test)),
        "time ratio": our_time[0] / their_time[0],
        "processor time ratio": our_time[1] / their_time[1],
    }
    if grid_search:
        grid = {"mlpclassifier__alpha": np.geomspace(1e-4, 10, N_ALPHAS)}
        search = GridSearchCV(pipeline, grid, cv=N_FOLDS, n_jobs=n_jobs)
        _, (seconds, _) = fitted(search, X, y)
        row["grid search ratio"] = seconds / our_time[0]
    return row | {"epochs": float(ours.n_iter_.sum()), "alpha": ours.alpha_}


def parser():
    """Return the parser of the command line."""
    result = tables_parser("benchmarks.cross_validated", __doc__)
    add = result.add_argument
    add("--n-jobs", type=positive, default=2, help="threads; 2 by default")
    add("--grid-search", action="store_true", help="time GridSearchCV, too")
    return result


def over_splits(rows):
    """Return one row for several splits of a table."""
    return {
        column: (median if column in TIMES else mean)(row[column] for row in rows)
        for column in rows[0]
    }


def main(arguments=None):
    """Measure, and print a table."""
    options = parser().parse_args(arguments)
    chosen = select_tables(
        "classification", options.half, options.tables, options.without
    )
    environment.limit_threads(1)
    rows = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for table in real_tables.classification(options.half, chosen):
            splits = [
                measure(table, seed, options.n_jobs, options.grid_search)
                for seed in range(options.splits)
            ]
            rows[table.name] = over_splits(splits)
    columns = list(next(iter(rows.values())))
    for name, summarise in (("mean", mean), ("median", median)):
        tables = list(rows.values())[: len(chosen)]
        rows[name] = {c: summarise(row[c] for row in tables) for c in columns}
    lines = [[name, *(f"{row[c]:.3g}" for c in columns)] for name, row in rows.items()]
    print(markdown(["table", *columns], lines))
    ours = [w for w in caught if "sklearn_mlp_edu" in str(w.filename)]
    print(f"\nWarnings: {len(caught)}, {len(ours)} of them of this package.\n")
    print(environment.report())


if __name__ == "__main__":
    main()
