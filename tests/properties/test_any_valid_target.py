"""The same for numbers: predictions that are finite, or a documented error."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_mlp_edu import LectureMLPRegressor

from .test_any_valid_input import DOCUMENTED, MAGNITUDES, PARAMETERS, fitted, inputs

LOSSES = ["squared_error", "absolute_error", "huber", "poisson"]


@st.composite
def problems(draw):
    """X, y and weights, or None for these; y of any scale, one target or several."""
    n_rows = draw(st.integers(2, 14))
    X = draw(inputs(n_rows))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y = rng.normal(size=(n_rows, draw(st.integers(1, 3))))
    y = y * draw(st.sampled_from(MAGNITUDES)) + draw(st.sampled_from([0.0, 1e12]))
    if draw(st.booleans()):
        y = np.floor(np.abs(y))
    if draw(st.booleans()):
        y[:, 0] = y[0, 0]
    y = y[:, 0] if y.shape[1] == 1 else y
    form = draw(st.sampled_from([np.asarray, np.ndarray.tolist, pd.DataFrame]))
    y = pd.Series(y) if form is pd.DataFrame and y.ndim == 1 else form(y)
    weights = st.sampled_from([0, 1, 2.5, 1e-300, 1e300])
    weights = st.lists(weights, min_size=n_rows, max_size=n_rows)
    return X, y, draw(st.none() | weights)


@settings(max_examples=settings.default.max_examples // 2)
@given(problems(), PARAMETERS, st.sampled_from(LOSSES))
def test_fit_ends_in_predictions_or_in_a_documented_error(problem, parameters, loss):
    X, y, weight = problem
    parameters.pop("class_weight", None)
    network = LectureMLPRegressor(
        **parameters, loss=loss, max_iter=3, max_fun=20, random_state=0
    )
    try:
        fitted(network, X, y, weight)
    except (ValueError, TypeError) as error:
        assert re.search(f"{DOCUMENTED}|numbers >= 0", str(error))
        assert not hasattr(network, "coefs_")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            predictions = network.predict(X)
        except ValueError as error:
            assert "beyond the range" in str(error)
            return
    assert predictions.shape == np.shape(y)
    assert np.isfinite(predictions).all()
