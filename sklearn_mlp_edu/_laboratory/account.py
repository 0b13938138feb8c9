"""What a recorder has noted, row by row in the lecture's words."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .._lecture import count
from .quantities import in_layer


class TraceRow(NamedTuple):
    """A quantity of a step.

    Attributes
    ----------
    section : str
        The part of the step.
    key : str
        Its name in plain letters, such as ``"dW[2]"``.
    symbol : str
        The lecture's, such as ``"∂J/∂W[2]"``.
    equation : str
        Its numbers in the lecture, ``""`` where it has none.
    formula : str
        What it is.
    value : ndarray or float
        As the lecture has it: an example is a column.
    """

    section: str
    key: str
    symbol: str
    equation: str
    formula: str
    value: Any


class Account:
    """The rows of a step, and what is to be said about it.

    Parameters
    ----------
    estimator : BaseMLP
        Its settings.
    recorder : Recorder
        The step, carried out.
    """

    def __init__(self, estimator, recorder):
        self.estimator, self.recorder = estimator, recorder
        output = recorder.training.network.loss.out_activation
        self.output = "σ" if output == "sigmoid" else output
        self.training = recorder.training
        self.sizes = self.training.network.layer_sizes
        self.m, self.L = self.training.data.n_rows, len(self.sizes) - 1
        optimizer = self.training.optimizer
        self.decouples = optimizer.decouples
        self.alpha = float(optimizer.decay if self.decouples else self.training.alpha)
        self.standardised = recorder.training.data.scaling is not None
        self.decays = self.training.alpha > 0  # by the gradient
        self.clips = self.training.max_grad_norm is not None
        self.descends = estimator.solver == "sgd"
        self.has_momentum = self.descends and estimator.momentum > 0

    @property
    def title(self):
        """What is traced."""
        examples = "one example" if self.m == 1 else f"{self.m} examples"
        return f"One step of a {'-'.join(map(str, self.sizes))} network on {examples}"

    @property
    def settings(self):
        """The hyperparameters of the step."""
        estimator = self.estimator
        rate = float(self.training.optimizer.learning_rate)
        parts = [
            f"g = {estimator.activation}",
            f"α = {rate:g}",
            f"λ = {self.alpha:g}",
        ]
        if self.descends:
            parts.append(f"β = {estimator.momentum:g}")
            parts += ["Nesterov's variant"] * estimator.nesterovs_momentum
        else:
            parts.append(f"solver = {estimator.solver}")
        if self.clips:
            parts.append(f"‖g‖ ≤ {estimator.max_grad_norm:g}")
        if estimator.dropout:
            parts.append(f"dropout p = {estimator.dropout:g}")
        return ", ".join(parts)

    @property
    def parameters(self):
        """How many parameters there are, as a multiple of d and a rest (3.8)."""
        d, n_1 = self.sizes[:2]
        P = count(self.sizes)
        multiple = "d" if n_1 == 1 else f"{n_1}d"
        return f"{multiple} + {P - n_1 * d} = {P:,} parameters, d = {d:,}"

    @property
    def rows(self):
        """All quantities, in the order in which they were computed."""
        noted = self.recorder.noted
        return [
            *self._given(),
            *self._noted(noted.get("forward pass", {})),
            *self._costs(),
            *self._noted(noted.get("backward pass", {})),
            *self._noted(noted.get("update", {})),
            *self._updated(),
        ]

    def _given(self):
        """Yield what the step starts from."""
        given, read = self.recorder.inputs
        yield self._row("given", "x", "", "", given)
        if self.standardised:
            yield self._row("given", "x̃", "L18", "(x − mean) / scale", read)
        yield self._row("given", "y", "", "", self.recorder.chunk.Y[0])
        before = self.recorder.before
        for l in range(1, self.L + 1):
            number = "3.7" if l == 1 else "3.8"
            yield self._row("given", f"W[{l}]", number, "", before.W[l])
            yield self._row("given", f"b[{l}]", number, "", before.b[l])

    def _noted(self, noted):
        """Yield what was noted, but for what repeats what is there already."""
        for key, (quantity, l, array) in noted.items():
            if self._repeats(quantity):
                continue
            if quantity.array.startswith("sum"):
                array = array * self.recorder.share
            number = quantity.number(l, self.L)
            formula, symbol = (
                self._words(text, l) for text in (quantity.formula, quantity.symbol)
            )
            key = key.replace("dL/d", "d") if self.m == 1 else key
            yield self._row(quantity.section, key, number, formula, array, symbol)

    def _repeats(self, quantity):
        """Tell whether a quantity is what another one is, by the settings."""
        if quantity.label == "3.33":
            return not self.has_momentum
        if quantity.label == "3.37":
            return not self.decays
        return quantity.label == "3.32" and self.m == 1

    def _costs(self):
        """Yield the loss of each example, and the cost of the batch."""
        loss = self.training.network.loss
        J, J_L2 = self.recorder.costs
        weighted = "" if self.training.data.weight is None else "weighted "
        formula = f"{weighted}mean of L"
        yield self._row(
            "cost",
            "L",
            loss.equation,
            loss.formula,
            self.recorder.losses[:, np.newaxis],
        )
        yield self._row("cost", "J", "3.32", formula, J)
        if self.decays:
            formula = "J + λ/2 ‖W‖²"
            yield self._row("cost", "J_L2", "3.34–3.36", formula, J_L2)

    def _updated(self):
        """Yield the parameters after the step."""
        after = self.recorder.after
        for l in range(1, self.L + 1):
            for name, array in (("W", after.W[l]), ("b", after.b[l])):
                number, formula = self._rule(name)
                key = f"new {name}[{l}]"
                formula, symbol = self._words(formula, l), f"{name}[{l}] ←"
                yield self._row("update", key, number, formula, array, symbol)

    def _rule(self, name):
        """Return number and formula of the update of weights or biases."""
        before, gradient = f"{name}[l]", f"∂J/∂{name}[l]"
        decays = name == "W" and self.decays
        if not self.descends:
            kept = "(1 − αλ) " if name == "W" and self.decouples else ""
            return "", f"{kept}{before} − α m̂/(√ŝ + ε)"
        if self.clips:
            gradient, decays = f"g_d{before}", False
        if self.estimator.nesterovs_momentum:
            gradient = gradient.replace("J/", "J_L2/") if decays else gradient
            return "", f"{before} − α (β v_d{before} + (1−β) {gradient})"
        if self.has_momentum:
            return "3.33", f"{before} − α v_d{before}"
        number = "3.10, 3.31" if name == "W" else "3.11, 3.31"
        number = "" if self.clips else number
        if decays:
            return "3.38", f"(1 − αλ) {before} − α {gradient}"
        return number, f"{before} − α {gradient}"

    def _words(self, text, l):
        """Write a symbol or a formula as the settings have it."""
        if self.clips and text.startswith("β"):  # an average of gradients
            text = text.replace("∂J/∂", "g_d")
        if self.decays and text.startswith("β"):
            text = text.replace("∂J/∂W", "∂J_L2/∂W")
        if self.decays and "min" in text:  # what is clipped
            text = text.replace("∂J/", "∂J_L2/")
        if self.estimator.dropout:
            text = text.replace("∂J/∂a[l]", "∂J/∂h[l]")
            text = text.replace("a[l-1]", "h[l-1]" if l > 1 else "a[l-1]")
        text = text.replace("output", self.output)
        if self.m == 1:
            text = text.replace("∂J/", "∂L/").replace(", summed over m", "")
        elif self.training.data.weight is not None:
            text = text.replace("/ m", "w / (w̄ m)")
        return in_layer(text, l, x="x̃" if self.standardised else "x")

    def _row(self, section, key, number, formula, value, symbol=None):
        value = np.asarray(value)
        value = value.T.copy() if value.ndim else float(value)
        return TraceRow(section, key, symbol or key, number, formula, value)
