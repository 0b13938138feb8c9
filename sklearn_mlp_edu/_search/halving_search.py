"""Searches by successive halving, which scikit-learn calls experimental.

So they are enabled there, and this module loaded, when one of them is asked for.
"""

from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV

from .._arithmetic import public
from .fused import FusedSearch


@public
class FusedHalvingGridSearchCV(FusedSearch, HalvingGridSearchCV):
    """Successive halving over a grid that trains networks together.

    A drop-in for `sklearn.model_selection.HalvingGridSearchCV` over
    `LectureMLPClassifier` or `LectureMLPRegressor`, with the same parameters,
    attributes, methods and results. Candidates are tried on few examples first, and the
    best of them on ever more; those of a round that differ in ``alpha``,
    ``learning_rate_init`` or ``momentum`` only are trained as a stack.

    **Experimental** in scikit-learn: what it does there may change without notice, and
    does so here. Importing this class enables it there.

    Parameters
    ----------
    estimator, param_grid : as for `FusedGridSearchCV`
        The network, or a pipeline that ends in one; and the values to try.
    factor, resource, max_resources, min_resources, aggressive_elimination, cv, \
scoring, refit, error_score, return_train_score, random_state, n_jobs, verbose : \
as for `HalvingGridSearchCV`
        With the same defaults.

    Attributes
    ----------
    cv_results_, best_estimator_, best_params_, best_score_, n_candidates_, \
n_resources_ and others : as of `HalvingGridSearchCV`
        What is best, and how it was found.

    See Also
    --------
    FusedGridSearchCV : Tries all candidates on all examples. Its notes hold here, too.
    FusedHalvingRandomSearchCV : Draws the candidates.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import FusedHalvingGridSearchCV, LectureMLPClassifier
    >>> network = LectureMLPClassifier(10, solver="adam", random_state=0)
    >>> grid = {"alpha": [0.001, 0.01, 0.1]}
    >>> search = FusedHalvingGridSearchCV(network, grid, cv=3, min_resources=45)
    >>> print(search.fit(*load_iris(return_X_y=True)).n_candidates_)
    [3, 1]
    """


@public
class FusedHalvingRandomSearchCV(FusedSearch, HalvingRandomSearchCV):
    """Successive halving of drawn candidates that trains networks together.

    What `FusedHalvingGridSearchCV` is for `HalvingGridSearchCV`, this is for
    `sklearn.model_selection.HalvingRandomSearchCV`, and **experimental** like it.

    Parameters
    ----------
    estimator, param_distributions : as for `FusedRandomizedSearchCV`
        The network, or a pipeline that ends in one; and what to draw from.
    n_candidates, factor, resource, max_resources, min_resources, \
aggressive_elimination, cv, scoring, refit, error_score, return_train_score, \
random_state, n_jobs, verbose : as for `HalvingRandomSearchCV`
        With the same defaults.

    Attributes
    ----------
    cv_results_, best_estimator_, best_params_, best_score_, n_candidates_, \
n_resources_ and others : as of `HalvingRandomSearchCV`
        What is best, and how it was found.

    See Also
    --------
    FusedRandomizedSearchCV : Tries all drawn candidates on all examples.

    Examples
    --------
    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import FusedHalvingRandomSearchCV, LectureMLPClassifier
    >>> network = LectureMLPClassifier(10, solver="adam", random_state=0)
    >>> alphas = {"alpha": loguniform(1e-3, 0.3)}
    >>> search = FusedHalvingRandomSearchCV(
    ...     network, alphas, n_candidates=3, cv=3, min_resources=45, random_state=0
    ... )
    >>> print(search.fit(*load_iris(return_X_y=True)).n_candidates_)
    [3, 1]
    """
