"""Searches in which networks are trained together.

In come candidates and splits; out go the results that scikit-learn's searches give.
Begin with `grid_search`; `cross_validated` has the network that chooses its own
strength. `fit_together` trains networks on one split, without a search.
"""

from .cross_validated import LectureMLPClassifierCV
from .grid_search import FusedGridSearchCV
from .handing import Shared, handed_once
from .together import fit_together

__all__ = [
    "FusedGridSearchCV",
    "LectureMLPClassifierCV",
    "Shared",
    "fit_together",
    "handed_once",
]
