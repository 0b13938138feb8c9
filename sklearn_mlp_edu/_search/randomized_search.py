"""`FusedRandomizedSearchCV`: a randomised search with networks trained together."""

from sklearn.model_selection import RandomizedSearchCV

from .._arithmetic import public
from .fused import FusedSearch


@public
class FusedRandomizedSearchCV(FusedSearch, RandomizedSearchCV):
    """Randomised search with cross-validation that trains networks together.

    A drop-in for `sklearn.model_selection.RandomizedSearchCV` over
    `LectureMLPClassifier` or `LectureMLPRegressor`, with the same parameters,
    attributes, methods and results. Candidates that differ in ``alpha``,
    ``learning_rate_init`` or ``momentum`` only are trained as a stack. So let these
    vary freely, and other parameters among few values: then many candidates share
    those.

    Parameters
    ----------
    estimator : LectureMLPClassifier, LectureMLPRegressor or Pipeline
        The network, or a pipeline that ends in one. The pipeline's other steps are
        fitted on the training part of each split, once for all candidates that have the
        same parameters for them.
    param_distributions : dict of str to sequence or distribution, or list of such
        Names of parameters, and the values to draw from: a sequence, or an object with
        a method ``rvs``, as `scipy.stats` has them; or several such dicts.
    n_iter : int, default=10
        How many candidates to draw.
    scoring : str, callable, list, tuple or dict, default=None
        One score, or several; None is the estimator's own, accuracy or R².
    n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score : \
as for `FusedGridSearchCV`
        With the same defaults.
    random_state : int, RandomState instance or None, default=None
        Draws the candidates.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray of shape (n_iter,)
        Scores, ranks, parameters and times, under the names that `RandomizedSearchCV`
        uses.
    best_estimator_, best_index_, best_params_, best_score_, scorer_, multimetric_, \
n_splits_, refit_time_, classes_, n_features_in_, feature_names_in_ : \
as of `FusedGridSearchCV`
        What is best, and how it was found.

    See Also
    --------
    FusedGridSearchCV : Tries all combinations. Its notes on what is trained together,
        on chance and on memory hold here, too.

    Examples
    --------
    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn_mlp_edu import FusedRandomizedSearchCV, LectureMLPRegressor
    >>> X, y = load_diabetes(return_X_y=True, scaled=False)
    >>> distributions = {
    ...     "alpha": loguniform(1e-3, 1),
    ...     "learning_rate_init": loguniform(1e-3, 1e-2),
    ...     "hidden_layer_sizes": [20, 40],
    ... }
    >>> network = LectureMLPRegressor(random_state=0)
    >>> search = FusedRandomizedSearchCV(
    ...     network, distributions, n_iter=6, cv=3, random_state=0
    ... ).fit(X, y)
    >>> print(search.best_params_.keys() == distributions.keys())
    True
    >>> print(f"{search.best_score_:.1f}")
    0.5
    """
