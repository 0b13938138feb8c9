"""`FusedGridSearchCV`: a grid search in which networks are trained together."""

from sklearn.model_selection import GridSearchCV

from .._arithmetic import public
from .fused import FusedSearch


@public
class FusedGridSearchCV(FusedSearch, GridSearchCV):
    """Grid search with cross-validation that trains networks together.

    A drop-in for `sklearn.model_selection.GridSearchCV` over `LectureMLPClassifier` or
    `LectureMLPRegressor`, with the same parameters, attributes, methods and results.
    Candidates that differ in ``alpha``, ``learning_rate_init`` or ``momentum`` only are
    trained as a stack, on the same mini-batches at the same time [1]_, which takes the
    time of a few fits.

    Parameters
    ----------
    estimator : LectureMLPClassifier, LectureMLPRegressor or Pipeline
        The network, or a pipeline that ends in one. The pipeline's other steps are
        fitted on the training part of each split, once for all candidates that have the
        same parameters for them.
    param_grid : dict of str to sequence, or list of such
        Names of parameters, and the values to try; or several such grids.
    scoring : str, callable, list, tuple or dict, default=None
        One score, or several; None is the estimator's own, accuracy or R².
    n_jobs : int, default=None
        Number of workers, -1 for one per processor; None is 1 unless
        `joblib.parallel_config` says otherwise. Stacks are cut so that each worker gets
        the same number of networks.
    refit : bool, str or callable, default=True
        Whether to fit the best candidate to all data; with several scores, by which one
        of them; or a function that takes `cv_results_` and returns the best index.
    cv : int, cross-validation generator or iterable, default=None
        How to split the data: the number of folds (None is 5), stratified by class, a
        splitter, or pairs of training and test indices.
    verbose : int, default=0
        1 prints the number of fits; 2 the time of each, its share of the time of a
        stack; 3 the scores, too; 10 also when fits start.
    pre_dispatch : int or str, default="2*n_jobs"
        How many stacks to hand to the workers in advance.
    error_score : "raise" or float, default=numpy.nan
        The score of a candidate whose fit fails, after a warning. The others of its
        stack are unaffected.
    return_train_score : bool, default=False
        Whether to compute training scores, which show the gap.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray of shape (n_candidates,)
        Scores, ranks, parameters and times, under the names that `GridSearchCV` uses.
    best_estimator_ : LectureMLPClassifier, LectureMLPRegressor or Pipeline
        Fitted to all data with the best parameters, with ``refit``.
    best_index_, best_params_, best_score_ : int, dict, float
        Place, parameters and mean test score of the best candidate.
    scorer_, multimetric_ : callable or dict of str to callable, bool
        What computed the scores, and whether there are several.
    n_splits_, refit_time_ : int, float
        Number of splits, and seconds that the refit took.
    classes_, n_features_in_, feature_names_in_ : ndarray, int, ndarray
        Those of `best_estimator_`.

    See Also
    --------
    FusedRandomizedSearchCV : Draws candidates instead of trying all.
    RegularizationPathDisplay : Plot the scores against ``alpha``.

    Notes
    -----
    With an int or a RandomState as ``random_state``, every network trains as it would
    alone, and the scores are those of `GridSearchCV` up to rounding. With None, the
    networks of a stack share initial weights, order of examples, dropout's masks and
    validation set, drawn anew for each stack: their scores differ by their parameters
    and not by chance.

    Networks of other shapes or settings make further stacks. Those with L-BFGS, of
    subclasses, and with ``verbose`` are trained one at a time. So are all if callbacks
    have to follow every fit; a `ProgressBar` of the search need not, and counts fits.

    A stack of M networks holds parameters and activations M times and the examples
    once. Stacks that would need more than 32 MB, and gain nothing from it, are cut.

    References
    ----------
    .. [1] S. Wang, P. Yang, Y. Zheng, X. Li and G. Pekhimenko, "Horizontally Fused
       Training Array: an effective hardware utilization squeezer for training novel
       deep learning models", MLSys 2021.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> network = LectureMLPClassifier(max_iter=800, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), network)
    >>> grid = {"lecturemlpclassifier__alpha": [0.001, 0.01, 0.1]}
    >>> search = FusedGridSearchCV(pipeline, grid, return_train_score=True).fit(X, y)
    >>> for part in ("train", "test"):
    ...     print(part, search.cv_results_[f"mean_{part}_score"].round(2))
    train [0.99 0.98 0.97]
    test [0.97 0.98 0.96]
    """
