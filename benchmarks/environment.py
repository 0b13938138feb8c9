"""What a measurement depends on besides the code: versions, BLAS, threads, processor."""

import os
import platform
from datetime import date
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import sklearn.neural_network  # noqa: F401  loads every BLAS that there is
from threadpoolctl import threadpool_info, threadpool_limits

import sklearn_mlp_edu

PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "skorch", "mlxtend", "jax")


def is_installed(module):
    """Tell whether ``module`` can be imported."""
    return find_spec(module) is not None


def limit_threads(n_threads):
    """Let NumPy, SciPy, PyTorch and JAX use ``n_threads``; to be called before JAX."""
    os.environ["PJRT_NPROC"] = str(n_threads)  # read by JAX when it starts
    if is_installed("torch"):
        import_module("torch").set_num_threads(n_threads)
    threadpool_limits(n_threads)


def describe():
    """Return pairs of strings: what, and which."""
    packages = {"sklearn_mlp_edu": sklearn_mlp_edu.__version__}
    packages |= {name: _version(name) for name in PACKAGES}
    return [
        ("date", date.today().isoformat()),
        ("processor", f"{_processor()}, {_n_cores()} cores"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        *packages.items(),
        *_thread_pools(),
    ]


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor():
    """Return the processor's name as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _n_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _thread_pools():
    """Yield one pair for each library of threads that is loaded."""
    for pool in threadpool_info():
        owner = Path(pool["filepath"]).parent.name.removesuffix(".libs")
        details = [pool["internal_api"], pool["version"], pool.get("architecture")]
        description = " ".join(filter(None, details))
        yield f"{pool['user_api']} of {owner}", (
            f"{description}, {pool['num_threads']} threads"
        )
