"""Every public name: what it says of itself, its examples, and what pickles hold."""

import inspect
import pickle
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, DocTestFinder, DocTestRunner
from re import findall

import matplotlib
import pytest
from sklearn.model_selection import GridSearchCV

import sklearn_mlp_edu
from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

PUBLIC = sorted(set(sklearn_mlp_edu.__all__))
WITHOUT_EXAMPLE = {  # their docstrings say where they come from
    "ClassResult",
    "Estimate",
    "GradientCheck",
    "OverfittingReport",
    "Remedy",
    "StepTrace",
    "Suspect",
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_where_it_is_imported_from(name):
    thing = getattr(sklearn_mlp_edu, name)
    assert thing.__module__ == "sklearn_mlp_edu"
    assert thing.__qualname__ == name
    assert name in dir(sklearn_mlp_edu)


def examples(name):
    """Doctests of a public name and of its methods, wherever these are defined."""
    thing = getattr(sklearn_mlp_edu, name)
    finder = DocTestFinder(exclude_empty=True)
    found = finder.find(thing, name, module=False, globs={})
    if inspect.isclass(thing):
        seen = {test.name for test in found}
        for method, value in inspect.getmembers(thing):
            new = not method.startswith("_") and f"{name}.{method}" not in seen
            ours = getattr(value, "__module__", None) or ""
            if new and ours.startswith("sklearn_mlp_edu") and callable(value):
                found += finder.find(value, f"{name}.{method}", module=False, globs={})
    return [test for test in found if test.examples]


@pytest.mark.filterwarnings("default")  # as users run them
@pytest.mark.parametrize("name", PUBLIC)
def test_examples_of_a_public_name_run(name, tmp_path, monkeypatch):
    """`--doctest-modules` passes over what names another module as its own."""
    matplotlib.use("agg")
    monkeypatch.chdir(tmp_path)
    tests = examples(name)
    assert tests or name in WITHOUT_EXAMPLE
    runner = DocTestRunner(optionflags=NORMALIZE_WHITESPACE | ELLIPSIS)
    for test in tests:
        assert runner.run(test).failed == 0, test.name


def streaming(X, y):
    """Return a classifier in the middle of a stream."""
    network = LectureMLPClassifier(4, random_state=0)
    return network.partial_fit(X, y, classes=[0, 1, 2]).partial_fit(X, y)


def searched(kind):
    """Return a function that returns a fitted search."""

    def search(X, y):
        network = LectureMLPClassifier(4, max_iter=3, tol=1, random_state=0)
        grid = {"alpha": [0.01, 0.1]}
        return kind(network, grid, cv=2, return_train_score=True).fit(X, y)

    return search


def reported(X, y):
    """Return a report of a diagnosis."""
    network = LectureMLPClassifier(4, max_iter=30, random_state=0)
    return sklearn_mlp_edu.diagnose_overfitting(
        network, X, y, cv=2, alphas=[0.01, 0.1], random_state=0
    )


def displays(X, y):
    """Return the data of displays."""
    return [
        sklearn_mlp_edu.LossCurveDisplay([2.0, 1.0]),
        sklearn_mlp_edu.WeightImageDisplay(X[:4].reshape(4, 2, 2)),
        sklearn_mlp_edu.RegularizationPathDisplay([0.1, 1.0], X[:2], X[:2]),
    ]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "make",
    [
        streaming,
        searched(GridSearchCV),
        searched(FusedGridSearchCV),
        reported,
        displays,
    ],
    ids=["stream", "grid search", "fused search", "report", "displays"],
)
def test_pickles_name_the_package_and_none_of_its_modules(make, iris):
    """So they can be read when modules have been moved."""
    pickled = pickle.dumps(make(*iris))
    assert set(findall(rb"sklearn_mlp_edu[\w.]*", pickled)) == {b"sklearn_mlp_edu"}
    assert pickle.loads(pickled)
