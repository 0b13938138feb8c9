"""`LectureMLPRegressor`: the lecture's network as a scikit-learn regressor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if

from .._arithmetic import public
from .._lecture import REGRESSION_LOSSES, Parameters, pack
from .base import BaseMLP
from .callbacks import with_callbacks
from .checks import streams, warn_of_constant
from .classifier import Activation, Init, Schedule
from .parameters import PARAMETER_CONSTRAINTS, check_hidden_layer_sizes
from .quantities import Quantities, check_quantities
from .values import ValuePredictions


@public
class LectureMLPRegressor(ValuePredictions, BaseMLP):
    """Multilayer perceptron of the lecture that predicts numbers.

    A fully connected network for one target or several, with squared error and L2
    regularisation. The output is the last linear variable itself, ŷ = z[L], so its
    error is ∂L/∂z[L] = a[L] − y as in (3.21), and everything before it is what
    `LectureMLPClassifier` does. Targets are standardised inside the network, as inputs
    are; predictions and scores are in the targets' own units. Every setting that
    `MLPRegressor` accepts is accepted; `fit` names in one warning all parameters that
    were set but have no effect.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(100,)
        Number of neurons in each hidden layer. ``()`` is linear regression with an
        L2 penalty.

    activation : {"identity", "sigmoid", "tanh", "relu", "leaky_relu"}, default="relu"
        Activation function g of the hidden layers. ``"logistic"``, scikit-learn's word,
        is the same as ``"sigmoid"``.

    loss : {"squared_error", "absolute_error", "huber", "poisson"}, \
default="squared_error"
        What an error e = ŷ − y costs, summed over targets. ½ e²; or its size, which
        seeks the median and is not ruled by a few large errors; or Huber's, ½ e² for
        errors up to 1.35 deviations of the target and linear beyond; or half the
        Poisson deviance, for counts y ≥ 0, with ŷ = exp(z[L]).

    init : str or callable, default="auto"
        How the weights start. ``"he"``, N(0, 2/n_in) [2]_; ``"lecun"``, N(0, 1/n_in);
        ``"xavier"``, N(0, 2/(n_in + n_out)) (3.13) [1]_; ``"inverse_fan_in"``,
        N(0, 1/n_in²); ``"small_normal"``, N(0, 0.01²); and two that fail, to see why:
        ``"zeros"`` and ``"constant"``. Or a function ``(fan_in, fan_out, rng)`` that
        returns an array of shape (fan_in, fan_out). ``"auto"`` takes, for ReLUs,
        "lecun" in the first layer and "he" in those behind ReLUs, "lecun" for tanh and
        without hidden layers, "xavier" otherwise. Biases start at 0, except under
        ``"constant"``.

    solver : {"sgd", "adam", "adamw", "lbfgs"}, default="adam"
        Mini-batch gradient descent with momentum (3.33); Adam [3]_; Adam with decoupled
        weight decay, see ``alpha`` [5]_; or L-BFGS, which uses all examples at each
        step, and 28 numbers in memory for each parameter, 14 in large networks. Unlike
        log loss, the squared error has gradients that grow with the error; Adam's steps
        do not depend on that.

    alpha : float or "auto", default="auto"
        Strength λ ≥ 0 of the L2 term λ/2 ‖W‖² in the cost (3.34), on weights and not on
        biases. ``"auto"`` is 0.012, or 10/n, or beyond 4000 rows 40000/n² where that is
        less, with n training rows; for L-BFGS, twice the latter two. In a stream, n is
        the most of a hundredth of all rows so far, the calls, and the rows of this
        part. See `alpha_` for its value. Unlike in `MLPClassifier`, it is **not divided
        by the batch size**: scikit-learn's ``alpha`` is this one times the batch size.
        With ``solver="adamw"`` the cost has no L2 term; instead each step takes a share
        αλ, learning rate times strength, off the weights, as PyTorch's ``weight_decay``
        does; "auto" is then 1.5, 2000/n, or 8·10⁶/n².

    batch_size : int, "auto" or "full", default="auto"
        Number of examples in a mini-batch; the last of an epoch may be smaller.
        ``"auto"`` is min(200, n_samples), ``"full"`` is n_samples.

    learning_rate : {"auto", "constant", "invscaling", "adaptive"} or callable, \
default="auto"
        How α changes. ``"auto"``: it is divided by 5 when patience would end the
        training, and once more, so that the noise of mini-batches settles.
        ``"constant"``: not at all. ``"invscaling"``: it is α/tᵖ in epoch t, where p is
        ``power_t``. ``"adaptive"``: as ``"auto"``, but until it is below 10⁻⁶.
        `partial_fit`, whose calls are an epoch each, ends no training: there,
        ``"auto"`` is constant. A function f of the epoch t = 1, 2, … that returns a
        factor ≥ 0: to α f(t). Epochs are counted as in `n_iter_`.

    learning_rate_init : float or "auto", default="auto"
        Learning rate α > 0. ``"auto"`` is 0.005 for Adam, or 0.01 without hidden
        layers, and 0.1 for SGD. It is less where there are many inputs, more than 2000
        for Adam and 800 for SGD; and for SGD where an explicit ``batch_size`` or a part
        of a stream has less than 100 rows, or inputs that are not standardised have a
        mean square above 1; see `learning_rate_init_` for its value and
        ``docs/defaults.md`` for the measurements behind it.

    power_t : float, default=0.5
        Exponent p ≥ 0 of ``learning_rate="invscaling"``.

    momentum : float, default=0.9
        β in [0, 1] of the running average v ← βv + (1−β) ∂J/∂θ of gradients (3.33).
        Because of the factor 1−β, scikit-learn and PyTorch, which leave it out, follow
        the same path with their learning rate set to **α (1−β)**. With β = 1 no
        gradient is taken in, and nothing moves.

    nesterovs_momentum : bool, default=False
        Whether to use Nesterov's variant, θ ← θ − α (βv + (1−β) ∂J/∂θ).

    beta_1, beta_2 : float, default=0.9, 0.999
        Adam's decay rates in [0, 1) of the averages of gradients and of their squares.

    epsilon : float, default=1e-8
        Adam's term against division by zero.

    max_grad_norm : float or None, default=None
        Bound c > 0 for the length of the gradient g, over all parameters and with the
        L2 term: a longer one is shortened to g c/‖g‖, before momentum [6]_. None leaves
        it as it is.

    dropout : float, default=0.0
        Probability in [0, 1) for a hidden unit to be left out of a training step. The
        others are scaled up [4]_, so predictions, which use all units, need no change.

    standardize : bool, default=True
        Whether to standardise inputs (L18) and targets inside the network, by
        statistics of the training rows alone, weighted by ``sample_weight``. Targets
        lose their mean and are divided by their standard deviation; for the Poisson
        loss they are divided by their mean. The loss, `loss_curve_` and ``tol`` are in
        these units. From dense inputs each
        column's mean is subtracted, and what is left divided by its standard deviation,
        or by a third of its largest deviation if that is more: rare or extreme values
        get no more than 3. Sparse inputs stay sparse: nothing is subtracted, and
        columns are divided by a power of their root mean square, see
        ``docs/defaults.md``. `partial_fit` refines the statistics by every part of a
        stream before it learns from it, and from the hundredth row on re-expresses
        weights so that the network computes the same. ``False`` is the lecture to the
        letter. Predictions keep to the range of the training targets and half of it to
        either side, if there were 100 rows to know it from; ``False`` sets no limits.
        Nor are there any without hidden layers, where a straight line goes on; that of
        the Poisson loss is no straight one.

    max_iter : int, default=1000
        Largest number of epochs, or of iterations of L-BFGS.

    max_fun : int, default=15000
        Largest number of evaluations of the cost by L-BFGS.

    tol : float, default=3e-4
        An epoch counts as progress if it lowers the cost, or with ``early_stopping``
        raises the validation score, by more than this: in units of the standardised
        target. L-BFGS stops where no component
        of the gradient exceeds it.

    n_iter_no_change : int or numpy.inf, default=10
        Training stops after this many epochs in a row without progress. With
        ``numpy.inf`` it takes `max_iter` epochs, and does not warn of having had to.

    shuffle : bool, default=True
        Whether each epoch takes the examples in a new random order.

    random_state : int, RandomState instance or None, default=None
        Draws the initial weights, the order of examples, dropout's masks and the
        validation set, from streams of their own. An int gives the same network on
        every call.

    verbose : bool or int, default=False
        True prints a line an epoch (epoch, cost, time), k every k-th.

    warm_start : bool, default=False
        Whether `fit` goes on from where the last `fit` ended.

    early_stopping : bool, default=False
        Whether to watch R² on a validation set instead of the cost, and keep
        the weights of the best epoch. The set is ``fit(X_val=, y_val=)``, or else
        `validation_fraction` of the training examples, two at least.

    validation_fraction : float, default=0.1
        Share of the examples to set aside, in (0, 1); 0 only where none are.

    engine : {"auto", "numpy", "compiled"}, default="auto"
        What carries out the steps of SGD and Adam: NumPy, or compiled kernels, which
        need the extra ``[fast]``. Results are the same up to rounding. ``"auto"`` takes
        the kernels where they are installed and would save more time than loading them
        takes, as estimated from the sizes of data and network and from parameters.

    Attributes
    ----------
    coefs_ : list of ndarray of shape (n[l-1], n[l])
        Weights of each layer: ``coefs_[l - 1]`` is the lecture's W[l], transposed.

    intercepts_ : list of ndarray of shape (n[l],)
        Biases of each layer.

    loss_curve_ : list of float
        For each epoch the mean of its mini-batches' costs, L2 term included (3.35),
        which ``solver="adamw"`` has not; in units of the standardised targets.

    loss_ : float
        Cost in the last epoch.

    best_loss_ : float
        Lowest cost of an epoch.

    validation_loss_curve_, validation_scores_ : list of float or None
        Loss and R² on the validation set after each epoch; None if there was never one.

    best_validation_score_ : float or None
        Highest validation score in the last call; None if nothing was validated in it.

    learning_rate_, learning_rate_init_ : float
        Learning rate in use now, and that which the latest call began from, before its
        schedule. Not with L-BFGS.

    alpha_ : float
        Strength λ of regularisation in use.

    mean_, scale_ : ndarray of shape (n_features,) or None
        What is subtracted from inputs, and what they are divided by then; `coefs_` and
        `intercepts_` act on the result. None with ``standardize=False``.

    target_mean_, target_scale_ : ndarray of shape (n_outputs,) or None
        What is subtracted from targets, and what they are divided by then; with the
        Poisson loss, 0 and the mean. None with ``standardize=False``.

    n_samples_seen_ : int
        Number of rows that `fit`, or the calls of `partial_fit` together, had to learn
        from.

    n_iter_ : int
        Number of epochs trained, over all calls that went on from each other: with
        ``warm_start`` it is the sum over calls, where scikit-learn counts the last.

    t_ : int
        Number of training examples seen, repetitions counted.

    n_layers_ : int
        Number of layers, input and output included.

    n_outputs_ : int
        Number of targets, which is that of output neurons.

    n_parameters_ : int
        Number of weights and biases (3.8).

    out_activation_ : {"identity", "exp"}
        Activation of the output layer; ``"exp"`` with the Poisson loss.

    n_features_in_ : int
        Number of features seen in `fit`.

    feature_names_in_ : ndarray of shape (n_features,)
        Names of the features, where X had names that are all strings.

    See Also
    --------
    LectureMLPClassifier : The same for classes.
    sklearn.neural_network.MLPRegressor : The network of scikit-learn itself.

    Notes
    -----
    Arithmetic is done in the float type of ``X``, float32 or float64. Dense ``X`` is
    never copied whole, unless its type has to be converted; sparse ``X`` stays sparse.

    What ``warm_start`` and `partial_fit` need to go on as one long training would, is
    kept by them, and pickled: the state of the random streams and of the optimizer, as
    many numbers again as there are parameters for SGD, twice as many for Adam. A `fit`
    without ``warm_start`` keeps the weights only. Where training goes on, the
    architecture and the classes must be the same; other parameters may change and take
    effect. Patience, the best score and L-BFGS start anew with each call.

    When the cost or a weight overflows or explodes, training raises a ValueError and
    the estimator stays as it was before. After a KeyboardInterrupt the epochs finished
    by then are kept.

    References
    ----------
    .. [1] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS 2010.
    .. [2] K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers",
       ICCV 2015.
    .. [3] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization",
       ICLR 2015.
    .. [4] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov,
       "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014.
    .. [5] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
       ICLR 2019.
    .. [6] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training
       recurrent neural networks", ICML 2013.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.model_selection import cross_validate
    >>> from sklearn_mlp_edu import LectureMLPRegressor
    >>> X, y = load_diabetes(return_X_y=True, scaled=False)
    >>> network = LectureMLPRegressor(random_state=0)
    >>> scores = cross_validate(network, X, y, return_train_score=True)
    >>> print(f"{scores['train_score'].mean():.1f} {scores['test_score'].mean():.1f}")
    0.6 0.5
    """

    target_mean_: np.ndarray | None
    target_scale_: np.ndarray | None
    validation_loss_curve_: list[float] | None
    validation_scores_: list[float] | None
    best_validation_score_: float | None

    _parameter_constraints = {
        **{k: v for k, v in PARAMETER_CONSTRAINTS.items() if k != "class_weight"},
        "loss": [StrOptions(set(REGRESSION_LOSSES))],
    }

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: Activation = "relu",
        *,
        loss: Literal[
            "squared_error", "absolute_error", "huber", "poisson"
        ] = "squared_error",
        init: Init = "auto",
        solver: Literal["sgd", "adam", "adamw", "lbfgs"] = "adam",
        alpha: float | Literal["auto"] = "auto",
        batch_size: int | Literal["auto", "full"] = "auto",
        learning_rate: Schedule = "auto",
        learning_rate_init: float | Literal["auto"] = "auto",
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
        random_state: int | np.random.RandomState | None = None,
        verbose: bool | int = False,
        warm_start: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        engine: Literal["auto", "numpy", "compiled"] = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.init = init
        self.solver = solver
        self.alpha = alpha
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
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.engine = engine

    @with_callbacks
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Train a new network, or with ``warm_start`` go on with the present one.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Training examples.
        y : array-like of shape (n_samples,) or (n_samples, n_targets)
            Numbers to be predicted; with the Poisson loss ≥ 0.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights ≥ 0 of the examples. An example of weight 2 counts as two, one of
            weight 0 is left out; a common factor of all weights changes nothing.
        X_val, y_val : like X and y, of n_val examples, default=None
            A validation set of one's own, watched after every epoch. With
            ``early_stopping`` it takes the place of the one that is set aside.
        sample_weight_val : array-like of shape (n_val,), default=None
            Weights of the validation examples.

        Returns
        -------
        self : LectureMLPRegressor

        Raises
        ------
        ValueError
            If a parameter or the data are not as described, or training diverges.
        """
        return self._fit(
            X,
            y,
            sample_weight,
            X_val=X_val,
            y_val=y_val,
            sample_weight_val=sample_weight_val,
        )

    @available_if(streams)
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> Self:
        """Train for one epoch on these examples, going on from where training is.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples, a part of a stream for instance.
        y : array-like of shape (n_samples,) or (n_samples, n_targets)
            Numbers to be predicted; with the Poisson loss ≥ 0.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights ≥ 0 of the examples, used as they are: unlike `fit`, a part of a
            stream cannot know the mean weight of the whole.
        X_val, y_val : like X and y, of n_val examples, default=None
            A validation set, on which loss and score are measured after the epoch; they
            are appended to ``validation_loss_curve_`` and ``validation_scores_``.

        Returns
        -------
        self : LectureMLPRegressor

        Raises
        ------
        ValueError
            If a parameter or the data are not as described, the architecture, the loss
            or the number of targets was changed since the first call, or training
            diverges.

        Notes
        -----
        The optimizer's state and the random streams go on from call to call, so k calls
        with the same data equal k epochs of `fit`. After a `fit` without
        ``warm_start``, only the weights go on. What is typical of the targets is
        learned as they come, before the epoch, and the last layer is re-expressed so
        that predictions stay the same; where less than 30 rows had been seen, they keep
        their distance from the mean in deviations instead.
        """
        return self._partial_fit(
            X, y, sample_weight=sample_weight, X_val=X_val, y_val=y_val
        )

    def _check_targets(self, y):
        y = check_quantities(y)
        if self.loss == "poisson" and y.min() < 0:
            raise ValueError(
                "loss='poisson' is for counts and other numbers >= 0, but y holds "
                f"{y.min():g}. Use another loss, or another target."
            )
        return y

    def _read(self, y):
        targets = self._announced(None, y)
        warn_of_constant(targets.encode(y))
        return targets

    def _announced(self, classes, y):
        if classes is not None:
            raise ValueError(
                f"classes={classes!r} was passed, but {type(self).__name__} predicts "
                "numbers, which have none; leave it out."
            )
        n_outputs = 1 if y.ndim == 1 else y.shape[1]
        hidden = bool(check_hidden_layer_sizes(self.hidden_layer_sizes))
        loss = REGRESSION_LOSSES[self.loss]
        return Quantities(loss, n_outputs, self.standardize, hidden)

    def _note_targets(self, targets):
        self._loss_ = self.loss
        statistics = targets.statistics
        self._target_statistics_ = statistics and statistics.plain()
        self.target_mean_ = self.target_scale_ = None
        if targets.standardize:
            self.target_mean_, self.target_scale_ = targets.units

    def _refine(self, targets, y, weight):
        now = targets.with_more(y, weight)
        if targets.statistics is not None:
            sizes = self._network().layer_sizes
            parameters = Parameters(sizes, pack(self.coefs_, self.intercepts_))
            # What an optimizer carries is left: soon it is of new gradients alone.
            targets.reexpress(now, parameters.W[-1], parameters.b[-1])
            self._set_layers(sizes, parameters.theta)
        self._note_targets(now)
        return now
