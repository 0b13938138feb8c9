"""Measure training on Parquet that is larger than the memory that may be used.

    python -m benchmarks.streams --gigabytes 5

Writes such a file, 30 columns in float32 and two classes, in 400 row groups, and trains
on it with ``fit_stream`` in a process of its own; prints the most memory that the
process had, and how many rows it trained on in a second, beside ``fit`` on rows in
memory, and ``partial_fit`` in calls of 200 rows. Seconds are those that the busier
thread, the one that trains or the one that reads ahead, had a processor; all threads
together; and those of the clock, which tell little on a machine that does other work.
Ends with an error if more than a tenth of the size of the data was needed beyond what
imports take, or less than 60 % of the rows a second (of the busier thread) were
reached. ``--short`` does it with 0.5 GB, allows 40 MB more, as buffers do not shrink
with the file, and does not judge the speed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np
from threadpoolctl import threadpool_limits

from . import environment
from .tables import markdown

N_FEATURES, N_ROW_GROUPS, N_DIFFERENT = 30, 400, 8
ROW_BYTES = 4 * N_FEATURES
PASSES, IN_MEMORY = 3, 300_000
LARGEST_SHARE, LEAST_SPEED = 0.1, 0.6
BUFFERS = 40e6  # bytes, whatever the size of the file


def rows(n_rows, seed):
    """Return X, whose classes no straight line divides, and y."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_rows, N_FEATURES), dtype=np.float32)
    X *= np.logspace(-2, 2, N_FEATURES, dtype=np.float32)
    z = X[:, 0] / X[:, 0].std() + (X[:, 1] / X[:, 1].std()) * (X[:, 2] / X[:, 2].std())
    return X, (z > 0).astype(np.int8)


def write(path, n_rows):
    """Write a Parquet file, in which the same few row groups come again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"x{j}" for j in range(N_FEATURES)]
    types = [*((name, pa.float32()) for name in names), ("label", pa.int8())]
    schema = pa.schema(types)
    size = -(-n_rows // N_ROW_GROUPS)
    tables = []
    for seed in range(N_DIFFERENT):
        X, y = rows(size, seed)
        columns = {name: X[:, j] for j, name in enumerate(names)}
        tables.append(pa.table({**columns, "label": y}, schema=schema))
    with pq.ParquetWriter(path, schema, use_dictionary=["label"]) as writer:
        for k, start in enumerate(range(0, n_rows, size)):
            writer.write_table(tables[k % N_DIFFERENT][: min(size, n_rows - start)])


def peak():
    """Return the most memory that this process had, in bytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class Watch:
    """Measures seconds: of the busier thread, of all threads, of the clock."""

    def __init__(self):
        self.started = self._now()

    def _now(self):
        return np.array([thread_time(), process_time(), perf_counter()])

    def speeds(self, n_rows):
        """Return how many rows there were a second, in the three senses."""
        own, all_threads, clock = self._now() - self.started
        busier = max(own, all_threads - own)
        return [n_rows / seconds for seconds in (busier, all_threads, clock)]


def network():
    """Return the network that is trained."""
    from sklearn_mlp_edu import LectureMLPClassifier

    return LectureMLPClassifier(random_state=0)


def stream(path, n_rows, n_passes):
    """Train on the file; return memory and speed."""
    from sklearn_mlp_edu import fit_stream

    write(f"{path}.small", 1000)
    engine = "compiled" if find_spec("numba") else "numpy"  # long streams load it
    fit_stream(
        network().set_params(engine=engine),
        f"{path}.small",
        target="label",
        n_passes=1,
        progress=False,
    )
    options = {"target": "label", "classes": [0, 1], "n_passes": n_passes}
    before, watch = peak(), Watch()
    one = fit_stream(network(), path, progress=False, **options)
    speeds = watch.speeds(one.n_iter_ * n_rows)
    X, y = rows(20_000, seed=10**6)
    return {
        "imports": before,
        "peak": peak(),
        "speeds": speeds,
        "score": one.score(X, y),
        "passes": one.n_iter_,
    }


def in_memory(path, n_rows, n_passes):
    """Train on some rows that are in memory; return memory and speed."""
    X, y = rows(IN_MEMORY, 0)
    one = network().set_params(max_iter=n_passes, tol=0, n_iter_no_change=np.inf)
    before, watch = peak(), Watch()
    one.fit(X, y)
    speeds = watch.speeds(n_passes * IN_MEMORY)
    X, y = rows(20_000, seed=10**6)
    return {
        "imports": before,
        "peak": peak(),
        "speeds": speeds,
        "score": one.score(X, y),
        "passes": n_passes,
    }


def small_calls(path, n_rows, n_passes):
    """Train on some rows in calls of 200; return memory and speed."""
    X, y = rows(IN_MEMORY // 4, 0)
    one = network().partial_fit(X[:200], y[:200], classes=[0, 1])
    before, watch = peak(), Watch()
    for start in range(0, len(y), 200):
        one.partial_fit(X[start : start + 200], y[start : start + 200])
    speeds = watch.speeds(len(y))
    X, y = rows(20_000, seed=10**6)
    result = {"imports": before, "peak": peak(), "speeds": speeds}
    return result | {"score": one.score(X, y), "passes": 1}


WAYS = {
    "`fit_stream`, Parquet": stream,
    "`fit`, 300,000 rows in memory": in_memory,
    "`partial_fit`, 200 rows a call": small_calls,
}


def measured(way, path, n_rows, n_passes):
    """Return what a process of its own finds."""
    command = [sys.executable, "-m", "benchmarks.streams", "--way", way]
    command += ["--path", str(path), "--rows", str(n_rows), "--passes", str(n_passes)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments=None):
    """Print the table, and complain if a goal is missed."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.streams", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--gigabytes", type=float, default=5.0)
    parser.add_argument("--short", action="store_true", help="0.5 GB")
    parser.add_argument("--passes", type=int, default=PASSES, help="at most")
    parser.add_argument("--folder", help="for the file; a temporary one by default")
    for name in ("--way", "--path", "--rows"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.way:
        way = WAYS[chosen.way]
        with threadpool_limits(1):
            print(json.dumps(way(chosen.path, int(chosen.rows), chosen.passes)))
        return
    size = (0.5 if chosen.short else chosen.gigabytes) * 1e9
    n_rows = int(size / ROW_BYTES)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        path = Path(folder) / "rows.parquet"
        write(path, n_rows)
        found = {way: measured(way, path, n_rows, chosen.passes) for way in WAYS}
    print(environment.report(), "\n")
    print(f"{n_rows:,} rows, {size / 1e9:.1f} GB, {chosen.passes} passes at most\n")
    print(table(found))
    one, other, _ = found.values()
    grown = (one["peak"] - one["imports"]) / size
    speed = one["speeds"][0] / other["speeds"][0]
    print(f"\nbeyond imports {grown:.1%} of the data, {speed:.0%} of the rows a second")
    if chosen.short:
        missed = grown > LARGEST_SHARE + BUFFERS / size
    else:
        missed = grown > LARGEST_SHARE or speed < LEAST_SPEED
    if missed:
        sys.exit("a goal was missed")


def table(found):
    """Return a Markdown table of what was measured."""
    lines = [
        [
            way,
            *(f"{speed:,.0f}" for speed in one["speeds"]),
            f"{one['imports'] / 1e6:,.0f} MB",
            f"{one['peak'] / 1e6:,.0f} MB",
            one["passes"],
            f"{one['score']:.3f}",
        ]
        for way, one in found.items()
    ]
    header = ["rows a second", "busier thread", "all threads", "clock"]
    header += ["after imports", "peak", "passes", "test accuracy"]
    return markdown(header, lines)


if __name__ == "__main__":
    main()
