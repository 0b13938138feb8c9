"""`count_parameters` and `summary`: (3.7), (3.8)."""

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, count_parameters


@pytest.mark.parametrize("d", [1, 4, 12_288])
def test_the_lectures_network(d):
    """3d + 3, 2·3 + 2 and 2 + 1."""
    assert count_parameters(d, (3, 2), 1) == count_parameters(d, [3, 2]) == 3 * d + 14


@pytest.mark.parametrize("hidden", [(), 7, (5, 6), np.array([3])])
def test_as_many_as_a_fitted_network_has(iris, hidden):
    network = LectureMLPClassifier(hidden, max_iter=2, n_iter_no_change=np.inf)
    network.fit(*iris)
    assert count_parameters(4, hidden, 3) == network.n_parameters_


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, (3,), 1), "n_features must be an int >= 1, got 0"),
        ((2, (3,), -1), "n_outputs must be an int >= 1, got -1"),
        ((2.0, (3,), 1), "n_features must be an int >= 1, got 2.0"),
        ((True, (3,), 1), "n_features must be an int >= 1, got True"),
        ((2, (3, 0), 1), "hidden_layer_sizes must be an int >= 1"),
        ((2, "3", 1), "hidden_layer_sizes must be an int >= 1"),
    ],
)
def test_numbers_that_are_none(arguments, message):
    with pytest.raises(ValueError, match=message):
        count_parameters(*arguments)
