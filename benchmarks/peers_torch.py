"""The contenders that compute with PyTorch."""

from .peers import Contender, Trained
from .workloads import ALPHA, MOMENTUM, SEED


def sequential(workload, dtype):
    """Return the network as a module that gives logits."""
    from torch import nn

    activations = {"relu": nn.ReLU, "tanh": nn.Tanh, "logistic": nn.Sigmoid}
    sizes, layers = workload.layer_sizes, []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(fan_in, fan_out), activations[workload.activation]()]
    return nn.Sequential(*layers[:-1]).to(torch_type(dtype))


def torch_type(dtype):
    """Return PyTorch's name of a NumPy float type."""
    import numpy as np
    import torch

    return {4: torch.float32, 8: torch.float64}[np.dtype(dtype).itemsize]


class PyTorch(Contender):
    """An eager training loop as its tutorials show it, the data in memory as tensors.

    Weight decay acts on biases too, as it does by default.
    """

    name = "PyTorch"
    modules = ("torch",)
    takes_sparse = False

    def prepare(self, workload, dtype):
        """Return a function that builds the module and trains it."""
        import torch

        X, y = workload.data(dtype)
        X, codes = torch.from_numpy(X), torch.from_numpy(y)
        binary = workload.n_classes == 2
        Y = codes.to(X.dtype)[:, None] if binary else codes
        losses = torch.nn.BCEWithLogitsLoss, torch.nn.CrossEntropyLoss
        cost = losses[not binary]()

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
                for rows in torch.randperm(len(X)).split(workload.batch_size):
                    optimizer.zero_grad()
                    cost(model(X[rows]), Y[rows]).backward()
                    optimizer.step()
                    n_steps += 1
            return Trained(n_steps, lambda X: predict(model, X))

        return train


def predict(model, X):
    """Return class codes from the logits."""
    import torch

    with torch.no_grad():
        Z = model(torch.from_numpy(X)).numpy()
    return Z[:, 0] > 0 if Z.shape[1] == 1 else Z.argmax(axis=1)


class Skorch(Contender):
    """skorch around the same module: its defaults, but no validation set."""

    name = "skorch"
    modules = ("skorch", "torch")
    takes_sparse = False

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
