"""Dropout, which the lecture has not: hidden units left out at random in training.

Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, "Dropout: a simple way to
prevent neural networks from overfitting", JMLR 2014, in its inverted form, in which the
units that are left are scaled up and predictions need no change.
"""

import numpy as np


def draw_mask(p, rng, mask):
    """Fill ``mask`` with 0, with probability ``p``, and else with 1/(1−p)."""
    rng.random(out=mask, dtype=mask.dtype)
    np.greater_equal(mask, p, out=mask)
    np.multiply(mask, 1 / (1 - p), out=mask)
