"""`diagnose_overfitting`: the verdict, and which remedy measurably helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn.utils import check_random_state, indexable

from .._arithmetic import public
from .._report import OverfittingReport
from .._search import handed_once
from . import learning_curve
from .case import (
    LARGEST_SEED,
    checked_budget,
    checked_values,
    describe,
    make_case,
)
from .classes import rare_note
from .examination import Examination
from .measuring import final_step
from .progress import progress_shown
from .provenance import provenance
from .runner import Runner

ALPHAS = (0.0, 1e-3, 1e-2, 3e-2, 0.1, 0.3)
DECAYS = (0.0, 0.1, 0.5, 1.5, 5.0, 15.0)  # of adamw, where λ is another quantity
TRAIN_SIZES = (0.25, 0.35, 0.5, 0.7)
OTHERS = 12  # settings that are tried beside those that are asked for, about
SEEDS = ("folds", "fits", "curve", "bootstrap")


@public
def diagnose_overfitting(
    estimator: Any,
    X: ArrayLike,
    y: ArrayLike,
    *,
    cv: int | Any = 5,
    scoring: str | Callable | None = None,
    groups: ArrayLike | None = None,
    alphas: Sequence[float] | None = None,
    dropouts: Sequence[float] = (),
    train_sizes: Sequence[float] = TRAIN_SIZES,
    cross_validated: bool = True,
    n_jobs: int | None = None,
    random_state: int | np.random.RandomState | None = None,
    budget: float | None = None,
    progress: bool | str | Callable[[int, int], None] = "auto",
) -> OverfittingReport:
    """Tell whether an estimator overfits, and measure which remedy helps.

    Cross-validates the estimator with its training scores, and then on the same folds
    each remedy of the lecture (L20, L21): more data by the learning curve,
    regularisation by a path over ``alpha``, or by a network that chooses its strength,
    early stopping, and smaller networks. Where the training
    score is not close to perfect, and the loss on the rows trained on not far below
    that on others (by a tenth of that of guessing), it also tries the opposites: larger
    networks, higher learning rates, and where training did not end by itself, longer
    training; and where a class is rare, balanced class weights, judged by the balanced
    accuracy.

    Parameters
    ----------
    estimator : estimator
        A classifier or regressor, or a `Pipeline` that ends in one. It is cloned, and
        stays as it is. Of a `LectureMLPClassifierCV` that is fitted, the report shows
        strength, gap and path as they are.
    X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
        Examples.
    y : array-like of shape (n_samples,) or (n_samples, n_labels)
        Class labels, or numbers for a regressor.
    cv : int, splitter or iterable of (train, test), default=5
        An int k stands for k folds, shuffled by ``random_state`` and stratified for
        classes; with ``groups`` no group is in two folds.
    scoring : str or callable, default=None
        How to score; greater is better. None is R² for regressors, and accuracy for
        classifiers, but where a class is so rare that accuracy hardly sees it, with
        less than a fifth of an equal share (of two classes, less than 10 % of the
        rows), the average precision of that class, or of more than two classes the
        balanced accuracy.
    groups : array-like of shape (n_samples,), default=None
        Which examples belong together, for the splitter.
    alphas : sequence of float, default=None
        Strengths of regularisation to try. None stands for 0, 0.001, 0.01, 0.03, 0.1
        and 0.3, or where training rows are learned by heart already, for those among
        them that are above the present one. With ``solver="adamw"``, where strength is
        another quantity, they are 0, 0.1, 0.5, 1.5, 5 and 15. Where the best is the
        largest or smallest that was tried, two more beyond it are tried.
    dropouts : sequence of float, default=()
        Dropout probabilities to try; none by default.
    train_sizes : sequence of float or int, default=(0.25, 0.35, 0.5, 0.7)
        Parts of the training data for the learning curve, as fractions of it or as
        numbers of examples. All of it is always a point of the curve.
    cross_validated : bool, default=True
        Whether to try, for a `LectureMLPClassifier` or `LectureMLPRegressor`, the one
        that chooses its strength by folds of its own in its place. It is given five
        strengths and three folds, and the epochs that the network has; with ``groups``
        it is not tried.
    n_jobs : int, default=None
        Number of processes; None is 1, -1 is one for each core.
    random_state : int, RandomState instance or None, default=None
        Shuffles folds and training data, and seeds each ``random_state`` of the
        estimator that is None. An int gives the same report on every call.
    budget : float, default=None
        Seconds after which to answer from what has been measured. The estimator as it
        is comes first, then what usually tells most: regularisation, smaller networks,
        the learning curve, a network that chooses its strength, and last larger
        networks. What would take longer is not begun, and reported as skipped. None is
        as long as it takes.
    progress : bool, "auto" or callable, default="auto"
        Whether to show how far the work is, and how long the rest will take: by a bar
        on a terminal (that of rich, where it is installed), elsewhere by a line every
        ten seconds on the standard error stream. ``"auto"`` shows nothing of what is
        done in a second. A function is called with the work that is done, and all that
        is known of so far, counted in fits of the estimator as it is.

    Returns
    -------
    report : OverfittingReport

    Raises
    ------
    TypeError
        If the estimator cannot be fitted or cloned, or ``scoring`` is several scorers.
    ValueError
        If an argument is not as described, a class has fewer examples than there are
        folds, or the estimator as it is cannot be fitted or scored. A remedy that
        cannot be fitted is reported as skipped.

    Notes
    -----
    *The loss* of a row, which remedies are compared by beside the score, is the log
    loss of its class, or for regressors its squared error in units of the variance of
    the target (of several targets the mean). R² is no mean over rows, the squared error
    is. Where numbers are scored by something that does not go by squared errors, such
    as the mean absolute error, the score alone decides, and where it goes by absolute
    errors, guessing is naming the median.

    *Intervals* at 95 % of test scores, losses and changes come from the rows. All
    settings are tried on the same folds, and what they say of each row that they were
    not trained on is kept; so a change is a mean over rows of differences (for R² to
    first order, its denominator included), and what is
    hard for both cancels. Its variance is that of Bayle et al. [1]_ over rows, or over
    groups where there are any, and in addition whatever the folds differ by beyond
    that, which training is to blame for: other examples, and in each fold other initial
    weights, unless ``random_state`` of the estimator is an int. Bates, Hastie and
    Tibshirani [2]_ show where intervals without such an addition are too narrow. Scores
    that are no mean over rows, such as the area under the ROC curve, have a bootstrap
    over rows, paired as well. Intervals of training scores are those of a mean over
    folds with Nadeau and Bengio's correction [3]_.

    *The verdict.* Let ``scale`` be the distance from the score of guessing to a perfect
    one (or to the best reached, for scorers of which no perfect score is known).

    1. *suspect*, if a single column, in a shallow tree, takes away 97 % of the error of
       guessing on rows not trained on; or a number that rows were given, half of it; or
       5 % of the tested rows have a copy in the training part of their fold, and that
       is no coincidence of few values; or a hundred rows or more are tested and the
       test score is perfect in every fold. For regressors the tree predicts the order
       of the target, which a few extreme numbers do not rule;
    2. *overfitting*, if the loss is beyond the noise worse than that of guessing,
       and on the rows trained on a tenth better or more;
    3. *underfitting*, if the training score is not above guessing beyond the noise, or
       by less than a tenth of the scale;
    4. *underfitting* also, if a remedy against it helps, raises the training score, and
       the test score by as much as the gap and a tenth of the scale;
    5. *overfitting*, if the gap is above 0 beyond the noise and at least a tenth of the
       scale; or the loss is beyond the noise lower on the rows trained on, and a remedy
       against it helps, both by 2 % of the loss of guessing or more;
    6. *balanced* otherwise.

    *A remedy helps* if it lowers the loss, or raises the score, beyond the noise,
    and by more than a hundredth of the way from guessing to the best, while the other
    does not get worse by more than its standard error; and if one of the two is better
    than guessing, as something on the page clearly has to be. The loss comes first
    because it says more of each row than whether it was right: of an allowance of 5 %
    for false alarms, which all remedies of a report share (Westfall and Young [4]_),
    four fifths are its, and all is the score's where there is no loss.

    How much worse than guessing a regressor can be has no limit, and hangs on its
    initial weights. So its gains are tested, too, with folds that are worse than
    guessing counted as guessing, which makes them smaller but surer.

    Where a remedy has several settings, each fold is scored at the setting that the
    other folds choose, so that the choice among many is not mistaken for a gain. It is
    the one of the lowest loss, or without one of the best score.

    *More data* is a forecast for twice the data: the curves a − b/√n and a − b/n are
    fitted to the scores on parts of the training data. The forecast is the mean of the
    two, and its interval spans those of both, wider where the scores miss the curves.
    It is not made where neither score nor loss beats guessing by more than its error,
    for no curve foresees when learning sets in; nor does a curve of R² begin at parts
    on which it is worse than guessing. ``docs/diagnosis.md`` has what
    came of verdicts, intervals and forecasts on real tables.

    References
    ----------
    .. [1] P. Bayle, A. Bayle, L. Janson and L. Mackey, "Cross-validation confidence
       intervals for test error", NeurIPS 2020.
    .. [2] S. Bates, T. Hastie and R. Tibshirani, "Cross-validation: what does it
       estimate and how well does it do it?", 2021.
    .. [3] C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine
       Learning 52, 2003.
    .. [4] P. H. Westfall and S. S. Young, "Resampling-based multiple testing", Wiley,
       1993.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting
    >>> X, y = load_iris(return_X_y=True)
    >>> network = LectureMLPClassifier((10,), max_iter=50)
    >>> report = diagnose_overfitting(
    ...     network, X, y, cv=3, alphas=(0.01, 0.1), random_state=0)
    >>> report.verdict
    'balanced'
    """
    arguments = locals()
    if not isinstance(random_state, Integral):
        random_state = check_random_state(random_state).randint(LARGEST_SEED)
    arguments["random_state"] = int(random_state)
    drawn = check_random_state(random_state).randint(LARGEST_SEED, size=len(SEEDS))
    seeds = dict(zip(SEEDS, drawn.tolist(), strict=True))
    y = y.toarray() if issparse(y) else y
    X, y, groups = indexable(X, y, groups)
    case = make_case(
        estimator, X, y, groups, cv, scoring, seeds["folds"], seeds["fits"]
    )
    given = alphas
    if alphas is None:
        solver = getattr(final_step(estimator)[0], "solver", None)
        given = DECAYS if solver == "adamw" else ALPHAS
    values = {
        "alpha": checked_values("alphas", given, 0, np.inf),
        "dropout": checked_values("dropouts", dropouts, 0, 1),
    }
    sizes = learning_curve.check_train_sizes(train_sizes)
    budget = checked_budget(budget)
    guess = len(case.splits) * (len(given) + len(dropouts) + len(sizes) + OTHERS)
    with progress_shown(progress) as report_progress:
        runner = Runner(case, n_jobs, report_progress, budget, guess)
        examination = Examination(
            case,
            runner,
            values,
            groups,
            cross_validated,
            seeds["bootstrap"],
            may_skip_weaker=alphas is None,
        )
        splits = learning_curve.curve_splits(case, sizes, groups, seeds["curve"])
        with handed_once(runner.shared):
            examination.measure(*splits)
    return examination.report(
        estimator,
        describe(case, estimator, scoring),
        rare_note(case.rare, scoring),
        provenance(diagnose_overfitting, arguments, seeds),
    )
