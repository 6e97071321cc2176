"""opt_einsum: a planned order of pairwise products, each run by NumPy."""

import opt_einsum

from .workloads import Formula, Inputs


def prepare(identifier: str, inputs: Inputs) -> Formula | None:
    equation = inputs.equation(identifier)
    if equation is None:
        return None
    arrays = inputs.arrays(identifier)
    return lambda: opt_einsum.contract(equation, *arrays, optimize="auto")
