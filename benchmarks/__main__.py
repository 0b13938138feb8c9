"""Compare the time of a training step with that of other implementations.

    python -m benchmarks
    python -m benchmarks --short
    python -m benchmarks --workloads W1,W4 --float32-only --threads 1 --json times.json

Every contender that is installed does the same workloads in one run, taking turns. A
time is that of a whole training divided by its number of steps: for the estimators a
call of ``fit`` with all that it does by default. The output is Markdown; what is going
on appears on the standard error stream.

OpenBLAS, which NumPy and SciPy use, has kernels for several generations of processors.
An environment variable makes it take those of another one, which the last table shows:

    OPENBLAS_CORETYPE=Haswell python -m benchmarks
    OPENBLAS_CORETYPE=SkylakeX python -m benchmarks
"""

import json
import sys
from pathlib import Path

from . import environment, options
from .comparison import Comparison, compare
from .peers import CONTENDERS
from .tables import markdown

SHORT = 40  # --short divides the epochs by this


def main(arguments=None):
    """Run the comparison that the command line asks for."""
    chosen = parse(arguments)
    workloads = chosen.workloads
    if chosen.short:
        workloads = [workload.shortened(SHORT) for workload in workloads]
    print(workload_table(workloads), end="\n\n")
    comparisons = []
    for dtype in ["float32", "float64"][: 1 if chosen.float32_only else 2]:
        comparison = Comparison(dtype, chosen.repeats, CONTENDERS)
        for workload in workloads:
            measured = compare(CONTENDERS, workload, dtype, chosen.repeats)
            comparison.add(measured)
            print(measured.summary(), file=sys.stderr, flush=True)
        print(comparison.report(chosen.verbose), end="\n\n", flush=True)
        comparisons.append(comparison)
    print(environment.report())
    if chosen.json:
        save(chosen.json, comparisons)


def parse(arguments):
    """Return the options of the command line."""
    parser = options.parser("benchmarks", __doc__, workloads="")
    parser.add_argument(
        "--short",
        action="store_true",
        help="few epochs, measured once: does everything work?",
    )
    parser.add_argument("--float32-only", action="store_true")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write every single time to this file"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="add training accuracies and spreads"
    )
    return options.parse(parser, arguments)


def workload_table(workloads):
    """Say what the names of the workloads mean."""
    rows = [(w.name, w.description, w.n_steps(w.epochs)) for w in workloads]
    return markdown(["workload", "what is trained", "steps"], rows, n_left=2)


def save(path, comparisons):
    """Write everything that was measured as JSON."""
    content = {
        "environment": dict(environment.describe()),
        "measurements": [m.as_dict() for c in comparisons for m in c.measured],
    }
    path.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
