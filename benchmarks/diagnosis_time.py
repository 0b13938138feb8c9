"""How long a diagnosis takes from the command line.

    python -m benchmarks.diagnosis_time

Tables are drawn: some columns tell two classes, or a number, but for much noise, the
others are idle. Each is diagnosed in a process of its own, with all that the command
does: import, reading, the page. "Processor" is the time of all processes together. Run
it on a machine that does nothing else. Prints Markdown.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from . import environment
from .tables import markdown

CASES = {
    "the lecture's pictures": (None, 15),
    "891 × 12": ((891, 12), 10),
    "3,000 × 20": ((3000, 20), 10),
    "3,000 × 20, a number": ((3000, 20), 10),
    "20,000 × 50": ((20_000, 50), 60),
}


def draw(n_rows, n_columns, number=False):
    """Return a table of numbers with a column of labels, or with one more number."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, n_columns))
    signal = X[:, 0] + X[:, 1] * X[:, 2] + 0.5 * X[:, 3]
    frame = pd.DataFrame(X.round(4)).add_prefix("x")
    signal += rng.normal(size=n_rows)
    return frame.assign(label=signal if number else np.where(signal > 0, "a", "b"))


def measure(shape, number):
    """Return seconds on the clock, and of processors."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sklearn_mlp_edu"]
        if shape is not None:
            path = Path(folder, "data.csv")
            draw(*shape, number).to_csv(path, index=False)
            command += ["diagnose", path, "--target", "label"]
        command += ["--output", Path(folder, "page.html")]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments=None):
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.diagnosis_time",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--case", choices=CASES, help="all by default")
    case = parser.parse_args(arguments).case
    rows = []
    for name in [case] if case else CASES:
        shape, goal = CASES[name]
        seconds, processor = measure(shape, name.endswith("number"))
        rows.append([name, f"{goal} s", f"{seconds:.1f} s", f"{processor:.1f} s"])
    print(markdown(["data", "goal", "time", "processor"], rows) + "\n")
    print(environment.report())


if __name__ == "__main__":
    main()
