"""How an estimator learns: from checked data through training to attributes.

Training acts on a draft, a copy of the estimator, which the estimator becomes when all
has gone well. So nothing that fails can leave it half changed.
"""

import warnings
from copy import copy, deepcopy
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from ._activations import ACTIVATIONS
from ._initializers import initial_parameters
from ._labels import Labels, check_labels
from ._network import Network, Parameters, pack, predict_logits
from ._optimizers import SGD, default_learning_rate
from ._training import Training, progress_printer
from ._validation import PARAMETER_CONSTRAINTS, check_hidden_layer_sizes

AUTO_BATCH_SIZE = 200
FLOATS = [np.float64, np.float32]


class BaseMLP(BaseEstimator):
    """What `fit`, `partial_fit` and the predictions of an estimator are made of."""

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def _draft(self, keep_learned):
        """Return a copy to be trained, so that failure leaves ``self`` as it was."""
        self._validate_params()
        check_hidden_layer_sizes(self.hidden_layer_sizes)
        if self.nesterovs_momentum and self.momentum == 0:
            raise ValueError(
                "nesterovs_momentum=True has no effect with momentum=0; pass momentum "
                "in (0, 1), or nesterovs_momentum=False."
            )
        draft = copy(self)
        if not keep_learned:
            for name in [name for name in vars(draft) if name.endswith("_")]:
                delattr(draft, name)
        return draft

    def _adopt(self, draft):
        """Become what ``draft`` is."""
        for name in vars(self).keys() - vars(draft).keys():
            delattr(self, name)
        vars(self).update(vars(draft))

    def _check_examples(self, X, y, dtype, reset):
        X, y = validate_data(
            self, X, y, accept_sparse="csr", dtype=dtype, multi_output=True, reset=reset
        )
        return X, check_labels(y)

    def _initialise(self, labels, dtype, rng):
        """Set all that is known before training."""
        hidden = check_hidden_layer_sizes(self.hidden_layer_sizes)
        layer_sizes = (self.n_features_in_, *hidden, labels.n_outputs)
        theta = initial_parameters(self.init, self.activation, layer_sizes, rng, dtype)
        self.classes_ = labels.classes
        self.n_outputs_ = labels.n_outputs
        self.out_activation_ = labels.loss.out_activation
        self.n_layers_ = len(layer_sizes)
        self.n_parameters_ = theta.size
        self.loss_curve_ = []
        self.t_ = 0
        self._hidden_activation_ = self.activation
        self._set_layers(layer_sizes, theta)

    def _set_layers(self, layer_sizes, theta):
        parameters = Parameters(layer_sizes, theta)
        self.coefs_ = parameters.W[1:]
        self.intercepts_ = [b[0] for b in parameters.b[1:]]

    def _train(self, draft, data, rng, max_iter, patience):
        """Train ``draft``, become it, and return how the training ended."""
        theta = pack(draft.coefs_, draft.intercepts_)
        batch_size = self._batch_size(data)
        if self.learning_rate_init != "auto":
            draft.learning_rate_ = float(self.learning_rate_init)
        elif not draft.loss_curve_:  # partial_fit goes on with the rate of its start
            draft.learning_rate_ = default_learning_rate(data, self.batch_size)
        optimizer = SGD(
            theta,
            learning_rate=draft.learning_rate_,
            momentum=self.momentum,
            nesterov=self.nesterovs_momentum,
            state=deepcopy(getattr(draft, "_optimizer_state_", None)),
        )
        training = Training(
            draft._network(),
            theta,
            data,
            optimizer,
            alpha=self.alpha,
            batch_size=batch_size,
            rng=rng if self.shuffle else None,
        )
        (outcome,) = training.outcomes
        report = None
        if self.verbose:
            report = progress_printer(self.verbose, len(draft.loss_curve_))
        try:
            training.run(max_iter, patience, report)
        except KeyboardInterrupt:
            if outcome.loss_curve:  # keep the epochs that were finished
                self._adopt(draft._with_learned(outcome, data))
            raise
        if outcome.status == "diverged":
            raise ValueError(self._divergence(draft, outcome))
        if hasattr(draft, "_optimizer_state_"):
            draft._optimizer_state_ = optimizer.state
        self._adopt(draft._with_learned(outcome, data))
        return outcome.status

    def _with_learned(self, outcome, data):
        """Note what a training resulted in."""
        self._set_layers(self._network().layer_sizes, outcome.theta)
        self.loss_curve_ = self.loss_curve_ + outcome.loss_curve
        self.loss_ = self.loss_curve_[-1]
        self.best_loss_ = min(self.loss_curve_)
        self.n_iter_ = len(self.loss_curve_)
        self.t_ += data.X.shape[0] * len(outcome.loss_curve)
        return self

    def _divergence(self, draft, outcome):
        epoch = len(draft.loss_curve_) + len(outcome.loss_curve)
        return (
            f"Training diverged in epoch {epoch} with learning_rate_init="
            f"{draft.learning_rate_:.6g}: the cost has risen to "
            f"{outcome.loss_curve[-1]:.3g}, or weights are exploding. Scale the inputs, for instance "
            "with StandardScaler in a Pipeline, or lower learning_rate_init."
        )

    def _batch_size(self, data):
        """Return B, the number of examples in a mini-batch."""
        n_rows = data.X.shape[0]
        if self.batch_size == "full":
            return n_rows
        size = AUTO_BATCH_SIZE if self.batch_size == "auto" else self.batch_size
        return min(size, n_rows)

    def _labels(self):
        multilabel = self.out_activation_ == "sigmoid" and self.n_outputs_ > 1
        return Labels(self.classes_, multilabel)

    def _network(self):
        """Return the fitted architecture, whatever the parameters say by now."""
        sizes = (self.coefs_[0].shape[0], *(W.shape[1] for W in self.coefs_))
        activation = ACTIVATIONS[self._hidden_activation_]
        return Network(sizes, activation, self._labels().loss)

    def _logits(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=FLOATS, reset=False)
        W = [None, *self.coefs_]
        b = [None, *(b[np.newaxis] for b in self.intercepts_)]
        return predict_logits(self._network(), W, b, X)

    def _check_unchanged(self, classes):
        """Refuse to continue with another network or other classes."""
        hidden = self._network().layer_sizes[1:-1]
        wanted = check_hidden_layer_sizes(self.hidden_layer_sizes)
        if (wanted, self.activation) != (hidden, self._hidden_activation_):
            raise ValueError(
                f"partial_fit continues a network with hidden_layer_sizes={hidden} and "
                f"activation={self._hidden_activation_!r}, but the parameters are now "
                f"{wanted} and {self.activation!r}. Set them back, or call fit to "
                "start anew."
            )
        if classes is not None and not np.array_equal(
            np.unique(classes), self.classes_
        ):
            raise ValueError(
                f"classes={np.unique(classes).tolist()} differ from those of the first "
                f"call, {self.classes_.tolist()}. Leave classes out, or call fit to "
                "start anew."
            )

    def _warn_of_large_batch(self, n_rows):
        if isinstance(self.batch_size, Integral) and self.batch_size > n_rows:
            warnings.warn(
                f"batch_size={self.batch_size} is more than the {n_rows} training "
                "examples, so every step uses all of them; batch_size='full' says so.",
                UserWarning,
                stacklevel=3,
            )

    def _warn_of_no_convergence(self, status):
        if self.loss_ > self.loss_curve_[0] + self.tol:
            message = (
                f"Training ended with a higher cost, {self.loss_:.3g}, than after its "
                f"first epoch, {self.loss_curve_[0]:.3g}. Scale the inputs, for instance "
                "with StandardScaler in a Pipeline, or lower learning_rate_init."
            )
        elif status == "unfinished" and self.n_iter_no_change < np.inf:
            message = (
                f"Training stopped at max_iter={self.max_iter} epochs while the cost was "
                f"still falling by more than tol={self.tol}. Raise max_iter, or "
                "learning_rate_init if the cost falls slowly."
            )
        else:
            return
        warnings.warn(message, ConvergenceWarning, stacklevel=3)
