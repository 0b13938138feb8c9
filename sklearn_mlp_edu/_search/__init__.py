"""Searches in which networks are trained together.

In come candidates and splits; out go the results that scikit-learn's searches give.
Begin with `grid_search`. `fit_together` is the same for one split, without a search.
"""

from .grid_search import FusedGridSearchCV
from .together import fit_together

__all__ = [
    "FusedGridSearchCV",
    "fit_together",
]
