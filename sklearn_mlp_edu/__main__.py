"""``python -m sklearn_mlp_edu``: how much a network overfits, and which alpha helps."""

import argparse

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import LectureMLPClassifier, __version__

DATA_SETS = {"breast_cancer": load_breast_cancer, "digits": load_digits}
ALPHAS = (0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)

DESCRIPTION = """\
Cross-validate a network of one hidden layer behind a StandardScaler on built-in data,
measure the gap between its training score and its test score, and search the strength
of L2 regularisation, alpha, for the value that closes the gap without costing accuracy
on new data.
"""


def main(arguments=None):
    """Run the command with the given arguments, those of the shell by default."""
    options = _parser().parse_args(arguments)
    names = list(DATA_SETS) if options.data == "both" else [options.data]
    for name in names:
        _diagnose(name, options)


def _parser():
    parser = argparse.ArgumentParser(
        prog="sklearn-mlp-edu",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        choices=[*DATA_SETS, "both"],
        default="both",
        help="which of scikit-learn's built-in data sets (default: both)",
    )
    parser.add_argument(
        "--cv", type=_at_least_2, default=5, help="number of folds (default: 5)"
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes for the search (default: 1)"
    )
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _at_least_2(text):
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"needs an int >= 2, got {text!r}")
    return int(text)


def _diagnose(name, options):
    """Print the gap of the default network, then the gap for each alpha."""
    X, y = DATA_SETS[name](return_X_y=True)
    network = LectureMLPClassifier(max_iter=1000, random_state=0)
    pipeline = make_pipeline(StandardScaler(), network)
    folds = StratifiedKFold(options.cv, shuffle=True, random_state=0)
    result = cross_validate(
        pipeline, X, y, cv=folds, return_train_score=True, n_jobs=options.jobs
    )
    train, test = result["train_score"].mean(), result["test_score"].mean()
    print(f"{name}: {X.shape[0]} examples, {X.shape[1]} features, ", end="")
    print(f"{len(np.unique(y))} classes; accuracy over {options.cv} folds")
    print(f"default network: train {train:.3f}, test {test:.3f}, ", end="")
    print(f"gap {train - test:.3f}\n")
    search = GridSearchCV(
        pipeline,
        {"lecturemlpclassifier__alpha": ALPHAS},
        cv=folds,
        return_train_score=True,
        refit=False,
        n_jobs=options.jobs,
    )
    search.fit(X, y)
    _report(search.cv_results_, options.cv)


def _report(results, n_folds):
    """Print train, test and gap for each alpha, and which one to choose."""
    train, test = results["mean_train_score"], results["mean_test_score"]
    gap = train - test
    best = test.argmax()
    standard_error = results["std_test_score"][best] / np.sqrt(n_folds - 1)
    as_good = np.flatnonzero(test >= test[best] - standard_error)
    chosen = as_good[gap[as_good].argmin()]
    print(f"{'alpha':>8}  {'train':>6}  {'test':>6}  {'gap':>6}")
    for i, alpha in enumerate(ALPHAS):
        mark = "  <- closes the gap best" if i == chosen else ""
        print(f"{alpha:>8g}  {train[i]:>6.3f}  {test[i]:>6.3f}  {gap[i]:>6.3f}{mark}")
    print(
        f"\nOf the values that score within one standard error ({standard_error:.3f}) "
        f"of the best\ntest score, alpha={ALPHAS[chosen]:g} leaves the smallest gap: "
        f"{gap[0]:.3f} without regularisation,\n{gap[chosen]:.3f} with it. "
        f"The test score goes from {test[0]:.3f} to {test[chosen]:.3f}.\n"
    )


if __name__ == "__main__":
    main()
