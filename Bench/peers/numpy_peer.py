"""NumPy: the formulas as written."""

from typing import Any

import numpy as np

from .workloads import CHAIN, Formula, Inputs, base, formulas


def prepare(identifier: str, inputs: Inputs) -> Formula | None:
    arrays = inputs.arrays(identifier)
    if equation := inputs.equation(identifier):
        # The default memory limit, the largest input, makes W09c one loop nest that does not end.
        order: Any = ("greedy", 2**31) if identifier == "W09c" else True
        return lambda: np.einsum(equation, *arrays, optimize=order)
    match base(identifier):
        case "W03":
            from scipy.special import erf

            arrays.append(erf)
        case "W06b":
            return lambda: blocked_distances(*arrays)
        case "W07":
            steps = inputs.parameters()["steps7"]
            return lambda: diffuse(arrays[0], steps)
        case "W13b":  # eager: the chain is run as it is built
            return lambda: chain(arrays[0])
    formula = formulas(np)[base(identifier)]
    return lambda: formula(*arrays)


def chain(y: Any) -> Any:
    """The 1000 additions of W13b."""
    for _ in range(CHAIN):
        y = y + 1.0
    return y


def blocked_distances(x: np.ndarray, c: np.ndarray) -> np.ndarray:
    """W06b by blocks of rows: the whole temporary is 6.5 GB."""
    nearest = formulas(np)["W06b"]
    return np.concatenate([nearest(x[i : i + 2000], c) for i in range(0, len(x), 2000)])


def diffuse(start: np.ndarray, steps: int) -> np.ndarray:
    u, v = start.copy(), start.copy()
    tenth = start.dtype.type(0.1)
    for _ in range(steps):
        c = u[1:-1, 1:-1]
        v[1:-1, 1:-1] = c + tenth * (
            u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * c
        )
        u, v = v, u
    return u
