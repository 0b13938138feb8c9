"""What a fitted cross-validated network says of itself."""

import numpy as np


def describe(estimator):
    """Return strength, scores, gap, and what they mean, in lines of text."""
    alphas, best = estimator.alphas_, column_of_best(estimator)
    train, test = estimator.train_scores_[:, best], estimator.scores_[:, best]
    name = estimator.scoring or estimator._score
    name = name if isinstance(name, str) else getattr(name, "__name__", "score")
    tried = f"of {len(alphas)} from {alphas[0]:.3g} to {alphas[-1]:.3g}"
    lines = [
        f"alpha  {estimator.alpha_:.3g}, {tried}",
        f"score  {name}, mean and deviation over {len(test)} folds",
        f"train  {train.mean():.4f} ± {train.std():.4f}",
        f"test   {test.mean():.4f} ± {test.std():.4f}",
        f"gap    {estimator.gap_:.4f}",
        "",
        *_meaning(estimator.gap_, test),
        *_at_the_edge(alphas, best, estimator._narrow_),
    ]
    return "\n".join(lines)


def column_of_best(estimator):
    """Return the column of `alpha_` in the scores."""
    return int(np.flatnonzero(estimator.alphas_ == estimator.alpha_)[0])


def _meaning(gap, test):
    if gap > test.std():
        return [
            "Examples that were learned from score better than others, by more than",
            "folds differ from each other: so much is overfitting, at the strength",
            "that scores best on others. More examples would narrow the gap.",
        ]
    return [
        "The gap is no larger than the differences between folds: what was learned",
        "holds for other examples as well.",
    ]


def _at_the_edge(alphas, best, narrow):
    if len(alphas) == 1 or 0 < best < len(alphas) - 1:
        return []
    which, where = ("largest", "above") if best else ("smallest", "below")
    if not narrow:
        return [f"The chosen alpha is the {which} that was tried; the next is as good."]
    return [
        f"Warning: the chosen alpha is the {which} that was tried; there may be better",
        f"ones {where} it.",
    ]
