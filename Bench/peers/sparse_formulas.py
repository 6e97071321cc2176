"""Sparse matrices that formulas make, the same as in `Runner/SparseFormulas.swift`."""

from typing import Any

import numpy as np

Array = Any


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
