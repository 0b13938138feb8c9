"""How the fits of a piece are done: preparation once, then stack by stack."""

from collections import defaultdict
from copy import copy

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

from .._estimators import Ending, divergence, warn_of_how_it_ended
from .._lecture import OPTIMIZERS
from .._training import Observer, Patience
from .evaluation import last_step, share_transforms, with_last_step
from .stacks import can_be_stacked

STACK_BYTES = 2**25  # of parameters and activations; a stack that needs more is cut


def train(fits, X, y, fit_params):
    """Return for each fit of a piece the fitted estimator, or why it has failed."""
    estimators = [fit.candidate() for fit in fits]
    networks = [last_step(estimator) for estimator in estimators]
    side_by_side = SideBySide(networks, [fit.stack for fit in fits])
    whole = with_last_step(estimators[0], side_by_side)
    try:
        whole.fit(X, y, **fit_params)
    except Exception as error:
        return [error] * len(fits)
    whole = share_transforms(whole)
    return [
        with_last_step(whole, network) if error is None else error
        for network, error in zip(networks, side_by_side.errors, strict=True)
    ]


class SideBySide(BaseEstimator):
    """Several networks as one last step: what comes before is done for all of them."""

    def __init__(self, networks, stacks):
        self.networks, self.stacks = networks, stacks

    def get_metadata_routing(self):
        """Ask for what the networks ask for."""
        return self.networks[0].get_metadata_routing()

    def fit(self, X, y=None, **params):
        """Train stack by stack, and note in ``errors`` what has failed, or None."""
        self.errors = []
        stacks = defaultdict(list)
        for network, stack in zip(self.networks, self.stacks, strict=True):
            stacks[stack].append(network)  # neighbours, so the order stays
        for networks in stacks.values():
            if can_be_stacked(networks[0]):
                self.errors += train_stack(networks, X, y, params)
            else:
                self.errors += [train_alone(one, X, y, params) for one in networks]
        return self


def train_alone(network, X, y, params):
    """Fit a network as `GridSearchCV` would; return what went wrong, or None."""
    try:
        network.fit(X, y, **params)
    except Exception as error:
        return error


def train_stack(networks, X, y, params):
    """Fit networks that differ in `STACKED` only; return what went wrong, or None."""
    errors, valid = {}, []
    for network in networks:
        try:
            network._check()
            valid.append(network)
        except Exception as error:
            errors[network] = error
    try:
        if valid:
            leader = copy(valid[0])
            if leader.random_state is None:
                leader.random_state = check_random_state(None).randint(2**31 - 1)
            run = leader._prepare(X, y, **params)
            n_parts = -(-len(valid) // largest_stack(run))
            for part in np.array_split(np.arange(len(valid)), n_parts):
                errors |= descend([valid[i] for i in part], run)
    except Exception as error:
        errors |= dict.fromkeys(valid, error)
    return [errors.get(network) for network in networks]


def largest_stack(run):
    """Return how many networks train together within `STACK_BYTES`, one at least."""
    draft = run.draft
    n_units = sum(b.size for b in draft.intercepts_)
    numbers = 8 * draft.n_parameters_ + 6 * run.batch_size * n_units
    return max(1, STACK_BYTES // (numbers * draft.coefs_[0].itemsize))


class Rates(Observer):
    """The learning rate of every network in its latest epoch."""

    def __init__(self, training):
        self.training, self.latest = training, {}

    def after_epoch(self, epoch, outcomes):
        """Note the rates of those that are still in the stack."""
        rates = self.training.optimizer.learning_rate[:, 0].tolist()
        self.latest |= zip(self.training.running.tolist(), rates, strict=True)


def descend(networks, run):
    """Train networks together, each from a copy of the run's draft; return errors.

    The run's chance is copied too, so one run serves several stacks.
    """
    leader = networks[0]
    runs = [run.of(network) for network in networks]
    stack = {
        "alpha": [one.alpha for one in runs],
        "learning_rate": [one.starting_rate for one in runs],
    }
    if "momentum" in OPTIMIZERS[leader.solver].settings:
        stack["momentum"] = [float(network.momentum) for network in networks]
    training = runs[0].training(stack)
    patience = Patience(leader.tol, leader.n_iter_no_change, len(networks))
    rates = Rates(training)
    endings = [
        Ending(one, outcome)
        for one, outcome in zip(runs, training.outcomes, strict=True)
    ]
    training.run(leader.max_iter, patience, [rates])
    errors = {}
    for i, (network, one, ending) in enumerate(
        zip(networks, runs, endings, strict=True)
    ):
        if ending.outcome.status == "diverged":
            errors[network] = ValueError(divergence(network, ending))
            continue
        one.draft.learning_rate_ = rates.latest[i]
        network._adopt(one.learned(ending.outcome, resume=False))
        try:
            warn_of_how_it_ended(network, ending)
        except Warning as warning:  # for users who make errors of them
            errors[network] = warning
    return errors
