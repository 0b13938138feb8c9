"""Runs tasks, in parallel where asked, under every joblib backend, in time."""

import time
from collections import Counter

import numpy as np
from joblib.parallel import get_active_backend
from sklearn.utils.parallel import Parallel, delayed

from .._search import Shared, handed_once
from .measuring import LATE, measure


class Runner:
    """Hands tasks to workers, and tells how far they are.

    Parameters
    ----------
    case : Case
    n_jobs : int or None
    report_progress : function (work done, work known of so far)
        Work is counted in fits of the estimator as it is.
    budget : float
        Seconds; tasks that would end later are not begun, but strict ones are.
    guess : float
        Work that is expected, until tasks that are not strict tell.

    Attributes
    ----------
    messages : Counter
        Warnings, and how many fits gave them.
    n_done : int
        Number of fits so far.
    n_late : int
        Number of fits for which there was no time.
    shared : Shared
        What all tasks need, to be handed to workers once.
    """

    def __init__(self, case, n_jobs, report_progress, budget=np.inf, guess=0.0):
        self.case, self.n_jobs = case, n_jobs
        self.report_progress, self.budget = report_progress, budget
        self.started = time.time()
        self.messages, self.n_done, self.n_late = Counter(), 0, 0
        self.work_done = self.work_known = 0.0
        self.guess, self.times = guess, []
        same = ("X", "y", "estimator", "scorer", "classes", "unit")
        self.shared = Shared(**{name: getattr(case, name) for name in same})

    def run(self, tasks):
        """Return the `Measurement` list of each task."""
        if not all(task.strict for task in tasks):
            self.guess = 0.0
        tasks = [self._in_time(task) for task in tasks]
        self.work_known += sum(task.cost for task in tasks)
        self._tell()
        done = []
        for task, (measurements, messages, seconds) in zip(
            tasks, self._results(tasks), strict=True
        ):
            done.append(measurements)
            if task.strict:
                self.times.append(seconds / task.cost)
            self.messages.update(messages)
            n_late = sum(m.error == LATE for m in measurements)
            self.n_late += n_late
            self.n_done += len(measurements) - n_late
            self.work_done += task.cost
            self._tell()
        return done

    def _tell(self):
        known = max(self.work_known, self.guess)
        self.report_progress(round(self.work_done), round(known))

    def _in_time(self, task):
        """Return the task with the latest time at which it may begin."""
        if task.strict:
            return task
        duration = task.cost * float(np.mean(self.times))
        return task._replace(not_after=self.started + self.budget - duration)

    def _results(self, tasks):
        """Yield results as they come, or all at the end where a backend cannot."""
        backend, _ = get_active_backend()
        as_they_come = getattr(backend, "supports_return_generator", False)
        parallel = Parallel(
            self.n_jobs, return_as="generator" if as_they_come else "list"
        )
        distinct = {id(task.split): task.split for task in tasks}
        place = {name: k for k, name in enumerate(distinct)}
        splits = Shared(rows=[*distinct.values()])
        with handed_once(splits):
            yield from parallel(
                delayed(measure)(
                    self.shared,
                    splits,
                    self.case.seeds[task.fold],
                    task._replace(split=place[id(task.split)]),
                )
                for task in tasks
            )
