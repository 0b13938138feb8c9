"""What fills a report: the case, its measurements, and what follows from them.

In come an estimator and data; out goes an `OverfittingReport`. Begin with `diagnosis`,
which is the order of the work.
"""

from .diagnosis import diagnose_overfitting
from .progress import progress_shown

__all__ = [
    "diagnose_overfitting",
    "progress_shown",
]
