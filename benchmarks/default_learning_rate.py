"""Measure which learning rate serves best out of the box, on standardised inputs.

    python -m benchmarks.default_learning_rate

For each candidate: the mean test accuracy over 5 folds × 3 seeds on four built-in
data sets after `StandardScaler`, all other parameters at their defaults, the mean
number of epochs, and how many of the 15 fits ended in a ConvergenceWarning or diverged.
The last rows are the default and scikit-learn's `MLPClassifier()` on the same folds. A
second table has pictures, of up to 12,288 correlated inputs. Prints Markdown.
"""

import sys
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier, make_ball_images

DATA = {
    "iris": load_iris,
    "wine": load_wine,
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
}
CANDIDATES = (0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 2.0)
SEEDS = (0, 1, 2)
PICTURE_SIZES = (16, 32, 64)
PICTURE_NETWORKS = ((), (100,), (32, 16))


def measure(make_classifier, X, y):
    """Return the mean test accuracy, mean epochs, and failures among 15 fits."""
    scores, epochs, unconverged, diverged = [], [], 0, 0
    for seed in SEEDS:
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        pipeline = make_pipeline(StandardScaler(), make_classifier(seed))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = cross_validate(
                pipeline, X, y, cv=folds, return_estimator=True, error_score=np.nan
            )
        scores.extend(result["test_score"])
        unconverged += sum(issubclass(w.category, ConvergenceWarning) for w in caught)
        diverged += int(np.isnan(result["test_score"]).sum())
        epochs.extend(getattr(e[-1], "n_iter_", np.nan) for e in result["estimator"])
    return np.nanmean(scores), np.nanmean(epochs), unconverged, diverged


def row(name, make_classifier):
    """One line of the table."""
    cells = []
    for load in DATA.values():
        X, y = load(return_X_y=True)
        accuracy, epochs, unconverged, diverged = measure(make_classifier, X, y)
        failures = f", {unconverged} unconverged" * (unconverged > 0)
        failures += f", {diverged} diverged" * (diverged > 0)
        cells.append(f"{accuracy:.4f} ({epochs:.0f} epochs{failures})")
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def pictures(rate, hidden):
    """Return train and test accuracy on pictures of each size, or how it failed."""
    cells = []
    for size in PICTURE_SIZES:
        X, y = make_ball_images(300, size=size, random_state=0)
        network = LectureMLPClassifier(hidden, learning_rate_init=rate, random_state=0)
        pipeline = make_pipeline(StandardScaler(), network)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            try:
                pipeline.fit(X[:200], y[:200])
            except ValueError:
                cells.append("diverged")
                continue
        train, test = pipeline.score(X[:200], y[:200]), pipeline.score(X[200:], y[200:])
        cells.append(f"{train:.2f} / {test:.2f} ({network.n_iter_} epochs)")
    return cells


def print_pictures():
    """Print the second table."""
    sizes = [f"{size}×{size}×3" for size in PICTURE_SIZES]
    print(
        "\n| `hidden_layer_sizes` | `learning_rate_init` | " + " | ".join(sizes) + " |"
    )
    print("|---" * (len(sizes) + 2) + "|")
    for hidden in PICTURE_NETWORKS:
        for rate in (0.1, 0.2, 0.5, 1.0, "auto"):
            cells = " | ".join(pictures(rate, hidden))
            print(f"| {hidden} | {rate} | {cells} |", flush=True)


def main():
    """Print both tables."""
    print(f"sklearn_mlp_edu {sklearn_mlp_edu.__version__}, ", end="")
    print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, ", end="")
    print(f"Python {sys.version.split()[0]}\n")
    print("| `learning_rate_init` | " + " | ".join(DATA) + " |")
    print("|---" * (len(DATA) + 1) + "|")
    for rate in CANDIDATES:
        row(
            rate,
            lambda seed, rate=rate: LectureMLPClassifier(
                learning_rate_init=rate, random_state=seed
            ),
        )
    row('`"auto"`, the default', lambda seed: LectureMLPClassifier(random_state=seed))
    row("`MLPClassifier()`", lambda seed: MLPClassifier(random_state=seed))
    print_pictures()


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
