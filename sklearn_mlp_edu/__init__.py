"""The network of a lecture on backpropagation, as a scikit-learn estimator."""

from ._classifier import LectureMLPClassifier

__all__ = ["LectureMLPClassifier"]
__version__ = "0.1.0"
