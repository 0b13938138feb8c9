"""
A network that chooses its own strength
=======================================

From a raw table to probabilities, strength, gap and path in one `fit`. Networks are
trained with several strengths of L2 on the folds of a cross-validation, and those are
kept whose strength did best on what their folds had held out. Lecture items L20 to L22.
"""

# %%
# One fit
# -------
#
# All strengths on all folds are trained side by side.

import matplotlib.pyplot as plt
from sklearn.datasets import load_diabetes, load_wine
from sklearn.metrics import PredictionErrorDisplay
from sklearn.model_selection import train_test_split

from sklearn_mlp_edu import (
    LectureMLPClassifierCV,
    LectureMLPRegressorCV,
    RegularizationPathDisplay,
)

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
network = LectureMLPClassifierCV(random_state=0).fit(X_train, y_train)
print(network.summary())
print(f"\nfirst new wine: {network.predict_proba(X_test[:1]).round(2)}")
print(f"accuracy on new wines: {network.score(X_test, y_test):.3f}")

# %%
# The path
# --------
#
# The gap between train and test score closes as the strength grows.

display = RegularizationPathDisplay.from_estimator(network)
plt.show()

# %%
# Numbers
# -------
#
# The same for a number. What each network says of the rows that its fold held out shows
# the errors to expect of new rows.

X, y = load_diabetes(return_X_y=True, scaled=False)
regressor = LectureMLPRegressorCV(random_state=0).fit(X, y)
print(regressor.summary())
PredictionErrorDisplay.from_predictions(
    y, regressor.oof_prediction_, kind="actual_vs_predicted"
)
plt.show()
