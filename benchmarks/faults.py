"""Errors at any line of the package, to see what they leave; tests use it, too."""

import sys
from pathlib import Path

import sklearn_mlp_edu

PACKAGE = str(Path(sklearn_mlp_edu.__file__).parent)


class Lines:
    """Counts executed lines of the package, and may raise an error at one of them."""

    def __init__(self, fatal=None, error=KeyboardInterrupt):
        self.n, self.fatal, self.error = 0, fatal, error

    def __call__(self, frame, event, arg):
        """Trace."""
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            self.n += 1
            if self.n == self.fatal:
                raise self.error
        return self

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self)
        return self

    def __exit__(self, *_):
        sys.settrace(self.before)
