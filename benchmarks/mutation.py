"""Mutation testing: put small faults into the equations, and see who notices.

    python -m benchmarks.mutation
    python -m benchmarks.mutation --files _lecture/losses.py --part 1/5

The tests are collected once, and run once to learn which lines each of them reaches.
Then, for each fault, a fork of the process puts it into the functions in memory and
runs the tests that reach its line until one fails, first those that are quick or have
killed many. A mutant that passes them all has survived. Prints Markdown; needs a system
with ``fork``.

``--log FILE`` notes each fate as it is known. ``--again FILE`` takes from such a file
what was killed, and tries the rest: after an interruption, or after new tests.
"""

import argparse
import ast
import gc
import mmap
import os
import re
import resource
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from . import transplant
from .mutants import Mutant, mutants
from .tables import markdown

PACKAGE = Path(__file__).parent.parent / "sklearn_mlp_edu"
FILES = [
    *("_lecture/network.py", "_lecture/losses.py", "_lecture/activations.py"),
    *("_lecture/initializers.py", "_lecture/optimizers.py", "_lecture/schedules.py"),
    *("_lecture/dropout.py", "_lecture/prediction.py", "_lecture/parameters.py"),
    *("_training/standardisation.py", "_training/stopping.py", "_training/loop.py"),
    *("_training/descent.py", "_training/automatic.py", "_training/outcome.py"),
    *("_training/lbfgs.py", "_training/quasi_newton.py", "_training/line_search.py"),
    "_estimators/convergence.py",
]
# Where values that stand outside of functions are used, too
BESIDE = ["_estimators/run.py", "_laboratory/gradient_check.py"]
ROOMS = ["tests/lecture", "tests/training", "tests/laboratory/test_gradient_check.py"]
NAMES = "class_weight early_stopping ends_are_told estimator"
NAMES += " faults_of_peers_are_absent pieces_equal_one_run regressor"
NAMES += " rows_without_weight standardised_inputs validation_set"
NAMES += " when_a_training_is_complained_of limits"
SINGLE = [
    "tests/search/test_cv_extremes.py",
    "tests/search/test_cross_validated.py::test_large_inputs_lose_nothing_to_float32",
    "tests/estimators/test_callbacks.py::test_a_callback_can_stop_training",
    "tests/engine/test_same_as_numpy.py::test_networks_leave_a_stack",
    "tests/engine/test_same_as_numpy.py"
    "::test_a_stack_goes_on_without_being_prepared_anew",
]
TESTS = [*ROOMS, *(f"tests/estimators/test_{name}.py" for name in NAMES.split())]
TESTS += SINGLE
LEFT_OUT = "not scikit_learn_check"  # slow, and of interfaces more than of equations
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "killed by time"


class Tested(NamedTuple):
    """What became of a mutant."""

    file: str
    line: int
    fault: str
    number: int  # of those with this fault in this line
    fate: str
    test: str  # that noticed it

    @property
    def key(self):
        """What it is known by in a log."""
        return self.file, str(self.line), self.fault, str(self.number)


class Server:
    """A pytest plugin that runs tests in forks, once they are collected."""

    def __init__(self, options):
        self.options, self.tested, self.kills = options, [], Counter()
        self.killer = mmap.mmap(-1, 8)  # where a fork writes which test has failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Take the place of the ordinary run of all tests."""
        session.config.option.tbstyle = "native"  # the quickest
        paths = [str(PACKAGE / file) for file in self.options.files]
        self.traced = {*paths, *(str(PACKAGE / file) for file in BESIDE)}
        items, slow = session.items, self.options.slow
        self.reached, self.seconds = reach(self.run_one, items, self.traced, slow)
        gc.collect()
        gc.freeze()  # or every fork would copy what the collector touches
        control = Mutant(0, None, "none", ast.parse(""))
        if self._fate(Path(paths[0]), control)[0] != SURVIVED:
            raise pytest.UsageError("tests fail in a fork, without any fault")
        known = killed_before(self.options.again)
        for file in self.options.files:
            for mutant, number in chosen(file, self.options):
                tested = Tested(file, mutant.line, mutant.fault, number, KILLED, "")
                tested = known.get(tested.key, tested)
                if tested.key not in known:
                    fate, test = self._fate(PACKAGE / file, mutant)
                    tested = tested._replace(fate=fate, test=test)
                    note(tested, self.options.log)
                self.tested.append(tested)
        return True

    def run_one(self, item, following):
        """Run a test as pytest does, and tell whether it has passed."""
        self.passes = True
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.passes

    def pytest_runtest_logreport(self, report):
        """Take note of a step of a test."""
        self.passes &= not report.failed

    def _fate(self, path, mutant):
        """Fork, mutate there, run the tests, and tell what came of it, and by which."""
        tests = useful(self.reached, path, mutant, self.traced)
        tests.sort(key=lambda test: self.seconds[test] / (1 + self.kills[test]))
        self.killer[:] = bytes(8)
        child = os.fork()
        if child == 0:
            os._exit(run_mutated(path, mutant, tests, self))
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            return SURVIVED, ""
        number = int.from_bytes(self.killer, "little")
        if number == 0:
            return KILLED, "cannot be loaded"
        killer = tests[number - 1]
        self.kills[killer] += 1
        return TIMED_OUT if os.WIFSIGNALED(status) else KILLED, killer.nodeid


def chosen(file, options):
    """Return the mutants of a module to try, all or the part that is asked for.

    Each comes with its number among those with the same fault in the same line.
    """
    found, seen = [], Counter()
    for mutant in mutants((PACKAGE / file).read_text()):
        seen[mutant.line, mutant.fault] += 1
        found.append((mutant, seen[mutant.line, mutant.fault]))
    if options.lines:
        return [(m, number) for m, number in found if m.line in options.lines]
    part, n_parts = options.part
    return found[part - 1 :: n_parts]


def killed_before(log):
    """Return what a log says was killed, by its key."""
    if not log:
        return {}
    lines = [line.split("\t") for line in Path(log).read_text().splitlines()]
    tested = [Tested(*fields) for fields in lines]
    return {t.key: t for t in tested if t.fate != SURVIVED}


def parts(text):
    """Return (k, n) for "k/n"."""
    part, n_parts = map(int, text.split("/"))
    return part, n_parts


def reach(run_one, items, files, slow):
    """Run all tests, and return the lines that each of them reaches, and its time.

    Both are dicts, {test: {(file, line)}} and {test: seconds}. Those that fail without
    any fault, or are slow, are left out, and said to be.
    """
    reached, seconds, left_out = {}, {}, Counter()

    def trace(frame, event, _):
        file = frame.f_code.co_filename
        if file not in files:
            return None
        lines.add((file, frame.f_lineno))
        return trace

    for item, following in zip(items, [*items[1:], None], strict=True):
        lines, started = set(), time.process_time()
        sys.settrace(trace)
        passed = run_one(item, following)
        sys.settrace(None)
        seconds[item] = time.process_time() - started
        if not passed:
            left_out["fail"] += 1
        elif seconds[item] > slow:
            left_out["are slow"] += 1
        elif lines:
            reached[item] = lines
    told = "".join(f"; {n} {why}" for why, n in left_out.items())
    print(f"{len(items)} tests: {len(reached)} reach the files{told}", file=sys.stderr)
    return reached, seconds


def useful(reached, path, mutant, files):
    """Return the tests that reach the fault, or a line that names what has it.

    They are all tests where there are no such.
    """
    if mutant.span is not None:
        places = {(str(path), line) for line in range(*mutant.span)}
        places.add((str(path), mutant.span[1]))
    else:
        places = set(mentions(mutant.name, files))
    found = [item for item, lines in reached.items() if lines & places]
    return found or list(reached)


def mentions(name, files):
    """Return the places in files where a name stands; of ``SMALL, LARGE``, either."""
    names = "|".join(re.findall(r"\w+", name)) or "(?!)"  # which is nowhere
    word = re.compile(rf"\b({names})\b")
    for file in files:
        for number, line in enumerate(Path(file).read_text().splitlines(), 1):
            if word.search(line):
                yield file, number


def run_mutated(path, mutant, tests, server):
    """In a fork: put the fault in and run the tests; return 0 if nobody notices."""
    options = server.options
    resource.setrlimit(resource.RLIMIT_CPU, (options.limit, options.limit))
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    signal.alarm(20 * options.limit)  # asleep, it uses no processor
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    started = time.process_time()
    try:
        transplant.put_in(path, mutant)
        following = [*tests[1:], None]
        for number, item in enumerate(tests):
            server.killer[:] = (number + 1).to_bytes(8, "little")
            if not server.run_one(item, following[number]):
                return 1
            if time.process_time() - started > options.budget:
                break
    except BaseException:  # the module cannot even be loaded
        return 1
    return 0


def note(tested, log):
    """Write what became of a mutant to a file, as it is known."""
    if log:
        with open(log, "a") as lines:
            print(*tested, sep="\t", file=lines)


def report(tested):
    """Return Markdown tables: mutants by file, and the survivors."""
    rows = []
    for file in dict.fromkeys(t.file for t in tested):
        rows.append([file, *_counts([t for t in tested if t.file == file])])
    rows.append(["all", *_counts(tested)])
    survivors = [
        [f"{t.file}:{t.line}", t.fault.replace("|", "\\|")]
        for t in tested
        if t.fate == SURVIVED
    ]
    header = ["file", "mutants", "killed", "of these by time", "survived", "killed, %"]
    tables = [markdown(header, rows)]
    if survivors:
        tables.append(markdown(["survivor", "fault"], survivors, n_left=2))
    return "\n\n".join(tables)


def _counts(tested):
    survived = sum(t.fate == SURVIVED for t in tested)
    late = sum(t.fate == TIMED_OUT for t in tested)
    share = 100 * (1 - survived / len(tested))
    return [len(tested), len(tested) - survived, late, survived, f"{share:.1f}"]


def main():
    """Print the tables; fail below the share that is asked for."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--files", type=lambda text: text.split(","), default=FILES, metavar="A,B")
    add("--part", type=parts, default=(1, 1), help="of the mutants", metavar="K/N")
    add("--lines", type=lambda text: [int(n) for n in text.split(",")], default=[])
    add("--tests", type=lambda text: text.split(","), default=TESTS, metavar="A,B")
    add("--limit", type=int, default=60, help="processor seconds of a mutant")
    add("--budget", type=float, default=10, help="of these, for tests that pass")
    add("--slow", type=float, default=1, help="seconds of a test that is left out")
    add("--log", help="a file for the fate of each mutant, as it is known")
    add("--again", help="such a file: what was killed there is not tried once more")
    add("--at-least", type=float, default=0, help="percent that must be killed")
    options = parser.parse_args()
    server = Server(options)
    quiet = ["-p", "no:terminal", "-p", "no:xdist", "-p", "no:faulthandler"]
    pytest.main([*quiet, *options.tests, "-k", LEFT_OUT], plugins=[server])
    print(f"{len(server.reached)} tests.\n\n{report(server.tested)}")
    survived = sum(t.fate == SURVIVED for t in server.tested)
    sys.exit(survived > (1 - options.at_least / 100) * len(server.tested))


if __name__ == "__main__":
    main()
