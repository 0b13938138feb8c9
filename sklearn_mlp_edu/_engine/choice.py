"""Which engine carries out a training: NumPy, or compiled kernels."""

from importlib.util import find_spec
from typing import NamedTuple

from .._arithmetic import prepare, required

LOADING = 0.6  # seconds, for Numba and the kernels, compiled before
CALLS = 5e-6  # seconds that a step needs less, for NumPy's calls,
VALUE = 2e-9  # and for each value of a hidden unit or output,
PARAMETER = 1e-9  # and for each parameter
WORTH_THREADS = 2**20  # terms of a product that BLAS may share out among threads


def check_engine(engine):
    """Refuse compiled kernels where Numba is missing."""
    if engine == "compiled":
        required("numba", "engine='compiled'", "fast")


class Engine(NamedTuple):
    """What decides about the engine, the same in every process.

    ``wanted`` is "numpy", "compiled" or "auto", which takes the second where Numba is
    installed and the time that it saves, estimated, outweighs that for loading it, and
    where no product of a step is so large that NumPy would share it out.
    """

    wanted: str
    layer_sizes: tuple[int, ...]
    batch_size: int
    n_steps: float  # at most
    n_networks: int

    @property
    def is_compiled(self):
        """Whether compiled kernels are used."""
        if self.wanted != "auto":
            return self.wanted == "compiled"
        return self._saves_time() and find_spec("numba") is not None

    def _saves_time(self):
        pairs = list(zip(self.layer_sizes[:-1], self.layer_sizes[1:], strict=True))
        if max(m * n for m, n in pairs) * self.batch_size > WORTH_THREADS:
            return False
        values = self.batch_size * sum(self.layer_sizes[1:])
        n_parameters = sum((m + 1) * n for m, n in pairs)
        each = VALUE * values + PARAMETER * n_parameters
        return self.n_steps * (CALLS + self.n_networks * each) > LOADING

    def preparing(self, theta):
        """Return what prepares operations on ``theta`` and arrays of its type."""
        if not self.is_compiled:
            return Plain
        from .program import Compiled

        return Compiled(theta.dtype, len(theta) if theta.ndim > 1 else None)


class Plain:
    """Prepares operations for NumPy."""

    prepare = staticmethod(prepare)

    @staticmethod
    def shrink(n_networks):
        """Tell that what is prepared cannot go on with a part of its stack."""
        return False
