"""All contenders, in the order in which they take turns."""

from .peers_jax import Jax
from .peers_numpy import (
    Compiled,
    MatrixProducts,
    Mlxtend,
    OperatorProducts,
    ScikitLearn,
    Standardising,
    ThisPackage,
)
from .peers_torch import PyTorch, Skorch

CONTENDERS = [
    ThisPackage(),
    Compiled(),
    Standardising(),
    ScikitLearn(),
    PyTorch(),
    Skorch(),
    Mlxtend(),
    Jax(),
    MatrixProducts(),
    OperatorProducts(),
]
