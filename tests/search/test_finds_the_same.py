"""`FusedGridSearchCV` finds what `GridSearchCV` finds, whatever the grid."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from sklearn_mlp_edu import FusedGridSearchCV

from ..searches import ALPHAS, NETWORK, Recorder, compare, network, of_network, quietly

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


@ignore_unconverged
@pytest.mark.filterwarnings("ignore:.*has no effect")
@pytest.mark.parametrize(
    "grid",
    [
        {"alpha": ALPHAS},
        {"alpha": np.logspace(-4, 0, 3)},
        {"alpha": [0.1]},
        {},
        {"learning_rate_init": ["auto", 0.05, 1]},
        {"momentum": [0, 0.5, 0.99]},
        {
            "alpha": [0, 0.1],
            "learning_rate_init": [0.05, 0.5],
            "momentum": [0.0, 0.9],
        },
        {
            "alpha": [0, 0.1],
            "hidden_layer_sizes": [5, (8,), (6, 4)],
            "activation": ["relu", "tanh"],
        },
        {"batch_size": [8, "full"], "alpha": [0, 0.1], "max_iter": [2, 4]},
        {"random_state": [0, 1], "alpha": [0, 0.1]},
        {"init": ["he", "zeros"], "alpha": [0, 0.1]},
        {
            "learning_rate": ["constant", "invscaling", "adaptive"],
            "learning_rate_init": [0.1, 0.5],
            "alpha": [0, 0.1],
        },
        {"nesterovs_momentum": [False, True], "momentum": [0.3, 0.9]},
        {"shuffle": [False, True], "alpha": [0, 0.1]},
        {"dropout": [0.0, 0.3], "alpha": [0, 0.1]},
        {
            "solver": ["adam", "adamw"],
            "alpha": [0, 0.1, 3],
            "learning_rate_init": [0.01, 0.05],
        },
        {"max_grad_norm": [None, 0.02, 0.3], "alpha": [0, 0.1]},
        {
            "learning_rate": [lambda epoch: 1 / epoch],
            "learning_rate_init": [0.1, 0.5],
            "alpha": [0, 0.1],
        },
        {"class_weight": [None, "balanced", {0: 1, 1: 2, 2: 0.5}], "alpha": [0, 0.1]},
    ],
    ids=lambda grid: "-".join(grid) or "nothing",
)
def test_grids(grid, iris):
    compare(network(), grid, *iris)


def test_a_list_of_grids(iris):
    """Parameters that a grid has not are masked in the results."""
    grids = [
        {"alpha": [0, 0.1]},
        {"alpha": [0.1, 0.2], "activation": ["tanh"]},
        {"momentum": [0.5], "hidden_layer_sizes": [(8,), (4,)]},
    ]
    search = compare(network(), grids, *iris)
    assert (
        search.cv_results_["param_momentum"].mask.tolist() == [True] * 4 + [False] * 2
    )


@ignore_unconverged
@pytest.mark.parametrize("early_stopping", [False, True], ids=["tolerance", "early"])
@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw"])
def test_networks_that_stop_at_different_epochs(solver, early_stopping, iris):
    """Each at its own, and leaves the others as they would be without it."""
    estimator = network(
        solver=solver,
        early_stopping=early_stopping,
        tol=0.003,
        n_iter_no_change=3,
        max_iter=300,
        validation_fraction=0.2 if early_stopping else 0.1,
    )
    rates = [0.2, 1.0] if solver == "sgd" else [0.003, 0.03]
    grid = {"alpha": [1e-3, 0.03, 0.5], "learning_rate_init": rates}
    search = compare(estimator, grid, *iris)
    assert len(set(search.scoring.n_epochs.values())) > 3


@ignore_unconverged
@pytest.mark.parametrize(
    "rate",
    ["constant", "invscaling", "adaptive", lambda epoch: 0.9**epoch],
    ids=lambda rate: rate if isinstance(rate, str) else "function",
)
def test_learning_rates_that_end_training(rate, iris):
    """The adaptive one goes down for each network when its own patience is over."""
    estimator = network(learning_rate=rate, tol=0.02, n_iter_no_change=2, max_iter=150)
    grid = {"alpha": [1e-3, 0.1, 0.5], "learning_rate_init": [0.2, 0.8]}
    search = compare(estimator, grid, *iris)
    assert len(set(search.scoring.n_epochs.values())) > 3


@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "adam", "learning_rate_init": 0.01},
        {"solver": "adam", "learning_rate_init": 0.01, "dropout": 0.2},
        {"dropout": 0.4, "hidden_layer_sizes": (8, 6)},
        {"class_weight": "balanced"},
        {"learning_rate_init": "auto", "batch_size": "auto"},
        {"activation": "leaky_relu", "nesterovs_momentum": True},
        {"warm_start": True},
    ],
    ids=lambda settings: "-".join(settings),
)
def test_settings_that_all_networks_share(settings, iris):
    compare(network(**settings), {"alpha": ALPHAS}, *iris)


def test_learning_rates_of_adam(iris):
    grid = {"alpha": [0, 0.1], "learning_rate_init": ["auto", 0.003, 0.02]}
    compare(network(solver="adam"), grid, *iris)


@ignore_unconverged
@pytest.mark.parametrize("early_stopping", [False, True], ids=["", "early"])
@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_sample_weight(class_weight, early_stopping, iris):
    weight = np.random.default_rng(0).uniform(0, 3, size=150)
    estimator = network(class_weight=class_weight, early_stopping=early_stopping)
    fit_params = {"sample_weight": weight}
    search = compare(estimator, {"alpha": ALPHAS}, *iris, fit_params=fit_params)
    plain = compare(estimator, {"alpha": ALPHAS}, *iris)
    assert search.best_estimator_.loss_ != plain.best_estimator_.loss_


def test_a_validation_set_of_ones_own(iris):
    X, y = iris
    own = {"X_val": X[::7], "y_val": y[::7]}
    estimator = network(early_stopping=True, n_iter_no_change=2, tol=0.01, max_iter=100)
    compare(estimator, {"alpha": ALPHAS}, X, y, fit_params=own)


@pytest.mark.parametrize("pipeline", [False, True], ids=["network", "pipeline"])
def test_sparse_examples(pipeline, digits):
    X, y = digits
    X = csr_matrix(np.where(X[:240] > 0.5, X[:240], 0))
    estimator, grid = network(), {"alpha": ALPHAS}
    if pipeline:
        estimator = make_pipeline(StandardScaler(with_mean=False), estimator)
        grid = of_network(grid)
    compare(estimator, grid, X, y[:240])


@ignore_unconverged
@pytest.mark.parametrize("early_stopping", [False, True], ids=["", "early"])
def test_several_labels_an_example(early_stopping, labels):
    estimator = network(early_stopping=early_stopping, validation_fraction=0.2)
    if not early_stopping:
        estimator.set_params(validation_fraction=0.1)
    compare(estimator, {"alpha": ALPHAS}, *labels)


def test_two_classes_with_names(cancer):
    X, y = cancer
    compare(network(), {"alpha": ALPHAS}, X[:200], np.array(["m", "b"])[y[:200]])


def test_single_precision(iris):
    """Equal as far as the float type goes."""
    X, y = iris
    compare(network(), {"alpha": ALPHAS}, X.astype(np.float32), y, atol=1e-4)


# Pipelines


def test_pipeline_with_a_scaler(iris):
    pipeline = make_pipeline(StandardScaler(), network())
    compare(pipeline, of_network({"alpha": ALPHAS, "momentum": [0.5, 0.9]}), *iris)


def test_parameters_of_the_preprocessing(cancer):
    pipeline = make_pipeline(StandardScaler(), PCA(random_state=0), network())
    grid = of_network({"alpha": [0, 0.1], "activation": ["relu", "tanh"]})
    grid |= {"pca__n_components": [2, 5], "standardscaler__with_std": [True, False]}
    pipeline.set_params(**of_network({"learning_rate_init": 0.01}))
    X, y = cancer
    search = compare(pipeline, grid, X[:150], y[:150])
    assert len(search.cv_results_["params"]) == 16


def test_steps_in_the_grid(iris):
    """Another transformer, none, and None, in place of a step."""
    pipeline = Pipeline([("scale", StandardScaler()), ("net", network())])
    steps = [StandardScaler(), MinMaxScaler(), "passthrough", None]
    compare(pipeline, {"scale": steps, "net__alpha": [0, 0.1]}, *iris)


def test_column_transformer(iris):
    columns = ColumnTransformer(
        [("scaled", StandardScaler(), [0, 1]), ("reduced", PCA(1), [2, 3])]
    )
    pipeline = make_pipeline(columns, network())
    grid = of_network({"alpha": [0, 0.1]})
    grid |= {"columntransformer__reduced__n_components": [1, 2]}
    compare(pipeline, grid, *iris)


def test_data_frames(iris):
    pandas = pytest.importorskip("pandas")
    X, y = iris
    X = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    columns = ColumnTransformer(
        [("scaled", StandardScaler(), ["a", "b"]), ("other", MinMaxScaler(), ["c"])]
    ).set_output(transform="pandas")
    pipeline = make_pipeline(columns, network())
    search = compare(pipeline, of_network({"alpha": ALPHAS}), X, y)
    assert search.feature_names_in_.tolist() == ["a", "b", "c", "d"]


@pytest.mark.filterwarnings("ignore:Persisting input arguments")  # on busy machines
def test_cached_preprocessing(tmp_path, iris):
    steps = StandardScaler(), PCA(random_state=0), network()
    pipeline = make_pipeline(*steps, memory=str(tmp_path))
    grid = of_network({"alpha": [0, 0.1]}) | {"pca__n_components": [2, 3]}
    compare(pipeline, grid, *iris)
    compare(pipeline, grid, *iris)  # from the cache now
    assert any(tmp_path.iterdir())


def test_pipeline_in_a_pipeline(iris):
    inner = Pipeline([("pca", PCA(random_state=0)), ("net", network())])
    outer = Pipeline([("scale", StandardScaler()), ("model", inner)])
    grid = {"model__pca__n_components": [2, 3], "model__net__alpha": [0, 0.1]}
    compare(outer, grid, *iris)


def test_pipeline_of_nothing_else(iris):
    compare(make_pipeline(network()), of_network({"alpha": ALPHAS}), *iris)


def test_weights_for_a_step(iris):
    weight = np.random.default_rng(1).uniform(0, 3, size=150)
    pipeline = make_pipeline(StandardScaler(), network())
    fit_params = {f"{NETWORK}__sample_weight": weight}
    compare(pipeline, of_network({"alpha": ALPHAS}), *iris, fit_params=fit_params)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_other_estimators_in_place_of_the_network(iris):
    """Networks in the grid are trained together, what is none alone."""
    pipeline = Pipeline([("scale", StandardScaler()), ("net", network())])
    grids = [
        {"net": [network(activation="tanh"), network()], "net__alpha": [0, 0.1]},
        {"net": [LogisticRegression()], "net__C": [0.1, 1]},
    ]
    compare(pipeline, grids, *iris)


@pytest.mark.parametrize("search_class", [GridSearchCV, FusedGridSearchCV])
def test_the_recorder_sees_every_candidate_on_every_part(search_class, iris):
    """Otherwise the comparisons above would compare nothing."""
    recorder = Recorder(["alpha"])
    search = search_class(
        network(), {"alpha": ALPHAS}, scoring=recorder, cv=3, return_train_score=True
    )
    quietly(search, *iris)
    assert len(recorder.probabilities) == len(ALPHAS) * 3 * 2
