"""Measure what work costs, and say what follows for more rows and more workers.

    python -m benchmarks.scaling

Measures, in processor seconds: training a row of 100 columns for a pass, from memory
and from Parquet; a fit of 10,000 rows in a search, alone and fused; and what Dask's
scheduler spends on a task of joblib's. From these it calculates how long 10⁹ rows and
10,000 candidates take with 1 to 1,000 workers, and prints both as Markdown tables.
"""

import argparse
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
from threadpoolctl import threadpool_limits

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier, fit_stream

from . import environment
from .tables import markdown, significant

N_COLUMNS, N_ROWS, N_SEARCHED, EPOCHS, FOLDS = 100, 200_000, 10_000, 30, 5
MANY_ROWS, PASSES, CANDIDATES = 10**9, 3, 10**4
WORKERS = (1, 10, 100, 1_000)
BANDWIDTH = 125e6  # bytes a second of a 1 Gbit/s network: assumed, not measured


def seconds_of(work):
    """Return the processor seconds of ``work()``."""
    started = process_time()
    work()
    return process_time() - started


def data(n_rows):
    """Return X of 100 columns in float32, and y."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n_rows, N_COLUMNS), dtype=np.float32)
    return X, (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)


def fixed(epochs):
    """Return a network that trains for so many epochs."""
    return LectureMLPClassifier(
        max_iter=epochs, tol=0, n_iter_no_change=np.inf, random_state=0
    )


def row_costs():
    """Return the seconds of a row and pass in memory, and from Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    X, y = data(N_ROWS)
    network = fixed(PASSES)
    memory = seconds_of(lambda: network.fit(X, y))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        columns = {f"x{j}": X[:, j] for j in range(N_COLUMNS)}
        pq.write_table(pa.table(columns | {"y": y}), path, row_group_size=20_000)
        options = {"target": "y", "classes": [0, 1], "validation": 0}
        options |= {"n_passes": PASSES, "progress": False}
        parquet = seconds_of(lambda: fit_stream(network, path, **options))
    return [seconds / (PASSES * N_ROWS) for seconds in (memory, parquet)]


def fit_costs():
    """Return the seconds of a candidate on a fold, alone and among 8 in a stack."""
    X, y = data(N_SEARCHED)
    folds = 2
    alone = seconds_of(lambda: fixed(EPOCHS).fit(X, y))
    grid = {"alpha": np.logspace(-4, 0, 8)}
    search = FusedGridSearchCV(fixed(EPOCHS), grid, cv=folds, refit=False)
    share = (folds - 1) / folds  # of the rows that a fold trains on
    return alone, seconds_of(lambda: search.fit(X, y)) / (8 * folds) / share


def _nothing(number):
    return number


def task_cost(n_tasks=2_000):
    """Return the seconds that client and scheduler spend on a task."""
    import joblib
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**options) as cluster, Client(cluster):
        with joblib.parallel_config(backend="dask"):
            parallel = joblib.Parallel(batch_size=1, pre_dispatch="all")
            work = [joblib.delayed(_nothing)(k) for k in range(n_tasks)]
            parallel(work[:100])
            return seconds_of(lambda: parallel(work)) / n_tasks


def hours(seconds):
    """Write a duration in hours."""
    return f"{significant(seconds / 3600)} h"


def main(arguments=None):
    """Print measurements and predictions."""
    argparse.ArgumentParser(
        "python -m benchmarks.scaling",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(arguments)
    task = task_cost()
    with threadpool_limits(1):
        memory, parquet = row_costs()
        alone, fused = fit_costs()
    print(environment.report(), "\n")
    print(costs(memory, parquet, alone, fused, task), "\n")
    print(searches(alone, fused, task), "\n")
    print(rows(memory, parquet))


def costs(memory, parquet, alone, fused, task):
    """Return the table of what was measured."""
    lines = [
        ["a row of 100 columns, one pass, in memory", f"{memory * 1e6:.2f} µs"],
        ["the same from Parquet, reading included", f"{parquet * 1e6:.2f} µs"],
        [f"a fit of 10,000 such rows, {EPOCHS} epochs", f"{alone:.2f} s"],
        ["the same as one of 8 in a stack, with its score", f"{fused:.2f} s"],
        ["a task, of client and scheduler", f"{task * 1e3:.2f} ms"],
    ]
    return markdown(["cost in processor seconds", ""], lines)


def searches(alone, fused, task):
    """Return the table of 10,000 candidates in five folds."""
    n_fits, size = CANDIDATES * FOLDS, 4 * N_COLUMNS * N_SEARCHED
    lines = []
    for n in WORKERS:
        sent = size / BANDWIDTH * (1 + np.ceil(np.log2(n)))  # from worker to worker
        single = max(n_fits * alone / n, n_fits * task) + sent
        # As many pieces as `cut` makes: a stack of each fold, cut for the workers.
        stacked = max(n_fits * fused / n, (n + FOLDS) * task) + sent
        lines.append([f"{n:,}", hours(single), hours(stacked)])
    header = ["workers", "`GridSearchCV`", "`FusedGridSearchCV`"]
    limit = (
        f"\n\nThe scheduler keeps {alone / task:,.0f} workers busy with single fits."
    )
    return markdown(header, lines, n_left=0) + limit


def rows(memory, parquet):
    """Return the table of 10⁹ rows."""
    size, n_steps = 4 * N_COLUMNS * MANY_ROWS, PASSES * MANY_ROWS
    lines = [
        ["bytes of a pass", f"{size / 1e9:,.0f} GB"],
        [f"`fit_stream`, {PASSES} passes, one process", hours(n_steps * parquet)],
        ["of that, learning", hours(n_steps * memory)],
        ["one pass over a 1 Gbit/s network", hours(size / BANDWIDTH)],
    ]
    return markdown(["10⁹ rows of 100 columns", ""], lines)


if __name__ == "__main__":
    main()
