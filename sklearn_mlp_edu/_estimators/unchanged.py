"""What `partial_fit` need not check again after its first call.

On a few hundred rows scikit-learn's checks take longer than the training. Parameters
are checked when one of them is another object than in the call before. Plain arrays are
told by their type, shape and sum; whatever looks different takes the long way, which
says what is wrong.
"""

import numpy as np

from .parameters import settings_of


def settings_to_remember(network):
    """Return the parameters that have been checked, None if they may change inside."""
    changeable = not isinstance(network.hidden_layer_sizes, int | tuple)
    return None if changeable else settings_of(network)


def has_settings(network, remembered):
    """Tell whether the parameters are still those, the same objects."""
    return remembered is not None and all(
        getattr(network, name) is value for name, value in remembered.items()
    )


def are_plain(network, X, y):
    """Tell whether X and y are arrays that a fitted network can take as they are.

    A sum is finite only if all of its terms are.
    """
    return (
        type(X) is np.ndarray
        and type(y) is np.ndarray
        and X.dtype == network.coefs_[0].dtype
        and X.shape[1:] == (network.n_features_in_,)
        and 0 < len(X) == len(y)
        and not hasattr(network, "feature_names_in_")
        and bool(np.isfinite(np.add.reduce(X, axis=None)))
    )
