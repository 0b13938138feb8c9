"""Notes down what the equations of a step write, between one and the next."""

import numpy as np
from scipy.sparse import issparse

from .._arithmetic import repeat
from .._lecture import Parameters
from .._training import Descent, MiniBatches
from .quantities import QUANTITIES, in_layer


class Recorder:
    """One step of a `Training` with all its examples as one mini-batch.

    Attributes
    ----------
    before, after : Parameters
        Weights and biases before the step, and those that it changes.
    noted : dict
        By section, and there by name, the quantities that have been computed:
        (quantity, layer, array).
    """

    def __init__(self, training):
        network, theta, data = training.network, training.theta, training.data
        self.training, self.noted = training, {}
        self.descent = Descent(
            network,
            theta,
            training.optimizer,
            alpha=training.alpha,
            dropout=training.dropout,
            dropout_rng=training.dropout_rng,
            max_grad_norm=training.max_grad_norm,
        )
        self.before = Parameters(network.layer_sizes, theta.copy())
        self.after = self.descent.parameters
        batches = MiniBatches(
            network,
            data,
            data.n_rows,
            self._watched_step,
            (),
            theta.dtype,
            dropout=training.dropout > 0,
        )
        ((self.chunk, self.steps),) = batches()

    def _watched_step(self, cache, *arguments):
        """Generate the equations of a step, and behind each that it be noted."""
        self.cache = cache
        self.arrays = self._arrays(cache)
        for label, operations in self.descent.step(cache, *arguments):
            yield label, operations
            if operations:
                yield label, [(self._note, (label, operations[-1][2]), None)]

    def _arrays(self, cache):
        """Return the arrays that hold quantities of layers, lists by layer."""
        grad, optimizer = self.descent.grad, self.training.optimizer
        found = {
            "Z": cache.Z,
            "A": cache.A,
            "H": [None, *cache.H[1:]],
            "mask": cache.mask or [],
            "delta": cache.delta,
            "dA": cache.dA,
            "dW": grad.W,
            "db": grad.b,
        }
        for name in optimizer.degrees:
            kept = Parameters(self.training.network.layer_sizes, optimizer.state[name])
            found |= {f"{name}.W": kept.W, f"{name}.b": kept.b}
        return found

    def _note(self, label, out):
        """Keep what the array ``out``, or each in a list of them, holds by now."""
        for quantity in QUANTITIES.get(label, ()):
            section = self.noted.setdefault(quantity.section, {})
            for l, array in enumerate(self.arrays[quantity.array]):
                if array is not None and _is_in(array, out):
                    key = in_layer(quantity.key, l)
                    section[key] = quantity, l, array.copy()

    def carry_out(self, epoch):
        """Do the step, as one of the ``epoch``, counted from 1."""
        optimizer = self.training.optimizer
        self.training.schedule.start_epoch(epoch, optimizer)
        optimizer.start_epoch()
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            repeat(self.steps)

    @property
    def inputs(self):
        """The inputs as the user gave them, and as the network reads them."""
        read = self.cache.H[0]
        read = read if isinstance(read, np.ndarray) else read.rows
        return [X.toarray() if issparse(X) else X for X in (self.training.data.X, read)]

    @property
    def losses(self):
        """L of each example, (m,)."""
        chunk = self.chunk
        loss = self.training.network.loss.loss_after_delta
        return loss(chunk.logits[0], chunk.Y[0], chunk.totals[0])

    @property
    def costs(self):
        """J (3.32) and J_L2 (3.34)."""
        (J,), (norm,) = self.chunk.costs()
        return J, J + self.training.alpha / 2 * norm

    @property
    def share(self):
        """1 − β, by which SGD's sum of gradients is the average v."""
        return self.training.optimizer.state["share"]


def _is_in(array, out):
    arrays = out if isinstance(out, list) else [out]
    return any(np.may_share_memory(array, other) for other in arrays)
