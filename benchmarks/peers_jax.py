"""The contender that computes with JAX: one compiled function for a whole epoch."""

from time import perf_counter

import numpy as np

from .contender import Contender, Trained
from .workloads import ALPHA, MOMENTUM, SEED


class Jax(Contender):
    """`jit` of a `lax.scan` over an epoch's mini-batches; compiled beforehand."""

    name = "JAX"
    modules = ("jax",)
    takes_sparse = False
    remark = "`jit` of a `lax.scan` over each epoch; no cost is recorded"

    def prepare(self, workload, dtype):
        """Compile, and return a function that trains."""
        import jax

        jax.config.update("jax_enable_x64", True)
        X, y = workload.data(dtype)
        X, Y = jax.device_put(X), jax.device_put(targets(workload, y, dtype))
        start = initial(workload, dtype)
        zero = jax.tree.map(np.zeros_like, start)
        order = np.arange(workload.n_rows, dtype=np.int32)
        epoch = jax.jit(epoch_function(workload), donate_argnums=0)
        started = perf_counter()
        epoch = epoch.lower((start, zero), X, Y, order).compile()
        compilation = perf_counter() - started

        def train(epochs):
            rng = np.random.default_rng(SEED)
            state = jax.device_put((start, zero))
            for _ in range(epochs):
                state = epoch(state, X, Y, rng.permutation(order))
            theta, _ = jax.block_until_ready(state)
            n_steps = workload.n_steps(epochs)
            return Trained(n_steps, lambda X: predict(workload, theta, X), compilation)

        return train


def epoch_function(workload):
    """Return a function that carries (θ, v) through one epoch."""
    import jax

    m, n_full = workload.batch_size, workload.n_rows // workload.batch_size
    rate = workload.learning_rate
    gradient = jax.grad(lambda theta, X, Y: cost(workload, theta, X, Y))

    def step(state, batch):
        theta, v = state
        g = gradient(theta, *batch)
        v = jax.tree.map(lambda v, g: MOMENTUM * v + g, v, g)
        return (jax.tree.map(lambda p, v: p - rate * v, theta, v), v), None

    def epoch(state, X, Y, order):
        rows = order[: n_full * m].reshape(n_full, m)
        state, _ = jax.lax.scan(lambda s, r: step(s, (X[r], Y[r])), state, rows)
        rest = order[n_full * m :]
        return step(state, (X[rest], Y[rest]))[0] if len(rest) else state

    return epoch


def cost(workload, theta, X, Y):
    """Mean log loss and L2."""
    import jax
    from jax import numpy as jnp

    Z = logits(workload, theta, X)
    if Z.shape[1] == 1:
        losses = jax.nn.softplus(Z) - Y * Z
    else:
        losses = jax.nn.logsumexp(Z, axis=1) - (Y * Z).sum(axis=1)
    return losses.mean() + ALPHA / 2 * sum(jnp.sum(W**2) for W, _ in theta)


def logits(workload, theta, A):
    """Forward pass."""
    import jax
    from jax import numpy as jnp

    functions = {"relu": jax.nn.relu, "tanh": jnp.tanh, "logistic": jax.nn.sigmoid}
    g = functions[workload.activation]
    for W, b in theta[:-1]:
        A = g(A @ W + b)
    W, b = theta[-1]
    return A @ W + b


def initial(workload, dtype):
    """Draw (W, b) of every layer."""
    rng, sizes = np.random.default_rng(SEED), workload.layer_sizes
    return [
        (
            (rng.normal(size=(fan_in, fan_out)) / fan_in**0.5).astype(dtype),
            np.zeros(fan_out, dtype),
        )
        for fan_in, fan_out in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def targets(workload, y, dtype):
    """Return one column of 0 and 1, or one-hot rows."""
    if workload.n_classes == 2:
        return y.astype(dtype)[:, np.newaxis]
    return np.eye(workload.n_classes, dtype=dtype)[y]


def predict(workload, theta, X):
    """Return class codes."""
    Z = np.asarray(logits(workload, theta, X))
    return Z[:, 0] > 0 if Z.shape[1] == 1 else Z.argmax(axis=1)
