"""What many tasks need, handed to the workers of a cluster once, and not to be lost.

Under Dask joblib finds large arguments among those of a task, not inside them, and has
each stored by one worker, from which others fetch it. When that worker dies, what it
stored is gone, and all that waits for it fails. Here it is the result of a task of its
own, which Dask's scheduler repeats when it is lost. All other backends do by themselves
what they can: threads share memory, and processes large arrays.
"""

import pickle
from contextlib import contextmanager
from pydoc import locate
from uuid import uuid4

from joblib.parallel import get_active_backend

WARNS_OF_LARGE = "distributed.admin.large-graph-warning-threshold"


class Shared:
    """Things by name, as one argument of many tasks."""

    def __init__(self, **things):
        vars(self).update(things)


@contextmanager
def handed_once(shared):
    """While the block lasts, let Dask send ``shared`` to each of its workers once.

    joblib's backend tells arguments by their identity, so tasks have to take this very
    object as one of theirs. The scheduler keeps a copy of it, pickled.
    """
    backend, _ = get_active_backend()
    sent = getattr(backend, "data_futures", None)  # by id, what workers have
    if sent is None:
        yield
        return
    import cloudpickle
    from dask import config

    _check_workers(backend.client)
    packed = cloudpickle.dumps(shared)
    with config.set({WARNS_OF_LARGE: f"{2 * len(packed) + 10**7} B"}):
        sent[id(shared)] = backend.client.submit(
            pickle.loads, packed, key=f"shared-{uuid4().hex}", pure=False
        )
    try:
        yield
    finally:
        del sent[id(shared)]


def _check_workers(client):
    """Refuse workers without this package, in which tasks would die or never end.

    They are asked by a function of Python's own, as they may have no other.
    """
    package = __name__.partition(".")[0]
    wanted = locate(f"{package}.__version__")
    found = client.run(locate, f"{package}.__version__")
    wrong = {worker: version for worker, version in found.items() if version != wanted}
    if wrong:
        worker, version = next(iter(wrong.items()))
        state = "is not there" if version is None else f"has version {version}"
        raise ImportError(
            f"{len(wrong)} of {len(found)} Dask workers lack {package} {wanted}; on "
            f"{worker}, for instance, it {state}. Install it for all workers: "
            f'python -m pip install "sklearn-mlp-edu[distributed]=={wanted}".'
        )
