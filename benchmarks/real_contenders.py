"""Who is compared on real tables: each as it comes, with all at its default.

A contender is a name and a function that makes an estimator from a seed. Names that
begin with "ours" are of this package. "raw" means that inputs are not standardised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import sklearn_mlp_edu

from .environment import is_installed

OURS = "ours"


@dataclass(frozen=True)
class Contender:
    """A name and a function of a seed.

    It may need a class that this package does not have yet, or a ``module`` that is not
    installed. Those that are ``named_only`` take part only if they are named.
    """

    name: str
    make: Callable
    our_class: str | None = None
    module: str | None = None
    named_only: bool = False

    @property
    def obstacle(self):
        """Say why it cannot take part, or return None."""
        if self.our_class and not hasattr(sklearn_mlp_edu, self.our_class):
            return f"sklearn_mlp_edu has no {self.our_class}"
        if self.module and not is_installed(self.module):
            return f"{self.module} is not installed"
        return None


def _scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


def _in_float32(estimator):
    cast = FunctionTransformer(np.float32)
    return make_pipeline(StandardScaler(), cast, estimator)


def _scaled_target(regressor):
    return TransformedTargetRegressor(_scaled(regressor), transformer=StandardScaler())


def _ours(seed, kind="LectureMLPClassifier", **parameters):
    return getattr(sklearn_mlp_edu, kind)(random_state=seed, **parameters)


def _realmlp(kind, seed):
    pytabkit = import_module("pytabkit")
    return getattr(pytabkit, kind)(device="cpu", n_threads=1, random_state=seed)


CLASSIFIERS = (
    Contender(OURS, lambda seed: _scaled(_ours(seed))),
    Contender("ours raw", lambda seed: _ours(seed)),
    Contender("ours adam", lambda seed: _scaled(_ours(seed, solver="adam"))),
    Contender("ours lbfgs", lambda seed: _scaled(_ours(seed, solver="lbfgs"))),
    Contender("ours float32", lambda seed: _in_float32(_ours(seed))),
    Contender(
        "ours CV",
        lambda seed: _scaled(_ours(seed, "LectureMLPClassifierCV")),
        our_class="LectureMLPClassifierCV",
    ),
    Contender("MLPClassifier", lambda seed: _scaled(MLPClassifier(random_state=seed))),
    Contender("MLPClassifier raw", lambda seed: MLPClassifier(random_state=seed)),
    Contender(
        "LogisticRegression",
        lambda seed: _scaled(LogisticRegression(random_state=seed)),
    ),
    Contender(
        "LogisticRegression raw",
        lambda seed: LogisticRegression(random_state=seed),
        named_only=True,
    ),
    Contender(
        "HistGradientBoosting",
        lambda seed: HistGradientBoostingClassifier(random_state=seed),
    ),
    Contender(
        "RealMLP-TD-S",
        lambda seed: _realmlp("RealMLP_TD_S_Classifier", seed),
        module="pytabkit",
        named_only=True,
    ),
)
REGRESSORS = (
    Contender(
        OURS,
        lambda seed: _scaled(_ours(seed, "LectureMLPRegressor")),
        our_class="LectureMLPRegressor",
    ),
    Contender(
        "ours raw",
        lambda seed: _ours(seed, "LectureMLPRegressor"),
        our_class="LectureMLPRegressor",
    ),
    Contender(
        "ours CV",
        lambda seed: _scaled(_ours(seed, "LectureMLPRegressorCV")),
        our_class="LectureMLPRegressorCV",
    ),
    Contender(
        "MLPRegressor",
        lambda seed: _scaled_target(MLPRegressor(random_state=seed)),
    ),
    Contender(
        "MLPRegressor inputs scaled",
        lambda seed: _scaled(MLPRegressor(random_state=seed)),
    ),
    Contender("MLPRegressor raw", lambda seed: MLPRegressor(random_state=seed)),
    Contender("RidgeCV", lambda seed: _scaled(RidgeCV())),
    Contender(
        "HistGradientBoosting",
        lambda seed: HistGradientBoostingRegressor(random_state=seed),
    ),
    Contender(
        "RealMLP-TD-S",
        lambda seed: _realmlp("RealMLP_TD_S_Regressor", seed),
        module="pytabkit",
        named_only=True,
    ),
)
CONTENDERS = {"classification": CLASSIFIERS, "regression": REGRESSORS}
REFERENCES = {"classification": "MLPClassifier", "regression": "MLPRegressor"}
