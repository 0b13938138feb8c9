"""How many weights and biases a network has."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

from .._arithmetic import public
from .._estimators import check_hidden_layer_sizes
from .._lecture import count


@public
def count_parameters(
    n_features: int, hidden_layer_sizes: int | Sequence[int], n_outputs: int = 1
) -> int:
    """Return the number of weights and biases of a network (3.7), (3.8).

    P = Σ_l (n[l-1] + 1) n[l]: every neuron has a weight for each input, and a bias.

    Parameters
    ----------
    n_features : int
        d, the number of inputs.
    hidden_layer_sizes : int or sequence of int
        Number of neurons in each hidden layer; ``()`` for none.
    n_outputs : int, default=1
        Number of neurons in the last layer: 1 for two classes, or one target.

    Returns
    -------
    n_parameters : int

    Raises
    ------
    ValueError
        If a number is not a positive integer.

    See Also
    --------
    LectureMLPClassifier.summary : The same of a fitted network, layer by layer.

    Examples
    --------
    The lecture's network of 3, 2 and 1 neurons has 3d + 14:

    >>> from sklearn_mlp_edu import count_parameters
    >>> [count_parameters(d, (3, 2), 1) for d in (1, 2, 10)]
    [17, 20, 44]
    """
    hidden = check_hidden_layer_sizes(hidden_layer_sizes)
    for name, value in {"n_features": n_features, "n_outputs": n_outputs}.items():
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be an int >= 1, got {value!r}.")
    return count((int(n_features), *hidden, int(n_outputs)))
