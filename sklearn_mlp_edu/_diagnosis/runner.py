"""Runs tasks, in parallel where asked, under every joblib backend."""

from collections import Counter

from joblib.parallel import get_active_backend
from sklearn.utils.parallel import Parallel, delayed

from .measuring import measure


class Runner:
    """Hands tasks to workers, and tells how far they are.

    Attributes
    ----------
    messages : Counter
        Warnings, and how many fits gave them.
    n_done : int
        Number of fits so far.
    """

    def __init__(self, case, n_jobs, report_progress):
        self.case, self.n_jobs = case, n_jobs
        self.report_progress = report_progress
        self.messages, self.n_done, self.n_total = Counter(), 0, 0

    def run(self, tasks):
        """Return the `Measurement` list of each task."""
        self.n_total += sum(len(task.settings) for task in tasks)
        self.report_progress(self.n_done, self.n_total)
        done = []
        for task, (measurements, messages) in zip(
            tasks, self._results(tasks), strict=True
        ):
            done.append(measurements)
            self.messages.update(messages)
            self.n_done += len(task.settings)
            self.report_progress(self.n_done, self.n_total)
        return done

    def _results(self, tasks):
        """Yield results as they come, or all at the end where a backend cannot."""
        case = self.case
        backend, _ = get_active_backend()
        as_they_come = getattr(backend, "supports_return_generator", False)
        parallel = Parallel(
            self.n_jobs, return_as="generator" if as_they_come else "list"
        )
        same = case.X, case.y, case.estimator, case.scorer, case.classes
        return parallel(
            delayed(measure)(*same, case.seeds[task.fold], task) for task in tasks
        )
