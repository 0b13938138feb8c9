"""
A network in C
==============

A small network can run where there is no Python, on a microcontroller for instance.
``to_sklearn`` writes it as scikit-learn's own network, with the standardisation (L18)
inside its first layer, and emlearn writes that one as C. Here gcc compiles it, and the
class of each point of a plane is asked of the program, not of Python.
"""

import shutil
import subprocess
import tempfile
import warnings
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_iris

from sklearn_mlp_edu import LectureMLPClassifier, to_sklearn

X, y = load_iris(return_X_y=True)
X = X[:, 2:].astype(np.float32)  # length and width of the petals, as they were measured
network = LectureMLPClassifier(8, activation="tanh", random_state=0).fit(X, y)
print(network.summary())

# %%
# emlearn writes a header with one function to call, ``network_predict``. The program
# around it reads a row after another and prints the number of its class.

PROGRAM = """
#include <stdio.h>
#include "network.h"

int main(void) {
    float x[2];
    while (scanf("%f %f", &x[0], &x[1]) == 2)
        printf("%d\\n", network_predict(x, 2));
    return 0;
}
"""


def predict_in_c(network, X):
    """Return the classes that a compiled program finds, of rows of two float32."""
    with warnings.catch_warnings(), np.errstate():  # importing emlearn changes both
        warnings.simplefilter("ignore")
        import emlearn

    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # it writes there
        code = emlearn.convert(to_sklearn(network), method="inline")
        code.save(file=str(Path(folder, "network.h")), name="network")
        Path(folder, "main.c").write_text(PROGRAM)
        build = ["gcc", "-O2", "-I", emlearn.includedir, "main.c", "-o", "main", "-lm"]
        subprocess.run(build, cwd=folder, check=True)
        rows = "\n".join(f"{a:.9g} {b:.9g}" for a, b in X)
        run = subprocess.run(
            [Path(folder, "main")], input=rows, capture_output=True, text=True
        )
    return network.classes_[[int(line) for line in run.stdout.split()]]


# %%
# Without emlearn or gcc, Python answers instead.

in_c = find_spec("emlearn") is not None and shutil.which("gcc") is not None
lengths, widths = np.linspace(0.5, 7.5, 90), np.linspace(0, 3, 60)
plane = np.stack(np.meshgrid(lengths, widths), axis=-1).reshape(-1, 2)
plane = plane.astype(np.float32)
regions = predict_in_c(network, plane) if in_c else network.predict(plane)
print("C" if in_c else "Python", "has answered for", len(plane), "points")
print(f"{np.mean(regions == network.predict(plane)):.1%} as Python")

plt.pcolormesh(lengths, widths, regions.reshape(60, 90), alpha=0.3, shading="nearest")
plt.scatter(*X.T, c=y, s=12)
plt.xlabel("length of the petal, cm")
plt.ylabel("width, cm")
plt.title("Species as the program tells them")
plt.show()
