"""The contenders that compute with PyTorch."""

import numpy as np
from scipy.sparse import issparse

from .contender import Contender, Trained
from .workloads import ALPHA, MOMENTUM, SEED


def sequential(workload, dtype):
    """Return the network as a module that gives logits."""
    import torch
    from torch import nn

    activations = {"relu": nn.ReLU, "tanh": nn.Tanh, "logistic": nn.Sigmoid}
    sizes, layers = workload.layer_sizes, []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(fan_in, fan_out), activations[workload.activation]()]
    return nn.Sequential(*layers[:-1]).to(getattr(torch, np.dtype(dtype).name))


class PyTorch(Contender):
    """An eager training loop as its tutorials show it."""

    name = "PyTorch"
    modules = ("torch",)
    remark = (
        "an eager loop over tensors, sparse inputs made dense batch by batch; no cost "
        "is recorded; L2 acts on biases too"
    )

    def prepare(self, workload, dtype):
        """Return a function that builds the module and trains it."""
        import torch

        X, y = workload.data(dtype)
        codes = torch.from_numpy(y)
        binary = workload.n_classes == 2
        Y = codes.to(getattr(torch, X.dtype.name))[:, None] if binary else codes
        losses = torch.nn.BCEWithLogitsLoss, torch.nn.CrossEntropyLoss
        cost = losses[not binary]()
        inputs = X if issparse(X) else torch.from_numpy(X)

        def train(epochs):
            torch.manual_seed(SEED)
            model = sequential(workload, dtype)
            optimizer = torch.optim.SGD(
                model.parameters(),
                lr=workload.learning_rate,
                momentum=MOMENTUM,
                weight_decay=ALPHA,
            )
            n_steps = 0
            for _ in range(epochs):
                for rows in torch.randperm(len(Y)).split(workload.batch_size):
                    optimizer.zero_grad()
                    cost(model(take(inputs, rows)), Y[rows]).backward()
                    optimizer.step()
                    n_steps += 1
            return Trained(n_steps, lambda X: predict(model, X))

        return train


def take(X, rows):
    """Return rows as a dense tensor."""
    if issparse(X):
        import torch

        return torch.from_numpy(X[rows.numpy()].toarray())
    return X[rows]


def predict(model, X):
    """Return class codes from the logits, a part of the rows at a time."""
    import torch

    X = X if issparse(X) else torch.from_numpy(X)
    with torch.no_grad():
        parts = torch.arange(X.shape[0]).split(1000)
        Z = torch.cat([model(take(X, rows)) for rows in parts]).numpy()
    return Z[:, 0] > 0 if Z.shape[1] == 1 else Z.argmax(axis=1)


class Skorch(Contender):
    """A skorch classifier around the same module."""

    name = "skorch"
    modules = ("skorch", "torch")
    remark = (
        "as it is by default, but without a validation set; it makes sparse inputs "
        "dense row by row"
    )

    def prepare(self, workload, dtype):
        """Return a function that calls ``fit``."""
        import skorch
        import torch

        X, y = workload.data(dtype)
        if workload.n_classes == 2:
            estimator, y = skorch.NeuralNetBinaryClassifier, y.astype(dtype)
            loss = torch.nn.BCEWithLogitsLoss
        else:
            estimator, loss = skorch.NeuralNetClassifier, torch.nn.CrossEntropyLoss

        def train(epochs):
            torch.manual_seed(SEED)
            classifier = estimator(
                lambda: sequential(workload, dtype),
                criterion=loss,
                optimizer=torch.optim.SGD,
                optimizer__momentum=MOMENTUM,
                optimizer__weight_decay=ALPHA,
                lr=workload.learning_rate,
                batch_size=workload.batch_size,
                max_epochs=epochs,
                iterator_train__shuffle=True,
                train_split=None,
                verbose=0,
            )
            classifier.fit(X, y)
            n_steps = sum(len(epoch["batches"]) for epoch in classifier.history)
            return Trained(n_steps, classifier.predict)

        return train
