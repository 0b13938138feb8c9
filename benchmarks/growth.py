"""Measure how time and memory grow with the number of training examples.

    python -m benchmarks.growth --plot growth.png

20 features in float32, 16 hidden neurons, mini-batches of 200. The time of an epoch is
that of a whole ``fit`` divided by its epochs; memory is what ``fit`` allocates at its
peak, so without X and y. Prints a Markdown table with the exponent k of n^k between
each number of examples n and the one before, and over all.
"""

import tracemalloc
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from sklearn_mlp_edu import LectureMLPClassifier

from . import environment, options
from .tables import markdown, significant
from .timing import interleaved
from .workloads import clusters

SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
EXAMPLES_SEEN = 1_000_000  # in one fit, at least: many epochs over few examples
MIN_EPOCHS, MAX_EPOCHS = 3, 300


def fit(X, y, epochs):
    """Train without stopping early."""
    classifier = LectureMLPClassifier(
        (16,), max_iter=epochs, tol=0, n_iter_no_change=np.inf, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return classifier.fit(X, y)


def seconds_per_epoch(X, y, repeats):
    """Return the median over fits."""
    epochs = int(np.clip(EXAMPLES_SEEN // len(X), MIN_EPOCHS, MAX_EPOCHS))
    timed = interleaved({"fit": lambda: fit(X, y, epochs)}, repeats)
    return timed["fit"].median / epochs


def peak_memory(X, y):
    """Return the bytes that ``fit`` allocates at its peak."""
    tracemalloc.start()
    fit(X, y, epochs=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def exponent(sizes, values):
    """Return k of the power law c n^k that fits best on logarithmic scales."""
    slope, _ = np.polyfit(np.log(sizes), np.log(values), deg=1)
    return slope


def measure(sizes, repeats):
    """Return X's bytes, seconds per epoch and bytes of memory for each size."""
    results = []
    for n_rows in sizes:
        X, y = clusters(n_rows, 20, 2)
        X = X.astype(np.float32)
        fit(X[:1000], y[:1000], epochs=1)
        results.append((X.nbytes, seconds_per_epoch(X, y, repeats), peak_memory(X, y)))
    return np.array(results).T


def report(sizes, X_bytes, seconds, memory):
    """Return the table, and below it the exponents over all sizes."""
    rows, exponents = [], ["–"]
    for i in range(1, len(sizes)):
        pair = slice(i - 1, i + 1)
        exponents.append(f"{exponent(sizes[pair], seconds[pair]):.2f}")
    columns = zip(sizes, seconds, exponents, X_bytes, memory, strict=True)
    for n_rows, s, k, x, m in columns:
        per_example = significant(s / n_rows * 1e9)
        megabytes = significant(x / 1e6), significant(m / 1e6)
        rows.append([f"{n_rows:,}", significant(s * 1e3), per_example, k, *megabytes])
    header = ["examples", "ms per epoch", "ns per example", "exponent"]
    table = markdown([*header, "X, MB", "peak beyond X, MB"], rows)
    k_time, k_memory = exponent(sizes, seconds), exponent(sizes, memory)
    return f"{table}\n\nOver all: time ∝ n^{k_time:.2f}, memory ∝ n^{k_memory:.2f}."


def plot(path, sizes, X_bytes, seconds, memory):
    """Draw both against the number of examples, on logarithmic scales."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    linear = np.array(sizes) / sizes[-1]
    power = f"∝ examples$^{{{exponent(sizes, seconds):.2f}}}$"
    grey = {"color": "0.55", "linestyle": "--", "linewidth": 1, "zorder": 0}
    blue, orange = "#0072B2", "#D55E00"  # told apart by colour-blind readers too
    left.plot(sizes, seconds * 1e3, "o-", color=blue, label=f"measured, {power}")
    left.plot(
        sizes, linear * seconds[-1] * 1e3, label="proportional to examples", **grey
    )
    left.set(ylabel="time per epoch (ms)", title="Time")
    right.plot(sizes, X_bytes / 1e6, "s-", color=orange, label="the data X themselves")
    right.plot(
        sizes, memory / 1e6, "o-", color=blue, label="fit, at its peak, beyond X"
    )
    right.set(ylabel="memory (MB)", title="Memory")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log", xlabel="training examples")
        axes.grid(color="0.9")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.savefig(path, dpi=150)


def main(arguments=None):
    """Print the table and draw the plot."""
    parser = options.parser("benchmarks.growth", __doc__)
    parser.add_argument("--plot", metavar="FILE.png", help="where to draw both")
    parser.add_argument(
        "--largest",
        type=int,
        default=SIZES[-1],
        metavar="EXAMPLES",
        help="leave out what is beyond; at least 3000",
    )
    chosen = options.parse(parser, arguments)
    sizes = [size for size in SIZES if size <= chosen.largest]
    if len(sizes) < 2:
        parser.error("--largest must be 3000 or more, for there to be growth")
    measured = measure(sizes, chosen.repeats)
    print(report(sizes, *measured), end="\n\n")
    print(environment.report())
    if chosen.plot:
        plot(chosen.plot, sizes, *measured)


if __name__ == "__main__":
    main()
