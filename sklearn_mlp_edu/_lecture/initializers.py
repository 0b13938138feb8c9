"""Weight initialisations (lecture items L4–L8), the deliberately bad ones too.

A scheme is a function ``(fan_in, fan_out, rng) -> W`` of shape (fan_in, fan_out), where
fan_in = n[l-1] and fan_out = n[l]. The lecture calls two different formulas "Xavier"
and calls Glorot's formula "He"; the names here are the literature's:

====================  =========================  ==================================
name                  standard deviation         the lecture's label
====================  =========================  ==================================
``inverse_fan_in``    1 / n[l-1]                 "random", for sigmoid
``lecun``             √(1 / n[l-1])              "Xavier", for tanh
``xavier``            √(2 / (n[l-1] + n[l]))     "Xavier/He" (3.13), and "He"
``he``                √(2 / n[l-1])              not in the lecture
====================  =========================  ==================================

To add a scheme: write the function, add one line to `INITIALIZERS`.
"""

import numpy as np

from .parameters import Parameters, count

SMALL = 0.01
CONSTANT = 0.5


def zeros(fan_in, fan_out, rng):
    """W = 0: every prediction is σ(0) = 0.5 and the network hardly learns (L4)."""
    return np.zeros((fan_in, fan_out))


def constant(fan_in, fan_out, rng):
    """W = 0.5 everywhere: the neurons of a layer stay identical (L5, (3.12))."""
    return np.full((fan_in, fan_out), CONSTANT)


def small_normal(fan_in, fan_out, rng):
    """W ~ N(0, 0.01²): small random values break the symmetry (L6)."""
    return rng.normal(scale=SMALL, size=(fan_in, fan_out))


def inverse_fan_in(fan_in, fan_out, rng):
    """W ~ N(0, σ²), σ = 1/n[l-1]: the lecture's rule for sigmoid units (L8)."""
    return rng.normal(scale=1 / fan_in, size=(fan_in, fan_out))


def lecun(fan_in, fan_out, rng):
    """W ~ N(0, σ²), σ = √(1/n[l-1]): the lecture's rule for tanh (L8).

    LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998.
    """
    return rng.normal(scale=np.sqrt(1 / fan_in), size=(fan_in, fan_out))


def xavier(fan_in, fan_out, rng):
    """W ~ N(0, σ²), σ = √(2/(n[l-1] + n[l])): normalised initialisation (3.13).

    Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010.
    """
    return rng.normal(scale=np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def he(fan_in, fan_out, rng):
    """W ~ N(0, σ²), σ = √(2/n[l-1]): twice lecun's variance, since ReLU halves it.

    He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015.
    """
    return rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))


INITIALIZERS = {
    "zeros": zeros,
    "constant": constant,
    "small_normal": small_normal,
    "inverse_fan_in": inverse_fan_in,
    "xavier": xavier,
    "lecun": lecun,
    "he": he,
}


def auto(activation, layer):
    """Return the scheme that fits what feeds the layer, and what follows it.

    He's factor 2 makes up for the half that a ReLU cuts off, so it is for layers behind
    ReLUs; the first one sees data, of variance 1 when standardised, as with tanh.
    ``activation`` is None where there are no hidden units.
    """
    if activation in ("relu", "leaky_relu"):
        return lecun if layer == 1 else he
    return lecun if activation in ("tanh", None) else xavier


def initial_parameters(init, activation, layer_sizes, rng, dtype):
    """Draw theta: every layer's W by ``init``, and biases of 0.

    Under ``"constant"`` the biases are equal to the weights.
    """
    theta = np.zeros(count(layer_sizes), dtype)
    W = Parameters(layer_sizes, theta).W
    if len(layer_sizes) == 2:
        activation = None
    for l in range(1, len(W)):
        scheme = auto(activation, l) if init == "auto" else INITIALIZERS.get(init, init)
        W[l][...] = _checked(scheme(*W[l].shape, rng), W[l].shape, dtype)
    if init == "constant":
        theta.fill(CONSTANT)
    return theta


def _checked(W, expected, dtype):
    """Refuse what a user's function returned, if it is not weights of that shape."""
    W = np.asarray(W)
    if W.shape != expected:
        raise ValueError(
            f"init returned an array of shape {W.shape}, but needs to return one of "
            f"shape (fan_in, fan_out) = {expected}, a weight for each pair of neurons."
        )
    with np.errstate(over="ignore", under="ignore"):
        cast = W.astype(dtype) if W.dtype.kind in "fiu" else np.array(np.nan)
    if not np.isfinite(cast).all():
        raise ValueError(
            f"init returned values of dtype {W.dtype} that are not all finite numbers "
            f"of {np.dtype(dtype)}, the type of X, for the layer of shape {expected}; "
            "it needs to return finite floats."
        )
    return cast
