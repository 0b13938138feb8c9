"""Hold remedies of `diagnose_overfitting` for numbers against the truth.

    python -m benchmarks.verdict_numbers --half choose

As `benchmarks.verdict` does for classes: a half of each real table, of it 600 rows at
most, is diagnosed with a network that overfits and one that has hardly trained. Each
remedy measured is applied, the network is trained on that half with three seeds, and
the other half, never seen, tells what the remedy brings: the fall of the squared error
in units of the variance, with its standard error over rows and seeds. Then the halves
change places.

A remedy *gains* if the squared error falls by more than 0.03 and by more than twice its
standard error, and *loses* if it rises by more than that. An interval *holds* if what
came lies in it, allowing for the other half's error. Prints Markdown.
"""

import argparse
import sys
import warnings

import numpy as np
from sklearn.base import clone

from sklearn_mlp_edu import LectureMLPRegressor, diagnose_overfitting
from sklearn_mlp_edu._search import fit_together

from . import environment, real_tables
from .options import names, positive
from .tables import markdown

MOST_DIAGNOSED, MOST_TESTED, FEWEST_ROWS, MOST_COLUMNS = 600, 2000, 180, 60
SEEDS = range(3)
LEAST = 0.03  # of the squared error, to be called a gain
NETWORKS = {
    "overfit": {
        "hidden_layer_sizes": (64,),
        "alpha": 0.0,
        "max_iter": 150,
        "n_iter_no_change": np.inf,
    },
    "underfit": {"hidden_layer_sizes": (10,), "max_iter": 15},
}


def halves(table, half):
    """Return the rows to diagnose, and those to ask."""
    rows = np.random.default_rng(0).permutation(len(table.y))
    ours, other = np.array_split(rows, 2)[:: 1 - 2 * half]
    return ours[:MOST_DIAGNOSED], other[:MOST_TESTED]


def measure(table, half, name):
    """Return a dict for each remedy that was measured."""
    ours, other = halves(table, half)
    network = LectureMLPRegressor(**NETWORKS[name])
    X, y = table.X[ours], table.y[ours]
    report = diagnose_overfitting(network, X, y, random_state=half, progress=False)
    measured = [r for r in report.remedies.values() if r.parameters]
    settings = [{}, *(remedy.parameters for remedy in measured)]
    errors = []  # (n_seeds, n_settings, n_rows)
    for seed in SEEDS:
        seeded = clone(network).set_params(random_state=seed)
        fitted = fit_together(seeded, settings, X, y)
        said = np.array([one.predict(table.X[other]) for one in fitted])
        errors.append((said - table.y[other]) ** 2 / y.var())
    gains = np.array([e[0] - e[1:] for e in errors])  # (n_seeds, n_remedies, n_rows)
    real = gains.mean(axis=(0, 2))
    by_rows = gains.mean(axis=0).var(axis=1, ddof=1) / len(other)
    by_seeds = gains.mean(axis=2).var(axis=0, ddof=1) / len(SEEDS)
    return [
        {
            "case": f"{table.name}, half {half + 1}, {name}",
            "network": name,
            "name": f"{remedy.name} ({remedy.setting})",
            "helps": remedy.helps,
            "promised": -remedy.loss_change.mean,
            "interval": (-remedy.loss_change.high, -remedy.loss_change.low),
            "real": float(gain),
            "error": float(np.sqrt(variance)),
        }
        for remedy, gain, variance in zip(
            measured, real, by_rows + by_seeds, strict=True
        )
    ]


def gains(one):
    """Tell whether a remedy gains on rows never seen."""
    return one["real"] > max(LEAST, 2 * one["error"])


def loses(one):
    """Tell whether it loses."""
    return one["real"] < -2 * one["error"]


def holds(one):
    """Tell whether what came lies in the interval, allowing for its error."""
    low, high = one["interval"]
    middle, half = (low + high) / 2, (high - low) / 2
    return abs(one["real"] - middle) <= np.hypot(half, 1.96 * one["error"])


def share(found):
    """Write a share of so many."""
    found = list(found)
    return f"{np.mean(found):.1%} of {len(found)}" if found else "–"


def rows_of(results):
    """Return the lines of the table for some results."""
    finite = [one for one in results if np.isfinite(one["real"])]
    said = [one for one in finite if one["helps"]]
    off = np.array([one["promised"] - one["real"] for one in finite])
    return {
        "gains that were noticed": share(o["helps"] for o in finite if gains(o)),
        "said to help, and did not lose": share(not loses(o) for o in said),
        "said to help, and gained": share(map(gains, said)),
        "intervals that hold": share(map(holds, finite)),
        "promised less real, median": f"{np.median(off):+.4f}" if len(off) else "–",
    }


def main(arguments=None):
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.verdict_numbers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--half", choices=("choose", "confirm"), default="choose")
    parser.add_argument("--tables", type=names, metavar="A,B", help="default: all")
    parser.add_argument("--first", type=positive, help="so many tables only")
    options = parser.parse_args(arguments)
    environment.limit_threads(1)
    results, used = [], []
    for table in list(real_tables.regression(options.half, options.tables)):
        if len(table.y) < FEWEST_ROWS or table.X.shape[1] > MOST_COLUMNS:
            continue
        used.append(table.name)
        for name in NETWORKS:
            for half in (0, 1):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    results += measure(table, half, name)
                print(results[-1]["case"], file=sys.stderr, flush=True)
        if options.first == len(used):
            break
    columns = {"all": rows_of(results)} | {
        name: rows_of([one for one in results if one["network"] == name])
        for name in NETWORKS
    }
    lines = [[line, *(c[line] for c in columns.values())] for line in columns["all"]]
    print(markdown(["", *columns], lines) + "\n")
    for one in results:
        missed = gains(one) and not one["helps"]
        if missed or (one["helps"] and loses(one)):
            what = "not noticed" if missed else "lost"
            print(
                f"- {what}: {one['case']}, {one['name']}: promised "
                f"{one['promised']:+.3f}, came {one['real']:+.3f}"
            )
    print(f"\nTables: {', '.join(used)}.\n")
    print(environment.report())


if __name__ == "__main__":
    main()
