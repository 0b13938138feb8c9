"""Tables that are read in parts: those of Arrow, Dask and Polars, with a target column.

None of the three libraries is imported unless a table of it is passed.
"""

from pathlib import Path

import numpy as np

from .._arithmetic import required
from .sources import Shards, cut, plain_source

BUFFER_BYTES = 2**16  # of each column: else its whole row group is read at once


def source_of(data, target, weight, size):
    """Return the source for whatever ``data`` is, in shards of about ``size`` rows."""
    kind = type(data).__module__.partition(".")[0]
    if isinstance(data, str | Path):
        dataset = required("pyarrow.dataset", "fit_stream of a file")
        data, kind = dataset.dataset(data), "pyarrow"
    if kind not in KINDS or not KINDS[kind].reads(data):
        return _without_columns(plain_source(data, size), data, target, weight)
    names = KINDS[kind].names_of(data)
    if target is None or target not in names:
        raise ValueError(
            f"target={target!r} must name the column to predict; there are {names}."
        )
    if weight is not None and (weight not in names or weight == target):
        raise ValueError(
            f"weight={weight!r} must name a column of weights, another than the "
            f"target; there are {names}."
        )
    return KINDS[kind](data, names, target, weight, size)


def _without_columns(source, data, target, weight):
    """Return a source that has y of its own; None is none."""
    if source is None:
        raise TypeError(
            "data must be a list of (X, y) or (X, y, sample_weight), a function that "
            "returns an iterable of such, a tuple of arrays, the path of a Parquet "
            "file or folder, a pyarrow.dataset, a Dask dataframe or a Polars "
            f"LazyFrame; got {type(data).__name__}."
        )
    if target is not None or weight is not None:
        name, value = ("target", target) if target is not None else ("weight", weight)
        raise ValueError(
            f"{name}={value!r} names a column of a table, but batches and arrays come "
            "with weights and y of their own; leave it out."
        )
    return source


class Table(Shards):
    """A table whose columns are features, but for the target and the weights."""

    reads_ahead = True

    def __init__(self, data, names, target, weight, size):
        self.data, self.target, self.weight, self.size = data, target, weight, size
        self.columns = [name for name in names if name not in (target, weight)]
        self._open()

    @property
    def names(self):
        """The names of all columns that are read."""
        return [*self.columns, *filter(None, (self.target, self.weight))]

    def _rows(self, column, n_rows):
        """Return X (n_rows, d), y and weights; ``column(name)`` returns an array."""
        arrays = [column(name) for name in self.columns]
        for name, array in zip(self.columns, arrays, strict=True):
            if array.dtype.kind not in "biuf":
                raise ValueError(
                    f"Column {name!r} holds {array.dtype}, not numbers. Encode it, or "
                    "leave it out of the table."
                )
        dtype = np.result_type(np.float32, *arrays)
        X = np.empty((n_rows, len(arrays)), dtype)
        for j, array in enumerate(arrays):
            X[:, j] = array
        weight = None if self.weight is None else column(self.weight)
        return X, column(self.target), weight


class ArrowShards(Table):
    """A `pyarrow.dataset.Dataset`, row group by row group where there are such."""

    @staticmethod
    def reads(data):
        """Tell whether it is a dataset."""
        return hasattr(data, "get_fragments")

    @staticmethod
    def names_of(data):
        """Return the names of the columns."""
        return list(data.schema.names)

    def _open(self):
        self.shards = []
        for fragment in self.data.get_fragments():
            split = getattr(fragment, "split_by_row_group", None)
            self.shards += [fragment] if split is None else split()
        self.n_shards, self.n_rows = len(self.shards), self.data.count_rows()

    def _batches(self, k, names, size):
        """Return an iterator of record batches of a shard."""
        shard, schema = self.shards[k], self.data.schema
        if hasattr(shard, "row_groups") and _has(shard.physical_schema, schema, names):
            # Half the time and memory of a scanner, which is made for more than that.
            parquet = required("pyarrow.parquet", "fit_stream of Parquet")
            file = parquet.ParquetFile(
                shard.open(),
                metadata=shard.metadata,
                pre_buffer=False,
                buffer_size=BUFFER_BYTES,
            )
            groups = [group.id for group in shard.row_groups]
            return file.iter_batches(size, groups, names, use_threads=False)
        return shard.to_batches(
            schema=schema,
            columns=names,
            batch_size=size,
            batch_readahead=1,
            fragment_readahead=1,
            use_threads=False,
        )

    def pieces(self, k, size):
        """Yield the rows of a row group."""
        for batch in self._batches(k, self.names, size):

            def column(name, batch=batch):
                return batch.column(name).to_numpy(zero_copy_only=False)

            if batch.num_rows:
                yield self._rows(column, batch.num_rows)

    def labels(self):
        """Yield the target column."""
        for k in range(self.n_shards):
            for batch in self._batches(k, [self.target], 100_000):
                yield batch.column(0).to_numpy(zero_copy_only=False)


def _has(physical, schema, names):
    """Tell whether a file has the columns as the dataset promises them."""
    return all(
        physical.get_field_index(name) >= 0
        and physical.field(name).type == schema.field(name).type
        for name in names
    )


class DaskShards(Table):
    """A Dask dataframe, partition by partition."""

    @staticmethod
    def reads(data):
        """Tell whether it is a dataframe."""
        return hasattr(data, "partitions") and hasattr(data, "columns")

    @staticmethod
    def names_of(data):
        """Return the names of the columns."""
        return list(data.columns)

    def _open(self):
        self.n_shards = self.data.npartitions

    def pieces(self, k, size):
        """Yield the rows of a partition."""
        frame = self.data.partitions[k].compute(scheduler="synchronous")
        rows = self._rows(lambda name: frame[name].to_numpy(), len(frame))
        yield from cut(*rows, size)

    def labels(self):
        """Yield the target column."""
        for k in range(self.n_shards):
            part = self.data[self.target].partitions[k]
            yield part.compute(scheduler="synchronous").to_numpy()


class PolarsShards(Table):
    """A Polars LazyFrame, slice by slice."""

    @staticmethod
    def reads(data):
        """Tell whether it is lazy; what is not fits into memory."""
        return hasattr(data, "collect_schema") and hasattr(data, "collect")

    @staticmethod
    def names_of(data):
        """Return the names of the columns."""
        return data.collect_schema().names()

    def _open(self):
        polars = required("polars", "fit_stream of a LazyFrame")
        self.n_rows = self.data.select(polars.len()).collect().item()
        self.n_shards = -(-self.n_rows // self.size)

    def pieces(self, k, size):
        """Yield some rows, which are read then."""
        frame = self.data.slice(k * self.size, self.size).collect()
        rows = self._rows(lambda name: frame[name].to_numpy(), len(frame))
        yield from cut(*rows, size)

    def labels(self):
        """Yield the target column."""
        yield self.data.select(self.target).collect()[self.target].to_numpy()


KINDS = {"pyarrow": ArrowShards, "dask": DaskShards, "polars": PolarsShards}
