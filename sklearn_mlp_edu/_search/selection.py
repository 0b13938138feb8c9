"""From folds and strengths to the chosen one: training, growth of the grid, refit."""

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._estimators import warn
from .._training import Observer
from .beginning import OF_CLASSES
from .choosing import MOST_GROWTHS, best_of, beyond, fitted, is_narrow, score
from .folds import Fold
from .lockstep import Found, Lockstep, Minimisation
from .temperature import sharpen, temper
from .threads import by_threads

STACK_BYTES = 2**28  # of networks in training at once; strengths then take turns
ARRAYS = 5  # of the size of the parameters: they, gradient, velocity, best and latest


class Selection:
    """Strengths tried on folds, and the one with the best score.

    Attributes
    ----------
    found : Found
    scores, train_scores : ndarray of shape (n_folds, n_strengths)
    best : int
        Column of the chosen strength.
    sharpness : ndarray of shape (n_folds, n_strengths)
        The logarithm of what each network's logits were multiplied by.
    """

    def __init__(self, folds, parts, scoring):
        """Join and score what was found; ``scoring`` is how."""
        self.folds, self.found = folds, Found.joined(parts)  # copies
        self.sharpness = np.zeros(self.found.epochs.shape)
        self.scores = score(folds, self.found, "judged_by", scoring)
        self.best = best_of(self.scores, folds[0].network.tol)
        if folds[0].run.targets.loss.out_activation in OF_CLASSES:
            self.sharpness = temper(folds, self.found.thetas)
            self.scores = score(folds, self.found, "judged_by", scoring)
        self.train_scores = score(folds, self.found, "train", scoring)

    @classmethod
    def among(cls, owner, folds, alphas, scoring, observers=()):
        """Train all, and where ``owner`` leaves the grid to us, let it grow."""
        n_growths = MOST_GROWTHS if isinstance(owner.alphas, int | np.integer) else 0
        stacks, new = [], alphas
        with by_threads(owner.n_jobs, len(folds)) as shared_out:
            while True:
                for part in _parts(new, folds):
                    stacks.append(_work(folds)(folds, part, shared_out, observers))
                    stacks[-1].run()
                found = Found.joined([stack.found for stack in stacks])
                scores = score(folds, found, "judged_by", scoring)
                best = best_of(scores, owner.tol)
                if best is None:
                    raise ValueError(_failure(folds[0].network))
                enough = stacks[-1].asked_to_stop or not n_growths
                if enough or not is_narrow(found, best, owner.tol):
                    break
                new, n_growths = beyond(found.alphas, best), n_growths - 1
            for stack in stacks:
                stack.finish(found.alphas[best])
        return cls(folds, [stack.found for stack in stacks], scoring)

    def warn_if_unfinished(self):
        """Warn where ``max_iter`` has ended what patience would not."""
        network = self.folds[0].network
        if network.n_iter_no_change < np.inf and self.found.unfinished[self.best]:
            warn(
                f"Training stopped at max_iter={network.max_iter} epochs, or "
                "iterations of L-BFGS, before the chosen strength had settled to "
                f"within tol={network.tol}. Raise max_iter.",
                ConvergenceWarning,
            )

    def networks(self):
        """Return the fitted networks of the chosen strength, fold by fold."""
        return [
            fitted(self.folds, self.found, k, self.best) for k in range(len(self.folds))
        ]

    def single(self, network, examples):
        """Return a network of the chosen strength, fitted to all examples.

        It is trained for as many epochs as were best on the folds.
        """
        rows, m = np.arange(len(examples.y)), self.best
        (fold,) = Fold.all_of([network], examples, [(rows, rows)])
        alpha = self.found.alphas[m]
        if network.solver == "lbfgs":
            work = Minimisation([fold], np.array([alpha]))
            work.run()
            self._sharpen(work.found.thetas[0])
            return fitted([fold], work.found, 0, 0)
        training = fold.training([alpha])
        for epoch in range(1, max(1, self.found.n_epochs[m]) + 1):
            diverged, _ = training.advance(epoch)
            if diverged[0]:
                raise ValueError(_failure(network))
            if epoch in self.found.lowered[m]:
                training.schedule.go_on(np.array([True]), training.optimizer)
        self._sharpen(training.theta)
        curve = training.outcomes[0].loss_curve
        return fold.estimator(alpha, training.theta[0], curve)

    def _sharpen(self, theta):
        """Let a network, (1, P), be as sure as those of the folds are in the mean."""
        logs = self.sharpness[:, [self.best]].mean(axis=0)
        sharpen(self.folds[0].run.draft._network(), theta, logs)


def _work(folds):
    """Return what trains a stack on each fold."""
    return Minimisation if folds[0].network.solver == "lbfgs" else Lockstep


def _parts(alphas, folds):
    """Return the strengths in as many parts as memory makes necessary.

    What is found depends on which are trained together, so that this must depend on the
    sizes of networks only.
    """
    first = folds[0].run.draft
    bytes_each = ARRAYS * len(folds) * first.n_parameters_ * first.coefs_[0].itemsize
    n_parts = min(len(alphas), -(-len(alphas) * bytes_each // STACK_BYTES))
    return [alphas[start::n_parts] for start in range(n_parts)]


class Printer(Observer):
    """Prints every ``verbose``-th epoch on a line of its own."""

    def __init__(self, verbose):
        self.verbose = verbose

    def after_epoch(self, epoch, outcomes):
        """Print how many strengths are still trained, and the lowest held-out loss."""
        (lockstep,) = outcomes
        if epoch == 1:
            print(f"{'epoch':>7}  {'strengths':>9}  {'lowest loss':>12}  {'alpha':>9}")
        if epoch % self.verbose == 0:
            best = int(np.argmin(lockstep.lowest_mean))
            loss, alpha = lockstep.lowest_mean[best], lockstep.alphas[best]
            line = f"{epoch:>7}  {len(lockstep.running):>9}  {loss:>12.6f}"
            print(f"{line}  {alpha:>9.3g}")


def _failure(network):
    advice = "raise alphas"
    if network.solver != "lbfgs":
        rate = network.learning_rate_init
        advice = f"lower learning_rate_init, which is {rate!r}"
    if not network.standardize:
        advice = f"let standardize=True standardise the inputs, or {advice}"
    return (
        "Training diverged with every strength: costs have risen, or weights are "
        f"exploding. Scale extreme values, or {advice}."
    )
