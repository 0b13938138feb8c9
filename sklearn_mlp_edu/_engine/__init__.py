"""A second way to carry out operations: many mini-batches by one compiled call.

In comes a step of training as the equations note it, a list of operations. Out come
functions without arguments, as `prepare` returns them, but few: they call compiled
kernels one after another. The equations are those of `_lecture`. Here stands only which
operations have a compiled form, and what it is. Begin with `rules`, then `kernels`,
then `program`. All but `choice` needs Numba, and is imported only where it is used.

============== ==========================================================
`choice`       which engine a training takes
`program`      operations become rows of integers, and calls that run them
`reading`      what an operation is called, and where its operands lie
`rules`        which operations have a compiled form, alone or together
`layouts`      whether operands lie as a kernel needs them
`fusion`       applies the rules
`kernels`      the compiled forms, each an equation
`products`     that of a product of matrices, and `tiles` what it is made of
`turning`      a matrix transposed, block by block, for a product
`columns`      that of a product with a single column
`elementary`   e**x, tanh and σ for many numbers at once
`compilation`  compiles kernels, or fetches them from the disk
`machine`      what Numba's language lacks
============== ==========================================================
"""

from .choice import Engine, Plain, check_engine

__all__ = ["Engine", "Plain", "check_engine"]
