"""What Numba's language lacks: addresses, calls through them, vectors, bits of floats.

Each function here is an *intrinsic*: it says which instructions of LLVM stand in its
place. ``like`` is any number of the float type that is meant.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def pointer(typing, address, like):
    """Return what points at the floats that lie from an address on."""

    def generate(context, builder, signature, arguments):
        kind = context.get_value_type(signature.return_type)
        return builder.inttoptr(arguments[0], kind)

    return types.CPointer(like)(address, like), generate


@intrinsic
def call(typing, function, arguments, like):
    """Call the kernel at the address ``function``."""

    def generate(context, builder, signature, values):
        function, arguments, like = values
        kind = ir.FunctionType(ir.VoidType(), [arguments.type, like.type])
        function = builder.inttoptr(function, kind.as_pointer())
        builder.call(function, [arguments, like])
        return context.get_dummy_value()

    return types.void(types.int64, arguments, like), generate


@intrinsic
def power_of_2(typing, shifted):
    """Return 2ⁿ for a float that is n + 1.5 · 2ᵈ, with d digits in its fraction.

    The last bits of such a number are n: they become the exponent of the result.
    """
    digits, bias = (23, 127) if shifted.bitwidth == 32 else (52, 1023)

    def generate(context, builder, signature, values):
        integer = ir.IntType(shifted.bitwidth)
        n = builder.bitcast(values[0], integer)
        exponent = builder.shl(builder.add(n, integer(bias)), integer(digits))
        return builder.bitcast(exponent, values[0].type)

    return shifted(shifted), generate


@intrinsic
def as_float(typing, value, like):
    """Return a number in the float type of ``like``."""

    def generate(context, builder, signature, values):
        return context.cast(builder, values[0], value, like)

    return like(value, like), generate


@intrinsic
def size_of(typing, like):
    """Return the bytes of a number of that type."""

    def generate(context, builder, signature, values):
        return context.get_constant(types.int64, like.bitwidth // 8)

    return types.int64(like), generate


@intrinsic
def uniform(typing, function, state, like):
    """Return a number in [0, 1) as NumPy's generators make it of random bits.

    ``function`` draws 32 bits for float32, and the number itself for float64.
    """

    def generate(context, builder, signature, values):
        function, state, like = values
        single = isinstance(like.type, ir.FloatType)
        drawn = ir.IntType(32) if single else like.type
        kind = ir.FunctionType(drawn, [state.type])
        value = builder.call(builder.inttoptr(function, kind.as_pointer()), [state])
        if not single:
            return value
        whole = builder.uitofp(builder.lshr(value, drawn(8)), like.type)
        return builder.fmul(whole, like.type(2.0**-24))

    return like(types.int64, types.int64, like), generate
