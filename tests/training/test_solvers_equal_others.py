"""Adam, L-BFGS and learning-rate schedules against independent implementations."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.datasets import load_breast_cancer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPRegressor

from ..reference import (
    N_ROWS,
    WEIGHT,
    TorchNetwork,
    assert_same,
    estimator,
    examples,
    relative,
)

ignore_unconverged = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)


# Adam


def torch_adam(torch, kind, batches, share, alpha, n_epochs):
    """`TorchNetwork` after as many steps of torch.optim.Adam, and each epoch's cost."""
    X, y = examples(kind)
    theirs, costs = TorchNetwork(torch, "tanh", kind), []
    optimizer = torch.optim.Adam(
        theirs.W + theirs.b, lr=0.02, betas=(0.8, 0.99), eps=1e-6
    )
    for _ in range(n_epochs):
        costs.append([])
        for rows in batches:
            optimizer.zero_grad()
            cost = theirs.cost(X[rows], y[rows], share[rows], alpha)
            cost.backward()
            optimizer.step()
            costs[-1].append(float(cost.detach()))
    return theirs, np.mean(costs, axis=1)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("alpha", [0, 0.1])
@pytest.mark.parametrize("batch_size", ["full", 8])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel"])
def test_adam_takes_the_path_of_pytorch(torch, kind, batch_size, alpha, weight):
    """Kingma & Ba 2015, Algorithm 1: sixty steps at least, L2 on weights only."""
    batches = np.split(np.arange(N_ROWS), [8, 16, 24] if batch_size == 8 else [])
    theirs, costs = torch_adam(torch, kind, batches, relative(weight), alpha, 60)
    X, y = examples(kind)
    ours = estimator(
        solver="adam",
        alpha=alpha,
        batch_size=batch_size,
        learning_rate_init=0.02,
        momentum=0.9,  # the default, which Adam does not use
        beta_1=0.8,
        beta_2=0.99,
        epsilon=1e-6,
        max_iter=60,
    ).fit(X, y, sample_weight=weight)
    assert_same(ours, theirs)
    assert_allclose(ours.loss_curve_, costs, rtol=1e-8)


def test_first_step_of_adam_is_the_learning_rate():
    """Kingma & Ba 2015, §2.1: with bias corrected, m/√s is the gradient's sign."""
    X, y = examples("binary")
    settings = {"solver": "adam", "max_iter": 1, "momentum": 0.9, "epsilon": 1e-12}
    start = estimator(**settings, learning_rate_init=1e-300).fit(X, y)
    moved = estimator(**settings, learning_rate_init=0.01).fit(X, y)
    for before, after in zip(start.coefs_, moved.coefs_, strict=True):
        assert_allclose(abs(after - before), 0.01, rtol=1e-6)


def test_auto_rate_of_adam_falls_with_the_number_of_inputs():
    """Those of a row that are not 0: every weight of theirs moves by the rate."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 6000)), np.arange(20) % 2
    network = LectureMLPClassifier((2,), solver="adam", max_iter=1)
    network.set_params(n_iter_no_change=np.inf)
    assert_allclose(network.fit(X, y).learning_rate_, 0.002 / 3, rtol=0.05)
    few = csr_array(X * (rng.random(X.shape) < 0.01))
    assert network.fit(few, y).learning_rate_ == 0.002


@pytest.mark.parametrize("hidden, rate", [((5,), 0.002), ((), 0.01)])
def test_auto_rate_of_adam_does_not_depend_on_the_inputs(iris, hidden, rate):
    X, y = iris
    network = LectureMLPClassifier(hidden, solver="adam", max_iter=1)
    network.set_params(n_iter_no_change=np.inf, standardize=False)
    assert network.fit(100 * X, y).learning_rate_ == rate


# L-BFGS


def logistic_regression(X, y, alpha, weight):
    """The same cost in scikit-learn's terms: C Σ w_i L_i + ‖W‖²/2, so λ = 1/(C Σ w_i).

    Returns W of shape (classes or 1, features), and b, which softmax leaves open up to
    a constant, centred.
    """
    total = len(y) if weight is None else weight.sum()
    model = LogisticRegression(C=1 / (alpha * total), tol=1e-10, max_iter=10_000)
    model.fit(X, y, sample_weight=weight)
    b = model.intercept_
    return model.coef_, b - b.mean() * (len(b) > 1)


def without_hidden_layers(**parameters):
    settings = dict(standardize=False, tol=1e-7, max_iter=1000, random_state=0)
    return LectureMLPClassifier((), solver="lbfgs", **settings | parameters)


@pytest.mark.parametrize("alpha", [1e-3, 1e-2, 0.1])
@pytest.mark.parametrize("weighted", [False, True], ids=["equal", "weighted"])
@pytest.mark.parametrize("problem", ["cancer", "iris"])
def test_lbfgs_finds_the_optimum_of_logistic_regression(
    problem, weighted, alpha, request
):
    """The cost is convex, so both must find the one minimum; λ = 1/(C Σ w_i)."""
    X, y = request.getfixturevalue(problem)
    weight = np.random.default_rng(0).uniform(0.1, 3, len(y)) if weighted else None
    network = without_hidden_layers(alpha=alpha).fit(X, y, sample_weight=weight)
    W, b = logistic_regression(X, y, alpha, weight)
    assert_allclose(network.coefs_[0].T, W, atol=1e-4)
    ours = network.intercepts_[0]
    assert_allclose(ours - ours.mean() * (len(ours) > 1), b, atol=1e-4)


def test_lbfgs_goes_through_more_rows_than_fit_a_batch():
    """2,500 rows pass in batches of 1,000, 1,000 and 500."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2500, 5))
    y = (X.sum(axis=1) + rng.logistic(size=2500) > 0).astype(int)
    weight = rng.uniform(0.1, 3, 2500)
    network = without_hidden_layers(alpha=0.01).fit(X, y, sample_weight=weight)
    W, b = logistic_regression(X, y, 0.01, weight)
    assert_allclose(network.coefs_[0].T, W, atol=1e-4)
    assert_allclose(network.intercepts_[0], b, atol=1e-4)


def lbfgs(**parameters):
    defaults = dict(max_iter=500, alpha=0.01, tol=1e-4, random_state=0)
    defaults["standardize"] = False
    return LectureMLPClassifier((5,), "tanh", solver="lbfgs", **defaults | parameters)


@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
def test_lbfgs_has_a_loss_curve_that_falls(problem, request):
    X, y = request.getfixturevalue(problem)
    network = lbfgs().fit(X, y)
    curve = network.loss_curve_
    assert len(curve) == network.n_iter_ > 10
    assert (np.diff(curve) <= 0).all() and curve[-1] < 0.5 * curve[0]
    assert network.loss_ == network.best_loss_ == curve[-1]
    assert network.t_ == len(X) * network.n_iter_


def test_lbfgs_cost_is_that_of_the_weights_returned(iris):
    """(3.35): the last value of the curve, calculated again."""
    X, y = iris
    network = lbfgs().fit(X, y)
    J = -network.predict_log_proba(X)[np.arange(150), y].mean()
    squares = sum(np.sum(W**2) for W in network.coefs_)
    assert_allclose(network.loss_, J + 0.01 / 2 * squares, rtol=1e-10)


def test_lbfgs_stops_where_the_gradient_is_below_tol(iris):
    curves = [lbfgs(tol=tol).fit(*iris).loss_curve_ for tol in (1e-2, 1e-5)]
    assert len(curves[0]) < len(curves[1])
    assert_array_equal(curves[0], curves[1][: len(curves[0])])


def test_lbfgs_that_begins_at_the_minimum_stays_there(iris):
    network = LectureMLPClassifier((), solver="lbfgs", alpha=0.1, warm_start=True)
    before = network.fit(*iris).coefs_[0]
    n_epochs, cost = network.n_iter_, network.loss_
    network.fit(*iris)
    assert_array_equal(network.coefs_[0], before)
    assert network.n_iter_ == n_epochs + 1
    assert network.loss_ == pytest.approx(cost)


def test_lbfgs_honours_max_iter(iris):
    with pytest.warns(
        ConvergenceWarning, match="L-BFGS stopped at max_iter=7 .* max_fun=15000"
    ):
        network = lbfgs(max_iter=7).fit(*iris)
    assert network.n_iter_ == 7


@ignore_unconverged
def test_lbfgs_honours_max_fun(iris):
    """An iteration takes one calculation of the cost, or more."""
    few, more = (lbfgs(max_fun=n).fit(*iris).n_iter_ for n in (5, 15))
    assert 1 < few <= 5 < more <= 15


@pytest.mark.parametrize("alpha", [1e-3, 1e-2, 0.1])
@pytest.mark.parametrize("problem", ["cancer", "iris"])
def test_lbfgs_goes_as_far_as_single_precision_lets_it(problem, alpha, request):
    """With ``tol=0`` it ends where no lower cost can be told apart: not a failure."""
    X, y = request.getfixturevalue(problem)
    weight = np.random.default_rng(0).uniform(0.1, 3, len(y))
    double = without_hidden_layers(alpha=alpha).fit(X, y, weight)
    single = without_hidden_layers(alpha=alpha).set_params(tol=0)
    X = X.astype(np.float32)
    single.fit(X, y, weight)
    assert single.coefs_[0].dtype == single.intercepts_[0].dtype == np.float32
    assert single.predict_proba(X).dtype == np.float32
    assert_allclose(single.loss_, double.loss_, rtol=1e-5)


@pytest.mark.parametrize("problem", ["cancer", "iris", "labels"])
def test_lbfgs_takes_sparse_data(problem, request):
    X, y = request.getfixturevalue(problem)
    dense, sparse = (lbfgs(max_iter=300).fit(Z, y) for Z in (X, csr_array(X)))
    assert_allclose(sparse.loss_curve_[:5], dense.loss_curve_[:5], rtol=1e-8)
    assert_allclose(sparse.predict_proba(X), dense.predict_proba(X), atol=1e-3)


def test_lbfgs_weights_count_as_copies(iris):
    X, y = iris
    weight = np.arange(150) % 3
    weighted = without_hidden_layers(alpha=0.1).fit(X, y, sample_weight=weight)
    copies = without_hidden_layers(alpha=0.1).fit(X.repeat(weight, 0), y.repeat(weight))
    assert_allclose(weighted.coefs_[0], copies.coefs_[0], atol=1e-5)


def test_lbfgs_learns_by_epochs_no_more(iris):
    """A stream cannot be learned from: there is no ``partial_fit``."""
    assert not hasattr(lbfgs(), "partial_fit")
    with pytest.raises(AttributeError, match="partial_fit") as error:
        lbfgs().partial_fit(*iris, classes=[0, 1, 2])
    assert "sees all data at once" in str(error.value.__cause__)


def test_lbfgs_says_that_patience_is_not_its_way_to_stop(iris):
    with pytest.warns(UserWarning, match="n_iter_no_change=5 has no effect"):
        lbfgs(n_iter_no_change=5).fit(*iris)


# Schedules


def rates_by_epoch(n_epochs, **parameters):
    """The learning rate in each epoch, from how far one plain step moves a bias.

    With weights of 0 and tanh units only the last bias b learns (L4), with the gradient
    σ(b) − ȳ.
    """
    X, y = examples("binary")
    network = estimator(init="zeros", max_iter=1, warm_start=True, **parameters)
    y = (np.arange(N_ROWS) < 10).astype(int)
    b, rates = 0.0, []
    for _ in range(n_epochs):
        after = float(network.fit(X, y).intercepts_[-1][0])
        rates.append((b - after) / (1 / (1 + np.exp(-b)) - y.mean()))
        b = after
    return rates, network


@pytest.mark.parametrize("power", [0.5, 1, 2])
def test_invscaling_divides_by_a_power_of_the_epoch(power):
    """α / tᵖ in epoch t = 1, 2, …, counted over all calls."""
    rates, network = rates_by_epoch(6, learning_rate="invscaling", power_t=power)
    assert_allclose(rates, 0.2 / np.arange(1, 7) ** power, rtol=1e-9)
    assert_allclose(network.learning_rate_, rates[-1], rtol=1e-9)


def test_constant_rate_is_constant():
    assert_allclose(rates_by_epoch(6)[0], 0.2, rtol=1e-9)


def epochs_of_adaptive(rate, patience):
    """On a flat cost: one epoch, then ``patience`` more for each rate above 10⁻⁶."""
    n_epochs = 1
    while True:
        n_epochs += patience
        if rate <= 1e-6:
            return n_epochs, rate
        rate /= 5


@ignore_unconverged
@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("rate", [0.1, 5e-6, 1e-6, 1e-9])
def test_adaptive_divides_by_five_until_the_rate_is_tiny(rate, patience):
    """Where no cost can fall by ``tol``, patience runs out again and again."""
    network = estimator(
        learning_rate="adaptive",
        learning_rate_init=rate,
        tol=1e3,
        n_iter_no_change=patience,
        max_iter=200,
    ).fit(*examples("binary"))
    n_epochs, last_rate = epochs_of_adaptive(rate, patience)
    assert network.n_iter_ == n_epochs
    assert_allclose(network.learning_rate_, last_rate, rtol=1e-12)


@ignore_unconverged
def test_adaptive_goes_on_while_the_cost_falls():
    network = estimator(learning_rate="adaptive", n_iter_no_change=3, max_iter=50)
    constant = estimator(learning_rate="constant", n_iter_no_change=3, max_iter=50)
    data = examples("binary")
    assert_array_equal(network.fit(*data).coefs_[0], constant.fit(*data).coefs_[0])
    assert network.learning_rate_ == network.learning_rate_init_ == 0.2


@ignore_unconverged
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_auto_lowers_the_rate_twice_when_patience_is_over(solver):
    """Until then it is constant; nothing can be progress, so patience tells when."""
    settings = {"solver": solver, "learning_rate_init": 0.05, "momentum": 0.9}
    settings |= {"tol": 1e3, "n_iter_no_change": 4, "max_iter": 200}
    network = estimator(learning_rate="auto", **settings).fit(*examples("binary"))
    constant = estimator(learning_rate="constant", **settings).fit(*examples("binary"))
    assert (constant.n_iter_, network.n_iter_) == (5, 5 + 4 + 4)
    assert network.loss_curve_[:5] == constant.loss_curve_
    assert network.loss_curve_[5] != constant.loss_curve_[4]
    assert_allclose(network.learning_rate_, 0.05 / 25, rtol=1e-12)
    assert network.learning_rate_init_ == 0.05


def test_auto_settles_the_noise_of_small_batches():
    """The cost of all rows ends lower than at the rate that goes on."""
    X, y = load_breast_cancer(return_X_y=True)
    settings = {"batch_size": 8, "learning_rate_init": 0.5, "alpha": 1e-3}
    auto, constant = (
        LectureMLPClassifier(4, learning_rate=name, random_state=0, **settings)
        .fit(X, y)
        .loss_curve_[-3:]
        for name in ("auto", "constant")
    )
    assert max(auto) < min(constant)


def test_a_schedule_of_ones_own_is_asked_for_every_epoch():
    """Once, by its number, counted over all calls; its factor is of the first rate."""
    asked = []

    def factor(epoch):
        asked.append(epoch)
        return 1 / epoch

    rates, network = rates_by_epoch(6, learning_rate=factor)
    assert asked == [1, 2, 3, 4, 5, 6]
    assert_allclose(rates, 0.2 / np.arange(1, 7), rtol=1e-9)
    assert_allclose(network.learning_rate_, 0.2 / 6, rtol=1e-9)


@pytest.mark.parametrize("value", [-1, np.inf, np.nan, None, "0.1", 1j, [0.1]], ids=str)
def test_a_schedule_that_returns_no_factor_is_refused(value, iris):
    """In whichever epoch; the network stays as it was."""
    network = LectureMLPClassifier(
        3,
        learning_rate=lambda epoch: 0.5 if epoch < 3 else value,
        max_iter=2,
        n_iter_no_change=np.inf,
        warm_start=True,
    ).fit(*iris)
    before = network.predict_proba(iris[0])
    with pytest.raises(ValueError, match="factor >= 0 .* for epoch 3 it returned"):
        network.fit(*iris)
    assert_array_equal(network.predict_proba(iris[0]), before)
    assert network.n_iter_ == 2


def test_an_error_in_a_schedule_is_its_own(iris):
    def broken(epoch):
        raise KeyError(epoch)

    with pytest.raises(KeyError, match="1"):
        LectureMLPClassifier(3, learning_rate=broken).fit(*iris)


@pytest.mark.parametrize("bound", [0, -1, np.inf, np.nan, "1"])
def test_a_bound_that_is_none_is_refused(bound, iris):
    with pytest.raises(ValueError, match="'max_grad_norm' parameter"):
        LectureMLPClassifier(3, max_grad_norm=bound).fit(*iris)


def test_a_bound_that_the_inputs_type_cannot_hold_is_refused(iris):
    X, y = iris
    network = LectureMLPClassifier(3, max_grad_norm=1e-60)
    with pytest.raises(ValueError, match="max_grad_norm=1e-60 is beyond the range"):
        network.fit(X.astype(np.float32), y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bound_keeps_training_from_running_away(dtype):
    """Where one row is so far out that plain descent diverges."""
    X = np.random.default_rng(0).normal(size=(60, 3)).astype(dtype)
    y = X[:, 0].copy()
    X[7] *= 1e3
    settings = {"solver": "sgd", "standardize": False, "learning_rate_init": 0.1}
    settings |= {"random_state": 0, "max_iter": 30, "n_iter_no_change": np.inf}
    with pytest.raises(ValueError, match="diverged"):
        LectureMLPRegressor(5, **settings).fit(X, y)
    network = LectureMLPRegressor(5, max_grad_norm=1e-3, **settings).fit(X, y)
    assert network.coefs_[0].dtype == dtype
    assert np.isfinite(network.loss_curve_).all()


# Switching from MLPClassifier


@ignore_unconverged
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_parameters_of_mlp_classifier_carry_over(solver, iris):
    """scikit-learn's defaults construct a network that can be trained."""
    theirs = MLPClassifier(solver=solver, max_iter=5).get_params()
    assert theirs.keys() <= LectureMLPClassifier().get_params().keys()
    network = LectureMLPClassifier(**theirs).fit(*iris)
    assert network.get_params() | theirs == network.get_params()
    assert network.n_iter_ == 5


@ignore_unconverged
@pytest.mark.parametrize(
    "setting",
    [
        {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.1},
        {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3},
        {"solver": "adam", "early_stopping": True, "validation_fraction": 0.2},
        {"solver": "adam", "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-6},
        {"solver": "lbfgs", "max_fun": 100, "tol": 1e-3, "activation": "logistic"},
    ],
)
def test_settings_of_mlp_classifier_carry_over(setting, iris):
    theirs = MLPClassifier(**setting, max_iter=20, random_state=0)
    ours = LectureMLPClassifier(**theirs.get_params()).fit(*iris)
    assert ours.score(*iris) > 0.5
