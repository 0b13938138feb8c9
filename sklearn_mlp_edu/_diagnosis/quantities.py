"""Numbers as targets: what they must be, scores by rows, and what is told of them.

R² of a fold is 1 − A/B with A the mean squared error and B the variance of the target,
so a ratio of means and no mean over rows. What is compared row by row is the squared
error; for intervals R² is written as the mean over rows that it is to first order.
"""

import numpy as np

from .outputs import missed_by

# Scores that go by the squared error, so that it decides which remedy helps.
SQUARED = (
    "explained_variance",
    "mean_squared_error",
    "r2",
    "root_mean_squared_error",
)
ABSOLUTE = ("mean_absolute_error", "median_absolute_error")  # best guess: the median
FEW_OF = 100  # rows at least, for one in a hundred to be told of
MOST_OF_ERROR = 0.4  # share of the squared error that few rows may have unmentioned
OTHER_SCORES = {
    "R²": "r2",
    "mean absolute error": "mean_absolute_error",
    "root mean squared error": "root_mean_squared_error",
}


def check_numbers(estimator, y):
    """Refuse a target that cannot be predicted as a number."""
    name = type(estimator).__name__
    try:
        values = np.asarray(y).astype(np.float64)
    except (TypeError, ValueError):
        some = next(v for v in np.ravel(np.asarray(y, object)) if not _is_number(v))
        raise ValueError(
            f"y holds {some!r}, which is no number, but {name} predicts numbers; pass "
            "numbers, or for classes a classifier such as LectureMLPClassifier."
        ) from None
    if values.size and (values == values[:1]).all():
        raise ValueError(
            f"y is {values.ravel()[0]:g} in all {len(values):,} rows; {name} has "
            "nothing to learn."
        )


def _is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def check_classes(estimator, y, kind):
    """Refuse numbers with fractions where classes are needed."""
    if kind.startswith("continuous"):
        raise ValueError(
            f"y holds {len(np.unique(np.asarray(y))):,} different numbers with "
            f"fractions, but {type(estimator).__name__} predicts classes; make classes "
            "of them, or pass a regressor such as LectureMLPRegressor."
        )


def unit_of(y):
    """Return the variance of each target, in which squared errors are told."""
    with np.errstate(invalid="ignore", over="ignore"):
        variance = np.var(np.asarray(y).astype(np.float64), axis=0)
    return np.where(variance > 0, variance, 1.0)


def row_scores(name, predicted, y, layout):
    """Return what each tested row adds to a score of numbers; None if not known.

    The mean of the rows of a fold is the fold's score, of several targets the mean.
    """
    error, y = missed_by(predicted, y), np.asarray(y, dtype=np.float64)
    if error.ndim == 1:
        return _rows(name, error, y, layout)
    columns = [_rows(name, *both, layout) for both in zip(error.T, y.T, strict=True)]
    return None if columns[0] is None else np.mean(columns, axis=0)


@np.errstate(divide="ignore", invalid="ignore")  # a fold may have one value only
def _rows(name, error, y, layout):
    squared = error**2
    if name == "mean_squared_error":
        return -squared
    if name == "mean_absolute_error":
        return -abs(error)

    def of_fold(values):
        return layout.means(values)[layout.folds]

    mean = of_fold(squared)
    if name == "root_mean_squared_error":
        root = np.sqrt(mean)
        return -(root + (squared - mean) / (2 * root))
    if name == "r2":
        away = (y - of_fold(y)) ** 2
        variance = of_fold(away)
        return 1 - squared / variance + mean / variance * (away / variance - 1)
    return None


def floors(assessor, trial, prior):
    """Return score and loss of whichever is better in a fold, network or guessing.

    None both where squared errors do not count, or rows have no scores.
    """
    layout = assessor.layout
    scores = [assessor.row_scores(assessor.name, one) for one in (trial.outputs, prior)]
    if prior.loss is None or any(rows is None for rows in scores):
        return None, None

    def better(own, guess):
        worse = layout.means(own) < layout.means(guess)
        return layout.measured(np.where(worse[layout.folds], guess, own))

    return better(*scores), -1.0 * better(-trial.outputs.loss, -prior.loss)


def other_scores(assessor, trial, prior):
    """Return errors in the target's own unit, and R², of predictions and of guessing.

    By name ``(test, guessing)``, `Measured` both.
    """
    scores = {}
    for title, name in OTHER_SCORES.items():
        if name == assessor.name:
            continue
        rows = [assessor.row_scores(name, one) for one in (trial.outputs, prior)]
        sign = 1.0 if name == "r2" else -1.0
        if all(np.isfinite(part).all() for part in rows):
            scores[title] = tuple(sign * assessor.layout.measured(r) for r in rows)
    return scores


def outlier_note(outputs):
    """Say so where a few rows make most of the squared error; else return nothing."""
    if outputs.loss is None or not outputs.loss.sum():
        return []
    n_few = max(1, len(outputs.loss) // 100)
    share = np.sort(outputs.loss)[-n_few:].sum() / outputs.loss.sum()
    if len(outputs.loss) < FEW_OF or share < MOST_OF_ERROR:
        return []
    rows = "1 row makes" if n_few == 1 else f"{n_few:,} rows make"
    return [
        f"{rows} {share:.0%} of the squared error, so that R² hangs on them. Look at "
        "them; for scores that do not, pass scoring='neg_mean_absolute_error', and for "
        "training a logarithm of the target or LectureMLPRegressor(loss='huber')."
    ]


def out_of_fold(assessor, outputs):
    """Return what was predicted for rows not trained on, and what was right."""
    y = np.asarray(assessor.y, dtype=np.float64)
    predicted = missed_by(outputs.predicted, y) + y
    return {"row": assessor.layout.rows, "actual": y, "predicted": predicted}


def describe_target(y):
    """Return names, range, mean and deviation of each target."""
    values = np.asarray(y, dtype=np.float64)
    names = getattr(y, "columns", None)
    if names is None:
        names = [getattr(y, "name", None)] * (1 if values.ndim == 1 else len(values.T))
    columns = values.reshape(len(values), -1).T
    return [
        {
            "name": None if name is None else str(name),
            "low": float(column.min()),
            "high": float(column.max()),
            "mean": float(column.mean()),
            "std": float(column.std()),
        }
        for name, column in zip(names, columns, strict=True)
    ]
