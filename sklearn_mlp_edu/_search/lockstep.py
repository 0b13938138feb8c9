"""All strengths on all folds, trained side by side, epoch by epoch.

Each fold has a stack with a network for each strength. After every round of `AT_ONCE`
epochs the networks are judged on the rows that their fold held out. A strength is
trained until the mean of these losses over the folds has ceased to fall, as boosting's
rounds are chosen by cross-validation. The networks that are kept are those of the best
epoch, and to be honest, for each fold it is the epoch that was best on *the other*
folds: what a network scores on the rows that its fold held out has been chosen without
them.

A strength that is plainly beaten is given up earlier. Plainly means that its lowest
loss is above that of the best by more than `PLAINLY` standard errors of their
difference, paired by folds, and that it would remain so if it gained `AHEAD` times as
much again as in its latest `SPELL` rounds.

At last the one that has been chosen goes on alone, with patience anew, for which
progress counts that is `FINER` times smaller. Only then ``learning_rate="auto"`` lowers
its rate: to compare strengths, the first rate will do. What a lower rate gains comes at
once, so `WAITED` of patience are over when it begins.
"""

from itertools import chain
from typing import NamedTuple

import numpy as np

from .._lecture import pack
from .._training import Outcome, Patience, minimise
from .threads import one_by_one

AT_ONCE = 2  # epochs, which keep threads busy for longer than one would
FINER, WAITED = 3, 0.7
PLAINLY, AHEAD, SPELL = 2.0, 2.0, 2
WORTH_THREADS = 4e6  # of a step's work; with less, threads wait for each other,
WORTH_THREADS_COMPILED = 2e6  # but compiled steps need Python once for many of them


class Found(NamedTuple):
    """What training has led to, for K folds and M strengths."""

    alphas: np.ndarray  # (M,)
    thetas: np.ndarray  # (K, M, P)
    epochs: np.ndarray  # (K, M), how many led there; 0 where training has failed
    n_epochs: np.ndarray  # (M,), the best number of them on all folds
    loss_curves: list  # K lists of M lists of costs
    lowest: list  # M lists: the lowest mean held-out loss up to each round
    lowered: list  # M lists of epochs after which the learning rate was lowered
    unfinished: np.ndarray  # (M,), whether max_iter has come first

    @classmethod
    def joined(cls, parts):
        """Join the results for several sets of strengths, strengths rising."""
        order = np.argsort(np.concatenate([part.alphas for part in parts]))

        def join(name, axis):
            arrays = [getattr(part, name) for part in parts]
            return np.take(np.concatenate(arrays, axis), order, axis)

        curves = [
            list(chain(*rows))
            for rows in zip(*(part.loss_curves for part in parts), strict=True)
        ]
        lowest, lowered = (
            list(chain(*(getattr(part, name) for part in parts)))
            for name in ("lowest", "lowered")
        )
        return cls(
            join("alphas", 0),
            join("thetas", 1),
            join("epochs", 1),
            join("n_epochs", 0),
            [[curve[i] for i in order] for curve in curves],
            [lowest[i] for i in order],
            [lowered[i] for i in order],
            join("unfinished", 0),
        )


class Lockstep:
    """The training of M strengths on K folds."""

    def __init__(self, folds, alphas, shared_out=one_by_one, observers=()):
        self.folds, self.alphas, self.network = folds, alphas, folds[0].network
        self.shared_out, self.observers = shared_out, observers
        self.trainings = [fold.training(alphas) for fold in folds]
        self.is_compiled = self.trainings[0].engine.is_compiled
        self.judges = [self._judge(k) for k in range(len(folds))]
        self.thetas = np.stack([training.theta for training in self.trainings])
        self.lowest = np.full((len(folds), len(alphas)), np.inf)  # of the other folds
        self.epochs = np.zeros((len(folds), len(alphas)), int)
        self.lowest_mean = np.full(len(alphas), np.inf)
        self.at_lowest = np.full((len(folds), len(alphas)), np.inf)  # the folds' losses
        self.history = []  # of lowest_mean, a round each
        self.n_done = 0  # epochs
        self.n_epochs = np.zeros(len(alphas), int)
        self.lowered = [[] for _ in alphas]
        self.running = np.arange(len(alphas))
        tol, limit = self.network.tol, self.network.n_iter_no_change
        self.patience = Patience(tol, limit / AT_ONCE, len(alphas))
        self.asked_to_stop = False
        self.may_lower_rates = self.network.learning_rate != "auto"

    def run(self):
        """Train until patience is over for all; the best one then stays."""
        while self.patience.lasts().any() and not self.asked_to_stop:
            stop = min(self.n_done + AT_ONCE, self.network.max_iter)
            if stop == self.n_done:
                return
            epochs = range(self.n_done + 1, stop + 1)
            means = self._advance(epochs)
            for epoch in epochs:
                self._tell(epoch)
            leaving = self._leaving(means)
            if leaving.any():
                self._keep(~leaving)

    def finish(self, alpha):
        """Let a strength go on alone, with patience anew, if it has not left."""
        mask = self.alphas[self.running] == alpha
        self._keep(mask)
        self.patience.tol /= FINER
        self.patience.start_again(slice(None))
        self.may_lower_rates = True
        if mask.any():
            self.run()

    def _is_worth_threads(self):
        """Tell whether folds have so much work that threads should share it.

        That is how many products of a weight and an input a step has, or where steps
        are compiled, an epoch.
        """
        training = self.trainings[0]
        if self.is_compiled:
            work = training.theta.size * training.data.n_rows
            return work >= WORTH_THREADS_COMPILED
        return training.theta.size * training.batch_size >= WORTH_THREADS

    def _judge(self, k):
        training = self.trainings[k]
        engineer = training.engine.preparing(training.theta)
        return self.folds[k].judge(training.theta, engineer)

    def _advance(self, epochs):
        """Train for a round, keep what is best so far, and return the mean losses."""
        n_folds = len(self.folds)
        train = self.shared_out if self._is_worth_threads() else one_by_one
        results = train(lambda k, i: self._train(k, epochs, i), n_folds, len(epochs))
        losses, diverged = zip(*(of_fold[-1] for of_fold in results), strict=True)
        losses, failed = np.stack(losses), np.any(diverged, axis=0)
        self.n_done = epoch = epochs[-1]
        means = losses.mean(axis=0)
        better = means < self.lowest_mean[self.running]
        self.lowest_mean[self.running[better]] = means[better]
        self.at_lowest[:, self.running[better]] = losses[:, better]
        self.history.append(self.lowest_mean.copy())
        self.n_epochs[self.running[better]] = epoch
        others = of_others(losses)
        for k, training in enumerate(self.trainings):
            here = others[k] < self.lowest[k, self.running]
            columns = self.running[here]
            self.lowest[k, columns] = others[k, here]
            self.epochs[k, columns] = epoch
            self.thetas[k, columns] = training.theta[here]
        self.epochs[:, self.running[failed]] = 0
        self.lowest_mean[self.running[failed]] = np.inf
        return means

    def _train(self, k, epochs, i):
        """Train a fold's stack for an epoch; return its losses where it is the last."""
        diverged, _ = self.trainings[k].advance(epochs[i])
        if i == len(epochs) - 1:
            return np.where(diverged, np.inf, self.judges[k].losses()), diverged

    def _tell(self, epoch):
        """Tell observers of an epoch."""
        for observer in self.observers:
            observer.before_epoch(epoch)
            if observer.after_epoch(epoch, [self]):
                self.asked_to_stop = True

    def _leaving(self, means):
        """Tell which strengths need no more epochs."""
        over = self.patience.is_over(means)
        if over.any() and self.may_lower_rates:
            over &= ~self._lower(over)
        over &= self.running != self._leader()
        return over | np.isinf(means) | self._beaten()[self.running]

    def _lower(self, over):
        """Lower the rates of strengths whose patience is over; tell which go on."""
        for training in self.trainings:
            going_on = training.schedule.go_on(over, training.optimizer)
        self.patience.start_again(going_on, WAITED)
        for column in self.running[going_on]:
            self.lowered[column].append(self.n_done)
        return going_on

    def _leader(self):
        """Return the strongest strength that is as good as any."""
        lowest = self.lowest_mean
        return np.flatnonzero(lowest <= lowest.min() + self.network.tol)[-1]

    @np.errstate(over="ignore", invalid="ignore")  # by losses of 1e200
    def _beaten(self):
        """Tell which strengths are plainly beaten, (M,) of bool."""
        n_folds, lowest = len(self.folds), self.lowest_mean
        if n_folds == 1 or len(self.history) <= SPELL or np.isinf(lowest).any():
            return np.zeros(len(lowest), bool)
        excess = self.at_lowest - self.at_lowest[:, [self._leader()]]
        error = excess.std(axis=0, ddof=1) / np.sqrt(n_folds)
        hope = AHEAD * (self.history[-SPELL - 1] - lowest)
        return excess.mean(axis=0) - np.maximum(PLAINLY * error, hope) > 0

    def _keep(self, mask):
        """Go on with some of the strengths."""
        self.running = self.running[mask]
        self.patience.keep(mask)
        if len(self.running):
            for k, training in enumerate(self.trainings):
                training.keep(mask)
                if not self.judges[k].shrink(len(self.running)):
                    self.judges[k] = self._judge(k)

    @property
    def found(self):
        """Return what training has led to so far."""
        curves = [
            [outcome.loss_curve[:n] for outcome, n in zip(t.outcomes, ns, strict=True)]
            for t, ns in zip(self.trainings, self.epochs, strict=True)
        ]
        lasted = [len(outcome.loss_curve) for outcome in self.trainings[0].outcomes]
        lowest = [
            [row[m] for row in self.history[: -(-n // AT_ONCE)]]
            for m, n in enumerate(lasted)
        ]
        unfinished = np.zeros(len(self.alphas), bool)
        if not self.asked_to_stop:
            unfinished[self.running] = self.patience.lasts()
        return Found(
            self.alphas,
            self.thetas,
            self.epochs,
            self.n_epochs,
            curves,
            lowest,
            self.lowered,
            unfinished,
        )


def of_others(losses):
    """Return for each fold the mean loss on the others, of shape (K, M)."""
    n_folds = len(losses)
    if n_folds == 1:
        return losses
    with np.errstate(invalid="ignore"):  # inf − inf, which is lower than nothing
        return (losses.sum(axis=0) - losses) / (n_folds - 1)


class Minimisation:
    """The same by L-BFGS, which watches no held-out losses."""

    asked_to_stop = False

    def __init__(self, folds, alphas, shared_out=one_by_one, observers=()):
        self.folds, self.alphas, self.shared_out = folds, alphas, shared_out

    def run(self):
        """Minimise every cost."""
        folds, alphas = self.folds, self.alphas
        results = self.shared_out(lambda k, _: _minimise(folds[k], alphas), len(folds))
        rows = [row for (row,) in results]
        n = np.array([[len(outcome.loss_curve) for outcome in row] for row in rows])
        status = np.array([[outcome.status for outcome in row] for row in rows])
        thetas = np.stack([[outcome.theta for outcome in row] for row in rows])
        pairs = zip(folds, thetas, strict=True)
        losses = np.mean([fold.losses(theta) for fold, theta in pairs], axis=0)
        self.found = Found(
            alphas,
            thetas,
            n * (status != "diverged"),
            np.rint(n.mean(axis=0)).astype(int),
            [[outcome.loss_curve for outcome in row] for row in rows],
            [[loss] for loss in losses],
            [[] for _ in alphas],
            (status == "unfinished").any(axis=0),
        )

    def finish(self, alpha):
        """There is nothing to go on with: this is the minimum."""


def _minimise(fold, alphas):
    """Return the outcome of L-BFGS for each strength.

    Each network starts from the one with the next stronger regularisation.
    """
    network, draft, row = fold.network, fold.run.draft, {}
    theta = pack(draft.coefs_, draft.intercepts_)
    for alpha in sorted(alphas, reverse=True):
        row[alpha] = outcome = Outcome(theta.copy())
        minimise(
            draft._network(),
            outcome,
            fold.run.data,
            alpha=alpha,
            max_iter=network.max_iter,
            max_fun=network.max_fun,
            tol=network.tol,
            observers=(),
        )
        theta = outcome.theta
    return [row[alpha] for alpha in alphas]
