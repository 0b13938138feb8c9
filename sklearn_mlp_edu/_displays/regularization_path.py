"""`RegularizationPathDisplay`: train and test score against the strength of L2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from .._arithmetic import public, required

TRAIN_COLOR, TEST_COLOR = "#0072B2", "#D55E00"  # told apart by colour-blind eyes


@public
class RegularizationPathDisplay:
    """Train and test score against ``alpha``, the gap between them shaded.

    Lines are means over folds, bands their standard deviation. Make it with
    `from_estimator` or `from_cv_results`.

    Parameters
    ----------
    alphas : array-like of shape (n_alphas,)
        Values of alpha, rising. If one is 0, the axis is linear next to it.
    train_scores, test_scores : array-like of shape (n_alphas, n_folds)
        Scores of every fold.
    chosen_alpha : float, default=None
        The value to mark.
    score_name : str, default="score"
        For the axis.

    Attributes
    ----------
    train_line_, test_line_ : matplotlib Line2D
        Mean scores.
    train_band_, test_band_, gap_ : matplotlib artists
        One standard deviation around the means, and the area between them.
    chosen_line_ : matplotlib Line2D or None
        The mark at the chosen value.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn_mlp_edu import (
    ...     FusedGridSearchCV, LectureMLPClassifier, RegularizationPathDisplay)
    >>> network = LectureMLPClassifier(
    ...     max_iter=20, n_iter_no_change=float("inf"), learning_rate_init=0.05)
    >>> search = FusedGridSearchCV(
    ...     network, {"alpha": [0.01, 0.1, 1]}, return_train_score=True)
    >>> search = search.fit(*load_iris(return_X_y=True))
    >>> display = RegularizationPathDisplay.from_estimator(search)
    >>> display.ax_.get_xscale()
    'log'
    """

    def __init__(
        self,
        alphas: ArrayLike,
        train_scores: ArrayLike,
        test_scores: ArrayLike,
        *,
        chosen_alpha: float | None = None,
        score_name: str = "score",
    ) -> None:
        self.alphas = alphas
        self.train_scores = train_scores
        self.test_scores = test_scores
        self.chosen_alpha = chosen_alpha
        self.score_name = score_name

    @classmethod
    def from_estimator(
        cls, search: Any, *, scoring: str | None = None, ax: Any = None
    ) -> RegularizationPathDisplay:
        """Draw the path of a fitted search, or of a pipeline that ends in one.

        Parameters
        ----------
        search : LectureMLPClassifierCV, LectureMLPRegressorCV, or a search
            A search must be fitted with ``return_train_score=True`` over values of
            alpha. Of other parameters in the grid, the best combination is drawn.
        scoring : str, default=None
            Which of several scores; None is the one that `refit` names.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        display : RegularizationPathDisplay

        Raises
        ------
        NotFittedError
            If the search is not fitted.
        ValueError
            If it has no values of alpha, or no training scores.
        ImportError
            If matplotlib is not installed.
        """
        while hasattr(search, "steps"):
            search = search.steps[-1][1]
        if hasattr(search, "alphas_") and hasattr(search, "train_scores_"):
            return cls._of_cross_validated(search, ax)
        check_is_fitted(search, "cv_results_")
        if scoring is None and getattr(search, "multimetric_", False):
            scoring = search.refit if isinstance(search.refit, str) else None
        return cls.from_cv_results(
            search.cv_results_,
            scoring=scoring,
            best_index=getattr(search, "best_index_", None),
            ax=ax,
        )

    @classmethod
    def _of_cross_validated(cls, network, ax):
        """Draw the path of a network that has chosen its strength itself."""
        trained = np.isfinite(network.scores_).all(axis=0)
        name = network.scoring or network._score
        display = cls(
            network.alphas_[trained],
            network.train_scores_[:, trained].T,
            network.scores_[:, trained].T,
            chosen_alpha=network.alpha_,
            score_name=name if isinstance(name, str) else "score",
        )
        return display.plot(ax=ax)

    @classmethod
    def from_cv_results(
        cls,
        cv_results: Mapping,
        *,
        scoring: str | None = None,
        best_index: int | None = None,
        ax: Any = None,
    ) -> RegularizationPathDisplay:
        """Draw the path from the ``cv_results_`` of a search.

        Parameters
        ----------
        cv_results : dict of str to array-like of shape (n_candidates,)
            With training scores.
        scoring : str, default=None
            Which of several scores; None where there is one.
        best_index : int, default=None
            The candidate that was chosen; None is that of the highest test score.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        display : RegularizationPathDisplay

        Raises
        ------
        ValueError
            If there are no values of alpha, or no training scores.
        ImportError
            If matplotlib is not installed.
        """
        name = _name_of_alpha(cv_results)
        score = "score" if scoring is None else scoring
        test = _scores_of_folds(cv_results, "test", score)
        train = _scores_of_folds(cv_results, "train", score)
        if best_index is None:
            best_index = int(np.nanargmax(test.mean(axis=1)))
        candidates = cv_results["params"]
        others = _without(candidates[best_index], name)
        path = [i for i, c in enumerate(candidates) if _without(c, name) == others]
        path.sort(key=lambda i: candidates[i][name])
        display = cls(
            np.array([candidates[i][name] for i in path], float),
            train[path],
            test[path],
            chosen_alpha=float(candidates[best_index][name]),
            score_name="score" if scoring is None else scoring,
        )
        return display.plot(ax=ax)

    def plot(self, ax: Any = None) -> RegularizationPathDisplay:
        """Draw the path.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        display : RegularizationPathDisplay
            This one.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        if ax is None:
            plt = required(
                "matplotlib.pyplot", "RegularizationPathDisplay", extra="plot"
            )
            _, ax = plt.subplots(layout="constrained")
        alphas, positive = np.asarray(self.alphas), np.asarray(self.alphas) > 0
        if positive.all():
            ax.set_xscale("log")
        else:
            ax.set_xscale("symlog", linthresh=alphas[positive].min(initial=1))
        train, test = np.asarray(self.train_scores), np.asarray(self.test_scores)
        self.gap_ = ax.fill_between(
            alphas,
            test.mean(axis=1),
            train.mean(axis=1),
            color="0.5",
            alpha=0.15,
            linewidth=0,
            label="gap",
        )
        self.train_line_, self.train_band_ = _line_and_band(
            ax, alphas, train, TRAIN_COLOR, "o-", "train"
        )
        self.test_line_, self.test_band_ = _line_and_band(
            ax, alphas, test, TEST_COLOR, "s--", "test"
        )
        self.chosen_line_ = None
        if self.chosen_alpha is not None:
            label = f"chosen: {self.chosen_alpha:.3g}"
            self.chosen_line_ = ax.axvline(
                self.chosen_alpha, color="0.3", linestyle=":", label=label
            )
        ax.set(xlabel="alpha, the strength λ of L2", ylabel=self.score_name)
        ax.legend()
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _line_and_band(ax, alphas, scores, color, style, label):
    mean, deviation = scores.mean(axis=1), scores.std(axis=1)
    (line,) = ax.plot(alphas, mean, style, color=color, markersize=4, label=label)
    low, high = mean - deviation, mean + deviation
    return line, ax.fill_between(alphas, low, high, color=color, alpha=0.2, linewidth=0)


def _name_of_alpha(cv_results):
    """Return the parameter of the grid that is called alpha, or ends in __alpha."""
    names = {name for candidate in cv_results["params"] for name in candidate}
    found = sorted(name for name in names if name.rpartition("__")[2] == "alpha")
    if len(found) != 1:
        raise ValueError(
            "The path needs one parameter alpha in the grid, such as "
            f"'lecturemlpclassifier__alpha'; the grid has {sorted(names)}."
        )
    return found[0]


def _scores_of_folds(cv_results, part, score):
    """Return the scores of all candidates in all folds, one row a candidate."""
    folds = []
    while (key := f"split{len(folds)}_{part}_{score}") in cv_results:
        folds.append(np.asarray(cv_results[key], float))
    if not folds:
        advice = "search with return_train_score=True" if part == "train" else ""
        names = [key[12:] for key in cv_results if key.startswith("split0_test_")]
        advice = advice or f"pass scoring, one of {names}"
        raise ValueError(f"There are no {part} scores {score!r}; {advice}.")
    return np.stack(folds, axis=1)


def _without(candidate, name):
    return {key: value for key, value in candidate.items() if key != name}
