"""Parameters that have no meaning together are refused, and before any training."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid

from sklearn_mlp_edu import LectureMLPClassifier

X = np.random.default_rng(0).normal(size=(30, 3))
y = np.arange(30) % 3


def may_not_train(fan_in, fan_out, rng):
    """Stand in for an initialiser: drawing weights is the first step of training."""
    raise AssertionError("training has begun")


MEANINGLESS = [
    # solver, parameter, value
    ("lbfgs", "early_stopping", True),
    ("lbfgs", "dropout", 0.5),
    ("lbfgs", "batch_size", 16),
    ("lbfgs", "learning_rate", "adaptive"),
    ("lbfgs", "learning_rate", "invscaling"),
    ("lbfgs", "learning_rate_init", 0.1),
    ("lbfgs", "momentum", 0.5),
    ("lbfgs", "beta_1", 0.8),
    ("lbfgs", "beta_2", 0.8),
    ("lbfgs", "epsilon", 1e-6),
    ("lbfgs", "shuffle", False),
    ("sgd", "beta_1", 0.8),
    ("sgd", "beta_2", 0.8),
    ("sgd", "epsilon", 1e-6),
    ("sgd", "max_fun", 100),
    ("adam", "learning_rate", "adaptive"),
    ("adam", "learning_rate", "invscaling"),
    ("adam", "momentum", 0.5),
    ("adam", "max_fun", 100),
]


@pytest.mark.parametrize(("solver", "name", "value"), MEANINGLESS)
def test_parameter_that_the_solver_does_not_use(solver, name, value):
    network = LectureMLPClassifier(solver=solver, init=may_not_train, **{name: value})
    message = f"{name}={value!r} has no effect with solver='{solver}'; leave {name} out"
    with pytest.raises(ValueError, match=message):
        network.fit(X, y)
    assert not hasattr(network, "coefs_")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"power_t": 0.3}, "power_t=0.3 has no effect with learning_rate='constant'"),
        ({"power_t": 1, "learning_rate": "adaptive"}, "use learning_rate='invscaling'"),
        ({"validation_fraction": 0.2}, "set early_stopping=True"),
        ({"dropout": 0.5, "hidden_layer_sizes": ()}, "only hidden layers have dropout"),
        ({"nesterovs_momentum": True, "momentum": 0}, "no effect with momentum=0"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_parameters_that_have_no_effect_together(method, parameters, message):
    network = LectureMLPClassifier(init=may_not_train, **parameters)
    arguments = (X, y, [0, 1, 2]) if method == "partial_fit" else (X, y)
    with pytest.raises(ValueError, match=message):
        getattr(network, method)(*arguments)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("solver", "name", "value"), MEANINGLESS)
def test_what_is_refused_is_legal_with_another_solver(solver, name, value):
    """The refusal is of the combination and not of the value."""
    others = {"sgd", "adam", "lbfgs"} - {solver}
    settings = {"max_iter": 1, name: value}
    legal = [
        other
        for other in others
        if not refuses(LectureMLPClassifier(solver=other, **settings))
    ]
    assert legal


def refuses(network):
    """Tell whether a combination is refused."""
    try:
        network.fit(X, y)
    except ValueError as error:
        assert "has no effect" in str(error)
        return True
    return False


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_grid_over_solvers_finds_its_illegal_points_only():
    """Of twelve points, five ask L-BFGS or Adam for what they do not have."""
    grid = ParameterGrid(
        {
            "solver": ["sgd", "adam", "lbfgs"],
            "momentum": [0.9, 0.5],
            "dropout": [0, 0.5],
        }
    )
    network = LectureMLPClassifier(max_iter=1)
    refused = [p for p in grid if refuses(clone(network).set_params(**p))]
    expected = [
        p
        for p in grid
        if (p["momentum"] == 0.5 and p["solver"] != "sgd")
        or (p["dropout"] and p["solver"] == "lbfgs")
    ]
    assert refused == expected and len(refused) == 5


@pytest.mark.parametrize("what", ["X_val", "y_val", "sample_weight_val"])
def test_half_a_validation_set(what):
    network = LectureMLPClassifier(init=may_not_train)
    with pytest.raises(ValueError, match="X_val and y_val make a validation set"):
        network.fit(X, y, **{what: X if what == "X_val" else y})


def test_lbfgs_cannot_watch_a_validation_set():
    network = LectureMLPClassifier(solver="lbfgs", init=may_not_train)
    with pytest.raises(ValueError, match="solver='lbfgs' cannot watch"):
        network.fit(X, y, X_val=X, y_val=y)


@pytest.mark.parametrize(
    ("X_val", "y_val", "weight", "message"),
    [
        (X[:, :2], y, None, "X has 2 features, but .* expecting 3"),
        (X * np.nan, y, None, "X contains NaN"),
        (X[:20], y, None, "inconsistent numbers of samples"),
        (X, y + 1, None, r"y_val holds the classes \[3\]"),
        (X, np.eye(3, dtype=int)[y], None, r"y_val has shape \(30, 3\)"),
        (X, y, -np.ones(30), "Negative values .*`sample_weight_val`"),
        (X, y, np.ones(29), r"sample_weight.*shape == \(29,\)"),
        (X, y, np.zeros(30), "sample_weight_val is zero for every example"),
    ],
)
def test_bad_validation_set(X_val, y_val, weight, message):
    network = LectureMLPClassifier(init=may_not_train)
    with pytest.raises(ValueError, match=message):
        network.fit(X, y, X_val=X_val, y_val=y_val, sample_weight_val=weight)


def test_a_stream_has_no_balance():
    """A part of it does not tell how often each class will come."""
    network = LectureMLPClassifier(class_weight="balanced", init=may_not_train)
    with pytest.raises(ValueError, match="class_weight='balanced' cannot be found"):
        network.partial_fit(X, y, classes=[0, 1, 2])


def warned(call, *arguments):
    """Return the only warning of a call, which must point at this file."""
    with pytest.warns(UserWarning) as record:
        call(*arguments)
    (warning,) = record
    assert warning.filename == __file__
    return str(warning.message)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"activation": "tanh", "hidden_layer_sizes": ()},
            "with hidden_layer_sizes=()",
        ),
        ({"batch_size": 31}, "more than the 30 training examples"),
        ({"batch_size": 29, "early_stopping": True}, "more than the 27 training"),
        ({"max_iter": 9, "n_iter_no_change": 10}, "stopped at max_iter=9"),
        ({"solver": "lbfgs", "max_iter": 5}, "L-BFGS stopped at max_iter=5"),
        (
            {"solver": "lbfgs", "n_iter_no_change": 5, "hidden_layer_sizes": 2},
            "n_iter_no_change has no effect",
        ),
    ],
)
def test_what_fit_warns_of_is_shown_where_it_was_called(parameters, message):
    defaults = {"max_iter": 500, "n_iter_no_change": np.inf, "random_state": 0}
    if parameters.get("solver") == "lbfgs":
        defaults = {"max_iter": 500, "alpha": 0.1}
    network = LectureMLPClassifier(**{**defaults, **parameters})
    assert message in warned(network.fit, X, y)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"learning_rate": "adaptive"}, "set learning_rate_init between calls"),
        ({"early_stopping": True}, "watch a validation set with score"),
    ],
)
def test_what_one_epoch_cannot_use_is_warned_of(parameters, message):
    network = LectureMLPClassifier(**parameters)
    assert message in warned(network.partial_fit, X, y, [0, 1, 2])


def test_own_validation_set_leaves_no_fraction_to_set_aside():
    network = LectureMLPClassifier(early_stopping=True, validation_fraction=0.2)
    with pytest.raises(ValueError, match="validation_fraction=0.2 has no effect with"):
        network.fit(X, y, X_val=X, y_val=y)
