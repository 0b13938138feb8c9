"""Log loss from logits, beside its derivative, for the three kinds of output.

Logits ``Z`` = z[L] and targets ``Y`` have shape (..., m, K), losses (..., m), where
leading axes (batches, stacked networks) are carried along. Whatever the output,

    ∂L/∂z[L] = a[L] − y,                                              (3.21)

which is why a loss owns its output activation. Logits are first limited to a K-th of
what the float type holds, so the loss of any finite logit is finite. `delta` generates
equations as `network` does; all else computes at once.

A loss also says how to read its logits: as classes, probabilities, log-probabilities.
"""

import numpy as np
from scipy.special import expit, log_expit

from .._arithmetic import (
    deferred,
    divide,
    exp,
    largest_of_rows,
    product,
    subtract,
)

sigmoid = deferred(expit)


def _limited(Z):
    """Keep Σ and differences of K logits within the range of the float type."""
    limit = np.finfo(Z.dtype).max / (4 * Z.shape[-1])
    return np.maximum(np.minimum(Z, limit), -limit)


def _log_one_plus_exp(Z):
    """log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|), which overflows nowhere.

    NumPy vectorises these steps, but not its logaddexp, several times slower.
    """
    result = np.abs(Z)
    np.negative(result, out=result)
    np.exp(result, out=result)
    np.log1p(result, out=result)
    return np.add(result, np.maximum(Z, 0), out=result)


class MultilabelLogLoss:
    """One sigmoid per label, losses summed over labels.

    L = −Σ_k [(1−y_k) log(1−ŷ_k) + y_k log ŷ_k],  ŷ = σ(z)  (L9, §3.1)
    """

    out_activation = "sigmoid"
    formula = "−Σ [(1−y) log(1−ŷ) + y log ŷ]"

    def targets(self, y, out):
        """Write the targets: ``y`` is the (..., m, K) indicator matrix already."""
        np.copyto(out, y)

    def loss(self, Z, Y):
        """Log loss of each example: −log σ(z) where y = 1, −log σ(−z) where y = 0."""
        wrong_way = _limited(Z) * (1 - 2 * Y)
        return _log_one_plus_exp(wrong_way).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = σ(z) − y; ``total`` is left alone."""
        yield "3.6", sigmoid(Z, out=out)
        yield "3.21", subtract(out, Y, out=out)

    def loss_after_delta(self, Z, Y, total):
        """Log loss of each example, from what `delta` has left behind."""
        return self.loss(Z, Y)

    def logits(self, Z):
        """z[L] as it is."""
        return Z

    def decision(self, Z):
        """z[L], one column for each class or label."""
        return Z

    def predicted(self, Z):
        """Indicator matrix of the labels with ŷ > 1/2, that is z > 0."""
        return (Z > 0).astype(int)

    def probabilities(self, Z):
        """ŷ, of shape (m, K)."""
        return expit(Z)

    def log_probabilities(self, Z):
        """Log ŷ, finite for finite z."""
        return log_expit(Z)


class BinaryLogLoss(MultilabelLogLoss):
    """The lecture's output: one sigmoid for two classes.

    L = −[(1−y) log(1−ŷ) + y log ŷ],  ŷ = σ(z)  (L9, §3.1)
    """

    formula = "−[(1−y) log(1−ŷ) + y log ŷ]"

    def targets(self, y, out):
        """Write ``y``, class codes 0 or 1 of shape (..., m), as one column."""
        np.copyto(out, y[..., np.newaxis])

    def decision(self, Z):
        """z[L], of shape (m,): positive for the second class."""
        return Z[:, 0]

    def predicted(self, Z):
        """Class codes: 1 where ŷ > 1/2, that is z > 0."""
        return (Z[:, 0] > 0).astype(np.intp)

    def probabilities(self, Z):
        """[1 − ŷ, ŷ], of shape (m, 2)."""
        return expit(np.hstack([-Z, Z]))

    def log_probabilities(self, Z):
        """[log(1 − ŷ), log ŷ], finite for finite z."""
        return log_expit(np.hstack([-Z, Z]))


class SoftmaxLogLoss(MultilabelLogLoss):
    """Softmax over K classes with cross entropy, L = −log ŷ_y (decision 5)."""

    out_activation = "softmax"
    formula = "−log ŷ_y"

    def targets(self, y, out):
        """Write ``y``, class codes of shape (..., m), as one-hot rows."""
        np.equal(y[..., np.newaxis], np.arange(out.shape[-1], dtype=y.dtype), out=out)

    def loss(self, Z, Y):
        """Cross entropy of each example: log Σ_k exp(z_k) − z_y."""
        Z = self._shifted(Z)
        return self.loss_after_delta(Z, Y, np.exp(Z).sum(axis=-1, keepdims=True))

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = softmax(z) − y.

        ``Z`` becomes z − max z, which changes neither softmax nor loss, and ``total``,
        of shape (..., m, 1), Σ_k exp(z_k).
        """
        ones = np.ones((Z.shape[-1], 1), Z.dtype)
        yield "softmax", largest_of_rows(Z, out=total)
        yield "softmax", subtract(Z, total, out=Z)
        yield "softmax", exp(Z, out=out)
        yield "softmax", product(out, ones, out=total)  # a sum by BLAS
        yield "3.6", divide(out, total, out=out)
        yield "3.21", subtract(out, Y, out=out)

    def loss_after_delta(self, Z, Y, total):
        """Cross entropy of each example, from what `delta` has left behind."""
        return np.log(total[..., 0]) - np.einsum("...k,...k->...", Z, Y)

    def predicted(self, Z):
        """Class codes: the largest logit, the first of equals."""
        return Z.argmax(axis=-1)

    def probabilities(self, Z):
        """ŷ, of shape (m, K)."""
        Z = self._shifted(Z)
        np.exp(Z, out=Z)
        return np.divide(Z, Z.sum(axis=-1, keepdims=True), out=Z)

    def log_probabilities(self, Z):
        """Log ŷ, finite for finite z."""
        Z = self._shifted(Z)
        return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))

    @staticmethod
    def _shifted(Z):
        """Z − max z, which neither softmax nor loss can tell from Z."""
        Z = _limited(Z)
        Z -= Z.max(axis=-1, keepdims=True)
        return Z
