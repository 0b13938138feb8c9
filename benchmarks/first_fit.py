"""Measure a first training in a fresh process, with compilation where there is any.

    python -m benchmarks.first_fit

Trains 50 epochs of W1 to W5 in float32. The clock starts when the data are in memory,
and stops when training is over. Within that time Numba is imported and compiled kernels
of this package are loaded, JAX is imported and compiles. What the data need is imported
before, NumPy and scikit-learn, and so is this package, which `benchmarks.cold_start`
measures. Prints a Markdown table.
"""

import argparse
import subprocess
import sys
from importlib import import_module
from statistics import median
from time import perf_counter

from . import environment, options
from .environment import is_installed
from .peers import CONTENDERS
from .peers_numpy import Automatic
from .tables import markdown, significant

NAMES = ("this package, auto", "this package", "this package, compiled", "JAX")
EPOCHS = 50


def measure(contender, workload):
    """Return the seconds from imports to the end of training."""
    workload.data("float32")
    started = perf_counter()
    for module in contender.modules:
        import_module(module)
    contender.prepare(workload, "float32")(EPOCHS)
    return perf_counter() - started


def in_fresh_process(contender, workload, threads):
    """Return what `measure` says in a process of its own."""
    worker = ["--contender", contender.name, "--workloads", workload.name]
    command = [sys.executable, "-m", "benchmarks.first_fit", *worker]
    if threads:
        command += ["--threads", str(threads)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(printed)


def row(workload, contenders, repeats, threads):
    """Return one line of the table."""
    seconds = {contender.name: [] for contender in contenders}
    for _ in range(repeats):
        for contender in contenders:
            seconds[contender.name].append(
                in_fresh_process(contender, workload, threads)
            )
    medians = [median(times) for times in seconds.values()]
    ratios = [f"{medians[0] / other:.2f}" for other in medians[1:]]
    return [workload.name, *map(significant, medians), *ratios]


def main():
    """Print the table, or do the work of one fresh process."""
    parser = options.parser("benchmarks.first_fit", __doc__, "W1,W2,W3,W4,W5")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    chosen = options.parse(parser)
    by_name = {contender.name: contender for contender in (Automatic(), *CONTENDERS)}
    if chosen.contender:
        print(measure(by_name[chosen.contender], chosen.workloads[0]))
        return
    contenders = [
        by_name[n] for n in NAMES if all(map(is_installed, by_name[n].modules))
    ]
    names = [contender.name for contender in contenders]
    header = [f"{EPOCHS} epochs, s", *names, *(f"ours / {n}" for n in names[1:])]
    rows = [
        row(w, contenders, chosen.repeats, chosen.threads) for w in chosen.workloads
    ]
    print(markdown(header, rows))
    print(environment.skipped({"JAX": "jax"}))
    print(environment.report())


if __name__ == "__main__":
    main()
