"""SciPy on W17: real data in the folder that WEFT_REAL_DATA names."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .workloads import Inputs

Array = Any


def prepare(identifier: str, inputs: Inputs, peer: str) -> Callable[[], Array] | None:
    if peer != "scipy" or "WEFT_REAL_DATA" not in os.environ:
        return None
    from scipy import io, sparse
    from scipy.sparse import linalg

    folder = Path(os.environ["WEFT_REAL_DATA"])

    def graph(name: str) -> Any:
        return sparse.csr_array(io.mmread(folder / f"{name}.mtx")).astype(np.float64)

    def laplacian(name: str) -> Any:
        a = graph(name)
        return (sparse.diags_array(a.sum(axis=1)) - a).tocsr()

    def digits() -> Any:
        return sparse.csr_array(np.load(folder / "digits.npy").astype(np.float64))

    kind, name = identifier.removeprefix("W17.").split(".")
    if kind == "rank":
        a = graph({"imports": "python_stdlib_imports"}.get(name, name))
        n, degree = a.shape[0], a.sum(axis=1)
        is_end = (degree == 0).astype(np.float64)
        step = (sparse.diags_array(1 / np.where(degree == 0, 1, degree)) @ a).T.tocsr()

        def rank() -> Array:
            ranks = np.ones(n) / n
            for _ in range(100):
                ranks = 0.85 * (step @ ranks + (ranks * is_end).sum() / n) + 0.15 / n
            return ranks

        return rank
    if kind == "triangles":
        a = graph(name)
        return lambda: ((a @ a) * a).sum() / 6
    if kind == "spectrum":
        a = graph(name)
        return lambda: linalg.eigsh(a, 6, which="LA")[0]
    if kind == "embedding":
        a = laplacian(name)
        return lambda: np.sort(linalg.eigsh(a, 6, sigma=-0.01)[0])
    if kind == "singular":
        a = digits()
        return lambda: np.sort(linalg.svds(a, 6)[1])
    if kind == "loss":
        r = digits()
        n, m = r.shape
        u = np.sin(np.arange(n * 8.0)).reshape(n, 8)
        v = np.cos(np.arange(m * 8.0)).reshape(m, 8)
        rows, columns = r.nonzero()
        values = r.data[r.data != 0]
        return lambda: ((values - np.einsum("ij,ij->i", u[rows], v[columns])) ** 2).sum()
    a, places = laplacian(name), np.load(folder / "minnesota_xy.npy")
    if kind == "poisson":
        b = places - places.mean(0)
        return lambda: linalg.spsolve((a + 1e-3 * sparse.eye_array(a.shape[0])).tocsc(), b)
    system, side = (a + 1e-3 * sparse.eye_array(a.shape[0])).tocsr(), places[:, 0].copy()
    return lambda: linalg.cg(system, side, rtol=1e-8)[0]
