"""What is said where there is not enough memory, before work is lost."""

import numpy as np

from .._lecture import count


def check_room(layer_sizes, dtype):
    """Refuse a network whose parameters alone need more memory than can be had."""
    n_parameters = count(layer_sizes)
    try:
        np.empty(n_parameters, dtype)
    except (MemoryError, ValueError) as error:  # ValueError: beyond any address
        raise MemoryError(
            f"hidden_layer_sizes={layer_sizes[1:-1]} leads to {n_parameters:,} "
            f"parameters, {_gigabytes(n_parameters, dtype)} in {np.dtype(dtype)}, and "
            "there is not so much memory. Choose smaller layers."
        ) from error


def out_of_memory(layer_sizes, dtype, batch_size):
    """Return the error for a training that did not get the memory it asked for."""
    values = batch_size * sum(layer_sizes[1:])
    return MemoryError(
        "Training needs more memory than there is. It needs several times that of the "
        f"parameters, {_gigabytes(count(layer_sizes), dtype)}, and of the layers' "
        f"values for a batch of {batch_size:,} examples, {_gigabytes(values, dtype)}. "
        "Lower batch_size or hidden_layer_sizes."
    )


def _gigabytes(n_numbers, dtype):
    size = n_numbers * np.dtype(dtype).itemsize / 1e9
    return f"{size:,.0f} GB" if size >= 10 else f"{size:.2g} GB"
