"""From the user's labels to the network's targets, and back."""

import math
from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse
from scipy.special import entr
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from .._lecture import BinaryLogLoss, MultilabelLogLoss, SoftmaxLogLoss


class Labels(NamedTuple):
    """The set of classes, or of labels that an example may carry together."""

    classes: np.ndarray
    multilabel: bool

    @classmethod
    def of(cls, y):
        """Find out what ``y``, validated labels, can tell apart."""
        if y.ndim == 2:
            return cls(np.arange(y.shape[1]), multilabel=True)
        return cls.among(y)

    @classmethod
    def among(cls, classes):
        """Take ``classes`` as what there is to tell apart."""
        return cls(np.unique(classes), multilabel=False)

    @classmethod
    def announced(cls, classes, y):
        """Take the ``classes`` of a first call to ``partial_fit``."""
        if y.ndim == 2:
            return cls.of(y)
        if classes is None:
            raise ValueError(
                "classes must be passed on the first call to partial_fit: the labels "
                "of all classes that later calls may bring, for instance "
                "classes=np.unique(y_all)."
            )
        return cls.among(classes)

    def learned_from(self, data):
        """Return the same: these targets have no scale to be learned."""
        return self

    def scaled(self, y):
        """Return ``y`` as the network learns it: as it is."""
        return y

    def score(self, Z, y, weight):
        """Return the accuracy of logits."""
        return self.loss.score(Z, y, weight)

    @property
    def n_outputs(self):
        """How many neurons the last layer has: one suffices for two classes."""
        two_classes = len(self.classes) == 2 and not self.multilabel
        return 1 if two_classes else len(self.classes)

    @property
    def loss(self):
        """The log loss for these labels; that of a single class is always 0."""
        if self.multilabel:
            return MultilabelLogLoss()
        return BinaryLogLoss() if len(self.classes) == 2 else SoftmaxLogLoss()

    def encode(self, y, name="y"):
        """Return class codes (n,), or label indicators (n, K), for ``y``."""
        expected = (len(y), len(self.classes)) if self.multilabel else (len(y),)
        if y.shape != expected:
            raise ValueError(
                f"{name} has shape {y.shape} where {expected} is needed, as for the "
                "labels known so far. Pass labels of the same kind, or start anew with "
                "fit and warm_start=False."
            )
        if self.multilabel:
            return y
        unknown = np.setdiff1d(y, self.classes)
        if len(unknown):
            raise ValueError(
                f"{name} holds the classes {unknown.tolist()}, which are not among the "
                f"known ones, {self.classes.tolist()}. Name every class in the first "
                "call, or start anew with fit and warm_start=False."
            )
        smallest = np.min_scalar_type(len(self.classes) - 1)
        return np.searchsorted(self.classes, y).astype(smallest)

    def encode_plain(self, y):
        """Return what `encode` would for an array of known classes, else None."""
        alike = y.dtype.kind == self.classes.dtype.kind and y.dtype.kind in "biuU"
        if self.multilabel or y.ndim != 1 or not alike:
            return None
        codes = np.searchsorted(self.classes, y)
        np.minimum(codes, len(self.classes) - 1, out=codes)
        if not (self.classes[codes] == y).all():
            return None
        return codes.astype(np.min_scalar_type(len(self.classes) - 1))

    def cost_of_guessing(self, data):
        """Return the mean cost of predicting the shares of the classes: their entropy.

        With several labels it is the sum over labels.
        """
        y, weight = data.y, data.weight
        if data.rows is not None:
            y, weight = y[data.rows], None if weight is None else weight[data.rows]
        if self.multilabel:
            shares = np.average(y, axis=0, weights=weight)
            return float((entr(shares) + entr(1 - shares)).sum())
        counts = np.bincount(y, weights=weight, minlength=len(self.classes))
        return float(entr(counts / counts.sum()).sum())

    def check_same(self, others):
        """Refuse to go on from these labels with ``others``."""
        if self.multilabel != others.multilabel:
            before, now = ("one class", "several labels")[
                :: 1 if others.multilabel else -1
            ]
            raise ValueError(
                f"Training goes on with {before} an example, but y has {now}. Use "
                "labels of the same kind, or fit with warm_start=False to start anew."
            )
        if not np.array_equal(self.classes, others.classes):
            raise ValueError(
                f"The classes {others.classes.tolist()} differ from those of the first "
                f"call, {self.classes.tolist()}. Use the same classes, or fit with "
                "warm_start=False to start anew."
            )

    def split(self, y, fraction, seed):
        """Set examples aside: return the rows to train on and the rows to validate on.

        Both parts hold every class, in its proportion as far as numbers allow; ``y``
        holds class codes, or label indicators, which are split without regard to them.
        """
        order = np.random.RandomState(seed).permutation(len(y))
        groups = [order]
        if not self.multilabel:
            by_class = order[np.argsort(y[order], kind="stable")]
            counts = np.bincount(y, minlength=len(self.classes))
            groups = np.split(by_class, np.cumsum(counts)[:-1])
        sizes = np.array([len(group) for group in groups])
        if sizes.min() < 2:
            self._refuse_to_split(sizes)
        aside = np.zeros(len(y), bool)
        for group, n_aside in zip(groups, _shares(sizes, fraction), strict=True):
            aside[group[:n_aside]] = True
        return np.flatnonzero(~aside), np.flatnonzero(aside)

    def _refuse_to_split(self, sizes):
        advice = "pass X_val and y_val, or set early_stopping=False."
        if self.multilabel or sizes.sum() < 2:
            raise ValueError(
                "early_stopping=True needs two examples at least, one to train on and "
                f"one to validate on, got n_samples={sizes.sum()}. Add examples, "
                f"{advice}"
            )
        raise ValueError(
            f"The classes {self.classes[sizes < 2].tolist()} have a single example "
            "each, which cannot be in both the training and the validation set of "
            f"early_stopping=True. Add examples of them, {advice}"
        )

    def decode(self, predicted):
        """Return the user's labels for class codes or label indicators."""
        return predicted if self.multilabel else self.classes[predicted]


def _shares(sizes, fraction):
    """How many of each group to set aside: ``fraction`` of all, by largest remainder.

    One example at least of each group is set aside, and one is not.
    """
    quotas = math.ceil(fraction * sizes.sum()) * sizes / sizes.sum()
    shares = np.floor(quotas).astype(int)
    left_over = round(quotas.sum()) - shares.sum()
    shares[np.argsort(shares - quotas, kind="stable")[:left_over]] += 1
    return np.clip(shares, 1, sizes - 1)


def check_labels(y):
    """Return validated ``y`` as labels (n,) or as label indicators (n, K) of int8."""
    if y.ndim == 2 and y.shape[1] == 1:
        y = column_or_1d(y, warn=True)
    check_classification_targets(y)
    target = type_of_target(y, input_name="y")
    if target == "multilabel-indicator":
        return (y.toarray() if issparse(y) else np.asarray(y)).astype(np.int8)
    if target == "multiclass-multioutput":
        raise ValueError(
            f"y has shape {y.shape} and more than two values: several outputs with "
            "several classes each are not supported. Pass one column, or a matrix of 0 "
            "and 1 with a column for each label, or use MultiOutputClassifier."
        )
    return y
