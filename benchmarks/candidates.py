"""Measure other defaults than those that were chosen, one changed at a time.

    python -m benchmarks.candidates
    python -m benchmarks.candidates --task regression
    python -m benchmarks.candidates --decay

Each candidate is fitted to the tables of the half on which defaults may be chosen, raw
as they come, on the same splits. Prints means over the tables, in Markdown.
"""

import argparse
from contextlib import contextmanager
from unittest.mock import patch

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor
from sklearn_mlp_edu._training import standardisation

from . import environment
from .real_contenders import Contender
from .real_defaults import describe, load, run, select_tables
from .real_measuring import Results
from .real_report import Report
from .tables import markdown

NETWORKS = {
    "classification": LectureMLPClassifier,
    "regression": LectureMLPRegressor,
}
SETTINGS = {
    "classification": {
        "learning_rate": ("constant", "adaptive"),
        "learning_rate_init": (0.1, 0.2, 1.0),
        "alpha": (1e-4, 1e-3, 3e-3, 0.03),
        "tol": (1e-4, 1e-3),
        "n_iter_no_change": (5, 20),
        "dropout": (0.2,),
        "activation": ("tanh",),
        "momentum": (0.0,),
    },
    "regression": {
        "solver": ("sgd", "lbfgs"),
        "learning_rate": ("constant",),
        "learning_rate_init": (0.001, 0.004),
        "alpha": (1e-3, 3e-3, 0.03),
        "tol": (1e-4, 1e-3),
        "loss": ("huber", "absolute_error"),
        "dropout": (0.2,),
        "activation": ("tanh",),
    },
}
DECAYS = (0, 0.5, 1, 2, 4)  # strengths of solver="adamw"
BOUNDS = (1.5, 8.0, 1e300)  # of standardised inputs, where it was not 3


@contextmanager
def bound(value):
    """Let standardised inputs be as large as that."""
    with patch.object(standardisation, "BOUND", value):
        yield


def settings(task):
    """Yield a name and parameters for each candidate, the defaults first."""
    yield "defaults", {}
    for parameter, values in SETTINGS[task].items():
        for value in values:
            yield f"{parameter}={value}", {parameter: value}


def decays():
    """Yield the same for Adam with decoupled weight decay, and for Adam without."""
    yield "adam", {"solver": "adam"}
    yield "adamw", {"solver": "adamw"}
    for alpha in DECAYS:
        yield f"adamw, alpha={alpha}", {"solver": "adamw", "alpha": alpha}


def contender(task, name, parameters):
    """Return a contender that has other parameters."""
    kind = NETWORKS[task]
    return Contender(name, lambda seed: kind(random_state=seed, **parameters))


def main(arguments=None):
    """Measure all candidates and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--task", choices=tuple(NETWORKS), default="classification")
    parser.add_argument("--decay", action="store_true", help=decays.__doc__)
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--tables", type=lambda text: text.split(","), default=None)
    parser.add_argument("--without", type=lambda text: text.split(","))
    options = parser.parse_args(arguments)
    task, half = options.task, "choose"
    slow = ["MNIST"] if task == "classification" else []
    chosen = select_tables(task, half, options.tables, options.without or slow)
    results = Results()
    candidates = decays() if options.decay else settings(task)
    contenders = [contender(task, *one) for one in candidates]
    environment.limit_threads(1)
    run(contenders, load(task, half, chosen), options.splits, results)
    for value in () if options.decay else BOUNDS:
        other = contender(task, f"inputs up to {value:g} deviations", {})
        contenders.append(other)
        with bound(value):
            run([other], load(task, half, chosen), options.splits, results)
    report = Report(results, [one.name for one in contenders], chosen, task)
    print(f"{len(chosen)} tables, {options.splits} splits\n\n{report.summary()}\n")
    print(markdown(["environment", ""], describe().items(), n_left=2))


if __name__ == "__main__":
    main()
