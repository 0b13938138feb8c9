"""
How strong should regularisation be?
====================================

As alpha grows, the gap between train and test score closes and the weights shrink; in
between lies the best test score. One search over alpha finds it, in the time of a few
fits. Lecture items L20 to L22.
"""

# %%
# One search, twice
# -----------------
#
# scikit-learn's breast cancer data, of which only 60 examples are for training, so that
# there is something to overfit. `GridSearchCV` trains one network after another;
# `FusedGridSearchCV` trains all that differ in alpha side by side and finds the same.

from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV, ShuffleSplit

from sklearn_mlp_edu import (
    FusedGridSearchCV,
    LectureMLPClassifier,
    RegularizationPathDisplay,
)

X, y = load_breast_cancer(return_X_y=True)
network = LectureMLPClassifier(
    batch_size=20, max_iter=150, n_iter_no_change=np.inf, random_state=0
)
alphas = np.geomspace(1e-4, 1, 9)
folds = ShuffleSplit(5, train_size=60, random_state=0)
for search_class in (GridSearchCV, FusedGridSearchCV):
    settings = {"cv": folds, "return_train_score": True}
    search = search_class(network, {"alpha": alphas}, **settings)
    started = perf_counter()
    search.fit(X, y)
    print(
        f"{search_class.__name__:>17}: {perf_counter() - started:5.1f} s, best alpha "
        f"{search.best_params_['alpha']:.3g}, test score {search.best_score_:.3f}"
    )

# %%
# The path of regularisation (L22)
# --------------------------------
#
# The larger λ, the smaller the weights and the gap. Beyond some point the network is
# too stiff for the training set, too, and both scores fall.

lengths = []
for alpha in alphas:
    fitted = network.set_params(alpha=alpha).fit(X[:60], y[:60])
    lengths.append(np.sqrt(sum(np.vdot(W, W) for W in fitted.coefs_)))

figure, (above, below) = plt.subplots(
    2, sharex=True, figsize=(6.5, 6), height_ratios=[2, 1], layout="constrained"
)
RegularizationPathDisplay.from_estimator(search, ax=above)
title = "Breast cancer, 60 examples for training"
above.set(xlabel="", ylabel="accuracy", title=title)
below.plot(alphas, lengths, "o-", color="0.3", markersize=4)
below.set(xlabel="alpha, the strength λ of L2", ylabel="‖W‖", ylim=(0, None))
plt.show()
