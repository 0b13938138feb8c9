"""Drawn pictures for the question "is there a football in the picture?".

A scene is painted back to front: a background, small clutter, the subject (a
football, or a distractor of the same size, colours and light), some clutter in
front of it and, last, pixel noise.  Lengths are fractions of the image side, so
a small image shows the same kind of scene as a large one.
"""

from itertools import combinations, product
from numbers import Integral, Real

import numpy as np
from scipy.ndimage import zoom
from sklearn.utils import check_random_state

from .._arithmetic import public

SUBJECT_RADII = (0.26, 0.36)
SUBJECT_SPREAD = 0.045  # standard deviation of a subject's centre
STRAY_SHARE = 0.1  # share of subjects far from the middle, often cut by the frame
CLUTTER_RADII = (0.03, 0.09)
# Cells of random brightness along (rows, columns), and the (R, G, B) shift.
BACKGROUNDS = (
    ((2, 2), (0.0, 0.0, 0.0)),  # a wall: plain gradient
    ((5, 5), (-0.1, 0.0, 0.1)),  # a sky: soft clouds
    ((9, 33), (-0.1, 0.1, -0.15)),  # a lawn: upright blades
)
AMBIENT_LIGHT = 0.45  # brightness of a surface that the lamp does not reach
# A third of a football is dark, seams included, and half of a checked thing.  With
# this share in the other two patterns, distractors are about as dark on average.
DARK_SHARE = 0.3
FACE_ANGLE = 0.7  # between neighbouring faces of a football, in radians
SEAM_WIDTH = 0.025  # half the width, in ball radii times FACE_ANGLE
STRIPES_PER_RADIUS = 1.5
CHECK_FREQUENCY = 5.0  # in radians per radius


@public
def make_ball_images(
    n_samples: int = 300,
    *,
    size: int = 64,
    noise: float = 0.06,
    random_state: int | np.random.RandomState | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw colour images, half of them with a patterned football.

    The data set is for showing where a plain network on raw pixels falls short:
    it learns a few hundred images by heart and does only a little better than
    guessing on new ones.  More images or a penalty on the weights narrow the
    gap.  Images without a ball show another shape of like size, colours and
    light, so that the mean colour of an image hardly tells the classes apart.

    Parameters
    ----------
    n_samples : int, default=300
        Number of images, at least 2.
    size : int, default=64
        Height and width of an image in pixels, at least 8.
    noise : float, default=0.06
        Standard deviation of the normal noise added to every colour value
        before the values are clipped to [0, 1].  More noise is harder.
    random_state : int, RandomState instance or None, default=None
        Source of all random choices.  An int gives the same data every time.

    Returns
    -------
    X : ndarray of shape (n_samples, size * size * 3), dtype float32
        One image a row with values in [0, 1]: 12,288 features at size 64.
        ``X[i].reshape(size, size, 3)`` is the image as (row, column, channel),
        the channels being red, green and blue.
    y : ndarray of shape (n_samples,), dtype int64
        1 where the image shows a ball and 0 where it does not, in random order;
        the two counts differ by one at most.

    Raises
    ------
    TypeError
        If ``n_samples`` or ``size`` is not an int, or ``noise`` not a real
        number.  A bool counts as neither.
    ValueError
        If ``n_samples``, ``size`` or ``noise`` is too small, ``noise`` is not
        finite, or ``random_state`` cannot seed a generator.

    Examples
    --------
    >>> from sklearn_mlp_edu import make_ball_images
    >>> X, y = make_ball_images(10, size=16, random_state=0)
    >>> X.shape
    (10, 768)
    >>> int(y.sum())
    5
    """
    _check_int("n_samples", n_samples, minimum=2, example=300)
    _check_int("size", size, minimum=8, example=64)
    _check_noise(noise)
    rng = check_random_state(random_state)
    y = rng.permutation(n_samples).astype(np.int64) % 2
    X = np.empty((n_samples, size * size * 3), dtype=np.float32)
    for row, has_ball in zip(X, y, strict=True):
        row[:] = _draw_scene(rng, size, has_ball, noise).ravel()
    return X, y


def _check_int(name, value, minimum, example):
    message = (
        f"{name} must be an int of at least {minimum}, got {value!r}. "
        f"Pass a whole number such as {name}={example}."
    )
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(message)
    if value < minimum:
        raise ValueError(message)


def _check_noise(noise):
    message = (
        f"noise must be a finite real number of at least 0, got {noise!r}. "
        "Pass noise=0 for clean images or a standard deviation such as noise=0.06."
    )
    if not isinstance(noise, Real) or isinstance(noise, bool):
        raise TypeError(message)
    if not 0 <= noise < np.inf:
        raise ValueError(message)


def _draw_scene(rng, size, has_ball, noise):
    """Return an image of shape (size, size, 3) with values in [0, 1]."""
    image = _draw_background(rng, size)
    lamp = _draw_lamp(rng)
    _paint_clutter(rng, image, lamp, n_things=rng.randint(2, 6))
    place = _draw_centre(rng), rng.uniform(*SUBJECT_RADII)
    look = (_disc, _football) if has_ball else _draw_distractor(rng)
    _paint(rng, image, lamp, place, look)
    _paint_clutter(rng, image, lamp, n_things=rng.randint(0, 3))
    image += rng.normal(0.0, noise, size=image.shape)
    return image.clip(0.0, 1.0)


def _draw_background(rng, size):
    """Blend two colours, in shares interpolated between random cells."""
    cells, shift = BACKGROUNDS[rng.randint(len(BACKGROUNDS))]
    scale = (size / cells[0], size / cells[1])
    coarse = rng.uniform(size=cells)
    share = zoom(coarse, scale, order=1, grid_mode=True, mode="nearest")
    grey = rng.uniform(0.2, 0.7, size=(2, 1))
    first, second = grey + rng.uniform(-0.15, 0.15, size=(2, 3)) + shift
    return first + share[:, :, np.newaxis] * (second - first)


def _draw_lamp(rng):
    """Return the unit vector (right, up, to the viewer) towards the light."""
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([0.6 * np.cos(angle), 0.6 * np.sin(angle), 0.8])


def _draw_centre(rng):
    """Return (row, column) of a subject; at least its centre is in the frame."""
    if rng.uniform() < STRAY_SHARE:
        return rng.uniform(0.15, 0.85, size=2)
    return rng.normal(0.5, SUBJECT_SPREAD, size=2)


def _draw_distractor(rng):
    """Return the look of something that is not a football."""
    # Two in five are round, or the outline alone would often give a ball away.
    outlines = (_disc, _disc, _square, _triangle, _ring)
    patterns = (_plain, _stripes, _checks)
    return outlines[rng.randint(len(outlines))], patterns[rng.randint(len(patterns))]


def _paint_clutter(rng, image, lamp, n_things):
    for _ in range(n_things):
        place = rng.uniform(0.0, 1.0, size=2), rng.uniform(*CLUTTER_RADII)
        _paint(rng, image, lamp, place, _draw_distractor(rng))


def _paint(rng, image, lamp, place, look):
    """Paint one thing over the image, in place.

    ``place`` is (centre, radius) and ``look`` is (outline, pattern): functions
    of coordinates that have their origin at the centre and the radius as unit.
    """
    (centre, radius), (outline, pattern) = place, look
    pixel = 1 / (radius * len(image))  # a pixel's side with the radius as unit
    x, y = _centred_coordinates(len(image), centre, radius)
    u, v = _turn(x, y, angle=rng.uniform(0, 2 * np.pi))
    coverage = _soft_step(-outline(u, v), pixel)
    seen = coverage > 0
    darkness = pattern(rng, u[seen], v[seen], pixel)
    light = _light_on_dome(x[seen], y[seen], lamp)
    colour = light[:, np.newaxis] * _draw_colours(rng, darkness)
    image[seen] += coverage[seen, np.newaxis] * (colour - image[seen])


def _centred_coordinates(size, centre, radius):
    """Return how far right of and above the centre every pixel is, in radii."""
    middles = (np.arange(size) + 0.5) / size
    row, column = centre
    return np.meshgrid((middles - column) / radius, (row - middles) / radius)


def _turn(x, y, angle):
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * x + sin * y, cos * y - sin * x


def _soft_step(distance, width):
    """Rise from 0 to 1 around distance 0: a step one pixel wide looks smooth."""
    return np.clip(0.5 + distance / width, 0.0, 1.0)


def _light_on_dome(x, y, lamp):
    """Return the brightness of a unit dome, lit by the lamp (Lambert's law)."""
    toward_lamp = np.maximum(0.0, _dome_normals(x, y) @ lamp)
    return AMBIENT_LIGHT + (1 - AMBIENT_LIGHT) * toward_lamp


def _dome_normals(x, y):
    """Return unit normals (n, 3) of a unit half sphere; they lie flat outside it."""
    height = np.sqrt(np.maximum(0.0, 1 - x**2 - y**2))
    flat_length = np.maximum(1.0, np.hypot(x, y))
    return np.stack([x / flat_length, y / flat_length, height], axis=1)


def _draw_colours(rng, darkness):
    """Blend a random light tint with a random dark one."""
    light, dark = rng.uniform(0.75, 1.0, size=3), rng.uniform(0.0, 0.25, size=3)
    return light + darkness[:, np.newaxis] * (dark - light)


# Outlines give the signed distance to the edge, negative inside.  Each encloses
# the area of the unit disc, so that a shape does not show in the mean brightness.


def _disc(u, v):
    return np.hypot(u, v) - 1.0


def _square(u, v):
    return np.maximum(np.abs(u), np.abs(v)) - 0.886


def _triangle(u, v):
    return np.maximum(-v, 0.866 * np.abs(u) + 0.5 * v) - 0.778


def _ring(u, v):
    return np.abs(np.hypot(u, v) - 0.9) - 0.278


# Patterns give the darkness in [0, 1] at every point.


def _plain(rng, u, v, pixel):
    return np.full(u.shape, float(rng.uniform() < DARK_SHARE))


def _stripes(rng, u, v, pixel):
    from_middle = np.abs((STRIPES_PER_RADIUS * u + rng.uniform()) % 1 - 0.5)
    return _soft_step(DARK_SHARE / 2 - from_middle, STRIPES_PER_RADIUS * pixel)


def _checks(rng, u, v, pixel):
    phase_u, phase_v = rng.uniform(0, 2 * np.pi, size=2)
    wave = np.sin(CHECK_FREQUENCY * u + phase_u) * np.sin(CHECK_FREQUENCY * v + phase_v)
    return _soft_step(wave, CHECK_FREQUENCY * pixel)


def _football(rng, u, v, pixel):
    """Paint the pentagons and the seams of a ball turned in a random way."""
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    points = _dome_normals(u, v) @ rotation
    pentagon = np.max(points @ PENTAGONS.T, axis=1)
    hexagons = np.partition(points @ HEXAGONS.T, -2, axis=1)
    second, nearest = hexagons[:, -2], hexagons[:, -1]
    patch = _soft_step(pentagon - nearest, FACE_ANGLE * pixel)
    seam = _soft_step(SEAM_WIDTH - (nearest - second), FACE_ANGLE * pixel)
    return np.maximum(patch, seam)


def _football_faces():
    """Return the normals of 12 pentagons and 20 hexagons, over their distances.

    A football is an icosahedron with its corners cut off: pentagons lie at the
    corners, hexagons in the middle of the faces.  A point of the ball is on the
    face whose vector has the largest dot product with it.
    """
    golden = (1 + 5**0.5) / 2
    signs = product((-1, 1), (-golden, golden))
    corners = np.array([np.roll((0, a, b), k) for a, b in signs for k in range(3)])
    triples = corners[list(combinations(range(12), 3))]
    sums = triples.sum(axis=1)
    length = np.linalg.norm(sums, axis=1)
    # The corners of a face are close together, so their sum is the longest.
    hexagons = sums[length > length.max() - 1e-9] / length.max()
    pentagons = corners / np.linalg.norm(corners[0])
    # All edges are equally long when the hexagons lie nearer by this factor.
    return pentagons, 1.027 * hexagons


PENTAGONS, HEXAGONS = _football_faces()
