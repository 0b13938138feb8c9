"""Files: what kind they are, told by their first bytes, and their bytes unpacked."""

import bz2
import gzip
import io
import lzma
import shutil
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from .._arithmetic import required

LARGEST_FILE = 2 * 10**9  # bytes that are read without being asked to sample
BEGINNING = 2**16
MAGIC = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"SQLite format 3\0": "sqlite",
    b"\xd0\xcf\x11\xe0": "excel",
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
PACKED = {"gzip", "bz2", "xz", "zstd"}
OTHERS = {  # that are taken for tables at times
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
    b"MATLAB": "a MATLAB file",
    b"$FL2": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
}


def kind_of(beginning):
    """Return what kind of file begins with these bytes: "text" if nothing else."""
    for magic, kind in MAGIC.items():
        if beginning.startswith(magic):
            return kind
    if beginning[8:12] == b"DUCK":
        return "duckdb"
    for magic, what in OTHERS.items():
        if beginning.startswith(magic):
            raise ValueError(f"it is {what}, not a table.")
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ValueError("it is a web page or XML, not a table.")
    if b"ustar" in beginning[257:265]:
        raise ValueError("it is a tar archive; unpack it first.")
    return "text"


@contextmanager
def local(source):
    """Give the path of a file: of ``source``, or of a copy of the standard input."""
    if str(source) != "-":
        yield check(Path(source))
        return
    stream = getattr(sys.stdin, "buffer", sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "standard input"
        with open(path, "wb") as copy:
            shutil.copyfileobj(_bounded(stream), copy)
        if path.stat().st_size == 0:
            raise ValueError("the standard input is empty.")
        yield path


class _bounded:
    """A stream that may not be longer than what is read unasked."""

    def __init__(self, stream):
        self.stream, self.left = stream, LARGEST_FILE

    def read(self, size):
        """Return more bytes."""
        chunk = self.stream.read(size)
        self.left -= len(chunk)
        if self.left < 0:
            raise ValueError(
                f"the standard input has more than {LARGEST_FILE / 1e9:.0f} GB; "
                "write it to a file."
            )
        return chunk


def check(path):
    """Refuse what is no file, or holds nothing."""
    if not path.is_file():
        kind = "is not a file" if path.exists() else "does not exist"
        raise ValueError(
            f"{path} {kind}; pass the path of a table, such as a CSV file, or - for "
            "the standard input."
        )
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty.")
    return path


def opener(path):
    """Return the kind of a file, unpacked, and a function that opens its bytes."""
    with open(path, "rb") as file:
        kind = kind_of(file.read(BEGINNING))
    if kind == "zip":
        return _in_zip(path)
    if kind not in PACKED:
        return kind, lambda: open(path, "rb")
    with _unpacked(path, kind) as file:
        inner = kind_of(file.read(BEGINNING))
    if inner != "text":
        raise ValueError(f"it holds a packed {inner} file; unpack it first.")
    return "text", lambda: _unpacked(path, kind)


def _unpacked(path, kind):
    if kind == "zstd":
        pyarrow = required("pyarrow", "Reading a .zst file")
        return io.BufferedReader(pyarrow.CompressedInputStream(str(path), "zstd"))
    return {"gzip": gzip, "bz2": bz2, "xz": lzma}[kind].open(path, "rb")


def _in_zip(path):
    with zipfile.ZipFile(path) as archive:
        names = [
            name
            for name in archive.namelist()
            if not name.endswith("/") and not name.startswith("__MACOSX/")
        ]
        if "[Content_Types].xml" in names or "mimetype" in names:
            return "excel", lambda: open(path, "rb")
        if len(names) != 1:
            raise ValueError(
                f"it holds {len(names)} files, of which one is needed; unpack it first."
            )
        if archive.getinfo(names[0]).flag_bits & 1:
            raise ValueError("it is locked with a password; unpack it first.")
        with archive.open(names[0]) as file:
            if kind_of(file.read(BEGINNING)) != "text":
                raise ValueError(f"it holds {names[0]}, no text; unpack it first.")
    return "text", lambda: _member(path, names[0])


@contextmanager
def _member(path, name):
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield file
