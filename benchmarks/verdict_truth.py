"""One diagnosis of half a table, and what its remedies bring on the other half.

Results are dictionaries of numbers and strings, so that they can be saved.
"""

import time
import warnings
from contextlib import contextmanager

import numpy as np
from sklearn.base import clone
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.model_selection import train_test_split

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting
from sklearn_mlp_edu._search import fit_together

MOST_DIAGNOSED = 1000  # rows of a half
MOST_TESTED = 2000  # rows of the other half
SEEDS = range(5)
N_DRAWS = 50  # of rows, for the error of scores that are no mean over rows
LEAST_PROBABILITY = np.finfo(np.float32).eps
NETWORKS = {
    "fit": {"hidden_layer_sizes": (32,)},
    "overfit": {
        "hidden_layer_sizes": (64,),
        "alpha": 0.0,
        "learning_rate_init": 0.5,
        "max_iter": 60,
        "n_iter_no_change": np.inf,
    },
    "underfit": {
        "hidden_layer_sizes": (10,),
        "learning_rate_init": 0.02,
        "max_iter": 20,
    },
}


def halves(table):
    """Return the rows of both halves, drawn by class."""
    rows = np.arange(len(table.y))
    return train_test_split(rows, test_size=0.5, random_state=0, stratify=table.y)


def measure(table, half, name):
    """Diagnose the network ``name`` on a half of a table, and ask the other half."""
    rng = np.random.default_rng(half)
    ours, other = (rng.permutation(rows) for rows in halves(table)[:: 1 - 2 * half])
    ours, other = _some(ours, table.y), other[:MOST_TESTED]
    network = LectureMLPClassifier(**NETWORKS[name])
    start = time.perf_counter()
    with _silence():
        report = diagnose_overfitting(
            network, table.X[ours], table.y[ours], random_state=half, progress=False
        )
        seconds = time.perf_counter() - start
        truth = Truth(table, ours, other, report.data["scoring"])
        measured = [
            remedy
            for remedy in report.remedies.values()
            if remedy.parameters and remedy.name != "class weights"
        ]
        before, *after = truth.probabilities(
            network, [{}, *(remedy.parameters for remedy in measured)]
        )
        remedies = [
            _told(remedy) | truth.compared(before, probabilities)
            for remedy, probabilities in zip(measured, after, strict=True)
        ]
        more = report.remedies["more data"]
        if not more.skipped:
            remedies.append(_told(more) | truth.with_more_data(network))
    return {
        "table": table.name,
        "half": half,
        "network": name,
        "n_diagnosed": len(ours),
        "n_other": len(other),
        "n_columns": table.X.shape[1],
        "n_classes": table.n_classes,
        "seconds": seconds,
        "scoring": report.data["scoring"],
        "verdict": report.verdict,
        "reason": report.reason,
        "remedies": remedies,
    }


def _some(rows, y):
    """Return some of the rows, with each class in its proportion."""
    if len(rows) <= MOST_DIAGNOSED:
        return rows
    return train_test_split(
        rows, train_size=MOST_DIAGNOSED, random_state=0, stratify=y[rows]
    )[0]


@contextmanager
def _silence():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _told(remedy):
    """Return what the report says of a remedy."""
    changes = {"promised": remedy.test_change, "promised_loss": remedy.loss_change}
    return {
        "name": remedy.name,
        "setting": remedy.setting,
        "helps": remedy.helps,
        "p_value": remedy.p_value,
        **{
            name: None if change is None else [change.mean, change.low, change.high]
            for name, change in changes.items()
        },
    }


class Truth:
    """What rows that a diagnosis has not seen say of it.

    Parameters
    ----------
    table : Table
    ours, other : ndarray
        Rows that were diagnosed, and those of the other half.
    scoring : str
        The score that the report used.
    """

    def __init__(self, table, ours, other, scoring):
        self.table, self.ours, self.other = table, ours, other
        shares = np.bincount(table.y[ours], minlength=table.n_classes) / len(ours)
        self.guess, self.rarest = shares, int(shares.argmin())
        self.scoring = scoring

    def probabilities(self, network, settings):
        """Train on our half with each setting, and return what is said of the other.

        A list for each setting holds an array for each seed.
        """
        by_seed = [
            self._answers(network, settings, self.ours, self.other, seed)
            for seed in SEEDS
        ]
        return [*zip(*by_seed, strict=True)]

    def _answers(self, network, settings, train, test, seed):
        X, y = self.table.X, self.table.y
        network = clone(network).set_params(random_state=seed)
        answers = []
        for fitted in fit_together(network, settings, X[train], y[train]):
            probability = np.zeros((len(test), self.table.n_classes))
            probability[:, fitted.classes_] = fitted.predict_proba(X[test])
            answers.append(probability)
        return answers

    def compared(self, before, after):
        """Return gains of one list of probabilities over another, with their errors."""
        y = self.table.y[self.other]
        guess = [np.tile(self.guess, (len(y), 1))]
        names = ["accuracy", "log_loss"]
        return {
            "real": self._gain(self.scoring, y, before, after),
            **{f"real_{name}": self._gain(name, y, before, after) for name in names},
            "above_guessing": [self._gain(name, y, guess, after)[0] for name in names],
        }

    def with_more_data(self, network):
        """Return gains with twice the training rows of a fold.

        In each of several draws, four fifths of our half are trained on alone, and with
        as many of the other half, the rest of which is tested.
        """
        n = round(0.8 * len(self.ours))
        n_more = min(n, len(self.other) * 4 // 5)
        gains = {name: [] for name in (self.scoring, "log_loss")}
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            few, other = rng.permutation(self.ours)[:n], rng.permutation(self.other)
            many, tested = np.r_[few, other[:n_more]], other[n_more:]
            y = self.table.y[tested]
            one, two = (
                self._answers(network, [{}], rows, tested, seed) for rows in (few, many)
            )
            for name, found in gains.items():
                found.append(self._gain(name, y, one, two))
        real, loss = (_mean_of_draws(np.array(found)) for found in gains.values())
        return {"real": real, "real_log_loss": loss}

    def _gain(self, scoring, y, before, after):
        """Return the mean gain over seeds, more is better, and its standard error."""
        before = before * (len(after) // len(before))  # guessing has no seeds
        pairs = list(zip(before, after, strict=True))
        if scoring in ROWS:
            score = ROWS[scoring]
            rows = np.array([score(y, b) - score(y, a) for a, b in pairs])
            by_seed, by_rows = rows.mean(axis=1), rows.mean(axis=0).var(ddof=1) / len(y)
        else:
            by_seed = self._gains(scoring, y, pairs, slice(None))
            rng = np.random.default_rng(0)
            draws = [rng.integers(len(y), size=len(y)) for _ in range(N_DRAWS)]
            drawn = [np.mean(self._gains(scoring, y, pairs, rows)) for rows in draws]
            by_rows = np.var(drawn, ddof=1)
        by_chance = np.var(by_seed, ddof=1) / len(pairs) if len(pairs) > 1 else 0.0
        return [float(np.mean(by_seed)), float(np.sqrt(by_rows + by_chance))]

    def _gains(self, scoring, y, pairs, rows):
        def score(probability):
            if scoring == "balanced_accuracy":
                guess = probability[rows].argmax(axis=1)
                return balanced_accuracy_score(y[rows], guess)
            rare = y[rows] == self.rarest
            return average_precision_score(rare, probability[rows, self.rarest])

        return [score(after) - score(before) for before, after in pairs]


def _right(y, probability):
    return (probability.argmax(axis=1) == y).astype(float)


def _log_likelihood(y, probability):
    own = probability[np.arange(len(y)), y]
    return np.log(np.clip(own, LEAST_PROBABILITY, 1))


ROWS = {"accuracy": _right, "log_loss": _log_likelihood}  # scores that are means


def _mean_of_draws(found):
    """Return the mean of gains, (n_draws, 2), and its error.

    Draws share few test rows, so that errors of rows fall with their number; what the
    draws differ by counts too.
    """
    gains, errors = found.T
    variance = max(np.mean(errors**2), gains.var(ddof=1)) / len(found)
    return [float(gains.mean()), float(np.sqrt(variance))]
