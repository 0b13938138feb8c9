"""A progress bar for long work, on the standard error stream."""

import sys
from time import monotonic

WIDTH = 30
DELAY = 1.0  # seconds, because short work needs no bar


def progress_callback(progress):
    """Return a function ``(n_done, n_total)`` for what a user passed as ``progress``.

    Parameters
    ----------
    progress : bool, "auto" or callable
        True for a bar, False for none, ``"auto"`` for a bar where the standard error
        stream is a terminal; or a function of one's own.
    """
    if callable(progress):
        return progress
    if not isinstance(progress, bool) and progress != "auto":
        raise ValueError(
            f"progress must be True, False, 'auto' or a function (n_done, n_total), "
            f"got {progress!r}."
        )
    if progress == "auto":
        progress = sys.stderr is not None and sys.stderr.isatty()
    return ProgressBar() if progress else _no_progress


def _no_progress(n_done, n_total):
    pass


class ProgressBar:
    """Draws itself anew on one line each time it is called."""

    def __init__(self):
        self.started = monotonic()
        self.shown = False

    def __call__(self, n_done, n_total):
        """Show that ``n_done`` of ``n_total`` pieces of work are done."""
        elapsed = monotonic() - self.started
        if elapsed < DELAY and not self.shown:
            return
        filled = WIDTH * n_done // max(n_total, 1)
        bar = "#" * filled + "-" * (WIDTH - filled)
        end = "\n" if n_done >= n_total else ""
        text = f"\r[{bar}] {n_done}/{n_total} fits, {elapsed:.0f} s"
        print(text, end=end, file=sys.stderr, flush=True)
        self.shown = not end
