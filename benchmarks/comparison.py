"""Measure all contenders on a workload, and report what was measured."""

from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from .contender import Contender
from .tables import markdown, microseconds, significant
from .timing import Timed, interleaved
from .workloads import Workload

OURS = ("this package", "this package, compiled")


@dataclass
class Measured:
    """What the contenders took for one workload in one float type."""

    workload: Workload
    dtype: str
    timed: dict[str, Timed]
    obstacles: dict[str, str]  # why the others took no part
    loading: dict[str, float]  # seconds of a first epoch, of those who load something

    def step(self, name):
        """Return the median seconds of one step."""
        return self.timed[name].median / self.timed[name].result.n_steps

    def accuracy(self, name):
        """Return the share of training examples that are predicted rightly."""
        predict = self.timed[name].result.predict
        if predict is None:
            return None
        X, y = self.workload.data(self.dtype)
        return float((predict(X) == y).mean())

    @property
    def compilation(self):
        """Seconds of compilation or loading, of those who do so."""
        times = {name: t.result.compilation for name, t in self.timed.items()}
        return {name: s for name, s in times.items() if s} | self.loading

    def summary(self):
        """Return one line of progress."""
        steps = (f"{name} {microseconds(self.step(name))}" for name in self.timed)
        return f"{self.workload.name} {self.dtype}, µs/step: " + ", ".join(steps)

    def as_dict(self):
        """Return everything in plain types."""
        return {
            "workload": self.workload.name,
            "description": self.workload.description,
            "dtype": self.dtype,
            "seconds": {name: timed.seconds for name, timed in self.timed.items()},
            "steps": {name: t.result.n_steps for name, t in self.timed.items()},
            "accuracy": {name: self.accuracy(name) for name in self.timed},
            "compilation": self.compilation,
            "obstacles": self.obstacles,
        }


def compare(contenders, workload, dtype, repeats):
    """Let the contenders train in turn, ``repeats`` times each."""
    obstacles, trainings, loading = {}, {}, {}
    for contender in contenders:
        obstacle = contender.obstacle(workload, dtype)
        if obstacle:
            obstacles[contender.name] = obstacle
            continue
        train = contender.prepare(workload, dtype)
        started = perf_counter()
        train(1)  # imports and first allocations are no part of the comparison
        if contender.loads:
            loading[contender.name] = perf_counter() - started
        trainings[contender.name] = partial(train, workload.epochs)
    timed = interleaved(trainings, repeats)
    check_steps(timed, workload.n_steps(workload.epochs))
    return Measured(workload, dtype, timed, obstacles, loading)


def check_steps(timed, expected):
    """Make sure that nobody has stopped early."""
    for name, one in timed.items():
        if one.result.n_steps != expected:
            raise RuntimeError(
                f"{name} did {one.result.n_steps} steps instead of {expected}"
            )


@dataclass
class Comparison:
    """All workloads in one float type."""

    dtype: str
    repeats: int
    contenders: list[Contender]
    measured: list[Measured] = field(default_factory=list)

    def add(self, measured):
        """Take in one workload."""
        self.measured.append(measured)

    def report(self, verbose=False):
        """Return the tables as Markdown."""
        parts = [
            f"### {self.dtype}: µs per mini-batch step, median of {self.repeats}",
            self.step_table(),
        ]
        for ours in OURS:
            if ours in self._names():
                parts.append(
                    f"### {self.dtype}: time of {ours} as a multiple of that of"
                )
                parts.append(self.ratio_table(ours))
        parts.append(self.notes())
        if verbose:
            parts += [
                f"### {self.dtype}: shortest to longest repetition, µs per step",
                self._table(self._names(), spread),
                f"### {self.dtype}: accuracy on the training data",
                self._table(self._names(), accuracy),
            ]
        return "\n\n".join(filter(None, parts))

    def step_table(self):
        """Return the time of each contender for each workload."""
        return self._table(self._names(), step)

    def ratio_table(self, ours):
        """Return how the time of one of our engines relates to each other one."""
        others = [name for name in self._names() if name != ours]
        return self._table(others, partial(ratio, ours=ours))

    def notes(self):
        """Return remarks, who did not take part and why, and times of compilation."""
        by_reason = {}
        for measured in self.measured:
            for name, reason in measured.obstacles.items():
                names = by_reason.setdefault((name, reason), [])
                names.append(measured.workload.name)
        lines = [f"- {c.name}: {c.remark}" for c in self._taking_part() if c.remark]
        lines += [
            f"- {name}, {', '.join(workloads)}: {reason}"
            for (name, reason), workloads in by_reason.items()
        ]
        compilation = ", ".join(
            f"{name} {measured.workload.name} {significant(seconds)} s"
            for measured in self.measured
            for name, seconds in measured.compilation.items()
        )
        if compilation:
            lines.append(
                f"- compilation or loading, not in the times above: {compilation}"
            )
        return "\n".join(lines)

    def _names(self):
        return [contender.name for contender in self._taking_part()]

    def _taking_part(self):
        """Return the contenders that have done any of the workloads."""
        names = set().union(*(measured.timed for measured in self.measured))
        return [contender for contender in self.contenders if contender.name in names]

    def _table(self, names, cell):
        rows = [
            [m.workload.name, *(cell(m, n) if n in m.timed else "–" for n in names)]
            for m in self.measured
        ]
        return markdown(["workload", *names], rows)


def step(measured, name):
    """Return µs per step."""
    return microseconds(measured.step(name))


def ratio(measured, name, ours):
    """Return our time divided by the other one's."""
    if ours not in measured.timed:
        return "–"
    return f"{measured.step(ours) / measured.step(name):.2f}"


def spread(measured, name):
    """Return the shortest and the longest repetition in µs per step."""
    timed = measured.timed[name]
    ends = min(timed.seconds), max(timed.seconds)
    return " – ".join(microseconds(s / timed.result.n_steps) for s in ends)


def accuracy(measured, name):
    """Return the training accuracy."""
    share = measured.accuracy(name)
    return "–" if share is None else f"{share:.3f}"
