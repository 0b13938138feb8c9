"""L-BFGS and its line search on functions whose minima are known, beside SciPy's."""

from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_mlp_edu._training.line_search import C1, C2, Trial, wolfe_step
from sklearn_mlp_edu._training.quasi_newton import LBFGS, History


class Function:
    """A function and its gradient, as L-BFGS takes a cost."""

    def __init__(self, f, gradient, n, dtype=np.float64):
        self.f, self.gradient, self.n_calls = f, gradient, 0
        self.parameters, self.grad = (
            SimpleNamespace(theta=np.empty(n, dtype)) for _ in range(2)
        )

    def __call__(self, theta):
        self.n_calls += 1
        self.parameters.theta[...] = theta
        self.grad.theta[...] = self.gradient(theta)
        return float(self.f(theta)), self.grad.theta


def rosenbrock(n, dtype=np.float64):
    rosen, gradient = scipy.optimize.rosen, scipy.optimize.rosen_der
    return Function(rosen, gradient, n, dtype)


def minimised(function, start, tol=1e-8, max_fun=10_000, n_pairs=10):
    with np.errstate(all="ignore"):
        solver = LBFGS(function, start.copy(), n_pairs, tol=tol, max_fun=max_fun)
        while solver.status == "unfinished" and solver.iterate():
            pass
    return solver


@pytest.mark.parametrize("n_pairs", [1, 3, 10])
@pytest.mark.parametrize("n", [2, 10, 100])
def test_it_takes_about_as_many_evaluations_as_scipy(n, n_pairs):
    start = np.tile([-1.2, 1.0], n // 2)
    function = rosenbrock(n)
    solver = minimised(function, start, tol=1e-5, n_pairs=n_pairs)
    assert solver.status == "converged"
    assert abs(function.gradient(solver.theta)).max() <= 1e-5
    theirs = scipy.optimize.minimize(
        function.f,
        start,
        jac=function.gradient,
        method="L-BFGS-B",
        options={"gtol": 1e-5, "ftol": 0, "maxcor": n_pairs, "maxiter": 10_000},
    )
    assert_allclose(solver.theta, theirs.x, atol=1e-4)
    assert function.n_calls < 1.2 * theirs.nfev


def test_the_last_parameters_are_left_as_they_are():
    """An interrupted iteration must not have changed what was noted before it."""
    solver = LBFGS(rosenbrock(2), np.array([-1.2, 1.0]), 3, tol=0, max_fun=1000)
    for _ in range(20):
        before, noted = solver.theta, solver.theta.copy()
        solver.iterate()
        assert_array_equal(before, noted)
        assert solver.theta is not before


def test_history_gives_what_the_formulas_of_bfgs_give():
    """H' = (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ (7.16), from H = γI (7.20)."""
    rng = np.random.default_rng(0)
    history, pairs = History(3, np.empty(5)), []
    for _ in range(5):
        s = rng.normal(size=5)
        y = s * np.arange(1, 6)  # of a quadratic function
        history.remember(s, np.zeros(5), y, np.zeros(5))
        pairs.append((s, y))
    H = pairs[-1][0] @ pairs[-1][1] / (pairs[-1][1] @ pairs[-1][1]) * np.eye(5)
    for s, y in pairs[-3:]:
        rho = 1 / (s @ y)
        V = np.eye(5) - rho * np.outer(y, s)
        H = V.T @ H @ V + rho * np.outer(s, s)
    q = rng.normal(size=5)
    expected = H @ q
    history.apply(q)
    assert_allclose(q, expected, rtol=1e-12)


def test_a_step_along_which_the_cost_bends_down_teaches_nothing():
    history, q = History(2, np.empty(2)), np.array([1.0, 2.0])
    history.remember(np.ones(2), np.zeros(2), -np.ones(2), np.zeros(2))
    history.apply(q)
    assert_array_equal(q, [1, 2])


@pytest.mark.parametrize("fall", [64, 65])  # in units of rounding, of size 1
@pytest.mark.parametrize("size", [0.0, 1.0, -(2.0**20), 2.0**20])
def test_a_fall_that_may_be_rounding_is_the_end(size, fall):
    """Up to 64 times the distance of two numbers of the size of the cost, or of 1."""
    values = iter([size, size - fall * 2.0**-52 * max(abs(size), 1)])
    gradients = iter([[1e-8], [0.5e-8]])
    function = Function(lambda x: next(values), lambda x: next(gradients), 1)
    solver = LBFGS(function, np.zeros(1), 3, tol=0, max_fun=2)
    assert solver.iterate()
    assert (solver.status == "converged") == (fall == 64)


@pytest.mark.parametrize("largest, status", [(1, "converged"), (2, "unfinished")])
def test_no_component_of_the_gradient_is_larger_at_a_minimum(largest, status):
    for gradient in [[largest, 0], [0, -largest]]:
        function = Function(lambda x: 1.0, lambda x, g=gradient: g, 2)
        assert LBFGS(function, np.zeros(2), 3, tol=1, max_fun=9).status == status


@pytest.mark.parametrize("tol, status", [(0.5, "converged"), (0.49, "unfinished")])
def test_nor_is_it_after_a_step(tol, status):
    values, gradients = iter([1.0, 0.0]), iter([[1.0], [0.5]])
    function = Function(lambda x: next(values), lambda x: next(gradients), 1)
    solver = LBFGS(function, np.zeros(1), 3, tol=tol, max_fun=9)
    assert solver.iterate() and solver.status == status


def test_pairs_that_lead_uphill_are_forgotten():
    """The step is then one along the gradient, if it can be tried only once."""
    function = Function(lambda x: 0.5 * x @ x, lambda x: x, 2)
    solver = LBFGS(function, np.array([0.3, 0.4]), 3, tol=0, max_fun=2)
    history = solver.history
    history.remember(np.ones(2), np.zeros(2), np.ones(2), np.zeros(2))
    apply = history.apply

    def mislead(q):
        apply(q)
        if history.n_known:
            np.copyto(q, solver.grad)

    history.apply = mislead
    assert solver.iterate() and function.n_calls == 2
    assert_allclose(solver.theta, 0, atol=1e-15)


def test_there_is_an_end_where_every_step_goes_uphill():
    """As rounding lets it seem; the start is then the best that is known."""
    function = Function(lambda x: abs(x).sum(), np.ones_like, 2)
    solver = LBFGS(function, np.zeros(2), 3, tol=0, max_fun=100)
    with np.errstate(all="ignore"):
        assert solver.iterate() is False
    assert solver.status == "converged"
    assert_array_equal(solver.theta, 0)


def test_the_first_step_is_no_longer_than_1():
    """Along the gradient, whose length says nothing about how far to go."""
    for gradient, step in [([3.0, 4.0], [-0.6, -0.8]), ([0.3, 0.4], [-0.3, -0.4])]:
        tried = []
        function = Function(
            lambda x, seen=tried: seen.append(x.copy()) or 0.0,
            lambda x, g=gradient: g,
            2,
        )
        LBFGS(function, np.zeros(2), 3, tol=0, max_fun=2).iterate()
        assert_allclose(tried[1], step, rtol=1e-12)


FUNCTIONS = {
    "needs a longer step": (lambda a: (a - 300) ** 2, lambda a: 2 * (a - 300)),
    "needs a shorter step": (lambda a: (a - 1e-5) ** 2, lambda a: 2 * (a - 1e-5)),
    "Moré & Thuente's first": (
        lambda a: -a / (a * a + 2),
        lambda a: (a * a - 2) / (a * a + 2) ** 2,
    ),
    "waves": (lambda a: np.cos(3 * a) - a, lambda a: -3 * np.sin(3 * a) - 1),
    "no numbers from 0.3 on": (
        lambda a: np.where(a < 0.3, -np.sqrt(a + 0.01), np.nan),
        lambda a: np.where(a < 0.3, -0.5 / np.sqrt(a + 0.01), np.nan),
    ),
}


@pytest.mark.parametrize("first", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_step_meets_the_strong_wolfe_conditions(name, first):
    function, slope = FUNCTIONS[name]
    tried = []

    def phi(step):
        tried.append(step)
        return Trial(step, float(function(step)), float(slope(step)))

    start = phi(0.0)
    with np.errstate(all="ignore"):
        found = wolfe_step(phi, start, first, 100)
    assert found.step == tried[-1] > 0 and len(tried) < 20
    assert found.value <= start.value + C1 * found.step * start.slope
    assert abs(found.slope) <= C2 * abs(start.slope)


def steps_tried(function, first=1.0, most=100):
    """The steps of a search; ``function`` gives value and slope, from 0 and −1 on."""
    tried = []

    def phi(step):
        tried.append(step)
        return Trial(step, *function(step))

    with np.errstate(all="ignore"):
        found = wolfe_step(phi, Trial(0.0, 0.0, -1.0), first, most)
    assert found is None or found.step == tried[-1]
    return tried


def test_trials_go_two_to_five_times_further_until_the_slope_is_flatter():
    """Along a − a²/600 downwards, with its minimum at 300; and along a line."""
    found = steps_tried(lambda a: (-a + a * a / 600, -1 + a / 300))
    assert_allclose(found, [1, 5, 21, 85], rtol=1e-12)
    found = steps_tried(lambda a: (-a, -1.0), most=4)
    assert_allclose(found, [1, 3.5, 9.75, 25.375], rtol=1e-12)  # 3.5 is between 2 and 5
    # The cubic of the first two is lowest at 4/3 of the way.
    for value in (-3.0, -1.75):  # lower than the one before, or as low
        found = steps_tried(lambda a, v=value: (-1.75, -1.5) if a == 1 else (v, 0.0))
        assert_allclose(found, [1, 2], rtol=1e-12)


def test_trials_stay_between_a_tenth_and_nine_tenths_of_a_bracket():
    found = steps_tried(lambda a: (1e9 * a, 1e9), most=3)
    assert_allclose(found, [1, 0.1, 0.01], rtol=1e-12)
    found = steps_tried(lambda a: (np.nan, np.nan), most=3)
    assert_allclose(found, [1, 0.5, 0.25], rtol=1e-12)


@pytest.mark.parametrize(
    "value, slope, is_enough",
    [
        (-1e-3, 0.0, True),
        (-0.99e-3, 0.0, False),
        (-1.0, -0.9, True),
        (-1.0, -0.91, False),
        (-1.0, 0.9, True),
        (-1.0, 0.91, False),
    ],
)
def test_how_much_lower_and_how_much_flatter(value, slope, is_enough):
    """By a thousandth of what the slope promises, and 0.9 times as steep."""
    assert (steps_tried(lambda a: (value, slope), most=2) == [1.0]) == is_enough


def test_there_are_twenty_trials_and_no_more_than_allowed():
    assert len(steps_tried(lambda a: (-a, -1.0))) == 20
    assert len(steps_tried(lambda a: (-a, -1.0), most=7)) == 7


def test_a_kink_leaves_the_best_step():
    """|a − 1|: no step has a flatter slope."""
    tried = []

    def phi(step):
        tried.append(step)
        return Trial(step, abs(step - 1), 1.0 if step > 1 else -1.0)

    found = wolfe_step(phi, phi(0.0), 0.7, 100)
    assert found.step == tried[-1] and 0.99 < found.step < 1.01


def test_there_is_no_step_where_the_gradient_is_wrong():
    start = Trial(0.0, 1.0, -1.0)
    assert wolfe_step(lambda a: Trial(a, 2.0, -1.0), start, 1.0, 100) is None


def test_evaluations_are_counted():
    for most in range(1, 30):
        function = rosenbrock(2)
        solver = minimised(function, np.array([-1.2, 1.0]), max_fun=most)
        assert function.n_calls <= most + 1
        assert (solver.status, function.n_calls >= most) == ("unfinished", True)


@pytest.mark.parametrize("beyond", [np.inf, np.nan])
def test_a_cost_that_is_no_number_at_the_start(beyond):
    function = Function(lambda x: beyond, lambda x: x, 2)
    assert minimised(function, np.ones(2)).status == "diverged"
    function = Function(lambda x: x @ x, lambda x: [1.0, beyond], 2)
    assert minimised(function, np.ones(2)).status == "diverged"


def test_a_gradient_whose_length_is_beyond_floating_point():
    function = Function(lambda x: 1e200 * x.sum(), lambda x: 1e200 + 0 * x, 2)
    assert minimised(function, np.ones(2)).status == "diverged"


def test_single_precision_goes_as_far_as_it_can():
    function = rosenbrock(2, np.float32)
    solver = minimised(function, np.array([-1.2, 1.0], np.float32), tol=0)
    assert solver.status == "converged" and solver.theta.dtype == np.float32
    assert_allclose(solver.theta, 1, atol=1e-2)
