"""How far long work is, and how long it will take, on the standard error stream."""

import sys
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Event, Thread
from time import monotonic

DELAY = 1.0  # seconds, because short work needs no bar
INTERVAL = 10.0  # seconds between lines
WIDTH = 30


@contextmanager
def progress_shown(progress):
    """Yield a function ``(n_done, n_total)`` for what a user passed as ``progress``.

    Parameters
    ----------
    progress : bool, "auto" or callable
        True and "auto" for a bar where the standard error stream is a terminal, and
        elsewhere for a line every ten seconds; "auto" shows nothing of work that is
        done in a second. False for nothing; or a function of one's own.
    """
    if callable(progress):
        yield progress
        return
    if not isinstance(progress, bool) and progress != "auto":
        raise ValueError(
            f"progress must be True, False, 'auto' or a function (n_done, n_total), "
            f"got {progress!r}."
        )
    if not progress or sys.stderr is None:
        yield lambda n_done, n_total: None
        return
    shown = _way_to_show()(delay=DELAY if progress == "auto" else 0.0)
    try:
        yield shown
    finally:
        shown.close()


def _way_to_show():
    if not sys.stderr.isatty():
        return Lines
    return RichBar if find_spec("rich") else PlainBar


class Clock:
    """Knows how much is done, and how long the rest will take at the same pace."""

    def __init__(self, delay):
        self.started, self.delay = monotonic(), delay
        self.n_done, self.n_total = 0, 1

    def __call__(self, n_done, n_total):
        """Note that ``n_done`` of ``n_total`` pieces of work are done, and show it."""
        self.n_done, self.n_total = n_done, max(n_total, 1)
        if self.elapsed >= self.delay:
            self.show()

    def show(self):
        """Show how far the work is."""

    def close(self):
        """End what is shown."""

    @property
    def elapsed(self):
        """Seconds since the start."""
        return monotonic() - self.started

    @property
    def share(self):
        """Which part is done."""
        return self.n_done / self.n_total

    def in_words(self):
        """Return the share that is done, the time that it took, and what is left."""
        words = f"{self.share:.0%} done in {duration(self.elapsed)}"
        if 0 < self.share < 1:
            left = self.elapsed * (1 - self.share) / self.share
            words += f", about {duration(left)} left"
        return words


def duration(seconds):
    """Write seconds, from two minutes on as minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


class PlainBar(Clock):
    """Draws itself anew on one line."""

    drawn = False

    def show(self):
        """Draw the bar."""
        filled = int(WIDTH * self.share)
        bar = "#" * filled + "-" * (WIDTH - filled)
        text = f"[{bar}] {self.in_words()}"
        print(f"\r{text:<79}", end="", file=sys.stderr, flush=True)
        self.drawn = True

    def close(self):
        """End the line."""
        if self.drawn:
            print(file=sys.stderr, flush=True)


class RichBar(Clock):
    """The bar of rich, which draws itself."""

    bar = None

    def show(self):
        """Draw the bar."""
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (
                TextColumn("Fitting"),
                BarColumn(),
                TextColumn("{task.description}"),
            )
            self.bar = Progress(*columns, console=Console(stderr=True))
            self.bar.start()
            self.task = self.bar.add_task("", total=1.0)
        self.bar.update(self.task, completed=self.share, description=self.in_words())

    def close(self):
        """Leave the bar as it is."""
        if self.bar is not None:
            self.bar.stop()


class Lines(Clock):
    """A line every ten seconds, for files and pipes."""

    def __init__(self, delay):
        super().__init__(delay)
        self.ended = Event()
        self.thread = Thread(target=self._tell, daemon=True)
        self.thread.start()

    def _tell(self):
        while not self.ended.wait(INTERVAL):
            print(self.in_words(), file=sys.stderr, flush=True)

    def close(self):
        """Say no more."""
        self.ended.set()
        self.thread.join()
