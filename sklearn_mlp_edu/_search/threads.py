"""Work on each of the folds, by one thread or shared out among several."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

import joblib
from threadpoolctl import threadpool_limits


@contextmanager
def by_threads(n_jobs, n_folds):
    """Yield a function like `one_by_one`, which ``n_jobs`` threads carry out.

    One of them is that of the caller.
    """
    n_workers = min(joblib.effective_n_jobs(n_jobs), n_folds)
    if n_workers == 1:
        yield one_by_one
        return

    def shared_out(do, n_folds, n_rounds=1):
        relay = Relay(do, n_folds, n_rounds)
        others = [pool.submit(relay.work) for _ in range(n_workers - 1)]
        try:
            relay.work()
        finally:
            for other in others:
                other.result()
        return relay.results

    n_inner = max(1, joblib.cpu_count() // n_workers)
    with threadpool_limits(n_inner), ThreadPoolExecutor(n_workers - 1) as pool:
        yield shared_out


def one_by_one(do, n_folds, n_rounds=1):
    """Return ``do(k, i)`` for fold k and each of its rounds i, a list for each fold."""
    return [[do(k, i) for i in range(n_rounds)] for k in range(n_folds)]


class Relay:
    """Threads that each take on the fold which is furthest behind, for a round of it.

    Five folds in a single round keep two threads busy for three of their turns, in two
    rounds for five.
    """

    def __init__(self, do, n_folds, n_rounds):
        self.do, self.n_rounds, self.lock = do, n_rounds, Lock()
        self.results = [[] for _ in range(n_folds)]
        self.waiting = set(range(n_folds))

    def work(self):
        """Do rounds until no fold waits for one, or one has failed."""
        try:
            while (k := self._take()) is not None:
                self._put(k, self.do(k, len(self.results[k])))
        except BaseException:
            with self.lock:
                self.n_rounds = 0  # for the other threads, too
            raise

    def _take(self):
        with self.lock:
            if not self.waiting or not self.n_rounds:
                return None
            k = min(self.waiting, key=lambda k: len(self.results[k]))
            self.waiting.remove(k)
            return k

    def _put(self, k, result):
        with self.lock:
            self.results[k].append(result)
            if len(self.results[k]) < self.n_rounds:
                self.waiting.add(k)
