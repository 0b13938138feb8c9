"""Time several tasks in turn, so that the machine's moods meet all of them."""

import gc
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple


class Timed(NamedTuple):
    """How long each repetition of a task took, and what the last one returned."""

    seconds: list[float]
    result: Any

    @property
    def median(self):
        """Median of the repetitions in seconds."""
        return median(self.seconds)


def interleaved(tasks, repeats, clock=perf_counter):
    """Run the ``tasks``, a dict of functions, A B C … A B C …; return a dict of Timed.

    Do once, beforehand, what should not be timed, such as imports and compilation. No
    task has to clear away what the one before has left.
    """
    seconds = {name: [] for name in tasks}
    results = {}
    for _ in range(repeats):
        for name, task in tasks.items():
            gc.collect()
            started = clock()
            results[name] = task()
            seconds[name].append(clock() - started)
    return {name: Timed(seconds[name], results[name]) for name in tasks}


def quickest(task, repeats=7, at_least=0.02):
    """Return the seconds of one call of a short ``task``: the best of several loops."""
    number = 1
    while (elapsed := _loop(task, number)) < at_least:
        number = max(2 * number, int(number * at_least / max(elapsed, 1e-9)))
    return min(_loop(task, number) for _ in range(repeats)) / number


def _loop(task, number):
    started = perf_counter()
    for _ in range(number):
        task()
    return perf_counter() - started
