"""Show where the time of a training step goes, line by line.

    python -m benchmarks.profile_step --workloads W1,W4 --threads 1

Every operation of a step is timed during a whole ``fit`` and booked on the source line
of its equation; so is every other call of a NumPy or SciPy function from the package,
on the line that makes it. What is left of the time of an untouched ``fit`` is Python
itself, and operators and methods of arrays. Prints a Markdown table per workload.
"""

import linecache
import sys
from collections import defaultdict
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from types import FunctionType, GeneratorType, MethodType

import numpy as np

from sklearn_mlp_edu._engine import Plain

from . import environment, options
from .peers_numpy import ThisPackage
from .tables import markdown, microseconds
from .timing import interleaved

BY_NAME = ("expit", "log_expit")  # so modules import them
UFUNC_METHODS = ("accumulate", "at", "outer", "reduce", "reduceat")
LEAST_SHARE = 0.01  # lines below this are added up


class Ledger:
    """Seconds and calls by source line."""

    def __init__(self):
        self.seconds, self.calls = defaultdict(float), defaultdict(int)

    def timed(self, function, line=None):
        """Return ``function`` such that its calls are booked, on the caller's line."""

        def call(*args, **kwargs):
            started = perf_counter()
            result = function(*args, **kwargs)
            elapsed = perf_counter() - started
            caller = sys._getframe(1)
            place = line or (caller.f_code.co_filename, caller.f_lineno)
            self.seconds[place] += elapsed
            self.calls[place] += 1
            return result

        call.untimed = function
        if isinstance(function, np.ufunc):
            for method in UFUNC_METHODS:
                setattr(call, method, self.timed(getattr(function, method)))
        return call

    def prepare(self, *steps):
        """Do as `_arithmetic.prepare` does, with operations that are timed.

        Functions of the package are left alone: what they call is timed already.
        """
        prepared = []
        for equations in steps:
            for _, operations in equations:
                for function, arguments, _ in operations:
                    function = getattr(function, "untimed", function)
                    if not isinstance(function, (FunctionType, MethodType)):
                        function = self.timed(function, line_of(equations))
                    prepared.append(partial(function, *arguments))
        return prepared

    def without_own_cost(self):
        """Return the seconds by line less those that timing itself takes."""
        calibration, n_calls = Ledger(), 10_000
        nothing = calibration.timed(lambda: None)
        for _ in range(n_calls):
            nothing()
        cost = sum(calibration.seconds.values()) / n_calls
        return {line: s - cost * self.calls[line] for line, s in self.seconds.items()}


def line_of(generator):
    """Return the file and the line of the equation that was yielded last."""
    while isinstance(generator.gi_yieldfrom, GeneratorType):
        generator = generator.gi_yieldfrom
    return generator.gi_code.co_filename, generator.gi_frame.f_lineno


class TimedNumpy:
    """Stands in for NumPy in a module: functions and ufuncs are timed."""

    def __init__(self, ledger):
        self._ledger = ledger

    def __getattr__(self, name):
        value = getattr(np, name)
        if callable(value) and not isinstance(value, type):
            value = self._ledger.timed(value)
        setattr(self, name, value)
        return value


@contextmanager
def booking(ledger):
    """Time what the package calls of NumPy and SciPy."""
    modules = [
        m for name, m in sys.modules.items() if name.startswith("sklearn_mlp_edu.")
    ]
    replaced = [(Plain, "prepare", Plain.prepare)]
    for module in modules:
        for name in ("np", *BY_NAME):
            if hasattr(module, name):
                replaced.append((module, name, getattr(module, name)))
    numpy = TimedNumpy(ledger)
    try:
        for module, name, value in replaced[1:]:
            setattr(module, name, numpy if value is np else ledger.timed(value))
        Plain.prepare = ledger.prepare
        yield
    finally:
        for module, name, value in replaced:
            setattr(module, name, value)


def profile(workload, dtype, repeats):
    """Return seconds per step, and by line seconds and calls per step."""
    train = ThisPackage().prepare(workload, dtype)
    ledger = Ledger()

    def booked():
        with booking(ledger):
            train(workload.epochs)

    train(1)
    tasks = {"untouched": lambda: train(workload.epochs), "booked": booked}
    untouched = interleaved(tasks, repeats)["untouched"]
    n_steps = untouched.result.n_steps
    n_booked = n_steps * repeats
    lines = {
        line: (seconds / n_booked, ledger.calls[line] / n_booked)
        for line, seconds in ledger.without_own_cost().items()
    }
    return untouched.median / n_steps, lines


def table(total, lines):
    """Return the lines in the order of the source, then the rest and the total."""
    rows, minor = [], 0.0
    for (path, number), (seconds, calls) in sorted(lines.items()):
        if seconds < LEAST_SHARE * total:
            minor += seconds
            continue
        source = linecache.getline(path, number).partition("#")[0].strip()
        place = f"{Path(path).name}:{number}"
        rows.append([place, f"`{source}`", f"{calls:.2f}", *share(seconds, total)])
    rows.append(["other lines", "", "", *share(minor, total)])
    rest = total - sum(seconds for seconds, _ in lines.values())
    rows.append(
        ["Python, operators and methods of arrays", "", "", *share(rest, total)]
    )
    rows.append(["whole fit", "", "", *share(total, total)])
    return markdown(["where", "what", "calls", "µs", "%"], rows, n_left=2)


def share(seconds, total):
    """Return µs and per cent."""
    return microseconds(max(0.0, seconds)), f"{100 * seconds / total:.0f}"


def main():
    """Print the tables."""
    parser = options.parser("benchmarks.profile_step", __doc__, "W1,W2,W3,W4")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    chosen = options.parse(parser)
    for workload in chosen.workloads:
        print(f"### {workload.name}, {chosen.dtype}, per step: {workload.description}")
        measured = profile(workload, chosen.dtype, chosen.repeats)
        print(f"\n{table(*measured)}\n", flush=True)
    print(environment.report())


if __name__ == "__main__":
    main()
