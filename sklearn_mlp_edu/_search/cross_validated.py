"""The network that chooses its own strength: what classes and numbers have in common.

What the targets are, only the public classes know, `LectureMLPClassifierCV` and
`LectureMLPRegressorCV`.
"""

from __future__ import annotations

from copy import copy
from numbers import Integral

import numpy as np
from sklearn import get_config
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    process_routing,
)
from sklearn.utils.validation import check_is_fitted, validate_data

from .._estimators import (
    FLOATS,
    CallbackSupport,
    OutputsOfExamples,
    canonical,
    check_parameters,
    check_weight,
    floats_expected,
    follow,
)
from .attributes import learned_from
from .choosing import Scoring, splits_of, strengths
from .describing import describe
from .folds import Examples, Fold
from .selection import Printer, Selection

REPLACED = {"alpha", "warm_start", "early_stopping", "validation_fraction"}
OWN_CONSTRAINTS = {
    "alphas": "no_validation",  # by strengths
    "cv": ["cv_object"],
    "scoring": [str, callable, None],
    "refit": [StrOptions({"ensemble", "single"})],
    "n_jobs": [Integral, None],
}


def constraints_of(kind):
    """Return what the parameters of a cross-validated ``kind`` of network may hold."""
    shared = kind._parameter_constraints
    return {n: c for n, c in shared.items() if n not in REPLACED} | OWN_CONSTRAINTS


class CrossValidatedMLP(CallbackSupport, OutputsOfExamples):
    """What `fit` is made of.

    A subclass tells the ``_kind`` of network that it trains; how ``_deal`` gives rows
    to folds where ``cv`` is a number, as the functions in `dealing` do; and by
    ``_quick_scores``, {scoring: function}, which scores the folds know without asking
    scikit-learn. ``_score`` is the name of what `score` returns. ``_note_targets`` sets
    attributes. How the networks predict together is in `averaging`.
    """

    def _fit(self, X, y, sample_weight, params):
        """Choose the strength by cross-validation, and keep the networks."""
        task = follow(self, X, y, sample_weight)
        rng = check_random_state(self.random_state)
        state = rng.get_state()
        try:
            draft = self._trained(X, y, sample_weight, params, rng, task)
        except BaseException:
            rng.set_state(state)
            raise
        kept = {n: value for n, value in vars(self).items() if not n.endswith("_")}
        self.__dict__ = kept | draft  # in one step that no interruption divides
        if task is not None:
            task.finish()
        return self

    def _trained(self, X, y, sample_weight, params, rng, task):
        """Return the learned attributes."""
        check_parameters(self)
        (network,) = self._networks([0])
        network._check()
        for_splitter, for_scorer = self._routed(params)
        draft = copy(self)
        for name in [name for name in vars(draft) if name.endswith("_")]:
            delattr(draft, name)
        examples, splits = self._read(draft, network, X, y, sample_weight, for_splitter)
        n_rows = int(np.median([len(train) for train, _ in splits]))
        prior = examples.targets.loss.prior
        alphas = strengths(self.alphas, self.solver, n_rows, prior)
        *seeds, last_seed = rng.randint(2**31 - 1, size=len(splits) + 1)
        folds = Fold.all_of(self._networks(seeds), examples, splits)
        (network,) = self._networks([last_seed])
        quick = None if callable(self.scoring) else self._quick_scores.get(self.scoring)
        scorer = check_scoring(network, self.scoring) if quick is None else None
        scoring = Scoring(quick, scorer, for_scorer)
        observers = [Printer(self.verbose)] if self.verbose else []
        if task is not None:
            task.learned = lambda lockstep: learned_from(
                copy(draft), Selection(folds, [lockstep.found], scoring), network
            )
            observers.append(task)
        selection = Selection.among(self, folds, alphas, scoring, observers)
        selection.warn_if_unfinished()
        return learned_from(draft, selection, network)

    def _networks(self, seeds):
        """Return a network for each seed, with the parameters that both share."""
        names = self._parameter_constraints.keys() - OWN_CONSTRAINTS.keys()
        shared = {name: getattr(self, name) for name in names} | {"verbose": False}
        return [self._kind(**shared | {"random_state": int(seed)}) for seed in seeds]

    def _read(self, draft, network, X, y, sample_weight, for_splitter):
        """Return `Examples` and splits, and note in the draft what X and y are."""
        with floats_expected():
            X, y = validate_data(
                draft, X, y, accept_sparse="csr", dtype=FLOATS, multi_output=True
            )
            X, y = canonical(X), network._check_targets(y)
        targets = network._read(y)
        draft._note_targets(targets)
        weight, y = check_weight(sample_weight, X), targets.encode(y)
        halve = self.standardize and self.solver != "lbfgs"
        splits = splits_of(self.cv, self._deal, X, y, weight, targets, for_splitter)
        return Examples.read(X, y, weight, targets, halve), splits

    def _note_targets(self, targets):
        """Nothing to note."""

    def _routed(self, params):
        """Return what to pass to the splitter, and what to the scorer.

        Weights are not among it: they count in scores anyway.
        """
        if get_config()["enable_metadata_routing"]:
            routed = process_routing(self, "fit", **params)
            return routed.splitter.split, routed.scorer.score
        unknown = params.keys() - {"groups"}
        if unknown:
            raise TypeError(
                f"fit takes groups for the splitter, got {sorted(unknown)}; more can "
                "be passed with sklearn.set_config(enable_metadata_routing=True)."
            )
        return params, {}

    def get_metadata_routing(self) -> MetadataRouter:
        """Say what `fit` hands on: ``groups`` to the splitter, and so on.

        Returns
        -------
        routing : MetadataRouter
        """
        router = MetadataRouter(owner=self).add_self_request(self)
        mapping = MethodMapping().add(caller="fit", callee="split")
        router.add(splitter=check_cv(self.cv), method_mapping=mapping)
        mapping = MethodMapping().add(caller="fit", callee="score")
        scorer = check_scoring(self._kind(), self.scoring)
        return router.add(scorer=scorer, method_mapping=mapping)

    def summary(self) -> str:
        """Say which strength was chosen, both scores, the gap, and what it means.

        Returns
        -------
        text : str
            To be printed.

        Examples
        --------
        >>> from sklearn.datasets import load_iris
        >>> from sklearn_mlp_edu import LectureMLPClassifierCV
        >>> network = LectureMLPClassifierCV(alphas=[0.01, 0.1, 1], random_state=0)
        >>> text = network.fit(*load_iris(return_X_y=True)).summary()
        >>> print(text.splitlines()[0])
        alpha  0.01, of 3 from 0.01 to 1
        """
        check_is_fitted(self)
        return describe(self)
