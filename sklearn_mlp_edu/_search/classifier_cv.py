"""`LectureMLPClassifierCV`: the classifier that chooses its own regularisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._arithmetic import public
from .._estimators import LectureMLPClassifier, with_callbacks
from .averaging import MeanProbabilities
from .cross_validated import CrossValidatedMLP, constraints_of
from .dealing import by_class
from .quick_scores import negative_losses


@public
class LectureMLPClassifierCV(MeanProbabilities, CrossValidatedMLP):
    """Multilayer perceptron that chooses its strength of L2 by cross-validation.

    What `RidgeCV` and `LogisticRegressionCV` are for linear models. For each fold of a
    cross-validation a stack of networks, one for each strength, is trained side by
    side; held-out examples tell when a strength has ceased to get better, and which one
    is best. The gap between train and test score comes with every `fit`.

    Parameters
    ----------
    alphas : int or array-like of shape (n_alphas,), default=8
        Strengths λ to try. A number of them, up to 1000, are spread evenly on a
        logarithmic scale, from a 30th to 30 times what ``alpha="auto"`` means for
        `LectureMLPClassifier`; where the best is at the edge, and more than ``tol``
        better than its neighbour was after as many epochs, two more are added beyond
        it, up to three times. Given strengths are kept.

    cv : int, cross-validation generator or iterable, default=5
        How to split the data: the number of folds, stratified by class (None is 5), a
        splitter, or pairs of training and test indices. Of a class with fewer examples
        than folds, there are as many folds as it has examples, at least two, and a
        warning.

    scoring : str, callable or None, default="neg_log_loss"
        What the strength is chosen by. The log loss is that of the lecture, with
        several labels the sum over labels. Others, as for `GridSearchCV`, must accept
        ``sample_weight`` where examples or classes have weights; None is the accuracy.
        When to stop is decided by the log loss anyway.

    refit : {"ensemble", "single"}, default="ensemble"
        Whether to keep the networks of all folds at the chosen strength and average
        their probabilities, or train one network on all examples, for as many epochs as
        were best on the folds.

    n_jobs : int, default=None
        Number of threads, -1 for one per processor; None is 1 unless
        `joblib.parallel_config` says otherwise. They share out the folds, where an
        epoch is enough work to be shared. Results do not depend on it.

    hidden_layer_sizes, activation, init, solver, batch_size, learning_rate, \
learning_rate_init, power_t, momentum, nesterovs_momentum, beta_1, beta_2, epsilon, \
max_grad_norm, dropout, standardize, class_weight, max_iter, max_fun, shuffle, \
engine : as for `LectureMLPClassifier`
        With the same defaults, except that with ``init="auto"`` the last layer begins
        at 0 where a fold learns from 1000 rows or fewer. ``class_weight`` acts in
        training and in scores.

    tol : float, default=3e-4
        An epoch counts as progress if it lowers the held-out log loss, in the mean over
        folds, by more than this. L-BFGS stops where no component of the gradient
        exceeds it.

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
        The chosen strength: the strongest whose mean of `scores_`, as they were before
        temperatures, is no more than ``tol`` below the best.

    alphas_ : ndarray of shape (n_alphas,)
        All that were tried, rising.

    scores_, train_scores_ : ndarray of shape (n_folds, n_alphas)
        Scores of each fold's networks on the examples that the fold held out, and on
        those they learned from; nan where training has failed.

    gap_ : float
        Train score minus test score at `alpha_`, mean over folds.

    oof_proba_ : ndarray of shape (n_samples, n_classes or n_labels)
        Probabilities for each training example from the network, of strength `alpha_`,
        whose fold held it out: for thresholds, calibration, stacking. Rows in no test
        part are nan, in several the mean.

    estimators_ : list of LectureMLPClassifier
        The fitted networks that predict.

    coefs_, intercepts_ : list of ndarray
        Weights and biases, with ``refit="single"``. They act on inputs standardised by
        ``estimators_[0].mean_`` and ``scale_``.

    n_iter_ : ndarray of shape (n_folds, n_alphas)
        Number of epochs that led to each network.

    classes_, n_features_in_, feature_names_in_ : ndarray, int, ndarray
        Labels, number of features, and their names where X has them.

    See Also
    --------
    LectureMLPClassifier : The network with a strength that is given.
    RegularizationPathDisplay : Plots scores against strengths, from the fitted
        estimator.
    FusedGridSearchCV : For other parameters, or steps before the network.

    Notes
    -----
    The number of epochs is chosen as in boosting: the networks of a strength are judged
    after every second epoch on what their folds have held out. Each fold's network is
    the one of the epoch that was best in the mean of **the other** folds, so `scores_`
    and `oof_proba_` are not flattered by the choice. So it is with the network's
    temperature, by which its logits are divided: strength and epoch that predict best
    often leave probabilities too close to each other, or too far apart [1]_. It is the
    one that is best for the log loss of what the other folds held out, and a part of
    the last layer. `score` is the accuracy. Of several networks, `decision_function`
    gives the logits of their mean probabilities.

    With ``init="auto"``, and 1000 rows to learn from or fewer, weights of hidden layers
    are drawn, but those of the last one begin at 0: what chance says of new rows is no
    part of the answer then. More rows overrule it anyway.

    To save time, strengths that are plainly beaten are given up before their best
    epoch: where the lowest loss is above the best strength's by two standard errors of
    the difference, paired by folds, and by twice what the latest four epochs have
    gained. Their scores are then a little too low. So are those of all that were not
    chosen, as they were trained less patiently.

    Where dense rows are fewer than columns, SGD and L-BFGS train in the space that the
    rows span, of fewer weights: initial weights outside of it, which training would not
    touch, are 0.

    Inputs are standardised by each fold's own training examples. Training of float64
    inputs is done in float32 if they are standardised, not with L-BFGS; the result is
    float64. Beside X, this takes half its memory again, as much for what the folds hold
    out, and five times the parameters of all networks in training, of which strengths
    that would need more than 256 MB take turns.

    Where ``alphas`` is a number, the values depend on the number of training rows, not
    on what they hold. A `KeyboardInterrupt` leaves the estimator as it was.

    References
    ----------
    .. [1] Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks",
       ICML 2017.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn_mlp_edu import LectureMLPClassifierCV
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> network = LectureMLPClassifierCV(random_state=0).fit(X, y)
    >>> print(network.scores_.shape, network.predict_proba(X).shape)
    (5, 8) (569, 2)
    """

    _kind = LectureMLPClassifier
    _parameter_constraints = constraints_of(LectureMLPClassifier)
    _deal = staticmethod(by_class)
    _quick_scores = {"neg_log_loss": negative_losses}
    _score = "accuracy"

    def __init__(
        self,
        alphas: int | ArrayLike = 8,
        *,
        cv: Any = 5,
        scoring: str | Callable | None = "neg_log_loss",
        refit: str = "ensemble",
        n_jobs: int | None = None,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
        init: str | Callable = "auto",
        solver: str = "sgd",
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
        class_weight: dict | str | None = None,
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
        self.class_weight = class_weight
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
    ) -> LectureMLPClassifierCV:
        """Choose the strength by cross-validation, and keep the networks.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Training examples.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            Class labels, or a matrix of 0 and 1 with a column for each label.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights ≥ 0 of the examples, in training and in scores.
        **params : dict of str to object
            ``groups`` for the splitter; with metadata routing enabled, what splitter
            and scorer request.

        Returns
        -------
        self : LectureMLPClassifierCV

        Raises
        ------
        ValueError
            If a parameter or the data are not as described, or training diverges with
            every strength, or the output for a row out of fold is beyond floating
            point.
        TypeError
            If an unknown argument is passed.
        """
        return self._fit(X, y, sample_weight, params)

    def _note_targets(self, targets):
        self.classes_ = targets.classes
