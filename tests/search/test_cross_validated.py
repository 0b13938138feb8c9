"""`LectureMLPClassifierCV`: the strength that is chosen, its scores, its networks."""

import pickle
import threading
from unittest.mock import patch

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, InconsistentVersionWarning
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    GroupKFold,
    PredefinedSplit,
    ShuffleSplit,
    StratifiedKFold,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sklearn_mlp_edu
from sklearn_mlp_edu import LectureMLPClassifier, LectureMLPClassifierCV
from sklearn_mlp_edu._search import selection

ALPHAS = [0.003, 0.03, 0.3]


def patient(alphas=ALPHAS, **parameters):
    """An estimator that stops where it should."""
    defaults = {"hidden_layer_sizes": 16, "cv": 3, "random_state": 0}
    return LectureMLPClassifierCV(alphas, **{**defaults, **parameters})


def quick(alphas=ALPHAS, **parameters):
    """An estimator that stops after 50 epochs, and does not warn of it."""
    brief = {"max_iter": 50, "n_iter_no_change": np.inf}
    return patient(alphas, **{**brief, **parameters})


def test_scores_are_the_log_losses_of_rows_held_out_and_learned_from(iris):
    X, y = iris
    network = patient().fit(X, y)
    best = network.scores_.mean(axis=0).argmax()
    assert network.alpha_ == ALPHAS[best]
    assert_array_equal(network.alphas_, ALPHAS)
    assert network.scores_.shape == network.train_scores_.shape == (3, 3)
    folds = StratifiedKFold(3).split(X, y)
    for k, (train, test) in enumerate(folds):
        one = network.estimators_[k]
        assert one.alpha_ == network.alpha_
        assert len(one.loss_curve_) == network.n_iter_[k, best]
        for rows, scores in [(train, network.train_scores_), (test, network.scores_)]:
            loss = log_loss(y[rows], one.predict_proba(X[rows]), labels=[0, 1, 2])
            assert_allclose(scores[k, best], -loss, rtol=1e-4)
        assert_allclose(network.oof_proba_[test], one.predict_proba(X[test]))
    gaps = (network.train_scores_ - network.scores_)[:, best]
    assert_allclose(network.gap_, gaps.mean())
    assert network.gap_ > 0


def test_predictions_are_of_the_mean_probabilities(iris):
    X, y = iris
    network = quick().fit(X, y)
    mean = np.mean([one.predict_proba(X) for one in network.estimators_], axis=0)
    assert_allclose(network.predict_proba(X), mean)
    assert_allclose(network.predict_log_proba(X), np.log(mean))
    assert_array_equal(network.predict(X), mean.argmax(axis=1))
    assert_array_equal(network.decision_function(X).argmax(axis=1), network.predict(X))
    assert network.score(X, y) == np.mean(network.predict(X) == y) > 0.85


def test_two_classes_have_one_decision_value(cancer):
    X, y = cancer
    labels = np.array(["benign", "malignant"])[y]
    network = quick().fit(X, labels)
    decision, proba = network.decision_function(X), network.predict_proba(X)
    assert_allclose(decision, network.predict_log_proba(X) @ [-1, 1], atol=1e-6)
    assert_array_equal(network.predict(X), network.classes_[proba.argmax(axis=1)])
    assert set(network.predict(X)) == {"benign", "malignant"}


def test_each_fold_knows_its_own_training_rows_only(iris):
    """Values of the held-out rows reach neither weights nor standardisation."""
    X, y = iris
    fold = np.arange(len(y)) % 3
    network = quick(cv=PredefinedSplit(fold)).fit(X, y)
    for k, one in enumerate(network.estimators_):
        assert_allclose(one.mean_, X[fold != k].mean(axis=0), atol=1e-12)
        assert one.n_samples_seen_ == (fold != k).sum()


def test_the_epoch_is_chosen_on_the_other_folds(iris):
    """Whatever the held-out labels of a fold, its own network stays the same.

    With a bound on epochs that is far below where any fold ceases to get better, only
    the choice of the best epoch could tell.
    """
    X, y = iris
    fold = np.arange(len(y)) % 3
    wrong = np.where(fold == 0, (y + 1) % 3, y)
    fitted = [
        quick(
            [0.003],
            cv=[
                (np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(3)
            ],
            learning_rate_init=0.1,
            max_iter=30,
            n_iter_no_change=np.inf,
        ).fit(X, labels)
        for labels in (y, wrong)
    ]
    one, other = (network.estimators_[0].coefs_[0] for network in fitted)
    assert_array_equal(one, other)
    assert_array_equal(fitted[0].n_iter_[0], fitted[1].n_iter_[0])
    assert (fitted[0].scores_[0] > fitted[1].scores_[0]).all()


def test_strong_regularisation_narrows_the_gap(cancer):
    X, y = cancer
    network = quick([0.001, 0.1, 1.0]).fit(X[:150], y[:150])
    gaps = (network.train_scores_ - network.scores_).mean(axis=0)
    assert gaps[0] > gaps[1] > gaps[2]
    assert network.alpha_ < 1


def test_a_number_of_strengths_lies_around_the_automatic_one(iris):
    X, y = iris
    network = quick(4, tol=1, n_iter_no_change=1).fit(X, y)
    middle = LectureMLPClassifier().fit(X, y).alpha_
    assert_allclose(network.alphas_, np.geomspace(middle / 30, middle * 30, 4))
    assert quick(1).fit(X, y).alphas_ == [middle]


def test_the_grid_grows_where_the_best_is_at_its_edge():
    """Labels that mean nothing ask for ever stronger regularisation."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(90, 20)), np.arange(90) % 2
    free = quick(2, init="lecun").fit(X, y)
    assert len(free.alphas_) > 2
    assert free.alphas_[-1] / free.alphas_[0] > 30**2 + 1
    steps = free.alphas_[1:] / free.alphas_[:-1]
    assert_allclose(steps, steps[0])
    given = quick([0.001, 0.01], init="lecun").fit(X, y)
    assert_array_equal(given.alphas_, [0.001, 0.01])
    assert "Warning: the chosen alpha is the largest" in given.summary()


def test_the_grid_does_not_grow_where_strengths_are_as_good(iris):
    X, y = iris
    network = quick([1e-9, 1e-8, 1e-7]).fit(X, y)
    assert network.alpha_ == 1e-7  # the strongest of equals
    assert "the largest that was tried; the next is as good" in network.summary()


def test_strengths_that_are_beaten_are_given_up_and_the_chosen_goes_on(iris, capsys):
    X, y = iris
    network = patient([0.001, 0.3, 3.0], n_iter_no_change=5, verbose=True).fit(X, y)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    n_epochs = np.array([int(line[0]) for line in lines])
    n_trained = np.array([int(line[1]) for line in lines])
    assert_array_equal(n_epochs, 1 + np.arange(len(lines)))
    assert n_trained[0] == 3 and (np.diff(n_trained) <= 0).all()
    alone = n_epochs[n_trained == 1]
    assert len(alone) >= 3 * 5
    best = list(network.alphas_).index(network.alpha_)
    others = np.delete(network.n_iter_, best, axis=1)
    assert others.max() < network.n_iter_[:, best].min()


def test_strengths_take_turns_where_memory_is_short(iris, monkeypatch, capsys):
    X, y = iris
    monkeypatch.setattr(selection, "STACK_BYTES", 1)
    alone = quick(max_iter=4, verbose=True).fit(X, y)
    heads = [line for line in capsys.readouterr().out.splitlines() if "epoch" in line]
    assert len(heads) == 3
    monkeypatch.undo()
    together = quick(max_iter=4).fit(X, y)
    assert_allclose(alone.scores_, together.scores_, rtol=1e-4)


def test_summary_says_strength_scores_and_gap(iris):
    text = quick([0.0001, 0.003, 0.3]).fit(*iris).summary()
    for word in ("alpha", "neg_log_loss", "train", "test", "gap", "of 3 from 0.0001"):
        assert word in text


def test_a_single_network_learns_from_all_rows(iris):
    X, y = iris
    network = quick(refit="single").fit(X, y)
    (one,) = network.estimators_
    assert one.n_samples_seen_ == len(y)
    assert network.coefs_ is one.coefs_ and network.intercepts_ is one.intercepts_
    assert_array_equal(network.predict_proba(X), one.predict_proba(X))
    assert_array_equal(network.decision_function(X), one.decision_function(X))
    assert network.score(X, y) > 0.85
    assert not hasattr(quick().fit(X, y), "coefs_")


def test_scoring_decides(iris):
    X, y = iris
    network = quick(scoring="accuracy").fit(X, y)
    assert_allclose(network.scores_, quick(scoring=None).fit(X, y).scores_)
    folds = StratifiedKFold(3).split(X, y)
    best = list(network.alphas_).index(network.alpha_)
    accuracies = [
        one.score(X[test], y[test])
        for one, (_, test) in zip(network.estimators_, folds, strict=True)
    ]
    assert_allclose(network.scores_[:, best], accuracies)
    assert network.scores_.mean(axis=0)[best] == network.scores_.mean(axis=0).max()


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_threads_change_nothing(iris, solver):
    X, y = iris
    large = {"hidden_layer_sizes": 2000, "max_iter": 3, "solver": solver}
    if solver == "lbfgs":
        large = {"n_iter_no_change": 10, "solver": solver, "max_iter": 200}
    one, two = quick(4, **large).fit(X, y), quick(4, n_jobs=2, **large).fit(X, y)
    assert_array_equal(one.scores_, two.scores_)
    assert_array_equal(one.predict_proba(X), two.predict_proba(X))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
def test_what_fails_in_a_thread_reaches_the_caller(iris, error):
    X, y = iris
    asked, fails, entered = [], True, threading.Event()

    def schedule(epoch):
        asked.append(epoch)
        if fails and threading.current_thread() is not threading.main_thread():
            entered.set()
            raise error("in a thread")
        assert not fails or entered.wait(timeout=60)
        return 1.0

    network = quick(4, hidden_layer_sizes=2000, n_jobs=2, cv=4)
    before = network.fit(X, y).predict_proba(X)
    network.set_params(learning_rate=schedule, max_iter=50)
    with pytest.raises(error, match="in a thread"):
        network.fit(X, y)
    assert len(asked) <= 2 * 4  # no fold has gone on
    assert_array_equal(network.predict_proba(X), before)
    fails = False
    assert network.fit(X, y).n_iter_.max() > 2


def test_the_same_seed_gives_the_same_networks(iris):
    X, y = iris
    first = quick().fit(X, y)
    assert_array_equal(first.oof_proba_, clone(first).fit(X, y).oof_proba_)
    again = pickle.loads(pickle.dumps(first))
    assert_array_equal(again.predict_proba(X), first.predict_proba(X))
    other = quick(random_state=1).fit(X, y)
    assert (other.oof_proba_ != first.oof_proba_).any()


@pytest.mark.parametrize(
    "parameters",
    [
        {"solver": "adam"},
        {"solver": "adamw", "max_grad_norm": 0.3},
        {"learning_rate": lambda epoch: 0.95**epoch},
        {"solver": "lbfgs"},
        {"solver": "lbfgs", "refit": "single"},
        {"dropout": 0.2},
        {"learning_rate": "invscaling"},
        {"learning_rate": "adaptive", "n_iter_no_change": 3, "refit": "single"},
        {"standardize": False, "learning_rate_init": 0.1},
        {"hidden_layer_sizes": ()},
        {"hidden_layer_sizes": (12, 8), "activation": "tanh"},
        {"class_weight": "balanced"},
    ],
)
def test_it_learns_with_all_kinds_of_training(iris, parameters):
    X, y = iris
    network = patient([0.01, 0.1], tol=0.003, **parameters).fit(X, y)
    assert network.score(X, y) > 0.85
    assert np.isfinite(network.scores_).all()


def test_weights_are_copies_where_folds_are_given(iris):
    X, y = iris
    weight = 1 + np.arange(len(y)) % 2
    fold = np.arange(len(y)) // 2 % 3
    rows = np.arange(len(y)).repeat(weight)
    settings = {"batch_size": "full", "max_iter": 40, "n_iter_no_change": np.inf}
    weighted = quick(cv=PredefinedSplit(fold), **settings)
    weighted.fit(X, y, sample_weight=weight)
    copies = quick(cv=PredefinedSplit(fold[rows]), **settings).fit(X[rows], y[rows])
    assert_allclose(weighted.scores_, copies.scores_, rtol=1e-3)
    assert_allclose(weighted.predict_proba(X), copies.predict_proba(X), atol=1e-3)


def test_class_weights_count_in_training_and_in_scores(cancer):
    X, y = cancer
    weight = {0: 10.0, 1: 1.0}
    raw = {"standardize": False, "learning_rate_init": 0.1}  # as weights shift means
    by_class = quick(class_weight=weight, **raw).fit(X, y)
    by_row = quick(**raw).fit(X, y, sample_weight=np.where(y == 0, 10.0, 1.0))
    assert_allclose(by_class.scores_, by_row.scores_)
    assert (np.abs(by_class.scores_ - quick(**raw).fit(X, y).scores_) > 1e-4).all()


def test_several_labels_are_scored_by_the_sum_of_their_losses(labels):
    X, y = labels
    network = quick().fit(X, y)
    assert network.oof_proba_.shape == y.shape
    p = network.oof_proba_
    loss = -(y * np.log(p) + (1 - y) * np.log1p(-p)).sum(axis=1).mean()
    best = list(network.alphas_).index(network.alpha_)
    assert_allclose(-network.scores_[:, best].mean(), loss, rtol=1e-4)
    assert_array_equal(network.predict(X), network.predict_proba(X) > 0.5)
    with pytest.raises(ValueError, match="refit='single'"):
        network.to_sklearn()


def test_sparse_inputs_and_float32(iris):
    X, y = iris
    X = np.maximum(X, 0)
    dense_settings = {"standardize": False, "learning_rate_init": 0.1}
    dense = quick(**dense_settings).fit(X, y)
    sparse = quick(**dense_settings).fit(csr_matrix(X), y)
    assert_allclose(dense.scores_, sparse.scores_, rtol=1e-6)
    assert quick().fit(csr_matrix(X), y).score(csr_matrix(X), y) > 0.8
    single = quick().fit(X.astype(np.float32), y)
    assert single.predict_proba(X.astype(np.float32)).dtype == np.float32
    assert single.oof_proba_.dtype == np.float32
    assert quick().fit(X, y).oof_proba_.dtype == np.float64


def test_large_inputs_lose_nothing_to_float32(iris):
    X, y = iris
    plain, shifted, large = (quick().fit(Z, y) for Z in (X, X + 1e6, X * 1e200))
    assert_allclose(plain.scores_, shifted.scores_, rtol=1e-3)
    assert_allclose(plain.scores_, large.scores_, rtol=1e-3)
    assert_allclose(plain.predict_proba(X), large.predict_proba(X * 1e200), atol=1e-3)


def test_rows_out_of_fold_are_nan_or_means(iris):
    X, y = iris
    rows = np.arange(len(y))
    cv = [(rows[10:], rows[:10]), (rows[::2], rows[1::2]), (rows[10:], rows[:10])]
    network = quick([0.01], cv=cv).fit(X, y)
    missing = np.isnan(network.oof_proba_).all(axis=1)
    assert_array_equal(missing, (rows >= 10) & (rows % 2 == 0))
    mean = np.mean([n.predict_proba(X[1:2]) for n in network.estimators_], axis=0)
    assert_allclose(network.oof_proba_[1:2], mean)
    one_split = quick([0.01], cv=ShuffleSplit(1, random_state=0)).fit(X, y)
    assert len(one_split.estimators_) == 1


def test_groups_stay_together(iris):
    X, y = iris
    groups = np.arange(len(y)) % 6
    network = quick([0.01], cv=GroupKFold(3)).fit(X, y, groups=groups)
    assert len(network.estimators_) == 3
    with pytest.raises(ValueError, match="groups"):
        quick(cv=GroupKFold(3)).fit(X, y)
    with pytest.raises(TypeError, match="colour"):
        quick().fit(X, y, colour=groups)


def test_groups_and_weights_are_routed(iris):
    X, y = iris
    groups, weight = np.arange(len(y)) % 6, 1.0 + np.arange(len(y)) % 2
    with sklearn.config_context(enable_metadata_routing=True):
        network = quick([0.01], cv=GroupKFold(3))
        network.set_fit_request(sample_weight=True)
        network.set_score_request(sample_weight=False)
        scores = cross_validate(
            network, X, y, params={"groups": groups, "sample_weight": weight}, cv=2
        )
    assert (scores["test_score"] > 0).all()


def test_a_rare_class_makes_fewer_folds_and_says_so(iris):
    X, y = iris
    rows = np.r_[0:102]
    with pytest.warns(UserWarning, match="is 2, so there are 2 folds"):
        network = quick(cv=5).fit(X[rows], y[rows])
    assert len(network.estimators_) == 2
    with pytest.warns(UserWarning, match="2 folds"):
        alone = quick(cv=5).fit(X[:101], y[:101])
    assert alone.predict_proba(X).shape == (150, 3)


def test_one_class_is_all_that_is_predicted(iris):
    X, _ = iris
    with pytest.warns(UserWarning, match="single class"):
        network = quick().fit(X, np.full(len(X), "cat"))
    assert set(network.predict(X)) == {"cat"}
    assert set(network.to_sklearn().predict(X)) == {"cat"}
    assert "Warning" not in network.summary()


def test_to_sklearn_predicts_the_same(iris):
    X, y = iris
    labels = np.array(["a", "b", "c"])[y]
    for refit in ("ensemble", "single"):
        network = quick(refit=refit).fit(X, labels)
        theirs = network.to_sklearn()
        assert_allclose(theirs.predict_proba(X), network.predict_proba(X), atol=1e-12)
        assert_array_equal(theirs.predict(X), network.predict(X))


def test_in_a_pipeline_and_nested(cancer):
    pipeline = make_pipeline(StandardScaler(), quick([0.01, 0.1]))
    scores = cross_validate(pipeline, *cancer, cv=2)
    assert (scores["test_score"] > 0.93).all()


def test_what_is_not_finished_is_told(iris):
    with pytest.warns(ConvergenceWarning, match="max_iter=3"):
        patient(max_iter=3).fit(*iris)


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"alphas": 0}, "alphas"),
        ({"alphas": []}, "alphas"),
        ({"alphas": [-1.0]}, "alphas"),
        ({"alphas": "many"}, "alphas"),
        ({"alphas": 2**63}, "alphas must say .* from 1 to 1000"),
        ({"alphas": 10**400}, "alphas must say"),
        ({"alphas": [10**400]}, "alphas must say"),
        ({"alphas": [np.longdouble("1e4000")]}, "alphas must say"),
        ({"alphas": [1j]}, "alphas must say"),
        ({"cv": []}, "cv gives no splits"),
        ({"cv": [3]}, "cv must give pairs of rows"),
        ({"cv": [([0, 1], [150])]}, "cv must give pairs of rows"),
        ({"cv": [([True] * 151, [True] * 151)]}, "cv must give pairs of rows"),
        ({"cv": [([0.5], [1.5])]}, "cv must give pairs of rows"),
        ({"refit": "all"}, "refit"),
        ({"cv": 1}, "cv"),
        ({"scoring": "beauty"}, "beauty"),
        ({"tol": -1}, "tol"),
        ({"dropout": 0.1, "hidden_layer_sizes": ()}, "dropout"),
    ],
)
def test_bad_parameters_are_refused_and_change_nothing(iris, parameters, match):
    X, y = iris
    network = quick([0.01]).fit(X, y)
    before = network.predict_proba(X)
    with pytest.raises(ValueError, match=match):
        network.set_params(**parameters).fit(X, y)
    assert_array_equal(network.predict_proba(X), before)


def test_parts_without_rows_or_without_weight_are_refused(iris):
    X, y = iris
    rows = np.arange(150)
    with pytest.raises(ValueError, match="training or test part is empty"):
        quick(cv=[(rows, rows[:0])]).fit(X, y)
    halves = [(rows[::2], rows[1::2]), (rows[1::2], rows[::2])]
    with pytest.raises(
        ValueError, match="zero for every example of a fold's test part"
    ):
        quick(cv=halves).fit(X, y, sample_weight=rows % 2)


def test_scoring_weighs_the_rows(iris):
    X, y = iris
    weight = 1.0 + np.arange(150) % 3
    halves = [(np.arange(0, 150, 2), np.arange(1, 150, 2))]
    network = quick([0.03], cv=halves, scoring="accuracy", max_iter=3)
    network.fit(X, y, sample_weight=weight)
    right = network.oof_proba_[1::2].argmax(axis=1) == y[1::2]
    expected = np.average(right, weights=weight[1::2])
    assert_allclose(network.scores_, [[expected]])
    assert expected != right.mean()


def test_divergence_with_every_strength_is_an_error(iris):
    X, y = iris
    with pytest.raises(ValueError, match="diverged"):
        quick([0.01, 0.1], learning_rate_init=1e5).fit(X, y)


def test_divergence_of_the_network_of_all_rows_is_an_error(iris):
    X, y = iris
    sizes = []

    def init(fan_in, fan_out, rng):
        """Weights that explode once all folds have theirs."""
        sizes.append((fan_in, fan_out))
        return np.full((fan_in, fan_out), 0.1 if len(sizes) <= 2 else 1e7)

    settings = {"hidden_layer_sizes": (), "refit": "single", "cv": 2, "init": init}
    advice = "let standardize=True standardise the inputs, or lower learning_rate_init"
    with pytest.raises(ValueError, match=advice):
        quick([0.01], standardize=False, max_iter=2, **settings).fit(X, y)


def test_what_no_float_can_hold_is_a_failure(iris):
    X, y = iris
    network = quick([0.01, 1e300]).fit(X, y)
    assert network.alpha_ == 0.01
    assert np.isnan(network.scores_[:, 1]).all()
    with pytest.raises(ValueError, match="diverged"):
        quick([0.01], learning_rate_init=1e300).fit(X, y)
    with pytest.raises(ValueError, match="Row 1 of X has values so large"):
        network.predict(np.array([[0.0] * 4, [1e308] * 4]))


def test_weights_count_relative_to_each_other(iris):
    X, y = iris
    plain = quick().fit(X, y)
    for weight in (1e308, 1e-300):
        weighted = quick().fit(X, y, sample_weight=np.full(len(y), weight))
        assert_array_equal(weighted.scores_, plain.scores_)


def test_inputs_that_are_not_standardised(iris):
    X, y = iris
    network = quick(standardize=False).fit(X, y)
    assert network.score(X, y) > 0.85
    assert all(one.mean_ is None for one in network.estimators_)


def test_a_pickle_tells_of_another_version(iris):
    network = quick([0.01]).fit(*iris)
    with patch.object(sklearn_mlp_edu, "__version__", "99.0"):
        pickled = pickle.dumps(network)
    with pytest.warns(InconsistentVersionWarning, match="99.0"):
        again = pickle.loads(pickled)
    assert_array_equal(again.predict(iris[0]), network.predict(iris[0]))


def test_an_interrupt_leaves_the_earlier_state(iris, monkeypatch):
    X, y = iris
    rng = np.random.RandomState(0)
    network = quick([0.01], random_state=rng).fit(X, y)
    before, state = network.predict_proba(X), rng.get_state()[1].copy()

    class Interrupts:
        def __call__(self, estimator, X, y):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        network.set_params(scoring=Interrupts()).fit(X, y)
    assert_array_equal(network.predict_proba(X), before)
    assert_array_equal(rng.get_state()[1], state)


def test_verbose_prints_a_line_an_epoch(iris, capsys):
    quick([0.01], max_iter=4, n_iter_no_change=np.inf, verbose=2).fit(*iris)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["epoch", "strengths"]
    assert [line.split()[0] for line in lines[1:]] == ["2", "4"]


def test_there_is_no_partial_fit():
    assert not hasattr(LectureMLPClassifierCV(), "partial_fit")
    shared = LectureMLPClassifier().get_params()
    own = LectureMLPClassifierCV().get_params()
    assert shared.keys() - own.keys() == {
        "alpha",
        "warm_start",
        "early_stopping",
        "validation_fraction",
    }
    assert all(own[name] == shared[name] for name in shared.keys() & own.keys())


@pytest.mark.skipif(
    not hasattr(StandardScaler, "set_callbacks"),
    reason="scikit-learn has callbacks from 1.9 on",
)
def test_callbacks_follow_every_epoch_and_may_stop_it(iris):
    X, y = iris

    class StopsAfterTwo:
        def __init__(self):
            self.estimators = []

        def setup(self, estimator, context):
            pass

        def teardown(self, estimator, context):
            pass

        def on_fit_task_begin(self, estimator, context, *, X, y, metadata):
            pass

        def on_fit_task_end(self, estimator, context, *, fitted_estimator):
            if context.task_name == "epoch":
                self.estimators.append(fitted_estimator)
            return len(self.estimators) >= 2

    callback = StopsAfterTwo()
    network = quick([0.01]).set_callbacks(callback).fit(X, y)
    assert len(callback.estimators) == 2
    assert network.n_iter_.max() == 2
    assert callback.estimators[0].predict_proba(X).shape == (150, 3)
