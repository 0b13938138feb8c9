"""Train and test score against alpha, to see where the network overfits least.

    python examples/plot_train_test_gap.py

Cross-validates a network on scikit-learn's breast cancer data for a range of L2
strengths (lecture items L20 to L22), prints the gap between the train and the test
score for each, and draws both scores against alpha into ``train_test_gap.png``.
Needs the extra ``plot``.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier

ALPHAS = np.logspace(-4, 0, 9)

X, y = load_breast_cancer(return_X_y=True)
pipeline = make_pipeline(
    StandardScaler(), LectureMLPClassifier(max_iter=1000, random_state=0)
)
search = GridSearchCV(
    pipeline,
    {"lecturemlpclassifier__alpha": ALPHAS},
    cv=StratifiedKFold(5, shuffle=True, random_state=0),
    return_train_score=True,
    refit=False,
).fit(X, y)

results = search.cv_results_
train, test = results["mean_train_score"], results["mean_test_score"]
best = test.argmax()
print("  alpha   train    test     gap")
for alpha, a, b in zip(ALPHAS, train, test, strict=True):
    print(f"{alpha:7.1g}   {a:.3f}   {b:.3f}   {a - b:.3f}")
print(f"The best test score, {test[best]:.3f}, is at alpha={ALPHAS[best]:.1g}.")

figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
for scores, name, color, marker in (
    (train, "train", "tab:blue", "o"),
    (test, "test", "tab:orange", "s"),
):
    spread = results[f"std_{name}_score"]
    axes.fill_between(ALPHAS, scores - spread, scores + spread, color=color, alpha=0.2)
    axes.plot(ALPHAS, scores, color=color, marker=marker, label=f"{name} score")
axes.axvline(ALPHAS[best], color="gray", linestyle=":", label="best test score")
axes.set(
    xscale="log",
    xlabel="alpha, the strength λ of L2 regularisation",
    ylabel="accuracy (mean ± standard deviation of 5 folds)",
    title="Breast cancer data: regularisation closes the gap",
)
axes.legend()
figure.savefig("train_test_gap.png", dpi=120)
print("Wrote train_test_gap.png")
