"""Measure a whole process: start Python, import, fit the digits, print the score.

    python -m benchmarks.cold_start

This package and scikit-learn train with their defaults. The others have none, so they
do what this package's defaults come to: the same network, batches and number of epochs.
The last line is the time that importing the package takes once NumPy, sklearn.base and
scipy.special are there. Prints a Markdown table.
"""

import subprocess
import sys
from functools import partial
from statistics import median

from . import environment, options
from .environment import is_installed
from .tables import markdown, significant
from .timing import interleaved

DIGITS = """
import sys
from sklearn.datasets import load_digits
X, y = load_digits(return_X_y=True)
X, epochs = (X / 16).astype("float32"), int(sys.argv[1])
"""

THIS_PACKAGE = """
from sklearn_mlp_edu import LectureMLPClassifier
classifier = LectureMLPClassifier(random_state=0).fit(X, y)
print(classifier.score(X, y), classifier.n_iter_)
"""

SCIKIT_LEARN = """
from sklearn.neural_network import MLPClassifier
classifier = MLPClassifier(random_state=0).fit(X, y)
print(classifier.score(X, y), classifier.n_iter_)
"""

PYTORCH = """
import torch
X, y = torch.from_numpy(X), torch.from_numpy(y)
nn = torch.nn
model = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10))
cost = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
for _ in range(epochs):
    for rows in torch.randperm(len(X)).split(200):
        optimizer.zero_grad()
        cost(model(X[rows]), y[rows]).backward()
        optimizer.step()
print((model(X).argmax(1) == y).float().mean().item(), epochs)
"""

SKORCH = """
import torch
from skorch import NeuralNetClassifier
nn = torch.nn
classifier = NeuralNetClassifier(
    nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10)),
    criterion=nn.CrossEntropyLoss, lr=0.1, optimizer__momentum=0.9,
    optimizer__weight_decay=1e-4, batch_size=200, iterator_train__shuffle=True,
    train_split=None, max_epochs=epochs, verbose=0,
)
print(classifier.fit(X, y).score(X, y), epochs)
"""

JAX = """
import jax
import numpy as np
from jax import lax, nn, numpy as jnp
rng = np.random.default_rng(0)
def layer(n, m):
    return rng.normal(0, n**-0.5, (n, m)).astype("float32"), np.zeros(m, "float32")
def logits(theta, X):
    (W1, b1), (W2, b2) = theta
    return nn.relu(X @ W1 + b1) @ W2 + b2
def cost(theta, X, y):
    losses = -jnp.take_along_axis(nn.log_softmax(logits(theta, X)), y[:, None], axis=1)
    return losses.mean() + 0.5e-4 * sum(jnp.sum(W**2) for W, _ in theta)
def step(state, rows):
    theta, v = state
    gradient = jax.grad(cost)(theta, X[rows], y[rows])
    v = jax.tree.map(lambda v, g: 0.9 * v + g, v, gradient)
    return (jax.tree.map(lambda p, v: p - 0.1 * v, theta, v), v), None
@jax.jit
def epoch(state, order):
    state, _ = lax.scan(step, state, order[: n_full * 200].reshape(n_full, 200))
    return step(state, order[n_full * 200 :])[0]
n_full = len(X) // 200
X, y = jnp.asarray(X), jnp.asarray(y)
theta = [layer(64, 100), layer(100, 10)]
state = theta, jax.tree.map(jnp.zeros_like, theta)
for _ in range(epochs):
    state = epoch(state, rng.permutation(len(X)))
print((logits(state[0], X).argmax(1) == y).mean(), epochs)
"""

PROGRAMS = {
    "this package": ("sklearn_mlp_edu", THIS_PACKAGE),
    "scikit-learn": ("sklearn", SCIKIT_LEARN),
    "PyTorch": ("torch", PYTORCH),
    "skorch": ("skorch", SKORCH),
    "JAX": ("jax", JAX),
}

IMPORT = """
import numpy, scipy.special, sklearn.base
from time import perf_counter
started = perf_counter()
import sklearn_mlp_edu
print(perf_counter() - started)
"""


def run(program, *arguments):
    """Run a program in a process of its own; return the numbers that it prints."""
    command = [sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in finished.stdout.split()]


def main():
    """Print the table and the time of the import."""
    parser = options.parser("benchmarks.cold_start", __doc__, threads=False)
    repeats = options.parse(parser).repeats
    _, epochs = run(DIGITS + THIS_PACKAGE, 0)
    tasks = {
        name: partial(run, DIGITS + program, int(epochs))
        for name, (module, program) in PROGRAMS.items()
        if is_installed(module)
    }
    rows = []
    for name, timed in interleaved(tasks, repeats).items():
        accuracy, n_epochs = timed.result
        row = [name, significant(timed.median), int(n_epochs), f"{accuracy:.3f}"]
        rows.append(row)
    print(markdown(["whole process", "s", "epochs", "training accuracy"], rows))
    imports = median(run(IMPORT)[0] for _ in range(repeats))
    print(f"\nImporting the package takes {significant(imports * 1e3)} ms more.")
    print(environment.skipped({name: module for name, (module, _) in PROGRAMS.items()}))
    print(environment.report())


if __name__ == "__main__":
    main()
