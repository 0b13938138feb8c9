"""Measure whole searches for the best alpha: network by network, and fused.

    python -m benchmarks.search
    python -m benchmarks.search --short
    python -m benchmarks.search --workloads W1 --dtype float32 --plot search.png

10 values of alpha on 5 folds with training scores, for a pipeline of a StandardScaler
and a network: `GridSearchCV` over scikit-learn's MLPClassifier and over this package's
classifier, and `FusedGridSearchCV` with NumPy and with compiled kernels. All have
``n_jobs=2`` and do the same epochs of the same mini-batches; the refit, one more fit,
is left out. The tables call them "MLPClassifier", "one by one", "fused" and "fused,
compiled". Prints Markdown tables in seconds. The second one shows how the time grows
with the number of alphas, for a fourth of the epochs, and so does the plot.
"""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import FusedGridSearchCV

from . import environment, options
from .peers_numpy import Compiled, ScikitLearn, ThisPackage
from .tables import markdown, significant
from .timing import interleaved
from .workloads import ALPHA, MOMENTUM, SEED, select

N_ALPHAS, N_FOLDS, N_JOBS = 10, 5, 2
CURVE_WORKLOAD = "W1"
CURVE = (1, 2, 5, 10, 20, 50)  # numbers of alphas
CURVE_SHORTER = 4  # the curve is of an epoch in four
SHORT_CURVE = (1, 2, 5)
SHORT = 40  # --short divides the epochs by this
THEIRS = "MLPClassifier"  # these two by GridSearchCV
OURS = "one by one"
FUSED = "fused"  # and these by FusedGridSearchCV
COMPILED = "fused, compiled"
SEARCHES = {
    THEIRS: (GridSearchCV, ScikitLearn()),
    OURS: (GridSearchCV, ThisPackage()),
    FUSED: (FusedGridSearchCV, ThisPackage()),
    COMPILED: (FusedGridSearchCV, Compiled()),
}
RATIOS = [(THEIRS, FUSED), (OURS, FUSED), (THEIRS, COMPILED)]
STYLES = {THEIRS: "s--", OURS: "^-.", FUSED: "o-", COMPILED: "d-"}
COLORS = {
    THEIRS: "#D55E00",
    OURS: "#009E73",
    FUSED: "#0072B2",
    COMPILED: "#CC79A7",
}


def search(contender, workload, dtype, n_alphas, cv=N_FOLDS, n_jobs=N_JOBS):
    """Return a function that does a whole search."""
    search_class, style = SEARCHES[contender]
    X, y = workload.data(dtype)
    network = style.classifier(workload).set_params(
        hidden_layer_sizes=workload.hidden,
        activation=workload.activation,
        batch_size=workload.batch_size,
        momentum=MOMENTUM,
        nesterovs_momentum=False,
        max_iter=workload.epochs,
        tol=0,
        n_iter_no_change=np.inf,
        random_state=SEED,
    )
    alphas = np.geomspace(ALPHA, 100 * ALPHA, n_alphas)
    if contender == THEIRS:  # theirs is divided by the batch size
        alphas *= workload.batch_size
    result = search_class(
        Pipeline([("scale", StandardScaler()), ("network", network)]),
        {"network__alpha": alphas},
        cv=cv,
        n_jobs=n_jobs,
        refit=False,
        return_train_score=True,
    )

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return result.fit(X, y)

    return run


def compare(workload, dtype, n_alphas, repeats):
    """Return the median seconds of each search, and the largest test score of each."""
    searches = {name: search(name, workload, dtype, n_alphas) for name in SEARCHES}
    timed = interleaved(searches, repeats)
    best = {
        name: float(t.result.cv_results_["mean_test_score"].max())
        for name, t in timed.items()
    }
    return {name: t.median for name, t in timed.items()}, best


def table(workloads, dtype, repeats):
    """Return the table of one float type."""
    rows = []
    for workload in workloads:
        seconds, best = compare(workload, dtype, N_ALPHAS, repeats)
        ratios = [f"{seconds[slow] / seconds[fast]:.2f}" for slow, fast in RATIOS]
        scores = [f"{score:.3f}" for score in best.values()]
        times = map(significant, seconds.values())
        rows.append([workload.name, *times, *ratios, " ".join(scores)])
    faster = [f"{slow} / {fast}" for slow, fast in RATIOS]
    return markdown(["workload", *SEARCHES, *faster, "best test scores"], rows)


def curve(workload, dtype, numbers, repeats):
    """Return the seconds of each search for each number of alphas."""
    measured = [compare(workload, dtype, n, repeats)[0] for n in numbers]
    return {name: [seconds[name] for seconds in measured] for name in SEARCHES}


def curve_table(numbers, seconds):
    """Return the curve as a table."""
    rows = [
        [n, *(significant(times[i]) for times in seconds.values())]
        for i, n in enumerate(numbers)
    ]
    return markdown(["alphas", *SEARCHES], rows)


def plot(path, workload, numbers, seconds):
    """Draw the curve on logarithmic axes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    for name, times in seconds.items():
        axes.plot(numbers, times, STYLES[name], color=COLORS[name], label=name)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="number of values of alpha",
        ylabel="time of the search (s)",
        title=f"{workload.description}, {workload.epochs} epochs\n"
        f"{N_FOLDS} folds, {N_JOBS} workers",
    )
    axes.set_xticks(numbers, map(str, numbers))
    axes.minorticks_off()
    axes.grid(color="0.9")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=150)


def main(arguments=None):
    """Print the tables and draw the plot."""
    parser = options.parser("benchmarks.search", __doc__, "W1,W2,W4", threads=False)
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float64")
    parser.add_argument("--plot", metavar="FILE.png", help="where to draw the curve")
    parser.add_argument(
        "--short",
        action="store_true",
        help="few epochs, measured once: does everything work?",
    )
    chosen = options.parse(parser, arguments)
    workloads, numbers, (of_curve,) = chosen.workloads, CURVE, select([CURVE_WORKLOAD])
    of_curve = of_curve.shortened(CURVE_SHORTER)
    if chosen.short:
        workloads = [workload.shortened(SHORT) for workload in workloads]
        of_curve, numbers = of_curve.shortened(SHORT), SHORT_CURVE
    for name in SEARCHES:  # workers start, and import, before anything is timed
        search(name, of_curve.shortened(of_curve.epochs), chosen.dtype, 1)()
    print(f"### {chosen.dtype}: {N_ALPHAS} alphas × {N_FOLDS} folds, seconds\n")
    print(table(workloads, chosen.dtype, chosen.repeats), end="\n\n", flush=True)
    seconds = curve(of_curve, chosen.dtype, numbers, chosen.repeats)
    print(
        f"### Growth with the number of alphas, {of_curve.name}, "
        f"{of_curve.epochs} epochs, seconds\n"
    )
    print(curve_table(numbers, seconds), end="\n\n")
    print(environment.report())
    if chosen.plot:
        plot(chosen.plot, of_curve, numbers, seconds)


if __name__ == "__main__":
    main()
