"""`LectureMLPRegressorCV`: the regressor that chooses its own regularisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._arithmetic import public
from .._estimators import LectureMLPRegressor, with_callbacks
from .averaging import MeanValues
from .cross_validated import CrossValidatedMLP, constraints_of
from .dealing import at_random
from .quick_scores import own_scores


@public
class LectureMLPRegressorCV(MeanValues, CrossValidatedMLP):
    """Multilayer perceptron that predicts numbers and chooses its strength of L2.

    What `RidgeCV` is for a line. For each fold of a cross-validation a stack of
    networks, one for each strength, is trained side by side; held-out examples tell
    when a strength has ceased to get better, and which one is best. The gap between
    train and test score comes with every `fit`.

    Parameters
    ----------
    alphas : int or array-like of shape (n_alphas,), default=8
        Strengths λ to try. A number of them, up to 1000, are spread evenly on a
        logarithmic scale, from a 30th to 30 times what ``alpha="auto"`` means for
        `LectureMLPRegressor`; where the best is at the edge, and more than ``tol``
        better than its neighbour was after as many epochs, two more are added beyond
        it, up to three times. Given strengths are kept.

    cv : int, cross-validation generator or iterable, default=5
        How to split the data: the number of folds (None is 5), a splitter, or pairs of
        training and test indices. A number deals rows out at random, always alike, as
        tables are often sorted; where rows follow each other in time, pass a
        `TimeSeriesSplit`. Of fewer rows than folds, every row is a fold, with a
        warning.

    scoring : str, callable or None, default="r2"
        What the strength is chosen by. R², as None; a test part whose target does not
        vary counts 1 less its mean squared error in units of the standardised target.
        Others, as for `GridSearchCV`, must accept ``sample_weight`` where examples have
        weights. When to stop is decided by ``loss`` anyway.

    refit : {"ensemble", "single"}, default="ensemble"
        Whether to keep the networks of all folds at the chosen strength and average
        what they predict, or train one network on all examples, for as many epochs as
        were best on the folds.

    n_jobs : int, default=None
        Number of threads, -1 for one per processor; None is 1 unless
        `joblib.parallel_config` says otherwise. They share out the folds, where an
        epoch is enough work to be shared. Results do not depend on it.

    hidden_layer_sizes : int or sequence of int, default=(50, 50)
        Number of neurons in each hidden layer. `LectureMLPRegressor` has one layer of
        100; with two, what is clear in a table is learned better, and where little is,
        a strength is chosen that keeps them from learning the noise.

    activation, loss, init, solver, batch_size, learning_rate, \
learning_rate_init, power_t, momentum, nesterovs_momentum, beta_1, beta_2, epsilon, \
max_grad_norm, dropout, standardize, max_iter, max_fun, shuffle, engine : \
as for `LectureMLPRegressor`
        With the same defaults.

    tol : float, default=3e-4
        An epoch counts as progress if it lowers the held-out loss, in the mean over
        folds and in units of the standardised target, by more than this. L-BFGS stops
        where no component of the gradient exceeds it.

    n_iter_no_change : int or numpy.inf, default=10
        A strength is trained until this many epochs in a row were no progress. The
        chosen one then goes on, with patience anew and a third of ``tol``;
        ``learning_rate="auto"`` lowers the rate only then.

    random_state : int, RandomState instance or None, default=None
        Draws a seed for each fold's networks, which in a fold all begin alike.

    verbose : bool or int, default=False
        True prints a line an epoch, k every k-th; L-BFGS prints nothing.

    Attributes
    ----------
    alpha_ : float
        The chosen strength: the strongest whose mean of `scores_` is no more than
        ``tol`` below the best.

    alphas_ : ndarray of shape (n_alphas,)
        All that were tried, rising.

    scores_, train_scores_ : ndarray of shape (n_folds, n_alphas)
        Scores of each fold's networks on the examples that the fold held out, and on
        those they learned from; nan where training has failed.

    gap_ : float
        Train score minus test score at `alpha_`, mean over folds.

    oof_prediction_ : ndarray of shape (n_samples,) or (n_samples, n_targets)
        What the network, of strength `alpha_`, whose fold held an example out predicts
        for it: for residuals, error bars, stacking. Rows in no test part are nan, in
        several the mean.

    estimators_ : list of LectureMLPRegressor
        The fitted networks that predict.

    coefs_, intercepts_ : list of ndarray
        Weights and biases, with ``refit="single"``. They act on inputs standardised by
        ``estimators_[0].mean_`` and ``scale_``, and lead to targets standardised by its
        ``target_mean_`` and ``target_scale_``.

    n_iter_ : ndarray of shape (n_folds, n_alphas)
        Number of epochs that led to each network.

    n_features_in_, feature_names_in_ : int, ndarray
        Number of features, and their names where X has them.

    See Also
    --------
    LectureMLPRegressor : The network with a strength that is given.
    LectureMLPClassifierCV : The same for classes.
    RegularizationPathDisplay : Plots scores against strengths, from the fitted
        estimator.
    FusedGridSearchCV : For other parameters, or steps before the network.

    Notes
    -----
    Epochs are chosen and strengths given up as by `LectureMLPClassifierCV`, from the
    mean ``loss`` that each fold holds out. Each fold's network is the one of the epoch
    that was best in the mean of **the other** folds, so `scores_` and
    `oof_prediction_` are not flattered by the choice.

    Inputs and targets are standardised by each fold's own training examples: nothing of
    what a fold holds out is known to its networks. Precision and memory are as there. A
    `KeyboardInterrupt` leaves the estimator as it was.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn_mlp_edu import LectureMLPRegressorCV
    >>> X, y = load_diabetes(return_X_y=True, scaled=False)
    >>> network = LectureMLPRegressorCV(random_state=0).fit(X, y)
    >>> print(network.scores_.shape, network.oof_prediction_.shape)
    (5, 8) (442,)
    """

    _kind = LectureMLPRegressor
    _parameter_constraints = constraints_of(LectureMLPRegressor)
    _deal = staticmethod(at_random)
    _quick_scores = {"r2": own_scores, None: own_scores}
    _score = "r2"

    def __init__(
        self,
        alphas: int | ArrayLike = 8,
        *,
        cv: Any = 5,
        scoring: str | Callable | None = "r2",
        refit: str = "ensemble",
        n_jobs: int | None = None,
        hidden_layer_sizes: int | Sequence[int] = (50, 50),
        activation: str = "relu",
        loss: str = "squared_error",
        init: str | Callable = "auto",
        solver: str = "adam",
        batch_size: int | str = "auto",
        learning_rate: str | Callable = "auto",
        learning_rate_init: float | str = "auto",
        power_t: float = 0.5,
        momentum: float = 0.9,
        nesterovs_momentum: bool = False,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        max_grad_norm: float | None = None,
        dropout: float = 0.0,
        standardize: bool = True,
        max_iter: int = 1000,
        max_fun: int = 15000,
        tol: float = 3e-4,
        n_iter_no_change: float = 10,
        shuffle: bool = True,
        engine: str = "auto",
        random_state: int | np.random.RandomState | None = None,
        verbose: bool | int = False,
    ) -> None:
        self.alphas = alphas
        self.cv = cv
        self.scoring = scoring
        self.refit = refit
        self.n_jobs = n_jobs
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.init = init
        self.solver = solver
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.max_grad_norm = max_grad_norm
        self.dropout = dropout
        self.standardize = standardize
        self.max_iter = max_iter
        self.max_fun = max_fun
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.shuffle = shuffle
        self.engine = engine
        self.random_state = random_state
        self.verbose = verbose

    @with_callbacks
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        **params: Any,
    ) -> LectureMLPRegressorCV:
        """Choose the strength by cross-validation, and keep the networks.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Training examples.
        y : array-like of shape (n_samples,) or (n_samples, n_targets)
            Numbers to be predicted; with the Poisson loss ≥ 0.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights ≥ 0 of the examples, in training and in scores.
        **params : dict of str to object
            ``groups`` for the splitter; with metadata routing enabled, what splitter
            and scorer request.

        Returns
        -------
        self : LectureMLPRegressorCV

        Raises
        ------
        ValueError
            If a parameter or the data are not as described, or training diverges with
            every strength, or a prediction out of fold is beyond floating point.
        TypeError
            If an unknown argument is passed.
        """
        return self._fit(X, y, sample_weight, params)
