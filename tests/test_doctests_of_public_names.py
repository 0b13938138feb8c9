"""Every public name has an example that runs.

Public things say that they are of ``sklearn_mlp_edu``, wherever they are written, so
that a search module by module passes over them. Here they are found by name.
"""

import doctest

import pytest

import sklearn_mlp_edu

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
MADE_BY = {  # results, whose examples are those of the functions that return them
    "Estimate": "diagnose_overfitting",
    "GradientCheck": "check_gradient",
    "OverfittingReport": "diagnose_overfitting",
    "Remedy": "diagnose_overfitting",
    "StepTrace": "trace_step",
}


def examples_of(name):
    """Doctests of a class with its methods, or of a function."""
    thing = getattr(sklearn_mlp_edu, name)
    found = doctest.DocTestFinder().find(thing, name, module=False, globs={})
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", sklearn_mlp_edu.__all__)
def test_there_is_an_example(name):
    assert examples_of(MADE_BY.get(name, name))


@pytest.mark.parametrize("name", sklearn_mlp_edu.__all__)
def test_examples_run(name):
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    output = []
    for test in examples_of(name):
        runner.run(test, out=output.append)
    assert not runner.failures, "".join(output)
