"""Is backpropagation right? Its gradient against differences of the cost (L11)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from .._arithmetic import public
from .._estimators import run_of_one_batch
from .._lecture import Parameters, pack
from .._training import Cost, Scaling

LARGEST_SAMPLE = 200  # entries of an array that are checked; of a larger one, so many
STEP = np.cbrt(np.finfo(np.float64).eps)  # h, at which both errors are about as large
TOLERANCE = 1e-5
NOISE = 1e-9  # of a difference quotient of costs around 1


class GradientRow(NamedTuple):
    """What the check found for the weights or the biases of a layer.

    Attributes
    ----------
    name : str
        ``"W[2]"``, for instance.
    backpropagation, differences : float
        Length of the gradient by either, over the entries that were checked.
    error : float
        Length of the difference of the two, relative to the larger of them.
    n_checked, n_kinks : int
        How many entries were checked, and how many left out because a unit passes a
        kink of its activation function on the way, or an output that of the absolute
        error, where there is no derivative.
    agrees : bool
        Whether the error is no more than rounding.
    """

    name: str
    backpropagation: float
    differences: float
    error: float
    n_checked: int
    n_kinks: int
    agrees: bool


@public
class GradientCheck:
    """Backpropagation compared with central differences, layer by layer.

    `check_gradient` makes it; print it.

    Parameters
    ----------
    rows : list of GradientRow
        One for the weights and one for the biases of each layer.

    Attributes
    ----------
    rows
        The same.
    passed : bool
        Whether the two agree everywhere.
    error : float
        The largest relative error.

    See Also
    --------
    check_gradient : Check the gradient of a network.
    """

    def __init__(self, rows: list[GradientRow]) -> None:
        self.rows = rows

    @property
    def passed(self) -> bool:
        """Whether the two agree everywhere."""
        return all(row.agrees for row in self.rows)

    @property
    def error(self) -> float:
        """The largest relative error."""
        return max(row.error for row in self.rows)

    def __str__(self):
        titles = "backpropagation", "differences", "relative error"
        lines = [f"{'':<5}  {titles[0]:>15}  {titles[1]:>15}  {titles[2]:>14}  checked"]
        for row in self.rows:
            numbers = f"{row.backpropagation:>15.9g}  {row.differences:>15.9g}"
            line = f"{row.name:<5}  {numbers}  {row.error:>14.1e}  {row.n_checked:>7}"
            line += f", {row.n_kinks} at a kink" if row.n_kinks else ""
            lines.append(line + ("" if row.agrees else "  <- they disagree"))
        wrong = [row.name for row in self.rows if not row.agrees]
        verdict = f"They disagree in {', '.join(wrong)}." if wrong else "They agree."
        return "\n".join([*lines, verdict])

    def __repr__(self):
        verdict = "passed" if self.passed else "failed"
        return f"<{type(self).__name__}: {verdict}, relative error {self.error:.1e}>"


@public
def check_gradient(
    estimator: Any,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    classes: ArrayLike | None = None,
    random_state: int | np.random.RandomState | None = 0,
) -> GradientCheck:
    """Compare the gradient by backpropagation with differences of the cost.

    For each parameter θ the derivative ∂J_L2/∂θ that training computes is set beside
    (J_L2(θ + h) − J_L2(θ − h)) / 2h, in double precision and without dropout. The
    parameters are the fitted ones, if there are any, and else the initial ones; the
    estimator stays as it is.

    Parameters
    ----------
    estimator : LectureMLPClassifier or LectureMLPRegressor
        The network, fitted or not.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Some examples; a few dozen suffice.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Their targets.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights ≥ 0 of the examples.
    classes : array-like of shape (n_classes,), default=None
        All classes, if the network is not fitted and ``y`` lacks some.
    random_state : int, RandomState instance or None, default=0
        Draws which 200 entries are checked of an array that has more.

    Returns
    -------
    check : GradientCheck
        ``check.passed`` tells whether they agree.

    Raises
    ------
    TypeError
        If ``estimator`` is not a network of this package.
    ValueError
        If it or the examples are not as they must be.

    See Also
    --------
    trace_step : Show all that a step computes.

    Notes
    -----
    ReLU and leaky ReLU have a kink at 0, the absolute error one at ŷ = y. Where a unit
    or an output passes it between θ − h and θ + h, the difference is between two slopes
    and says nothing about the derivative; such entries are counted and left out.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import LectureMLPClassifier, check_gradient
    >>> X, y = load_iris(return_X_y=True)
    >>> network = LectureMLPClassifier((3, 2), activation="tanh", random_state=0)
    >>> check = check_gradient(network, X, y)
    >>> check.passed
    True
    >>> [row.name for row in check.rows]
    ['W[1]', 'b[1]', 'W[2]', 'b[2]', 'W[3]', 'b[3]']
    """
    run = run_of_one_batch(estimator, X, y, sample_weight, classes)
    rng = check_random_state(random_state)
    slope = Slope(run.draft._network(), run.data, run.penalty)
    theta = pack(run.draft.coefs_, run.draft.intercepts_).astype(np.float64)
    gradient = slope.by_backpropagation(theta)
    rows, sizes = [], slope.network.layer_sizes
    places = Parameters(sizes, np.arange(theta.size))
    for l in range(1, len(sizes)):
        for name, of_layer in ((f"W[{l}]", places.W[l]), (f"b[{l}]", places.b[l])):
            chosen = of_layer.ravel()
            if chosen.size > LARGEST_SAMPLE:
                chosen = rng.choice(chosen, LARGEST_SAMPLE, replace=False)
            differences = slope.by_differences(theta, chosen)
            rows.append(_row(name, gradient[chosen], differences))
    return GradientCheck(rows)


class Slope:
    """The slope of J_L2 over all examples, by either way."""

    def __init__(self, network, data, alpha):
        self.network, self.patterns = network, []
        g = network.activation.function

        def watched(Z, out):
            self.patterns.append(Z >= 0)
            return g(Z, out)

        if network.activation.has_kink:
            activation = network.activation._replace(function=watched)
            network = network._replace(activation=activation)
        if network.loss.has_kink:
            network = network._replace(loss=_watched(network.loss, self.patterns))
        self.cost = Cost(network, _in_double_precision(data), alpha, np.float64)

    def by_backpropagation(self, theta):
        """∂J_L2/∂θ, of shape (P,)."""
        return self.cost(theta)[1]

    def by_differences(self, theta, places):
        """(J_L2(θ + h) − J_L2(θ − h)) / 2h for some entries, nan at a kink."""
        _, sides = self._watched_cost(theta)
        slopes = np.full(len(places), np.nan)
        for k, place in enumerate(places):
            h = STEP * max(1.0, abs(theta[place]))
            ends = theta[place] + h, theta[place] - h
            costs = []
            for end in ends:
                moved = theta.copy()
                moved[place] = end
                J, other_sides = self._watched_cost(moved)
                if np.array_equal(sides, other_sides):
                    costs.append(J)
            if len(costs) == 2:
                slopes[k] = (costs[0] - costs[1]) / (ends[0] - ends[1])
        return slopes

    def _watched_cost(self, theta):
        """Return the cost, and on which side of the kink each unit is."""
        self.patterns.clear()
        J, _ = self.cost(theta)
        return J, np.concatenate([p.ravel() for p in self.patterns or [np.array(())]])


def _watched(loss, patterns):
    """Return the loss such that it notes on which side of its kink each output is."""

    class Watched(type(loss)):
        def loss_after_delta(self, Z, Y, total):
            patterns.append(Z >= Y)
            return super().loss_after_delta(Z, Y, total)

    return Watched()


def _in_double_precision(data):
    scaling = data.scaling
    if scaling is not None:
        arrays = (a if a is None else a.astype(np.float64) for a in scaling)
        scaling = Scaling(*arrays)
    return data._replace(X=data.X.astype(np.float64), scaling=scaling)


def _row(name, backpropagation, differences):
    smooth = np.isfinite(differences)
    ours, theirs = backpropagation[smooth], differences[smooth]
    lengths = [float(np.linalg.norm(v)) for v in (ours, theirs, ours - theirs)]
    *both, apart = lengths
    error = apart / max(both) if max(both) > 0 else 0.0
    noise = NOISE * np.sqrt(ours.size)
    agrees = apart <= TOLERANCE * max(both) + noise
    return GradientRow(
        name, *both, error, ours.size, int((~smooth).sum()), bool(agrees)
    )
