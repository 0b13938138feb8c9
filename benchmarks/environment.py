"""What a measurement depends on besides the code."""

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

from .tables import markdown

PACKAGES = (
    *("numpy", "scipy", "scikit-learn", "threadpoolctl"),
    *("torch", "skorch", "mlxtend", "jax", "numba"),
)
JAX_THREADS = "PJRT_NPROC"  # a variable that JAX reads when it starts


def is_installed(module):
    """Tell whether ``module`` can be imported."""
    return find_spec(module) is not None


def skipped(modules):
    """Say which of those that need ``modules``, {name: module}, are not installed."""
    missing = [name for name, module in modules.items() if not is_installed(module)]
    return f"\nSkipped, not installed: {', '.join(missing)}.\n" if missing else ""


def limit_threads(n_threads):
    """Let NumPy, SciPy, PyTorch and JAX use ``n_threads``; to be called before JAX."""
    os.environ[JAX_THREADS] = str(n_threads)
    if is_installed("torch"):
        import_module("torch").set_num_threads(n_threads)
    threadpool_limits(n_threads)


def _load():
    """Return how busy the machine is; times are worth little on a busy one."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return f"{os.getloadavg()[0]:.1f} running processes before the start"


LOAD = _load()


def report():
    """Return a Markdown table of versions, processor and threads."""
    return markdown(["environment", ""], describe(), n_left=2)


def describe():
    """Return pairs of strings: what, and which."""
    packages = {"sklearn_mlp_edu": sklearn_mlp_edu.__version__}
    packages |= {name: _version(name) for name in PACKAGES}
    return [
        ("date", date.today().isoformat()),
        ("load", LOAD),
        ("processor", f"{_processor()}, {n_cores()} cores"),
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


def n_cores():
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _thread_pools():
    """Yield one pair for each library of threads that is loaded."""
    for pool in threadpool_info():
        details = [pool["internal_api"], pool["version"], pool.get("architecture")]
        details = " ".join(filter(None, details))
        owner = _owner(Path(pool["filepath"]).parts)
        yield (
            f"{pool['user_api']} of {owner}",
            f"{details}, threads: {pool['num_threads']}",
        )
    if is_installed("jax"):
        yield (
            "XLA of jax",
            f"threads: {os.environ.get(JAX_THREADS, 'one for each core')}",
        )


def _owner(parts):
    """Return the package that ships a library, or else the library's own name."""
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".libs")
    return parts[-1]
