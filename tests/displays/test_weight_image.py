"""`WeightImageDisplay`."""

import matplotlib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import LectureMLPClassifier, WeightImageDisplay, make_ball_images

matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def fitted(digits):
    network = LectureMLPClassifier(
        (7,), max_iter=3, n_iter_no_change=np.inf, random_state=0
    )
    return network.fit(*digits)


def test_weights_of_the_largest_neurons_as_images(fitted):
    display = WeightImageDisplay.from_estimator(fitted, (8, 8), n_neurons=5)
    W = fitted.coefs_[0]
    norms = np.linalg.norm(W, axis=0)
    assert_array_equal(display.neurons, np.argsort(-norms)[:5])
    assert_array_equal(display.weights[2].ravel(), W[:, display.neurons[2]])


def test_mosaic_has_zero_in_the_middle_of_the_scale(fitted):
    display = WeightImageDisplay.from_estimator(fitted, (8, 8), n_neurons=5)
    mosaic = display.image_.get_array()
    assert mosaic.shape == (17, 26)  # two rows of three, a line between them
    first = display.weights[0]
    assert_allclose(mosaic[:8, :8], 0.5 + first / (2 * np.abs(first).max()))
    assert mosaic.mask[8].all() or np.isnan(mosaic[8]).all()
    assert display.image_.get_clim() == (0, 1)


def test_colour_images_behind_a_scaler():
    X, y = make_ball_images(20, size=8, random_state=0)
    network = LectureMLPClassifier(
        (4,), learning_rate_init=0.1, max_iter=2, n_iter_no_change=np.inf
    )
    pipeline = make_pipeline(StandardScaler(), network).fit(X, y)
    _, ax = plt.subplots()
    display = WeightImageDisplay.from_estimator(pipeline, (8, 8, 3), ax=ax)
    assert display.ax_ is ax and display.figure_ is ax.figure
    assert display.image_.get_array().shape == (17, 17, 3)


def test_weights_of_zero_are_grey():
    display = WeightImageDisplay(np.zeros((1, 4, 4))).plot(interpolation="bilinear")
    assert (display.image_.get_array() == 0.5).all()
    assert display.image_.get_interpolation() == "bilinear"


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((64,), "image_shape must be"),
        ((8, 4, 2), "image_shape must be"),
        ((8, 9), "has 72 values, but the network 64 features"),
    ],
)
def test_shape_that_does_not_fit_is_told(fitted, shape, message):
    with pytest.raises(ValueError, match=message):
        WeightImageDisplay.from_estimator(fitted, shape)


def test_what_cannot_be_shown_is_refused(fitted, iris):
    with pytest.raises(ValueError, match="n_neurons must be an int >= 1, got 0"):
        WeightImageDisplay.from_estimator(fitted, (8, 8), n_neurons=0)
    with pytest.raises(NotFittedError):
        WeightImageDisplay.from_estimator(LectureMLPClassifier(), (8, 8))
    forest = RandomForestClassifier(2, random_state=0).fit(*iris)
    with pytest.raises(ValueError, match="has no attribute coefs_"):
        WeightImageDisplay.from_estimator(forest, (2, 2))
