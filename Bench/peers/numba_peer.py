"""numba: parallel loops with fast-math, fused by hand as its users write them."""

import math
from typing import Any

import numba
import numpy as np
from numba import prange

from .workloads import Formula, Inputs, base

numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
parallel = numba.njit(parallel=True, fastmath=True)


def prepare(identifier: str, inputs: Inputs) -> Formula | None:
    if inputs.equation(identifier):
        return None
    arrays = inputs.arrays(identifier)
    number = arrays[0].dtype.type
    name = base(identifier)
    match name:
        case "W02":
            return lambda: combine(*arrays, number(2), number(3))
        case "W03":
            values = (0.03, 0.25, math.sqrt(0.5), 0.5, 0.03 + 0.5 * 0.25 * 0.25, 1)
            return lambda: black_scholes(*arrays, *map(number, values))
        case "W04a":
            return lambda: square_distance(*arrays, number(0))
        case "W04b" | "W13a":
            body = {"W04b": mean0, "W13a": combine_small}[name]
            return lambda: body(*arrays)
        case "W05a":
            return lambda: softmax(*arrays, number(0), number(1))
        case "W05b":
            return lambda: layer_norm(*arrays, number(0), number(1), number(1e-5))
        case "W04c":
            return lambda: std1(*arrays, number(0))
        case "W06a":
            x, c = arrays
            return lambda: smallest(x @ c.T, (c * c).sum(1))
        case "W06b":
            x, c = arrays
            transposed = np.ascontiguousarray(c.T)
            return lambda: nearest(x, transposed)
        case "W07":
            steps = inputs.parameters()["steps7"]
            return lambda: diffuse(arrays[0], steps)
    return None


@parallel
def combine(a: Any, b: Any, c: Any, two: Any, three: Any) -> Any:
    out = np.empty_like(a)
    for i in prange(a.size):
        out[i] = two * a[i] + three * b[i] - np.sin(c[i])
    return out


@numba.njit
def combine_small(a: Any, b: Any, c: Any) -> Any:
    return a + b * c


@parallel
def black_scholes(
    s: Any, k: Any, t: Any, r: Any, sigma: Any, root: Any, half: Any, drift: Any, one: Any
) -> Any:
    call = np.empty_like(s)
    put = np.empty_like(s)
    for i in prange(s.size):
        q = sigma * math.sqrt(t[i])
        d1 = (math.log(s[i] / k[i]) + drift * t[i]) / q
        n1 = half * (one + math.erf(d1 * root))
        n2 = half * (one + math.erf((d1 - q) * root))
        e = k[i] * math.exp(-r * t[i])
        call[i] = s[i] * n1 - e * n2
        put[i] = e * (one - n2) - s[i] * (one - n1)
    return call, put


@parallel
def square_distance(a: Any, b: Any, total: Any) -> Any:
    for i in prange(a.size):
        difference = a[i] - b[i]
        total += difference * difference
    return total


@parallel
def mean0(x: Any) -> Any:
    n, m = x.shape
    rows = 250
    blocks = (n + rows - 1) // rows
    partial = np.zeros((blocks, m), x.dtype)
    for q in prange(blocks):
        for i in range(q * rows, min(n, (q + 1) * rows)):
            for j in range(m):
                partial[q, j] += x[i, j]
    total = np.zeros(m, x.dtype)
    for q in range(blocks):
        for j in range(m):
            total[j] += partial[q, j]
    return total / x.dtype.type(n)


@parallel
def std1(x: Any, zero: Any) -> Any:
    n, m = x.shape
    out = np.empty(n, x.dtype)
    for i in prange(n):
        total = zero
        for j in range(m):
            total += x[i, j]
        mean = total / m
        squares = zero
        for j in range(m):
            difference = x[i, j] - mean
            squares += difference * difference
        out[i] = np.sqrt(squares / m)
    return out


@parallel
def softmax(x: Any, zero: Any, one: Any) -> Any:
    n, m = x.shape
    out = np.empty_like(x)
    for i in prange(n):
        largest = x[i, 0]
        for j in range(m):
            largest = max(largest, x[i, j])
        total = zero
        for j in range(m):
            e = np.exp(x[i, j] - largest)
            out[i, j] = e
            total += e
        total = one / total
        for j in range(m):
            out[i, j] *= total
    return out


@parallel
def layer_norm(x: Any, g: Any, b: Any, zero: Any, one: Any, epsilon: Any) -> Any:
    n, m = x.shape
    out = np.empty_like(x)
    share = one / x.dtype.type(m)
    for i in prange(n):
        total = zero
        for j in range(m):
            total += x[i, j]
        mean = total * share
        squares = zero
        for j in range(m):
            difference = x[i, j] - mean
            squares += difference * difference
        scale = one / np.sqrt(squares * share + epsilon)
        for j in range(m):
            out[i, j] = (x[i, j] - mean) * scale * g[j] + b[j]
    return out


@parallel
def smallest(products: Any, squares: Any) -> Any:
    n, m = products.shape
    out = np.empty(n, np.int64)
    for i in prange(n):
        best = 0
        value = squares[0] - 2 * products[i, 0]
        for j in range(1, m):
            candidate = squares[j] - 2 * products[i, j]
            if candidate < value:
                value = candidate
                best = j
        out[i] = best
    return out


@parallel
def nearest(x: Any, transposed: Any) -> Any:
    n, d = x.shape
    m = transposed.shape[1]
    out = np.empty(n, np.int64)
    for i in prange(n):
        distances = np.zeros(m, np.float32)
        for p in range(d):
            for j in range(m):
                difference = x[i, p] - transposed[p, j]
                distances[j] += difference * difference
        out[i] = distances.argmin()
    return out


@parallel
def step(u: Any, v: Any, tenth: Any, four: Any) -> None:
    for i in prange(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            neighbours = u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1]
            v[i, j] = u[i, j] + tenth * (neighbours - four * u[i, j])


def diffuse(start: np.ndarray, steps: int) -> np.ndarray:
    u, v = start.copy(), start.copy()
    tenth, four = map(start.dtype.type, (0.1, 4))
    for _ in range(steps):
        step(u, v, tenth, four)
        u, v = v, u
    return u
