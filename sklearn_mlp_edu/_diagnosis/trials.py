"""Out-of-fold predictions of a setting, all folds together, and its scores by rows."""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.utils import check_random_state

from .areas import AREAS, area_of_draws
from .measured import Layout, Measured
from .measuring import scorer_name
from .outputs import Outputs, Replay, codes_of, joined
from .quantities import row_scores

N_DRAWS = 25  # of the bootstrap in each fold; five give a standard error to within 7 %
MOST_REDRAWS = 50


class Trial(NamedTuple):
    """A setting, or a choice among several, tried on all folds."""

    train: Measured
    test: Measured
    train_loss: np.ndarray  # (n_folds,) mean loss
    loss: Measured | None  # loss of the rows not trained on
    outputs: Outputs  # for all tested rows, one fold after another

    @property
    def gap(self):
        """Train less test score, with the chance of the test rows."""
        return Measured(
            self.train.folds - self.test.folds,
            None if self.test.spread is None else -self.test.spread,
            self.test.freedom,
        )

    @property
    def loss_gap(self):
        """Test less train loss, with the chance of the test rows."""
        spread, freedom = self.loss.spread, self.loss.freedom
        return Measured(self.loss.folds - self.train_loss, spread, freedom)


class Assessor:
    """Makes a `Trial` of what was measured in the folds.

    A scorer that is a mean over rows is taken apart into rows. For others the rows of
    each fold are drawn anew, with replacement: a bootstrap, with the same draws for
    every setting, so that differences are paired. Where a scorer asks for more than
    predictions, its folds are all that is known.
    """

    def __init__(self, case, groups, random_state):
        self.case, self.layout = case, Layout(case.splits, groups)
        self.random_state = random_state
        self.y = np.asarray(case.y)[self.layout.rows]
        self.name = scorer_name(case.scorer)
        self._draws = None

    def trial(self, measurements):
        """Return the `Trial` of one `Measurement` a fold."""
        outputs = joined([m.outputs for m in measurements])
        folds = {
            part: np.array([getattr(m, part) for m in measurements])
            for part in ("train", "test", "train_loss")
        }
        loss = None if outputs.loss is None else self.layout.measured(outputs.loss)
        return Trial(
            Measured(folds["train"]),
            self.test_score(folds["test"], outputs),
            folds["train_loss"],
            loss,
            outputs,
        )

    def test_score(self, folds, outputs):
        """Return the page's score with its spread over rows."""
        rows = self.row_scores(self.name, outputs)
        if rows is not None and np.allclose(self.layout.means(rows), folds, atol=1e-6):
            measured = self.layout.measured(rows)
            return Measured(folds, measured.spread, measured.freedom)
        spread = self._bootstrap(folds, outputs)
        return Measured(folds, spread, self.layout.n_clusters - 1)

    def row_scores(self, name, outputs):
        """Return what each row adds to the score ``name``; None if it is no mean."""
        predicted = outputs.predicted
        if name == "log_loss" and outputs.loss is not None:
            return -outputs.loss
        if name == "accuracy" and self.case.classification:
            right = predicted == self._codes()
            return (right if right.ndim == 1 else right.all(axis=1)).astype(float)
        if name == "balanced_accuracy" and self.case.classes is not None:
            return (predicted == self._codes()) * self._weights_by_class()
        if self.case.classification:
            return None
        return row_scores(name, predicted, self.y, self.layout)

    def _codes(self):
        return (
            self.y if self.case.classes is None else codes_of(self.y, self.case.classes)
        )

    def _weights_by_class(self):
        """Weigh rows so that each class of a fold counts the same, with mean 1."""
        n_classes = len(self.case.classes)
        place = self.layout.folds * n_classes + self._codes()
        counts = np.bincount(place, minlength=self.layout.n_folds * n_classes)
        present = (counts.reshape(-1, n_classes) > 0).sum(axis=1)
        share = self.layout.sizes / present
        return share[self.layout.folds] / counts[place]

    # The bootstrap

    def _bootstrap(self, folds, outputs):
        drawn = self._drawn_areas(folds, outputs)
        if drawn is None:
            drawn = self._drawn_scores(folds, outputs)
        if drawn is None:
            return None
        away = drawn - drawn.mean(axis=1, keepdims=True)
        spread = away.ravel() / (len(drawn) * np.sqrt(N_DRAWS - 1))
        return spread if np.isfinite(spread).all() else None

    def _drawn_areas(self, folds, outputs):
        """Return areas of two classes, (n_folds, n_draws), all draws of a fold at once.

        None where the score is another, or of more classes.
        """
        area, classes = AREAS.get(self.name), self.case.classes
        if area is None or classes is None or len(classes) != 2:
            return None
        order = outputs.decision
        if outputs.probability is not None:
            order = outputs.probability[:, 1]
        if order is None:
            return None
        for label, sign in ((1, 1), (0, -1)):
            positive, score = self._codes() == label, sign * order
            whole = area_of_draws(area, positive, score, self._whole())
            if np.allclose(whole, folds, atol=1e-3):
                draws = (area_of_draws(area, positive, score, d) for d in self.draws)
                return np.array([*draws])
        return None

    def _drawn_scores(self, folds, outputs):
        """Return scores, (n_folds, n_draws), of whatever scorer; None if it cannot."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                again = [self._score(outputs, rows) for rows in self._whole()]
                if not np.allclose(again, folds, atol=1e-3):
                    return None  # the scorer knows of more than predictions
                drawn = [[self._score(outputs, d) for d in ds] for ds in self.draws]
            except Exception:
                return None
        return np.array(drawn)

    def _score(self, outputs, rows):
        case = self.case
        replay = Replay(case.estimator, outputs.take(rows), case.classes)
        return case.scorer(replay, np.zeros((len(rows), 1)), self.y[rows])

    def _whole(self):
        folds = self.layout.folds
        return [np.flatnonzero(folds == f) for f in range(self.layout.n_folds)]

    @property
    def draws(self):
        """Lists of drawn rows, a list a fold: the same for every setting."""
        if self._draws is None:
            rng = check_random_state(self.random_state)
            self._draws = [self._drawn(rows, rng) for rows in self._whole()]
        return self._draws

    def _drawn(self, rows, rng):
        """Draw as many clusters as a fold has; once more where a class got lost."""
        clusters, codes = np.unique(self.layout.clusters[rows], return_inverse=True)
        order = np.argsort(codes, kind="stable")
        members = np.split(rows[order], np.cumsum(np.bincount(codes))[:-1])
        names = None if self.case.classes is None else self._codes()
        draws = []
        for _ in range(N_DRAWS):
            for _ in range(MOST_REDRAWS):
                chosen = rng.randint(len(clusters), size=len(clusters))
                drawn = np.concatenate([members[i] for i in chosen])
                if names is None or _as_many(names[drawn], names[rows]):
                    break
            draws.append(drawn)
        return draws


def _as_many(some, all_of_them):
    """Tell whether there are as many different names."""
    return len(np.unique(some)) == len(np.unique(all_of_them))
