"""The measurements of a diagnosis, in their order, and the report that they make."""

from numbers import Real

import numpy as np

from .._report import OverfittingReport, estimate
from . import learning_curve, quantities, self_choosing
from .candidates import (
    Knobs,
    balanced_classes,
    cost_of,
    further,
    higher_learning_rates,
    larger_networks,
    longer_training,
    n_weights,
    path_values,
    smaller_networks,
    stopping_early,
    strength_candidates,
)
from .classes import class_results, confusion, other_scores
from .decision import decided
from .guessing import chance_of, measure_prior, perfect_score, worst_score
from .measuring import LATE, final_step, tasks_of
from .remedies import Base, above_guessing, evaluated, merit_of, succeeded
from .suspects import copies_note, find_suspects
from .trials import Assessor
from .verdict import OF_NUMBERS, Evidence, Words, recommendation_of, verdict_of

NEARLY_PERFECT = 0.95  # of the way from chance to a perfect score
TITLES = {
    "alpha": ("regularisation", "less regularisation"),
    "dropout": ("dropout", "less dropout"),
}
LARGEST = {"alpha": 10.0}  # strengths that a path is not continued to
CLOSE = "the training score is close to perfect already"
LEARNT_BY_HEART = 0.1  # of the loss of guessing: what training rows have less


class Plan:
    """Settings to try, so that those of one shape are trained together.

    A *batch* is a list of settings under a name; a *group* of batches is fitted as one
    task a fold. Groups that usually tell most come first, for time may be short.
    """

    def __init__(self, case, knobs):
        self.case, self.knobs, self.places, self.tasks = case, knobs, {}, []
        shape = getattr(case.X, "shape", ())
        self.n_features = shape[1] if len(shape) > 1 else 1

    def add(self, splits=None, estimator=None, **batches):
        """Add a group: settings by the name of their batch."""
        start, together = len(self.tasks), []
        for name, settings in batches.items():
            stop = len(together) + len(settings)
            self.places[name] = start, len(together), stop
            together += settings
        if together:
            costs = (cost_of(one, self.knobs, self.n_features) for one in together)
            cost = sum(costs) * self._share_of_rows(splits)
            if estimator is not None:
                cost *= self_choosing.COST
            self.tasks += tasks_of(self.case, together, splits, False, cost, estimator)

    def _share_of_rows(self, splits):
        if splits is None:
            return 1.0
        some, all_of_them = (
            sum(len(train) for train, _ in part) for part in (splits, self.case.splits)
        )
        return some / all_of_them

    def results(self, done):
        """Return for each setting of a batch its `Measurement`, one a fold."""
        k = len(self.case.splits)
        return {
            name: [
                [done[task][i] for task in range(start, start + k)]
                for i in range(first, stop)
            ]
            for name, (start, first, stop) in self.places.items()
        }


class Examination:
    """The estimator as it is, then each remedy on the same folds.

    Where ``may_skip_weaker``, strengths below the present one are not tried if they
    could be of no use, for the reason ``no_weaker``.
    """

    no_weaker = ""

    def __init__(
        self,
        case,
        runner,
        values,
        groups,
        cross_validated,
        random_state,
        may_skip_weaker,
    ):
        self.may_skip_weaker = may_skip_weaker
        self.case, self.runner, self.values = case, runner, values
        self.grouped, self.self_choosing = groups is not None, None
        if cross_validated:
            self.self_choosing = self_choosing.counterpart(case.estimator)
        self.assessor = Assessor(case, groups, random_state)
        self.paths, self.findings, self.networks = {}, [], {}

    def measure(self, sizes, curve_splits):
        """Measure the estimator as it is, and what could better it."""
        self._measure_base()
        knobs = self.knobs
        smaller, larger = smaller_networks(knobs), larger_networks(knobs)
        longer, rates = longer_training(knobs), higher_learning_rates(knobs)
        if no_room := self._no_room():
            larger, longer, rates = (
                c._replace(settings=[], skipped=no_room)
                for c in (larger, longer, rates)
            )
            if self.may_skip_weaker and isinstance(knobs.values.get("alpha"), Real):
                self.no_weaker, own = no_room, knobs.values["alpha"]
                self.values["alpha"] = [v for v in self.values["alpha"] if v > own]
        plan = Plan(self.case, knobs)
        plan.add(alpha=self._path("alpha"), rates=rates.settings)
        early = stopping_early(knobs)
        plan.add(smaller=smaller.settings, early=early.settings)
        for size, splits in zip(sizes[:-1], curve_splits, strict=True):
            plan.add(splits, **{f"curve {size}": [{}]})
        if self.self_choosing is not None and not self.grouped:
            plan.add(estimator=self.self_choosing, self_choosing=[{}])
        plan.add(dropout=self._path("dropout"))
        balanced = None if self.case.rare is None else balanced_classes(knobs)
        plan.add(balanced=[] if balanced is None else balanced.settings)
        plan.add(longer=longer.settings)
        plan.add(larger=larger.settings)
        done = plan.results(self.runner.run(plan.tasks))
        self._extend_path("alpha", done)
        self._keep_learning_curve(sizes, [done[f"curve {n}"][0] for n in sizes[:-1]])
        less = [self._keep_path(name, done[name]) for name in self.values]
        self._keep_self_choosing(done)
        self._keep_sizes(smaller, done["smaller"])
        self.findings.append(evaluated(early, done.get("early", []), self.base))
        self.findings += [finding for finding in less if finding is not None]
        self._keep_sizes(larger, done["larger"])
        self.findings.append(evaluated(longer, done["longer"], self.base))
        self.findings.append(evaluated(rates, done["rates"], self.base))
        if balanced is not None:
            self.findings.append(evaluated(balanced, done["balanced"], self.base))
        base = self.base
        above = above_guessing(base.trial, base)
        self.remedies = decided(
            self.findings, above, base.ratio, base.least, self.case.loss_name
        )

    def _measure_base(self):
        case, assessor = self.case, self.assessor
        done = self.runner.run(tasks_of(case, [{}], strict=True))
        as_it_is = [measurements[0] for measurements in done]
        learned = {
            name: float(np.median([m.learned[name] for m in as_it_is]))
            for name in as_it_is[0].learned
        }
        self.as_it_is, self.knobs = as_it_is, Knobs(case.estimator, learned)
        trial, self.prior = assessor.trial(as_it_is), measure_prior(case)
        self.base = Base(
            trial,
            *chance_of(case, assessor, self.prior, trial.test),
            assessor,
            worst_score(assessor.name),
            perfect_score(case),
            *self._floors(trial),
        )

    def _floors(self, trial):
        if self.case.unit is None:
            return ()
        return quantities.floors(self.assessor, trial, self.prior)

    def _no_room(self):
        """Say why to learn more of the training rows would be of no use, or ""."""
        base, trial = self.base, self.base.trial
        if base.perfect is not None and base.chance is not None:
            chance = base.chance.mean
            reached = trial.train.mean - chance
            if reached >= NEARLY_PERFECT * (base.perfect - chance):
                return CLOSE
        if trial.loss is None or base.prior_loss is None:
            return ""
        by_heart = base.difference(trial.loss_gap)
        enough = by_heart.mean > LEARNT_BY_HEART * base.prior_loss.mean
        if not enough or by_heart.low <= 0:
            return ""
        loss = self.case.loss_name
        return f"the {loss} on the rows trained on is far below that on others already"

    def _path(self, name):
        """Return the settings along the path of a parameter, without its own value."""
        knobs = self.knobs
        if name not in knobs or not isinstance(knobs.values[name], Real):
            return []
        values = path_values(knobs, name, self.values[name])
        return [knobs.setting(**{name: value}) for value in values]

    def _extend_path(self, name, done):
        """Go two steps beyond the end of a path where the best is that end."""
        tried, knobs = done[name], self.knobs
        if not tried or not all(map(succeeded, tried)):
            return
        values = path_values(knobs, name, self.values[name])
        own = float(knobs.values[name])
        at = int(np.searchsorted(values, own))
        merit = merit_of([*tried[:at], self.as_it_is, *tried[at:]]).mean(axis=1)
        ends = [*values[:at], own, *values[at:]]
        best = int(merit.argmax())
        if best not in (0, len(ends) - 1) or (best == 0 and self.no_weaker):
            return
        up = best > 0
        added = sorted(v for v in further(ends[best], up) if v < LARGEST[name])
        plan = Plan(self.case, knobs)
        plan.add(more=[knobs.setting(**{name: value}) for value in added])
        more = plan.results(self.runner.run(plan.tasks))["more"]
        done[name] = [*tried, *more] if up else [*more, *tried]
        self.values[name] = sorted({*self.values[name], *added})

    def _keep_learning_curve(self, sizes, tried):
        worked = [i for i, measurements in enumerate(tried) if succeeded(measurements)]
        late = not worked and any(m.error == LATE for ms in tried for m in ms)
        trials = [self.assessor.trial(tried[i]) for i in worked] + [self.base.trial]
        self.learning_curve = {"train_sizes": sizes, **_scores([*tried, self.as_it_is])}
        self.findings.append(
            learning_curve.not_made(LATE)
            if late
            else learning_curve.forecast(sizes[[*worked, -1]], trials, self.base)
        )

    def _keep_path(self, name, tried):
        """Keep the path; return the remedy against underfitting, if one was asked."""
        if name == "dropout" and not self.values[name]:
            return None  # not asked for
        more, less = strength_candidates(
            self.knobs, name, self.values[name], *TITLES[name]
        )
        if name == "alpha" and self.no_weaker:
            less = less._replace(skipped=self.no_weaker)
        if not tried:
            self.findings.append(evaluated(more, [], self.base))
            return evaluated(less, [], self.base)
        values = np.array(path_values(self.knobs, name, self.values[name]))
        own = float(self.knobs.values[name])
        at = int(np.searchsorted(values, own))
        self.paths[name] = {
            name: np.insert(values, at, own),
            **_scores([*tried[:at], self.as_it_is, *tried[at:]]),
        }
        self.findings.append(evaluated(more, tried[at:], self.base))
        if name == "dropout" and own == 0:
            return None  # there is no less of it
        return evaluated(less, tried[:at], self.base)

    def _keep_self_choosing(self, done):
        if self.self_choosing is None:
            return
        self.findings.append(
            self_choosing.not_nested()
            if self.grouped
            else self_choosing.finding(
                self.self_choosing, done["self_choosing"][0], self.base
            )
        )

    def _keep_sizes(self, candidates, tried):
        self.findings.append(evaluated(candidates, tried, self.base))
        name = self.knobs.full_name("hidden_layer_sizes")
        for setting, measurements in zip(candidates.settings, tried, strict=True):
            self.networks[setting[name]] = measurements

    def _evidence(self):
        base = self.base
        measured = [remedy for remedy in self.remedies if not remedy.skipped]
        reached = [base.trial.train.mean, base.trial.test.mean]
        reached += [r.train_score.mean for r in measured]
        guessed = base.chance is not None
        return Evidence(
            base.score(base.trial.train),
            base.score(base.trial.test),
            base.difference(base.trial.gap),
            base.score(base.chance) if guessed else None,
            base.difference(base.trial.train - base.chance) if guessed else None,
            max(reached) if base.perfect is None else base.perfect,
            **self._losses(),
            suspects=find_suspects(self.case, base.trial.test.folds, base.perfect),
            loss_name=self.case.loss_name,
            words=Words() if self.case.classification else OF_NUMBERS,
        )

    def _losses(self):
        """Return the losses that the verdict rests on, where there are any."""
        base, loss = self.base, self.base.trial.loss
        if loss is None or base.prior_loss is None:
            return {}
        above = loss - base.prior_loss
        return {
            "train_loss": estimate(base.trial.train_loss, base.ratio),
            "test_loss": loss.estimate(base.ratio, low=0),
            "chance_loss": base.prior_loss.estimate(base.ratio, low=0),
            "loss_above_chance": above.estimate(base.ratio),
            "loss_gap": base.trial.loss_gap.estimate(base.ratio),
        }

    def report(self, estimator, data, notes, provenance):
        """Return the report; ``estimator`` is the one that was passed."""
        evidence = self._evidence()
        values = self.knobs.values
        data |= {name: values[name] for name in self.paths}
        own_path, chosen = self_choosing.own_choice(estimator, data["n_samples"])
        if own_path is not None:
            data["alpha"] = final_step(estimator)[0].alpha_
        data["hidden_layer_sizes"] = self.knobs.hidden
        verdict, reason = verdict_of(evidence, self.remedies)
        return OverfittingReport(
            verdict=verdict,
            reason=reason,
            recommendation=recommendation_of(verdict, evidence, self.remedies),
            train_score=evidence.train,
            test_score=evidence.test,
            gap=evidence.gap,
            chance_score=evidence.chance,
            perfect_score=self.base.perfect,
            remedies={remedy.name: remedy for remedy in self.remedies},
            data=data,
            notes=[*chosen, *notes, *_notes(self.runner), *self._notes_of_data()],
            **(self._by_class() if self.case.classification else self._by_row()),
            provenance=provenance,
            suspects=list(evidence.suspects),
            train_loss=evidence.train_loss,
            test_loss=evidence.test_loss,
            chance_loss=evidence.chance_loss,
            learning_curve_=self.learning_curve,
            regularization_path_=self.paths.get("alpha", own_path),
            dropout_path_=self.paths.get("dropout"),
            size_curve_=self._size_curve(),
        )

    def _by_class(self):
        """Return what the report says of single classes, and other scores."""
        case, base = self.case, self.base
        if case.classes is None:
            return {}
        counts = confusion(self.assessor, base.trial.outputs)
        others = other_scores(self.assessor, base.trial, self.prior)
        return {
            "confusion_": counts,
            "class_results": class_results(case.classes, counts),
            "other_scores": {
                name: tuple(part.estimate(base.ratio, 0.0, 1.0) for part in both)
                for name, both in others.items()
            },
        }

    def _notes_of_data(self):
        notes = copies_note(self.case)
        if self.case.unit is not None:
            notes += quantities.outlier_note(self.base.trial.outputs)
        return notes

    def _by_row(self):
        """Return what the report says of predicted numbers."""
        base = self.base
        others = quantities.other_scores(self.assessor, base.trial, self.prior)
        return {
            "other_scores": {
                name: tuple(_of_numbers(name, part, base.ratio) for part in both)
                for name, both in others.items()
            },
            "out_of_fold_": quantities.out_of_fold(self.assessor, base.trial.outputs),
        }

    def _size_curve(self):
        own = self.knobs.hidden
        if own is None:
            return None
        tried = {**self.networks, own: self.as_it_is}
        order = sorted(tried, key=lambda sizes: n_weights(sizes, 1000))
        return {"hidden_layer_sizes": order, **_scores([tried[s] for s in order])}


def _of_numbers(name, measured, ratio):
    """Return the `Estimate` of an error, which is no less than 0, or of R²."""
    if name == "R²":
        return measured.estimate(ratio, high=1.0)
    return measured.estimate(ratio, low=0.0)


def _scores(tried):
    """Return train and test scores of shape (n_settings, n_folds)."""
    return {
        f"{part}_scores": np.array([[getattr(m, part) for m in ms] for ms in tried])
        for part in ("train", "test")
    }


def _notes(runner):
    notes = [
        f"{count} of {runner.n_done} fits warned: {message}"
        for message, count in runner.messages.most_common(3)
    ]
    if runner.n_late:
        notes.append(
            f"{runner.n_late} of {runner.n_late + runner.n_done} fits were not made, "
            f"for the budget of {runner.budget:g} s was spent."
        )
    return notes
