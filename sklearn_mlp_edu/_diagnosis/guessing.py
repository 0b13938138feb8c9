"""The ends of the scale: the score of guessing, and that of right answers."""

import warnings

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.utils.metaestimators import _safe_split

from .measured import Measured
from .measuring import scorer_name
from .outputs import Outputs, Replay, codes_of, joined, outputs_of
from .quantities import ABSOLUTE


def measure_chance(case):
    """Return the score of guessing without looking at X, in each fold (n_folds,).

    The better of guessing by class frequencies and always the most frequent class; for
    numbers the mean, or where the score goes by absolute errors the median.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = [_train_labels_and_test(case, split) for split in case.splits]
        scores = [
            np.mean([_guess(case.scorer, guess, parts) for guess in guesses], axis=0)
            for guesses in _ways_to_guess(case)
        ]
    usable = [score for score in scores if np.isfinite(score).all()]
    return max(usable, key=np.mean, default=None)


def measure_prior(case):
    """Return the `Outputs` of who only knows how frequent the classes are.

    Or of numbers their mean. They are for all tested rows; the loss of others is held
    against theirs.
    """
    (guess,) = _ways_to_guess(case)[0]
    outputs = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for split in case.splits:
            y_train, _, y = _train_labels_and_test(case, split)
            guess.fit(np.zeros((len(y_train), 1)), y_train)
            zeros = np.zeros((len(np.asarray(y)), 1))
            outputs.append(outputs_of(guess, zeros, y, case.classes, case.unit))
    return joined(outputs)


def chance_of(case, assessor, prior, test):
    """Return score and loss of guessing as `Measured`, None where there is none.

    ``prior`` is of `measure_prior`, ``test`` is the score that the first is to be held
    against, row by row if possible.
    """
    folds = measure_chance(case)
    loss = None if prior.loss is None else assessor.layout.measured(prior.loss)
    if folds is None or test.spread is None:
        return None if folds is None else Measured(folds), loss
    rows, spread = assessor.row_scores(assessor.name, prior), np.zeros_like(test.spread)
    if rows is not None:
        spread = assessor.layout.measured(rows).spread
    return Measured(folds, spread, test.freedom), loss


def _train_labels_and_test(case, split):
    train, test = split
    _, y_train = _safe_split(case.estimator, case.X, case.y, train)
    return y_train, *_safe_split(case.estimator, case.X, case.y, test, train)


def _guess(scorer, guess, parts):
    """Return the score of ``guess`` in each fold, nan where it cannot be scored."""
    try:
        return [
            float(scorer(guess.fit(np.zeros((len(y_train), 1)), y_train), X, y))
            for y_train, X, y in parts
        ]
    except Exception:  # a scorer may ask for more than guesses can give
        return np.full(len(parts), np.nan)


def _ways_to_guess(case):
    """Return lists of estimators; the scores of those in a list are to be averaged."""
    if not case.classification:
        absolute = scorer_name(case.scorer) in ABSOLUTE
        return [[DummyRegressor(strategy="median" if absolute else "mean")]]
    return [
        [DummyClassifier(strategy="prior")],
        [DummyClassifier(strategy="stratified", random_state=i) for i in range(10)],
    ]


def perfect_score(case):
    """Return what the scorer gives for right answers, or None where it cannot tell."""
    rows = case.splits[0][0]
    X, y = _safe_split(case.estimator, case.X, case.y, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            replay = Replay(case.estimator, _right(y, case.classes), case.classes)
            score = float(case.scorer(replay, X, y))
        except Exception:  # a scorer may look at more of an estimator
            return None
    return score if np.isfinite(score) else None


def _right(y, classes):
    """Return outputs that are right, and sure of it."""
    y = np.asarray(y)
    if classes is None:
        probability = y.astype(float) if y.ndim == 2 else None
        return Outputs(y, probability)
    codes = codes_of(y, classes)
    probability = np.eye(len(classes))[codes]
    decision = probability[:, 1] if len(classes) == 2 else probability
    return Outputs(codes, probability, decision)


# Scores that cannot leave the range from 0 to 1; of others only the best is known.
BOUNDED = (
    "accuracy",
    "average_precision",
    "balanced_accuracy",
    "f1",
    "fbeta",
    "jaccard",
    "precision",
    "recall",
    "roc_auc",
    "top_k_accuracy",
)


def worst_score(name):
    """Return the lowest score there is, −inf where there is none or it is not known."""
    return 0.0 if name.startswith(BOUNDED) else -np.inf
