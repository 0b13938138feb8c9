"""Operations as the rules see them: a name, and where each operand lies."""

from ctypes import c_void_p, cast
from itertools import count
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from .._arithmetic import AXPY, axpy_in_pieces, axpy_of_stack, gather
from .._lecture import ACTIVATIONS, count_step, draw_mask

NAMES = {
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.divide: "divide",
    np.exp: "exp",
    np.sqrt: "sqrt",
    np.sign: "sign",
    np.clip: "clip",
    np.positive: "copy",
    np.dot: "dot",
    np.matmul: "dot",
    np.vecdot: "dot",
    np.maximum.reduce: "largest",
    expit: "sigmoid",
    axpy_in_pieces: "axpy",
    axpy_of_stack: "axpy",
    gather: "gather",
    count_step: "count",
    draw_mask: "draw",
    **dict.fromkeys(AXPY.values(), "axpy"),
}
for _name, _activation in ACTIVATIONS.items():
    if _name != "logistic":
        NAMES |= {_activation.function: _name, _activation.derivative: f"{_name}'"}


class Operand(NamedTuple):
    """An array: where it lies, in bytes, and which in its step's order it is.

    The stride along an axis of length 1 is 0.
    """

    address: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    source: int  # −1 for a constant

    @property
    def T(self):
        """The transpose of each matrix."""
        shape = *self.shape[:-2], self.shape[-1], self.shape[-2]
        strides = *self.strides[:-2], self.strides[-1], self.strides[-2]
        return self._replace(shape=shape, strides=strides)


class Reading(NamedTuple):
    """One operation; its name is None where nobody knows a compiled form."""

    name: str | None
    operands: tuple


def read(operations, dtype):
    """Return a `Reading` of each operation, and the addresses of all arrays in order.

    All arrays must have that float type, but for numbers of rows.
    """
    sources, addresses = count(), []

    def operand(value):
        if not isinstance(value, np.ndarray):
            return value
        if value.dtype not in (dtype, np.intp):
            raise TypeError("no kernel mixes float types")
        address = value.__array_interface__["data"][0]
        addresses.append(address)
        pairs = zip(value.shape, value.strides, strict=True)
        strides = tuple([0 if n == 1 else stride for n, stride in pairs])
        return Operand(address, value.shape, strides, next(sources))

    readings = []
    for function, arguments, out in operations:
        try:
            name = NAMES.get(function)
            values = _in_order(function, arguments, out) if name else ()
            reading = Reading(name, tuple(map(operand, values)))
        except TypeError:  # cannot be looked up, or is of another type
            reading = Reading(None, ())
        readings.append(_renamed(reading))
    return readings, addresses


def _in_order(function, arguments, out):
    """Return the operands, the one that is written last."""
    if function == np.maximum.reduce:
        return arguments[0], out
    if function in AXPY.values():
        x, y, _, a = arguments
        return a, x, y
    if function in (axpy_in_pieces, axpy_of_stack):
        x, y, a = arguments[:3]
        return a, x, y
    if function is gather and not isinstance(arguments[0], np.ndarray):
        raise TypeError("only rows of arrays are gathered")
    if function is draw_mask:
        p, rng, mask = arguments
        return p, *_next_number(rng, mask.dtype), mask
    if function is np.dot and arguments[2] is not out:  # (A B)ᵀ, see `product`
        B, A, _ = arguments
        return A.T, B.T, out
    return arguments


def _next_number(rng, dtype):
    """Return the addresses of a function that draws a number, and of its state."""
    interface = rng.bit_generator.ctypes
    function = interface.next_double if dtype == np.float64 else interface.next_uint32
    return cast(function, c_void_p).value, interface.state_address


def _renamed(reading):
    """Tell products of vectors and of matrices by their names."""
    name, operands = reading
    if name == "dot" and operands[0] == operands[1]._replace(source=operands[0].source):
        return Reading("square", operands[1:])
    if name == "multiply":
        A, B, C = operands
        if isinstance(B, Operand) and A.shape[-1:] == (1,) != C.shape[-1:]:
            if B.shape[-2:-1] == (1,):
                return Reading("dot", operands)
    return reading
