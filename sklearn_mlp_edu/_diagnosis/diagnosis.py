"""`diagnose_overfitting`: the verdict, and which remedy measurably helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn.utils import check_random_state, indexable

from .._arithmetic import public
from .._report import AGAINST_UNDERFITTING, OverfittingReport, Remedy, estimate
from . import learning_curve
from .case import checked_values, describe, make_case, seeded
from .measuring import (
    Runner,
    fit_tasks,
    measure_chance,
    path_tasks,
    perfect_score,
    table,
)
from .progress import progress_callback
from .remedies import (
    Knobs,
    Scores,
    evaluated,
    higher_learning_rates,
    larger_networks,
    longer_training,
    path_values,
    smaller_networks,
    strength_candidates,
)
from .verdict import Evidence, recommendation_of, verdict_of

ALPHAS = (0.0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3)
TRAIN_SIZES = (0.25, 0.35, 0.5, 0.7)
NEARLY_PERFECT = 0.95  # of the way from chance to a perfect score
LARGEST_SEED = 2**31 - 1


@public
def diagnose_overfitting(
    estimator: Any,
    X: ArrayLike,
    y: ArrayLike,
    *,
    cv: int | Any = 5,
    scoring: str | Callable | None = None,
    groups: ArrayLike | None = None,
    alphas: Sequence[float] = ALPHAS,
    dropouts: Sequence[float] = (),
    train_sizes: Sequence[float] = TRAIN_SIZES,
    n_jobs: int | None = None,
    random_state: int | np.random.RandomState | None = None,
    progress: bool | str | Callable[[int, int], None] = "auto",
) -> OverfittingReport:
    """Tell whether an estimator overfits, and measure which remedy helps.

    Cross-validates the estimator with its training scores, and then on the same folds
    each remedy of the lecture (L20, L21): more data by the learning curve,
    regularisation by a path over ``alpha``, and smaller networks. Where the training
    score is not close to perfect, it also tries the opposites: less regularisation,
    larger networks, longer training, higher learning rates.

    Parameters
    ----------
    estimator : estimator
        A classifier or regressor, or a `Pipeline` that ends in one. It is cloned, and
        stays as it is.
    X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
        Examples.
    y : array-like of shape (n_samples,) or (n_samples, n_labels)
        Class labels, or what else the estimator predicts.
    cv : int, splitter or iterable of (train, test), default=5
        An int k stands for k folds, shuffled by ``random_state`` and stratified for
        classes; with ``groups`` no group is in two folds.
    scoring : str or callable, default=None
        How to score; greater is better. None is accuracy for classifiers and R² for
        regressors.
    groups : array-like of shape (n_samples,), default=None
        Which examples belong together, for the splitter.
    alphas : sequence of float, default=(0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3)
        Strengths of regularisation to try.
    dropouts : sequence of float, default=()
        Dropout probabilities to try; none by default.
    train_sizes : sequence of float or int, default=(0.25, 0.35, 0.5, 0.7)
        Parts of the training data for the learning curve, as fractions of it or as
        numbers of examples. All of it is always a point of the curve.
    n_jobs : int, default=None
        Number of processes; None is 1, -1 is one for each core.
    random_state : int, RandomState instance or None, default=None
        Shuffles folds and training data, and seeds each ``random_state`` of the
        estimator that is None. An int gives the same report on every call.
    progress : bool, "auto" or callable, default="auto"
        Whether to show a progress bar; ``"auto"`` does on a terminal. A function is
        called with the number of fits done and the number of fits known of so far.

    Returns
    -------
    report : OverfittingReport

    Raises
    ------
    TypeError
        If the estimator cannot be fitted or cloned, or ``scoring`` is several scorers.
    ValueError
        If an argument is not as described, a class has fewer examples than there are
        folds, or the estimator as it is cannot be fitted or scored. A remedy that
        cannot be fitted is reported as skipped.

    Notes
    -----
    *Intervals* are those of a mean over folds at 95 %, with the correction of Nadeau
    and Bengio [1]_ for training sets that overlap. Changes are paired over folds.

    *The verdict.* Let ``scale`` be the distance from the score of guessing to a perfect
    one (or to the best reached, for scorers of which no perfect score is known).

    1. *underfitting*, if the training score is not above guessing beyond the noise, or
       by less than a tenth of the scale;
    2. *underfitting* also, if a remedy against it raises the training score, and the
       test score beyond the noise and by as much as the gap and a tenth of the scale;
    3. *overfitting*, if the gap is above 0 beyond the noise and at least a tenth of the
       scale;
    4. *balanced* otherwise.

    *A remedy helps* if the interval of its change in test score lies above 0, and that
    of its test score above guessing. Where a remedy has several settings, each fold is
    scored at the setting that the other folds choose, so that the choice among many is
    not mistaken for a gain. Against overfitting the choice is, of the settings within
    one standard error of the best test score, the one with the smallest gap.

    *More data* is a forecast for twice the data: to the scores of each fold, the curves
    a − b/√n and a − b/n are fitted. The forecast is the mean of the two, and its
    interval spans those of both; it does not hold where learning has hardly set in, and
    still gains speed.

    References
    ----------
    .. [1] C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine
       Learning 52, 2003.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting
    >>> X, y = load_iris(return_X_y=True)
    >>> network = LectureMLPClassifier((10,), max_iter=50, n_iter_no_change=50)
    >>> report = diagnose_overfitting(
    ...     network, X, y, cv=3, alphas=(0.01, 0.1), random_state=0)
    >>> report.verdict
    'balanced'
    """
    rng = check_random_state(random_state)
    fold_seed, fit_seed, order_seed = rng.randint(LARGEST_SEED, size=3)
    y = y.toarray() if issparse(y) else y
    X, y, groups = indexable(X, y, groups)
    case = make_case(
        seeded(estimator, int(fit_seed)), X, y, groups, cv, scoring, int(fold_seed)
    )
    values = {
        "alpha": checked_values("alphas", alphas, 0, np.inf),
        "dropout": checked_values("dropouts", dropouts, 0, 1),
    }
    sizes = learning_curve.check_train_sizes(train_sizes)
    runner = Runner(n_jobs, progress_callback(progress))
    diagnosis = Diagnosis(case, runner, values)
    diagnosis.measure(*learning_curve.curve_splits(case, sizes, groups, order_seed))
    return diagnosis.report(describe(case, estimator, scoring))


class Diagnosis:
    """The measurements, one after another, and what follows from them."""

    def __init__(self, case, runner, values):
        self.case, self.runner, self.values = case, runner, values
        self.k = len(case.splits)
        self.knobs = Knobs(case.estimator)
        self.paths, self.remedies = {}, []
        self.size_scores = {}

    def measure(self, sizes, curve_splits):
        """Measure the estimator as it is, the remedies, and if needed the opposites."""
        case, k = self.case, self.k
        self.perfect = perfect_score(case)
        smaller = smaller_networks(self.knobs)
        batches = {
            "base": fit_tasks(case, [{}], strict=True),
            "curve": learning_curve.curve_tasks(case, curve_splits),
            **{name: self._path(name) for name in self.values},
            "smaller": fit_tasks(case, smaller.settings),
        }
        done = self._run(batches)
        (train,), (test,) = table(done["base"], k)
        chance = measure_chance(case)
        self.base = Scores(train, test, chance, case.test_ratio)
        self._keep_learning_curve(sizes, done["curve"])
        opposites = [self._keep_path(name, done[name]) for name in self.values]
        self._keep_sizes(smaller, done["smaller"])
        self.remedies.extend(remedy for remedy in opposites if remedy is not None)
        learned = done["base"][0].learned or {}
        self._measure_opposites(learned)

    def _run(self, batches):
        results = iter(
            self.runner.run([task for tasks in batches.values() for task in tasks])
        )
        return {name: [next(results) for _ in tasks] for name, tasks in batches.items()}

    def _path(self, name):
        if name not in self.knobs or not isinstance(self.knobs.values[name], Real):
            return []
        values = path_values(self.knobs, name, self.values[name])
        if not values:
            return []
        return path_tasks(self.case, self.knobs.full_name(name), values)

    def _keep_learning_curve(self, sizes, measurements):
        train, test = (
            np.vstack([scores, whole])
            for scores, whole in zip(
                table(measurements, self.k),
                (self.base.train, self.base.test),
                strict=True,
            )
        )
        self.learning_curve = {
            "train_sizes": sizes,
            "train_scores": train,
            "test_scores": test,
        }
        self.remedies.append(
            learning_curve.forecast(sizes, train, test, self.base, self.perfect)
        )

    def _keep_path(self, name, measurements):
        """Keep the path; return the remedy against underfitting, if one was asked."""
        if name == "dropout" and not self.values[name]:
            return None  # not asked for
        titles = {
            "alpha": ("regularisation", "less regularisation"),
            "dropout": ("dropout", "less dropout"),
        }
        more, less = strength_candidates(
            self.knobs, name, self.values[name], *titles[name]
        )
        if not measurements:
            nothing = table([], self.k)
            self.remedies.append(evaluated(more, *nothing, self.base))
            return evaluated(less, *nothing, self.base)
        values = np.array(path_values(self.knobs, name, self.values[name]))
        train, test = (
            np.stack([getattr(m, part) for m in measurements], axis=1)
            for part in ("train", "test")
        )
        own = float(self.knobs.values[name])
        at = np.searchsorted(values, own)
        self.paths[name] = {
            name: np.insert(values, at, own),
            "train_scores": np.insert(train, at, self.base.train, axis=0),
            "test_scores": np.insert(test, at, self.base.test, axis=0),
        }
        errors = [m.error for m in measurements]
        above = values > own
        self.remedies.append(
            evaluated(more, train[above], test[above], self.base, errors)
        )
        if name == "dropout" and own == 0:
            return None  # there is no less of it
        return evaluated(less, train[~above], test[~above], self.base, errors)

    def _keep_sizes(self, candidates, measurements):
        train, test = table(measurements, self.k)
        errors = [m.error for m in measurements]
        self.remedies.append(evaluated(candidates, train, test, self.base, errors))
        name = self.knobs.full_name("hidden_layer_sizes")
        for setting, *scores in zip(candidates.settings, train, test, strict=True):
            self.size_scores[setting[name]] = scores

    def _measure_opposites(self, learned):
        knobs = self.knobs
        larger = larger_networks(knobs)
        others = [longer_training(knobs), higher_learning_rates(knobs, learned)]
        if self._nearly_perfect():
            reason = "the training score is close to perfect already"
            self.remedies.extend(
                Remedy(candidates.name, AGAINST_UNDERFITTING, skipped=reason)
                for candidates in (larger, *others)
            )
            return
        done = self._run(
            {c.name: fit_tasks(self.case, c.settings) for c in (larger, *others)}
        )
        self._keep_sizes(larger, done[larger.name])
        for candidates in others:
            measurements = done[candidates.name]
            scores = table(measurements, self.k)
            errors = [m.error for m in measurements]
            self.remedies.append(evaluated(candidates, *scores, self.base, errors))

    def _nearly_perfect(self):
        if self.perfect is None or self.base.chance is None:
            return False
        chance = self.base.chance.mean()
        reached = self.base.train.mean() - chance
        return reached >= NEARLY_PERFECT * (self.perfect - chance)

    def _evidence(self):
        base = self.base

        def over_folds(values):
            return estimate(values, base.test_ratio)

        measured = [remedy for remedy in self.remedies if not remedy.skipped]
        reached = [base.train.mean(), base.test.mean()]
        reached += [r.train_score.mean for r in measured]
        guessed = base.chance is not None
        return Evidence(
            over_folds(base.train),
            over_folds(base.test),
            over_folds(base.train - base.test),
            over_folds(base.chance) if guessed else None,
            over_folds(base.train - base.chance) if guessed else None,
            max(reached) if self.perfect is None else self.perfect,
        )

    def report(self, data):
        """Return the report."""
        evidence = self._evidence()
        values = self.knobs.values
        data |= {name: values[name] for name in self.paths}
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
            perfect_score=self.perfect,
            remedies={remedy.name: remedy for remedy in self.remedies},
            data=data,
            notes=_notes(self.runner),
            learning_curve_=self.learning_curve,
            regularization_path_=self.paths.get("alpha"),
            dropout_path_=self.paths.get("dropout"),
            size_curve_=self._size_curve(),
        )

    def _size_curve(self):
        own = self.knobs.hidden
        if own is None:
            return None
        scores = {**self.size_scores, own: [self.base.train, self.base.test]}
        order = sorted(scores, key=_capacity)
        train, test = (np.array([scores[sizes][i] for sizes in order]) for i in (0, 1))
        return {
            "hidden_layer_sizes": order,
            "train_scores": train,
            "test_scores": test,
        }


def _capacity(sizes):
    """Order networks by the number of their weights, for many inputs."""
    sizes = (1000, *sizes, 1)
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))


def _notes(runner):
    return [
        f"{count} of {runner.n_done} fits warned: {message}"
        for message, count in runner.messages.most_common(3)
    ]
