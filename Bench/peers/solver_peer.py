"""SciPy's iterative solvers on W15: matrices by the formulas of `sparse_formulas.py`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .sparse_formulas import drifting, graph, poisson, scattered
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
