"""Which operations have a compiled form, alone or several in one pass over memory.

A pattern lists operations with names for their operands, the one that is written last.
The same name stands for the same array. The first rule that fits is taken, so longer
patterns come first. A rule's operands are those of its kernel: a bare name is an array,
[x] one number, for all networks or for each of them, {x} one in double precision,
<x> an integer, and |x| one number for each example.
"""

from typing import NamedTuple

from . import kernels, layouts
from .columns import product_with_column
from .products import product


class Rule(NamedTuple):
    """Operations, and what does their work."""

    pattern: list  # (name of an operation, names of its operands)
    kernel: object  # None where nothing is left to do
    operands: list  # names
    kinds: list  # "array", "number", "double", "integer" or "column"
    layout: object  # a function of `layouts`

    @classmethod
    def of(cls, layout, pattern, kernel, operands):
        """Read a line of the tables."""
        words = [operation.split() for operation in pattern.split("; ")]
        kinds = {"[": "number", "{": "double", "<": "integer", "|": "column"}
        names = operands.split()
        return cls(
            [(name, variables) for name, *variables in words],
            kernel,
            [name.strip("[]{}<>|") for name in names],
            [kinds.get(name[0], "array") for name in names],
            layout,
        )


MATRICES = [
    # g′(z) is not kept: ∂L/∂z = ∂L/∂a ∘ g′(z)  (3.28), (3.30)
    ("identity' Z A g; multiply D g D", None, "D"),
    ("sigmoid' Z A g; multiply D g D", kernels.times_sigmoid_derivative, "A D"),
    ("tanh' Z A g; multiply D g D", kernels.times_tanh_derivative, "A D"),
    ("relu' Z A g; multiply D g D", kernels.times_relu_derivative, "Z D"),
    ("leaky_relu' Z A g; multiply D g D", kernels.times_leaky_relu_derivative, "Z D"),
    # a = g(z)  (3.2)
    ("identity Z A", kernels.copy, "Z A"),
    ("sigmoid Z A", kernels.sigmoid, "Z A"),
    ("tanh Z A", kernels.tanh, "Z A"),
    ("relu Z A", kernels.relu, "Z A"),
    ("leaky_relu Z A", kernels.leaky_relu, "Z A"),
    # ∂L/∂z[L], (3.21) for log losses and the squared error, and its share in J (3.32)
    (
        "largest Z T; subtract Z T Z; exp Z D; dot D ones T; divide D T D; "
        "subtract D Y D; multiply D w D",
        kernels.softmax_error,
        "Z Y D |T| [w]",
    ),
    (
        "sigmoid Z D; subtract D Y D; multiply D w D",
        kernels.sigmoid_error,
        "Z Y D [w]",
    ),
    (
        "exp Z D; subtract D Y D; multiply D w D",
        kernels.exponential_error,
        "Z Y D [w]",
    ),
    (
        "subtract Z Y D; sign D D; multiply D w D",
        kernels.sign_of_error,
        "Z Y D [w]",
    ),
    (
        "subtract Z Y D; clip D low high D; multiply D w D",
        kernels.limited_error,
        "Z Y D [w] [low] [high]",
    ),
    ("subtract Z Y D; multiply D w D", kernels.error, "Z Y D [w]"),
    ("draw p function state mask", kernels.draw_mask, "{p} <function> <state> mask"),
    # Whatever stands alone
    ("multiply A B C", kernels.multiply, "A B C"),
    ("copy A B", kernels.copy, "A B"),
    ("add V t V; subtract V t V", kernels.round_away, "V [t]"),
]
WEIGHTED = [  # the same errors, where every example has a weight of its own
    (
        "largest Z T; subtract Z T Z; exp Z D; dot D ones T; divide D T D; "
        "subtract D Y D",
        kernels.softmax_error,
        "Z Y D |T| [1]",
    ),
    ("sigmoid Z D; subtract D Y D", kernels.sigmoid_error, "Z Y D [1]"),
    ("exp Z D; subtract D Y D", kernels.exponential_error, "Z Y D [1]"),
    ("subtract Z Y D; sign D D", kernels.sign_of_error, "Z Y D [1]"),
    (
        "subtract Z Y D; clip D low high D",
        kernels.limited_error,
        "Z Y D [1] [low] [high]",
    ),
    ("subtract Z Y D", kernels.error, "Z Y D [1]"),
    ("multiply D w D", kernels.weigh, "|w| D"),
]
VECTORS = [
    # ‖W‖² (3.35), the gradient of L2 (3.37) and the update (3.33) in one pass
    (
        "square W N; axpy decay W gW; axpy beta u g; axpy rate g theta",
        kernels.descend,
        "W [decay] [beta] u [rate] g [N] theta",
    ),
    (
        "square W N; axpy decay W gW; axpy ahead g theta; axpy beta u g; "
        "axpy rate g theta",
        kernels.descend_ahead,
        "W [decay] [beta] u [rate] g [N] theta [ahead]",
    ),
    (
        "square W N; axpy decay W gW; multiply mean b1 mean; axpy r1 g mean; "
        "multiply sq b2 sq; multiply g g g; axpy r2 g sq; divide sq share g; sqrt g g; "
        "add g epsilon g; divide mean g g; axpy rate g theta",
        kernels.descend_by_adam,
        "W [decay] [b1] [r1] [b2] [r2] [share] [epsilon] [rate] g mean sq [N] theta",
    ),
    ("square W N", kernels.squared_norm, "W [N]"),
    ("axpy a x y", kernels.add_multiple, "[a] x y"),
]
NUMBERS = [
    (
        "count alpha beta_1 beta_2 t share rate",
        kernels.count_step,
        "[alpha] {beta_1} {beta_2} [t] [share] [rate]",
    ),
]
INPUTS = [  # (L18)
    (
        "gather X rows A; subtract A mean A; divide A scale A",
        kernels.gather_standardised,
        "X rows A mean scale",
    ),
    ("gather X rows A; divide A scale A", kernels.gather_scaled, "X rows A scale"),
    ("gather X rows A", kernels.gather, "X rows A"),
]
COLUMNS = [
    ("dot A B C; add C b C", product_with_column, "A B C b"),  # (3.1)
    ("dot A B C", product_with_column, "A B C"),
]
PRODUCTS = [
    ("dot A B C; add C b C", product, "A B C b"),  # (3.1)
    ("dot A B C", product, "A B C"),
]
RULES = [
    Rule.of(layout, *line)
    for layout, table in (
        (layouts.product_with_column, COLUMNS),
        (layouts.product, PRODUCTS),
        (layouts.inputs, INPUTS),
        (layouts.numbers, NUMBERS),
        (layouts.vectors, VECTORS),
        (layouts.matrices, MATRICES),
        (layouts.matrices, WEIGHTED),
    )
    for line in table
]
