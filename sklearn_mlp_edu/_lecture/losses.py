"""Losses of the last layer's z[L], each beside its derivative.

``Z`` = z[L] and targets ``Y`` have shape (..., m, K), losses (..., m), where leading
axes (batches, stacked networks) are carried along. For log losses of classes as for the
squared error and the Poisson loss of numbers,

    ∂L/∂z[L] = a[L] − y,                                              (3.21)

which is why a loss owns its output activation. Several logits are first limited to a
K-th of what the float type holds, so the log loss of any finite logits is finite.
`delta` generates equations as `network` does; all else computes at once.

A loss also says how to read z[L], as classes or probabilities or numbers, and how good
that is. One of numbers says in which units they are learned, too.
"""

import numpy as np
from scipy.special import expit, log_expit, xlogy

from .._arithmetic import (
    clip,
    deferred,
    divide,
    exp,
    largest_of_rows,
    product,
    sign,
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


class Loss:
    """What losses have in common."""

    equation = ""  # its number in the lecture
    # Times what suits log losses: SGD's and Adam's learning rates, and λ.
    rate = adam_rate = prior = 1.0
    has_kink = False  # where z = y

    def targets(self, y, out):
        """Write the targets: ``y`` is the (..., m, K) matrix already."""
        with np.errstate(over="ignore"):  # the cost tells
            np.copyto(out, y)

    def loss_after_delta(self, Z, Y, total):
        """Loss of each example, from what `delta` has left behind."""
        return self.loss(Z, Y)

    def logits(self, Z):
        """z[L] as it is."""
        return Z


class MultilabelLogLoss(Loss):
    """One sigmoid per label, losses summed over labels.

    L = −Σ_k [(1−y_k) log(1−ŷ_k) + y_k log ŷ_k],  ŷ = σ(z)  (L9, §3.1)
    """

    out_activation = "sigmoid"
    equation = "§3.1"
    formula = "−Σ [(1−y) log(1−ŷ) + y log ŷ]"

    def loss(self, Z, Y):
        """Log loss of each example: −log σ(z) where y = 1, −log σ(−z) where y = 0."""
        wrong_way = _limited(Z) * (1 - 2 * Y)
        return _log_one_plus_exp(wrong_way).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = σ(z) − y; ``total`` is left alone."""
        yield "3.6", sigmoid(Z, out=out)
        yield "3.21", subtract(out, Y, out=out)

    def score(self, Z, y, weight):
        """Accuracy: the share of examples whose every label is right."""
        right = self.predicted(Z) == y
        if right.ndim == 2:
            right = right.all(axis=1)
        return float(np.average(right, weights=weight))

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

    def loss(self, Z, Y):
        """Log loss of each example; one logit needs no limit."""
        return _log_one_plus_exp(Z[..., 0] * (1 - 2 * Y[..., 0]))

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


class SquaredError(Loss):
    """Half the squared error, summed over targets, of an identity output.

    L = ½ Σ_k (ŷ_k − y_k)²,  ŷ = z  (decision 10)
    """

    out_activation = "identity"
    formula = "½ Σ (ŷ − y)²"
    rate, adam_rate, prior = 0.2, 2.5, 2.0

    def loss(self, Z, Y):
        """Half the squared error of each example."""
        return 0.5 * np.square(Z - Y).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = z − y; ``total`` is left alone."""
        yield "3.21", subtract(Z, Y, out=out)

    def predicted(self, Z):
        """ŷ, of shape (m, K)."""
        return Z

    def logit(self, prediction):
        """Return the z[L] that leads to a prediction."""
        return prediction

    def score(self, predicted, y, weight):
        """R², the mean over targets of the share of their variance that is explained.

        Of a target that does not vary it is 1 less the mean squared error, so that
        less error is better there, too.
        """
        unexplained = np.average((predicted - y) ** 2, axis=0, weights=weight)
        variance = np.average(
            (y - np.average(y, axis=0, weights=weight)) ** 2, axis=0, weights=weight
        )
        r2 = 1 - unexplained / np.where(variance > 0, variance, 1)
        return float(r2.mean())

    def units(self, mean, deviation):
        """Return centre and scale of the targets as they are learned: standardised."""
        return mean, np.where(deviation > 0, deviation, 1.0)

    def rescale(self, W, b, factor, shift):
        """In place, let the last layer lead to factor ŷ + shift instead of ŷ."""
        W *= factor
        b *= factor
        b += shift


class AbsoluteError(SquaredError):
    """The absolute error, summed over targets, which few large errors do not rule.

    L = Σ_k |ŷ_k − y_k|,  ŷ = z,  so ∂L/∂z[L] = sign(a[L] − y).
    """

    formula = "Σ |ŷ − y|"
    has_kink = True

    def loss(self, Z, Y):
        """Absolute error of each example."""
        return np.abs(Z - Y).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = sign(z − y); ``total`` is left alone."""
        yield "3.21", subtract(Z, Y, out=out)
        yield "sign", sign(out, out=out)


class HuberLoss(SquaredError):
    """The squared error of small errors, and the absolute one of large errors.

    L = Σ_k h(ŷ_k − y_k) with h(e) = ½ e² up to |e| = δ and δ (|e| − ½ δ) beyond; so
    ∂L/∂z[L] = a[L] − y, limited to δ. Huber, "Robust estimation of a location
    parameter", Annals of Mathematical Statistics 35, 1964.
    """

    formula = "Σ h(ŷ − y)"
    limit = 1.35  # δ, at which errors that are normal cost no more than 5 % precision

    def loss(self, Z, Y):
        """Huber's loss of each example."""
        size = np.abs(Z - Y)
        small = np.minimum(size, self.limit)
        return (small * (size - 0.5 * small)).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = z − y, limited to δ; ``total`` is left alone."""
        yield "3.21", subtract(Z, Y, out=out)
        yield "limit", clip(out, -self.limit, self.limit, out=out)


class PoissonLoss(SquaredError):
    """Half the Poisson deviance, summed over targets, of an exponential output.

    L = Σ_k [ŷ_k − y_k + y_k log(y_k/ŷ_k)],  ŷ = exp(z).
    """

    out_activation = "exp"
    formula = "Σ [ŷ − y + y log(y/ŷ)]"

    def loss(self, Z, Y):
        """Half the deviance of each example."""
        return (np.exp(Z) - Y + xlogy(Y, Y) - Y * Z).sum(axis=-1)

    def delta(self, Z, Y, out, total):
        """∂L/∂z[L] = exp(z) − y; ``total`` is left alone."""
        yield "3.6", exp(Z, out=out)
        yield "3.21", subtract(out, Y, out=out)

    def predicted(self, Z):
        """ŷ, of shape (m, K)."""
        return np.exp(Z)

    def logit(self, prediction):
        """Return the z[L] that leads to a prediction, finite for 0 too."""
        with np.errstate(divide="ignore"):
            return np.maximum(np.log(prediction), -1e3)

    def units(self, mean, deviation):
        """Return centre and scale of the targets as they are learned: 0 and the mean.

        Then exp(z) = 1 is the mean.
        """
        return np.zeros_like(mean), np.where(mean > 0, mean, 1.0)

    def rescale(self, W, b, factor, shift):
        """In place, let the last layer lead to factor ŷ instead of ŷ; no ``shift``."""
        b += np.log(factor)


REGRESSION_LOSSES = {
    "squared_error": SquaredError(),
    "absolute_error": AbsoluteError(),
    "huber": HuberLoss(),
    "poisson": PoissonLoss(),
}
