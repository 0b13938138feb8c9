"""One step of training, made visible: every quantity with its equation's number.

The equations are those that train, generated and carried out by `Descent` and
`MiniBatches`; here what they write is only noted down between one and the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numpy.typing import ArrayLike

from .._arithmetic import public
from .._estimators import run_of_one_batch
from .account import Account, TraceRow
from .presentation import as_html, as_text
from .recorder import Recorder


@public
class StepTrace:
    """What a forward pass, a backward pass and an update have computed.

    `trace_step` makes it. ``trace["dW[2]"]`` is an array, ``print(trace)`` a table.

    Parameters
    ----------
    title : str
        What was traced.
    settings : str
        The hyperparameters of the step.
    parameters : str
        How many there are, in words.
    rows : list of TraceRow
        In the order in which they were computed.

    Attributes
    ----------
    title, settings, parameters, rows
        The same.

    See Also
    --------
    trace_step : Trace a step of a network.
    """

    def __init__(
        self, title: str, settings: str, parameters: str, rows: list[TraceRow]
    ) -> None:
        self.title, self.settings = title, settings
        self.parameters, self.rows = parameters, rows

    def keys(self) -> list[str]:
        """Return the names of all quantities, in their order.

        Returns
        -------
        keys : list of str
            Such as ``"z[1]"`` and ``"dW[2]"``.
        """
        return [row.key for row in self.rows]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, key: str) -> Any:
        for row in self.rows:
            if key in (row.key, row.symbol):
                return row.value
        raise KeyError(f"{key!r} is not in the trace; it has {', '.join(self.keys())}.")

    def __str__(self):
        return as_text(self)

    def __repr__(self):
        return f"<{type(self).__name__}: {self.title}, {len(self)} quantities>"

    def _repr_html_(self):
        return as_html(self)


@public
def trace_step(
    estimator: Any,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    classes: ArrayLike | None = None,
) -> StepTrace:
    """Carry out one step of training on a small batch and show all that it computes.

    The step goes on from the fitted weights, if there are any, and else starts from the
    initial ones. It is a step of the training itself, with all examples as one
    mini-batch; the estimator stays as it is.

    Parameters
    ----------
    estimator : LectureMLPClassifier or LectureMLPRegressor
        The network, fitted or not.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        A few examples; one suffices.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Their targets.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights ≥ 0 of the examples.
    classes : array-like of shape (n_classes,), default=None
        All classes, if the network is not fitted and ``y`` lacks some.

    Returns
    -------
    trace : StepTrace
        Print it, or take arrays from it: ``trace["z[1]"]``, ``trace["dW[2]"]``.

    Raises
    ------
    TypeError
        If ``estimator`` is not a network of this package.
    ValueError
        If it has no steps of descent, or it or the examples are not as they must be.

    See Also
    --------
    check_gradient : Compare the gradient with differences of the cost.

    Examples
    --------
    The lecture's network of 3, 2 and 1 neurons, and one example with d = 4:

    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import LectureMLPClassifier, trace_step
    >>> X, y = load_iris(return_X_y=True)
    >>> network = LectureMLPClassifier((3, 2), activation="sigmoid", random_state=0)
    >>> trace = trace_step(network, X[:1], [1], classes=[0, 1])
    >>> trace["z[1]"].shape, trace["dW[2]"].shape
    ((3, 1), (2, 3))
    >>> print(trace.parameters)
    3d + 14 = 26 parameters, d = 4
    """
    run = run_of_one_batch(estimator, X, y, sample_weight, classes)
    if estimator.solver == "lbfgs":
        raise ValueError(
            "solver='lbfgs' has no steps of descent to trace; use another, or "
            "check_gradient, which is for every solver."
        )
    recorder = Recorder(run.training())
    recorder.carry_out(epoch=len(run.draft.loss_curve_) + 1)
    account = Account(estimator, recorder)
    return StepTrace(account.title, account.settings, account.parameters, account.rows)
