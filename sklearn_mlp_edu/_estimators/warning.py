"""Warnings that point at the line of the user's that asked for what is warned of."""

import sys
import warnings
from itertools import count

from .._arithmetic import PACKAGE


def warn(message, category=UserWarning):
    """Warn as if the first caller outside of this package did."""
    for level in count(1):
        module = sys._getframe(level).f_globals.get("__name__", "")
        if module.partition(".")[0] != PACKAGE:
            break
    warnings.warn(message, category, stacklevel=level + 1)
