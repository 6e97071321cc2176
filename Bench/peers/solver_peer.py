"""SciPy's iterative solvers on W15: matrices by the formulas of `Runner/SolverWorkloads.swift`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .workloads import Inputs

Array = Any


def prepare(identifier: str, inputs: Inputs, peer: str) -> Callable[[], Array] | None:
    if peer != "scipy":
        return None
    from scipy.sparse import linalg

    item = identifier[3:]
    if item in "abcdef":
        matrix = poisson(150) if item in "abc" else graph(2_600, 10_000)
        if item == "f":
            matrix = graph(50_000, 500_000)
        which = {"a": "LM", "b": "SA", "c": "BE", "d": "LM", "e": "SA", "f": "LA"}[item]
        return lambda: linalg.eigsh(matrix, 6, which=which)[0]
    if item in "gh":
        matrix = scattered(20_000, 5_000, 200_000) if item == "g" else scattered(400, 2_000, 8_000)
        return lambda: np.sort(linalg.svds(matrix, 6)[1])
    side = {"i": 30, "j": 300, "k": 30, "l": 200, "m": 30, "n": 100}[item]
    matrix, b = poisson(side) if item in "ij" else drifting(side), np.ones(side * side)
    solver = linalg.cg if item in "ij" else linalg.bicgstab if item in "kl" else linalg.gmres
    return lambda: solver(matrix, b, rtol=1e-8)[0]


def poisson(side: int) -> Any:
    from scipy.sparse import diags_array, eye_array, kron

    line = diags_array([-np.ones(side - 1), 2 * np.ones(side), -np.ones(side - 1)], offsets=[-1, 0, 1])
    return (kron(eye_array(side), line) + kron(line, eye_array(side))).tocsr()


def drifting(side: int) -> Any:
    from scipy.sparse import diags_array, eye_array, kron

    half = np.full(side - 1, 0.5)
    return (poisson(side) + kron(eye_array(side), diags_array([half, -half], offsets=[1, -1]))).tocsr()


def fractions(count: int, step: float) -> Array:
    products = np.arange(1, count + 1) * step
    return products - np.floor(products)


def matrix(rows: Array, columns: Array, values: Array, shape: tuple[int, int]) -> Any:
    from scipy.sparse import coo_array

    places = (np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64))
    return coo_array((values, places), shape).tocsr()


def graph(vertices: int, edges: int) -> Any:
    u, v = fractions(edges, 0.6180339887498949), fractions(edges, 0.7548776662466928)
    half = matrix(u * u * u * vertices, v * vertices, np.ones(edges), (vertices, vertices))
    return (half + half.T).tocsr()


def scattered(rows: int, columns: int, entries: int) -> Any:
    u, v = fractions(entries, 0.6180339887498949), fractions(entries, 0.7548776662466928)
    values = fractions(entries, 0.5698402909980532)
    return matrix(u * rows, v * columns, values, (rows, columns))
