"""Tests of the drawn data set of football pictures."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mlp_edu import make_ball_images


def test_image_of_side_64_has_12288_features():
    """Lecture item L1: a 64 x 64 x 3 image flattens to 12,288 features."""
    X, y = make_ball_images(4, random_state=0)
    assert X.shape == (4, 12_288)
    assert y.shape == (4,)


def test_default_is_300_images():
    X, y = make_ball_images(size=8, random_state=0)
    assert X.shape == (300, 8 * 8 * 3)
    assert y.shape == (300,)


@pytest.mark.parametrize("noise", [0, 0.06, 1.0])
def test_types_and_range(noise):
    X, y = make_ball_images(20, size=16, noise=noise, random_state=0)
    assert X.dtype == np.float32
    assert y.dtype == np.int64
    assert X.min() >= 0.0
    assert X.max() <= 1.0


def test_rows_are_images_in_row_column_channel_order():
    """In that order alone, neighbours along rows and columns look alike."""
    X, _ = make_ball_images(20, size=32, noise=0, random_state=0)
    images = X.reshape(20, 32, 32, 3)
    down, right, channel = (
        np.median(np.abs(np.diff(images, axis=axis))) for axis in (1, 2, 3)
    )
    assert down < channel / 3
    assert right < channel / 3


@pytest.mark.parametrize("n_samples", [2, 3, 50, 51])
def test_classes_are_balanced_to_within_one(n_samples):
    _, y = make_ball_images(n_samples, size=8, random_state=0)
    n_without, n_with = np.bincount(y, minlength=2)
    assert n_without + n_with == n_samples
    assert abs(n_without - n_with) <= 1


def test_classes_come_in_random_order():
    """A sorted order has one change of class, an alternating order 99."""
    _, y = make_ball_images(100, size=8, random_state=0)
    n_changes = np.count_nonzero(np.diff(y))
    assert 30 < n_changes < 70


def test_same_seed_gives_same_bits():
    X1, y1 = make_ball_images(10, size=16, random_state=3)
    X2, y2 = make_ball_images(10, size=16, random_state=3)
    np.testing.assert_array_equal(X1, X2)
    np.testing.assert_array_equal(y1, y2)


def test_different_seeds_give_different_images_and_labels():
    X1, y1 = make_ball_images(20, size=16, random_state=3)
    X2, y2 = make_ball_images(20, size=16, random_state=4)
    assert np.all(np.any(X1 != X2, axis=1))
    assert np.any(y1 != y2)


def test_no_image_appears_twice():
    X, _ = make_ball_images(50, size=8, noise=0, random_state=0)
    assert len(np.unique(X, axis=0)) == 50


def test_random_state_instance_is_used_and_moves_on():
    rng = np.random.RandomState(3)
    X1, _ = make_ball_images(4, size=16, random_state=rng)
    X2, _ = make_ball_images(4, size=16, random_state=rng)
    np.testing.assert_array_equal(X1, make_ball_images(4, size=16, random_state=3)[0])
    assert np.any(X1 != X2)


def test_global_random_state_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make_ball_images(2, size=8, random_state=0)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_noise_is_a_standard_deviation():
    """Only values far from 0 and 1 are compared, where nothing is clipped."""
    clean, _ = make_ball_images(2, noise=0, random_state=0)
    noisy, _ = make_ball_images(2, noise=0.1, random_state=0)
    unclipped = (clean > 0.45) & (clean < 0.55)
    added = (noisy - clean)[unclipped]
    assert added.mean() == pytest.approx(0.0, abs=0.01)
    assert added.std() == pytest.approx(0.1, rel=0.05)


def test_mean_colour_and_contrast_hardly_tell_the_classes_apart():
    X, y = make_ball_images(800, size=16, random_state=0)
    channels = X.reshape(800, -1, 3)
    summary = np.hstack([channels.mean(axis=1), channels.std(axis=1)])
    model = make_pipeline(StandardScaler(), LogisticRegression())
    assert cross_val_score(model, summary, y, cv=5).mean() < 0.62


def test_network_overfits_few_images_and_gains_from_more():
    """The story that the data set is for, at a size that is quick to learn."""
    X, y = make_ball_images(2000, size=16, random_state=1)
    X_new, y_new = X[1400:], y[1400:]
    network = MLPClassifier((50,), tol=1e-3, random_state=0)
    model = make_pipeline(StandardScaler(), network)
    model.fit(X[:200], y[:200])
    train_score = model.score(X[:200], y[:200])
    test_score = model.score(X_new, y_new)
    model.fit(X[:1400], y[:1400])
    assert train_score >= 0.96
    assert 0.52 < test_score < 0.70
    assert model.score(X_new, y_new) > test_score + 0.08


@pytest.mark.parametrize("name, smallest", [("n_samples", 2), ("size", 8)])
def test_smallest_counts_are_allowed(name, smallest):
    X, _ = make_ball_images(**{"n_samples": 2, "size": 8, name: smallest})
    assert X.shape == (2, 192)


@pytest.mark.parametrize("value", [True, 20.0, "20", None])
@pytest.mark.parametrize("name", ["n_samples", "size"])
def test_counts_must_be_int(name, value):
    with pytest.raises(TypeError) as error:
        make_ball_images(**{name: value})
    assert_message_helps(error, name, value)


@pytest.mark.parametrize(
    "name, value", [("n_samples", 1), ("n_samples", -5), ("size", 7), ("size", 0)]
)
def test_counts_must_be_large_enough(name, value):
    with pytest.raises(ValueError) as error:
        make_ball_images(**{name: value})
    assert_message_helps(error, name, value)


@pytest.mark.parametrize("value", [True, "0.1", None, 1j])
def test_noise_must_be_a_real_number(value):
    with pytest.raises(TypeError) as error:
        make_ball_images(2, size=8, noise=value)
    assert_message_helps(error, "noise", value)


@pytest.mark.parametrize("value", [-0.1, np.inf, np.nan])
def test_noise_must_be_finite_and_not_negative(value):
    with pytest.raises(ValueError) as error:
        make_ball_images(2, size=8, noise=value)
    assert_message_helps(error, "noise", value)


def assert_message_helps(error, name, value):
    """Check for what was given, what is allowed and what to do."""
    message = str(error.value)
    assert message.startswith(f"{name} must be")
    assert f"got {value!r}" in message
    assert "at least" in message
    assert f"such as {name}=" in message


def test_numpy_numbers_are_accepted():
    X, _ = make_ball_images(np.int64(2), size=np.int32(8), noise=np.float32(0.1))
    assert X.shape == (2, 192)


def test_unusable_random_state_is_refused():
    with pytest.raises(ValueError, match="seed"):
        make_ball_images(2, size=8, random_state="seed")
