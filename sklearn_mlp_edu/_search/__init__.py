"""Searches in which networks are trained together.

In come candidates and splits; out go the results that scikit-learn's searches give.
Begin with `grid_search`.
"""

from .grid_search import FusedGridSearchCV

__all__ = [
    "FusedGridSearchCV",
]
