"""How much memory a process holds of its own, beside the files that it has mapped."""

import gc
import os
import threading
from contextlib import contextmanager
from pathlib import Path

STATUS = Path("/proc/self/status")


def own_bytes():
    """Return the bytes in memory that belong to this process alone (Linux)."""
    (line,) = (s for s in STATUS.read_text().splitlines() if s.startswith("RssAnon"))
    return 1024 * int(line.split()[1])


def n_open_files():
    """Return how many file descriptors are open."""
    return len(os.listdir("/proc/self/fd"))


class Peak:
    """The most that was held beyond the start, in bytes."""

    def __init__(self, start):
        self.start, self.most = start, 0

    def look(self):
        """Take note of what is held now."""
        self.most = max(self.most, own_bytes() - self.start)


@contextmanager
def watched(interval=0.005):
    """Watch the memory while the block runs, and give its `Peak`."""
    gc.collect()
    peak, over = Peak(own_bytes()), threading.Event()

    def watch():
        while not over.wait(interval):
            peak.look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        peak.look()
        over.set()
        watcher.join()
