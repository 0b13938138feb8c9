"""How strong should L2 be? One search over alpha, in the time of a few fits.

    python examples/plot_regularization_path.py

Lecture items L20 to L22 on scikit-learn's breast cancer data, of which only 60 examples
are for training, so that there is something to overfit: as alpha grows, the gap between
train and test score closes and the weights shrink; in between lies the best test score.
Prints the time of `GridSearchCV` and of `FusedGridSearchCV` for the same search, and
draws ``regularization_path.png``. Needs the extra ``plot``.
"""

from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    RegularizationPathDisplay,
)

ALPHAS = np.geomspace(1e-4, 1, 13)
FOLDS = ShuffleSplit(20, train_size=60, random_state=0)


def main():
    """Search in both ways, print what they took, draw what they found."""
    X, y = load_breast_cancer(return_X_y=True)
    network = LectureMLPClassifier(
        batch_size=20, max_iter=150, n_iter_no_change=np.inf, random_state=0
    )
    pipeline = make_pipeline(StandardScaler(), network)
    grid = {"lecturemlpclassifier__alpha": ALPHAS}
    settings = {"cv": FOLDS, "return_train_score": True}
    for search_class in (GridSearchCV, FusedGridSearchCV):
        started = perf_counter()
        search = search_class(pipeline, grid, **settings).fit(X, y)
        seconds = perf_counter() - started
        alpha = search.best_params_["lecturemlpclassifier__alpha"]
        print(
            f"{search_class.__name__:>17}: {seconds:5.1f} s, best alpha {alpha:.3g}, "
            f"test score {search.best_score_:.3f}"
        )
    norms = [norm_of_weights(pipeline, alpha, X[:60], y[:60]) for alpha in ALPHAS]
    report(search.cv_results_, norms)
    draw(search, norms)


def norm_of_weights(pipeline, alpha, X, y):
    """Return ‖W‖ of all layers after training with ``alpha``."""
    pipeline.set_params(lecturemlpclassifier__alpha=alpha).fit(X, y)
    return np.sqrt(sum(np.vdot(W, W) for W in pipeline[-1].coefs_))


def report(results, norms):
    """Print a table."""
    print(f"{'alpha':>8}  {'train':>6}  {'test':>6}  {'gap':>6}  {'norm of W':>9}")
    scores = results["mean_train_score"], results["mean_test_score"]
    for alpha, train, test, norm in zip(ALPHAS, *scores, norms, strict=True):
        gap = train - test
        print(f"{alpha:8.2g}  {train:6.3f}  {test:6.3f}  {gap:6.3f}  {norm:9.2f}")


def draw(search, norms):
    """Draw the scores above the norm of the weights."""
    figure, (above, below) = plt.subplots(
        2, sharex=True, figsize=(6.5, 6), height_ratios=[2, 1], layout="constrained"
    )
    RegularizationPathDisplay.from_estimator(search, ax=above)
    above.set(
        xlabel="", ylabel="accuracy", title="Breast cancer, 60 examples for training"
    )
    below.plot(ALPHAS, norms, "o-", color="0.3", markersize=4)
    below.set(xlabel="alpha, the strength λ of L2", ylabel="‖W‖", ylim=(0, None))
    figure.savefig("regularization_path.png", dpi=120)
    print("Wrote regularization_path.png")


if __name__ == "__main__":
    main()
