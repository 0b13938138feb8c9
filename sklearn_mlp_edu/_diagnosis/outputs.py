"""What a fitted estimator says of rows that it has not seen, kept row by row."""

from typing import NamedTuple

import numpy as np
from sklearn.utils import get_tags


class Outputs(NamedTuple):
    """Predictions for some rows."""

    predicted: np.ndarray  # (n_rows,) codes of classes, or what else was predicted
    probability: np.ndarray | None = None  # (n_rows, n_classes), float32
    decision: np.ndarray | None = None  # where there are no probabilities
    loss: np.ndarray | None = None  # (n_rows,) log loss, or squared error

    def take(self, positions):
        """Return the outputs for the rows at ``positions``."""
        return Outputs(*(None if part is None else part[positions] for part in self))


def joined(outputs):
    """Return the `Outputs` of several folds as one."""
    parts = zip(*outputs, strict=True)
    return Outputs(
        *(
            None if any(part is None for part in same) else np.concatenate(same)
            for same in parts
        )
    )


def codes_of(labels, classes):
    """Return which of ``classes`` each label is."""
    return np.searchsorted(classes, np.asarray(labels))


def outputs_of(estimator, X, y, classes, unit=None):
    """Return what a fitted estimator says of ``X``, and its loss for ``y``.

    ``classes`` are the sorted labels of all data, None where the target has no classes
    of its own for each row (numbers, or several labels a row). ``unit`` is what squared
    errors are told in, None where they do not count.
    """
    predicted = np.asarray(estimator.predict(X))
    if unit is not None:
        return Outputs(predicted, loss=_squared_error(predicted, y, unit))
    if classes is not None:
        predicted = codes_of(predicted, classes)
    if hasattr(estimator, "predict_proba"):
        probability = estimator.predict_proba(X)
        if isinstance(probability, np.ndarray):
            if classes is not None:
                probability = _aligned(probability, estimator.classes_, classes)
            loss = _log_loss(probability, y, classes)
            return Outputs(predicted, probability.astype(np.float32), None, loss)
    decision = None
    if hasattr(estimator, "decision_function"):
        decision = np.asarray(estimator.decision_function(X))
    return Outputs(predicted, decision=decision)


def _aligned(probability, known, classes):
    """Give a column to classes of which the training part had no example."""
    if len(known) == len(classes):
        return probability
    complete = np.zeros((len(probability), len(classes)), dtype=probability.dtype)
    complete[:, codes_of(known, classes)] = probability
    return complete


def _squared_error(predicted, y, unit):
    """Return the squared error of each row, of several targets the mean."""
    errors = missed_by(predicted, y) ** 2 / unit
    return errors if errors.ndim == 1 else errors.mean(axis=1)


def missed_by(predicted, y):
    """Return what was predicted less what was right, in the shape of the target."""
    y = np.asarray(y, dtype=np.float64)
    return np.asarray(predicted, dtype=np.float64).reshape(y.shape) - y


def _log_loss(probability, y, classes):
    """Return the log loss of each row, of several labels the sum; None without one.

    Probabilities are kept from 0 and 1 by the rounding error of their type, as in
    `sklearn.metrics.log_loss`.
    """
    y = np.asarray(y)
    eps = np.finfo(probability.dtype).eps
    if classes is not None:
        right = probability[np.arange(len(y)), codes_of(y, classes)]
        return -np.log(np.clip(right, eps, 1 - eps).astype(np.float64))
    if probability.shape != y.shape:
        return None
    right = np.where(y.astype(bool), probability, 1 - probability)
    return -np.log(np.clip(right, eps, 1 - eps).astype(np.float64)).sum(axis=1)


class Replay:
    """Answers a scorer with `Outputs`, in the place of the estimator that gave them."""

    def __init__(self, estimator, outputs, classes):
        self._estimator_type = getattr(estimator, "_estimator_type", None)
        self.original, self.outputs = estimator, outputs
        if classes is not None:
            self.classes_ = classes
        for method, values in (
            ("predict_proba", outputs.probability),
            ("decision_function", outputs.decision),
        ):
            if values is not None:
                setattr(self, method, _always(method, values))

    def fit(self, X, y):
        """Do nothing."""
        return self

    def predict(self, X):
        """Return what was predicted."""
        predicted = self.outputs.predicted
        return self.classes_[predicted] if hasattr(self, "classes_") else predicted

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        return get_tags(self.original)


def _always(method, values):
    """Return a function of the name ``method``, by which scorers know it."""

    def answer(X):
        return values

    answer.__name__ = method
    return answer
