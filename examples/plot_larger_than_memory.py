"""
A table that is larger than memory
==================================

`fit` needs all rows at once. `fit_stream` reads them in parts, as often as there are
passes, and does what else `fit` does: it shuffles, standardises, watches rows that it
holds out and stops when they say so (L17 to L19, L24).
"""

# %%
# A file, written in parts
# ------------------------
#
# Parquet keeps rows in groups, which can be read one by one. The rows are sorted by
# class here, as tables often are, and the columns have very different scales.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sklearn_mlp_edu import LectureMLPClassifier, LossCurveDisplay, fit_stream

N_GROUPS, GROUP, N_FEATURES = 40, 2_500, 20
rng = np.random.default_rng(0)
centres = rng.normal(size=(4, N_FEATURES))


def rows(label, n_rows):
    """Return rows of one class: two of four clouds, crosswise."""
    cloud = centres[label::2][rng.integers(2, size=n_rows)]
    X = rng.normal(size=(n_rows, N_FEATURES)) + cloud
    return (X * np.logspace(-3, 3, N_FEATURES)).astype(np.float32)


folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / "rows.parquet"
names = [f"x{j}" for j in range(N_FEATURES)]
schema = pa.schema([*((name, pa.float32()) for name in names), ("label", pa.int8())])
with pq.ParquetWriter(path, schema) as writer:
    for k in range(N_GROUPS):
        label = int(k >= N_GROUPS // 2)
        columns = dict(zip(names, rows(label, GROUP).T, strict=True))
        columns["label"] = np.full(GROUP, label, np.int8)
        writer.write_table(pa.table(columns, schema=schema))

# %%
# Training
# --------
#
# Four row groups at a time give rows in turn, in a random order of the groups. A tenth
# of the rows is held out; the weights of the pass that was best on them are kept. Were
# this process killed, the same call would go on from the checkpoint, to the same
# weights.

network = LectureMLPClassifier((32,), random_state=0)
fit_stream(
    network,
    path,
    target="label",
    n_passes=15,
    rows_at_once=5_000,
    checkpoint=Path(folder.name) / "checkpoint",
)
X = np.concatenate([rows(0, 1000), rows(1, 1000)])
table = pa.table(dict(zip(names, X.T, strict=True))).to_pandas()
right = (network.predict(table) == np.repeat([0, 1], 1000)).mean()
print(f"{network.n_samples_seen_:,} rows a pass, {network.n_iter_} passes")
print(f"accuracy on rows never seen: {right:.3f}")

# %%
# The curves have a value for each pass.

LossCurveDisplay.from_estimator(network).plot()
folder.cleanup()
plt.show()
