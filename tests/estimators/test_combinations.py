"""What parameters have no effect together is said; contradictions are refused."""

import warnings

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

from sklearn_mlp_edu import FusedGridSearchCV, LectureMLPClassifier

X = np.random.default_rng(0).normal(size=(30, 3))
y = np.arange(30) % 3


def may_not_train(fan_in, fan_out, rng):
    """Stand in for an initialiser: drawing weights is the first step of training."""
    raise AssertionError("training has begun")


WITHOUT_EFFECT = [
    # solver, parameter, value
    ("lbfgs", "early_stopping", True),
    ("lbfgs", "n_iter_no_change", 5),
    ("lbfgs", "batch_size", 16),
    ("lbfgs", "learning_rate", "adaptive"),
    ("lbfgs", "learning_rate", "invscaling"),
    ("lbfgs", "learning_rate_init", 0.1),
    ("lbfgs", "power_t", 0.3),
    ("lbfgs", "momentum", 0.5),
    ("lbfgs", "beta_1", 0.8),
    ("lbfgs", "beta_2", 0.8),
    ("lbfgs", "epsilon", 1e-6),
    ("lbfgs", "max_grad_norm", 1.0),
    ("lbfgs", "shuffle", False),
    ("lbfgs", "validation_fraction", 0.2),
    ("sgd", "beta_1", 0.8),
    ("sgd", "beta_2", 0.8),
    ("sgd", "epsilon", 1e-6),
    ("sgd", "max_fun", 100),
    ("adam", "momentum", 0.5),
    ("adam", "max_fun", 100),
    ("adamw", "momentum", 0.5),
]


def what_fit_says(**parameters):
    """Return the messages of all warnings of a short `fit`, but of the cost."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LectureMLPClassifier(4, max_iter=20, random_state=0, **parameters).fit(X, y)
    return [str(w.message) for w in caught if w.category is UserWarning]


@pytest.mark.parametrize(("solver", "name", "value"), WITHOUT_EFFECT)
def test_parameter_that_the_solver_does_not_use(solver, name, value):
    (message,) = what_fit_says(solver=solver, **{name: value})
    assert message.startswith(f"{name}={value!r} has no effect with solver='{solver}'")


@pytest.mark.parametrize(("solver", "name", "value"), WITHOUT_EFFECT)
def test_what_has_no_effect_has_one_with_another_solver(solver, name, value):
    """And what that needs beside it."""
    beside = {
        "power_t": {"learning_rate": "invscaling"},
        "validation_fraction": {"early_stopping": True},
    }.get(name, {})
    others = {"sgd", "adam", "adamw", "lbfgs"} - {solver}
    said = [what_fit_says(solver=other, **{name: value}, **beside) for other in others]
    assert [] in said


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"power_t": 0.3}, "power_t=0.3 .* learning_rate='auto' .*'invscaling'"),
        ({"power_t": 1, "learning_rate": "adaptive"}, "with learning_rate='adaptive'"),
        ({"validation_fraction": 0.2}, "with early_stopping=False .it needs True"),
        ({"validation_fraction": 0}, "with early_stopping=False .it needs True"),
        ({"momentum": 1}, "training has no effect with momentum=1"),
        ({"tol": 0.1, "n_iter_no_change": np.inf}, "tol=0.1 .* n_iter_no_change=inf"),
        (
            {"learning_rate": "adaptive", "n_iter_no_change": np.inf},
            "learning_rate='adaptive' .* n_iter_no_change=inf",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_parameters_that_have_no_effect_together(method, parameters, message):
    network = LectureMLPClassifier(4, max_iter=20, random_state=0, **parameters)
    arguments = (X, y, [0, 1, 2]) if method == "partial_fit" else (X, y)
    with pytest.warns(UserWarning, match=message):
        getattr(network, method)(*arguments)
    assert hasattr(network, "coefs_")


def test_all_of_them_are_named_in_one_warning():
    parameters = {"momentum": 0.5, "power_t": 0.3, "max_fun": 9, "activation": "tanh"}
    network = LectureMLPClassifier((), solver="adam", **parameters)
    message = warned(network.partial_fit, X, y, [0, 1, 2])
    assert message.count("has no effect") == 4
    assert all(f"{name}={value!r}" in message for name, value in parameters.items())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"dropout": 0.5, "hidden_layer_sizes": ()}, "only hidden layers have dropout"),
        ({"dropout": 0.5, "solver": "lbfgs"}, "dropout=0.5 .* solver='lbfgs'; leave"),
        ({"early_stopping": True, "validation_fraction": 0}, "a validation_fraction"),
    ],
)
def test_contradictions_are_refused(parameters, message):
    network = LectureMLPClassifier(init=may_not_train, **parameters)
    with pytest.raises(ValueError, match=message):
        network.fit(X, y)
    assert not hasattr(network, "coefs_")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("search", [GridSearchCV, FusedGridSearchCV])
def test_a_grid_over_solvers_fails_where_it_contradicts_itself_only(search):
    """Of twelve points, two ask L-BFGS for dropout, and five name what is not used."""
    grid = {
        "solver": ["sgd", "adam", "lbfgs"],
        "momentum": [0.9, 0.5],
        "dropout": [0, 0.5],
    }
    network = LectureMLPClassifier(4, max_iter=20, random_state=0)
    split = [(np.arange(15), np.arange(15, 30))]
    found = search(network, grid, cv=split, refit=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found.fit(X, y)
    failed = np.isnan(found.cv_results_["mean_test_score"])
    points = found.cv_results_["params"]
    assert failed.tolist() == [
        bool(p["dropout"]) & (p["solver"] == "lbfgs") for p in points
    ]
    named = [str(w.message) for w in caught if "momentum=0.5 has no" in str(w.message)]
    assert len(named) == 4 - 1  # one of them is refused for its dropout


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


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"solver": "lbfgs"}, "needs solver='sgd', 'adam' or 'adamw'"),
        ({"early_stopping": True}, "needs early_stopping=False"),
        ({"class_weight": "balanced"}, r"needs class_weight as a dict"),
    ],
)
def test_partial_fit_is_not_there_where_it_could_not_work(parameters, message):
    network = LectureMLPClassifier(**parameters)
    assert not hasattr(network, "partial_fit")
    with pytest.raises(AttributeError) as error:
        network.partial_fit(X, y, [0, 1, 2])
    assert message in str(error.value.__cause__)
    assert hasattr(LectureMLPClassifier(class_weight={0: 2}), "partial_fit")


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
    ],
)
def test_what_fit_warns_of_is_shown_where_it_was_called(parameters, message):
    defaults = {"max_iter": 500, "n_iter_no_change": np.inf, "random_state": 0}
    if parameters.get("solver") == "lbfgs":
        defaults = {"max_iter": 500, "alpha": 0.1}
    network = LectureMLPClassifier(**{**defaults, **parameters})
    assert message in warned(network.fit, X, y)


def test_what_one_epoch_cannot_use_is_warned_of():
    network = LectureMLPClassifier(learning_rate="adaptive")
    message = warned(network.partial_fit, X, y, [0, 1, 2])
    assert "set learning_rate_init between calls" in message


def test_own_validation_set_leaves_no_fraction_to_set_aside():
    network = LectureMLPClassifier(early_stopping=True, validation_fraction=0.2)
    with pytest.raises(ValueError, match="validation_fraction=0.2 has no effect with"):
        network.fit(X, y, X_val=X, y_val=y)
