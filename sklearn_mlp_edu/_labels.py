"""From the user's labels to the network's targets, and back."""

import math
from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse
from sklearn.model_selection import train_test_split
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from ._losses import BinaryLogLoss, MultilabelLogLoss, SoftmaxLogLoss


class Labels(NamedTuple):
    """The set of classes, or of labels that an example may carry together."""

    classes: np.ndarray
    multilabel: bool

    @classmethod
    def of(cls, y):
        """Find out what ``y``, validated labels, can tell apart."""
        if y.ndim == 2:
            return cls(np.arange(y.shape[1]), multilabel=True)
        return cls.among(np.unique(y), source="y")

    @classmethod
    def among(cls, classes, source="classes"):
        """Take ``classes`` as what there is to tell apart."""
        classes = np.unique(classes)
        if len(classes) < 2:
            raise ValueError(
                f"{source} holds {len(classes)} class, {classes.tolist()}; a "
                "classifier needs two classes at least. In cross-validation, use "
                "stratified folds."
            )
        return cls(classes, multilabel=False)

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

    @property
    def n_outputs(self):
        """How many neurons the last layer has: one suffices for two classes."""
        two_classes = len(self.classes) == 2 and not self.multilabel
        return 1 if two_classes else len(self.classes)

    @property
    def loss(self):
        """The log loss for these labels."""
        if self.multilabel:
            return MultilabelLogLoss()
        return BinaryLogLoss() if len(self.classes) == 2 else SoftmaxLogLoss()

    def encode(self, y):
        """Return class codes (n,), or label indicators (n, K), for ``y``."""
        expected = (len(y), len(self.classes)) if self.multilabel else (len(y),)
        if y.shape != expected:
            raise ValueError(
                f"y has shape {y.shape} where {expected} is needed, as in the first "
                "call. Pass labels of the same kind, or call fit to start anew."
            )
        if self.multilabel:
            return y
        unknown = np.setdiff1d(y, self.classes)
        if len(unknown):
            raise ValueError(
                f"y holds the classes {unknown.tolist()}, which are not among the "
                f"known ones, {self.classes.tolist()}. Name every class in the "
                "first call, or call fit to start anew."
            )
        return np.searchsorted(self.classes, y)

    def split(self, y, fraction, seed):
        """Set examples aside: return the rows to train on and the rows to validate on.

        Both parts hold every class, in its proportion as far as numbers allow; ``y``
        holds class codes, or label indicators.
        """
        n_aside = math.ceil(fraction * len(y))
        if not self.multilabel:
            counts = np.bincount(y, minlength=len(self.classes))
            rare = self.classes[counts == 1].tolist()
            if rare:
                raise ValueError(
                    f"The classes {rare} have a single example each, which cannot be "
                    "in both the training and the validation set of "
                    "early_stopping=True. "
                    "Add examples of them, or pass X_val and y_val."
                )
            n_classes = len(self.classes)
            n_aside = max(n_aside, n_classes)
            if len(y) - n_aside < n_classes:
                raise ValueError(
                    f"validation_fraction={fraction} leaves fewer than {n_classes} of "
                    f"{len(y)} examples to train on, one for each class. Lower it, or "
                    "pass X_val and y_val."
                )
        return train_test_split(
            np.arange(len(y)),
            test_size=n_aside,
            random_state=seed,
            stratify=None if self.multilabel else y,
        )

    def decode(self, predicted):
        """Return the user's labels for class codes or label indicators."""
        return predicted if self.multilabel else self.classes[predicted]


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
