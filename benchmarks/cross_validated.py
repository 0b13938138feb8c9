"""Judge networks that choose their own strength on real tables: honesty, answers, time.

    python -m benchmarks.cross_validated --half confirm --splits 3
    python -m benchmarks.cross_validated --task regression

For each table, split as `benchmarks.real_defaults` splits it, the inputs raw. Loss is
the log loss, or in regression 1 − R², the share of the variance that is not explained:

- "out of fold", the loss of `oof_proba_` or `oof_prediction_`; "unseen", that of the
  same estimator on the test rows, and their "difference";
- "flattery": how much higher the loss of the folds' networks, each alone, is on unseen
  rows than out of fold. It would be positive if what is chosen flattered the rows that
  it is chosen on, and is 0 on the mean otherwise;
- the loss on unseen rows of one network that is refitted, and of `MLPClassifier` or
  `MLPRegressor` behind a scaler, the latter with its target standardised; accuracies of
  the estimator and of `MLPClassifier`;
- the time of a fit as a multiple of that of the latter: by the clock, and of all
  processors together, which other programs on the machine disturb less. Both are fitted
  in turn, ours with as many threads as ``--n-jobs``, the other with one, as more do not
  make it faster at this size;
- with ``--grid-search``, the time of `GridSearchCV` over that pipeline, of as many
  strengths and folds and with as many jobs, as a multiple of ours.

Means over splits; times are medians over them. "Standard error" is that of the mean
over tables. Prints Markdown.
"""

import time
import warnings
from statistics import mean, median, stdev

import numpy as np
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import GridSearchCV

from sklearn_mlp_edu import LectureMLPClassifierCV, LectureMLPRegressorCV

from . import environment, real_tables
from .options import positive, tables_parser
from .real_contenders import CONTENDERS, REFERENCES
from .real_defaults import select_tables
from .real_measuring import split
from .tables import markdown

TIMES = ("time ratio", "processor time ratio", "grid search ratio")
N_ALPHAS, N_FOLDS = 8, 5


def log_loss_of(estimator, X, y):
    """Return the log loss; without X, that of the probabilities out of fold."""
    proba = estimator.oof_proba_ if X is None else estimator.predict_proba(X)
    return log_loss(y, proba, labels=estimator.classes_)


def unexplained(estimator, X, y):
    """Return 1 − R²; without X, that of the predictions out of fold."""
    return 1 - r2_score(
        y, estimator.oof_prediction_ if X is None else estimator.predict(X)
    )


OURS = {
    "classification": (LectureMLPClassifierCV, log_loss_of),
    "regression": (LectureMLPRegressorCV, unexplained),
}


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
    kind, loss = OURS[table.task]
    reference = REFERENCES[table.task]
    (peer,) = (c.make(seed) for c in CONTENDERS[table.task] if c.name == reference)
    settings = {"random_state": seed, "n_jobs": n_jobs}
    ours, our_time = fitted(kind(**settings), X, y)
    theirs, their_time = fitted(peer, X, y)
    single, _ = fitted(kind(**settings, refit="single"), X, y)
    out_of_fold, unseen = loss(ours, None, y), loss(ours, X_test, y_test)
    alone = mean(loss(one, X_test, y_test) for one in ours.estimators_)
    row = {
        "out of fold": out_of_fold,
        "unseen": unseen,
        "difference": out_of_fold - unseen,
        "flattery": alone - out_of_fold,
        "single": loss(single, X_test, y_test),
        reference: loss(theirs, X_test, y_test),
    }
    if table.task == "classification":
        row["accuracy"] = accuracy_score(y_test, ours.predict(X_test))
        row["its accuracy"] = accuracy_score(y_test, theirs.predict(X_test))
    row["time ratio"] = our_time[0] / their_time[0]
    row["processor time ratio"] = our_time[1] / their_time[1]
    if grid_search:
        search = GridSearchCV(peer, grid_of(peer), cv=N_FOLDS, n_jobs=n_jobs)
        _, (seconds, _) = fitted(search, X, y)
        row["grid search ratio"] = seconds / our_time[0]
    return row | {"epochs": float(ours.n_iter_.sum()), "alpha": ours.alpha_}


def grid_of(peer):
    """Return as many strengths as ours tries, under their name in the ``peer``."""
    (name,) = (n for n in peer.get_params() if n.rpartition("__")[2] == "alpha")
    return {name: np.geomspace(1e-4, 10, N_ALPHAS)}


def parser():
    """Return the parser of the command line."""
    result = tables_parser("benchmarks.cross_validated", __doc__)
    add = result.add_argument
    add("--task", choices=tuple(OURS), default="classification")
    add("--n-jobs", type=positive, default=2, help="threads; 2 by default")
    add("--grid-search", action="store_true", help="time GridSearchCV, too")
    return result


def over_splits(rows):
    """Return one row for several splits of a table."""
    return {
        column: (median if column in TIMES else mean)(row[column] for row in rows)
        for column in rows[0]
    }


def standard_error(numbers):
    """Return that of the mean of numbers."""
    numbers = list(numbers)
    return stdev(numbers) / len(numbers) ** 0.5 if len(numbers) > 1 else float("nan")


SUMMARIES = {"mean": mean, "standard error": standard_error, "median": median}


def main(arguments=None):
    """Measure, and print a table."""
    options = parser().parse_args(arguments)
    task = options.task
    chosen = select_tables(task, options.half, options.tables, options.without)
    environment.limit_threads(1)
    rows = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for table in getattr(real_tables, task)(options.half, chosen):
            splits = [
                measure(table, seed, options.n_jobs, options.grid_search)
                for seed in range(options.splits)
            ]
            rows[table.name] = over_splits(splits)
    columns = list(next(iter(rows.values())))
    for name, summarise in SUMMARIES.items():
        tables = list(rows.values())[: len(chosen)]
        rows[name] = {c: summarise(row[c] for row in tables) for c in columns}
    lines = [[name, *(f"{row[c]:.3g}" for c in columns)] for name, row in rows.items()]
    print(markdown(["table", *columns], lines))
    ours = [w for w in caught if "sklearn_mlp_edu" in str(w.filename)]
    print(f"\nWarnings: {len(caught)}, {len(ours)} of them of this package.\n")
    print(environment.report())


if __name__ == "__main__":
    main()
