"""Many rows pass through a network, and through statistics, a megabyte at a time."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sklearn_mlp_edu._lecture import (
    ACTIVATIONS,
    Network,
    Parameters,
    count,
    predict,
)
from sklearn_mlp_edu._lecture.activations import Activation
from sklearn_mlp_edu._training import statistics_of

from ..reference import LOSSES

MEGABYTE = 2**20


@pytest.mark.parametrize(
    ("sizes", "n_rows", "n_networks", "pieces"),
    [
        ((2, 256, 3), 1000, None, [512, 488]),
        ((2, 256, 3), 512, None, [512]),
        ((300, 2, 3), 437, None, [436, 1]),
        ((2, 256, 3), 600, 4, [128, 128, 128, 128, 88]),
        ((1, MEGABYTE // 8 + 1, 3), 2, None, [1, 1]),
    ],
)
def test_a_layer_has_no_more_than_a_megabyte_at_a_time(
    sizes, n_rows, n_networks, pieces
):
    seen = []

    def spy(Z, out):
        seen.append(Z.shape[-2])
        np.tanh(Z, out=out)

    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, sizes[0]))
    lead = () if n_networks is None else (n_networks,)
    theta = rng.normal(size=(*lead, count(sizes)))
    loss = LOSSES["multiclass"]
    parameters = Parameters(sizes, theta)
    network = Network(sizes, Activation(spy, ACTIVATIONS["tanh"].derivative), loss)
    found = predict(network, parameters.W, parameters.b, X, read=np.copy)
    assert seen == pieces
    hidden = np.tanh(X @ parameters.W[1] + parameters.b[1])
    assert_allclose(found, hidden @ parameters.W[2] + parameters.b[2], rtol=1e-9)


class Rows:
    """A matrix that takes note of how many of its rows are read at a time."""

    def __init__(self, n_rows, n_columns):
        self.values = np.random.default_rng(0).normal(size=(n_rows, n_columns))
        self.shape, self.read = self.values.shape, []

    def __getitem__(self, rows):
        self.read.append(len(self.values[rows]))
        return self.values[rows]


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ((1024, 128), [1024]),  # read once, for three passes
        ((1025, 128), 3 * [1024, 1]),
        ((3, MEGABYTE // 8 + 1), 3 * [1, 1, 1]),
    ],
)
def test_statistics_have_no_more_than_a_megabyte_at_a_time(shape, read):
    X = Rows(*shape)
    statistics = statistics_of(X, None)
    assert X.read == read
    assert_allclose(statistics.mean, X.values.mean(axis=0), atol=1e-12)
    assert_allclose(statistics.deviation, X.values.std(axis=0), atol=1e-12)


def test_statistics_without_a_mean_have_as_much():
    X = Rows(1025, 128)
    magnitude = statistics_of(X, None, centred=False).magnitude
    assert X.read == 2 * [1024, 1]
    assert_allclose(magnitude, np.sqrt((X.values**2).mean(axis=0)), rtol=1e-12)
