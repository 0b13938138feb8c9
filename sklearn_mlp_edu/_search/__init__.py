"""Searches in which networks are trained together.

In come candidates and splits; out go the results that scikit-learn's searches give.
Begin with `fused`, which says how; `stacks` and `side_by_side` have what is trained
together. `cross_validated` has the networks that choose their own strength.
`fit_together` trains networks on one split, without a search.
"""

from .classifier_cv import LectureMLPClassifierCV
from .grid_search import FusedGridSearchCV
from .randomized_search import FusedRandomizedSearchCV
from .regressor_cv import LectureMLPRegressorCV
from .together import fit_together

__all__ = [
    "FusedGridSearchCV",
    "FusedRandomizedSearchCV",
    "LectureMLPClassifierCV",
    "LectureMLPRegressorCV",
    "fit_together",
]
