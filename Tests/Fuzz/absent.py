"""Products in which zeros that a function makes are absent, also beside infinities: Docs/facts.md.

`eye(2) @ x` has no NaN where an infinity of `x` meets a zero of the unit matrix. Which zeros are known to be
absent is for the compiler to find; what must hold is that each element is NumPy's, or that of products without
any zeros.
"""

import re

import numpy as np

from exactness import each
from noise import Calls

MAKERS = re.compile(r"\b(eye|identity|tri|tril|triu|diag|diagflat)\(")
PRODUCTS = {
    "matmul", "dot", "einsum", "inner", "outer", "tensordot", "vdot", "vecdot", "matvec", "vecmat", "kron",
    "multi_dot", "matrix_power"}
# Stands for what is not finite; products that pass the limit have met some.
LARGE, LIMIT = 1e60, 1e40


class Plain:
    """Noise that moves nothing."""

    @staticmethod
    def elementwise(value, *_):
        return value

    @staticmethod
    def cast(_, value):
        return value


class AbsentZeros(Calls):
    """Functions and operators; products leave zeros out. What has met something else that is not finite is as it is."""

    def __init__(self):
        super().__init__(Plain)

    def step(self, name, function, operands, kwargs):
        plain = function(*operands, **kwargs)
        if name not in PRODUCTS or np.asarray(plain).dtype.kind not in "fc":
            return plain
        rest = np.asarray(function(*[each(v, bounded) for v in operands], **kwargs))
        keeps = np.isfinite(rest) & (np.abs(rest) < LIMIT)
        return np.where(keeps, rest, plain).astype(np.asarray(plain).dtype)[()]


def bounded(value):
    """Elements in float64, large ones in the place of those that are not finite."""
    value = np.asarray(value) if isinstance(value, (np.ndarray, np.generic, float, complex)) else value
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fc":
        return value
    wide = value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)
    return np.where(np.isfinite(wide), wide, LARGE)


def explains(program, got, want, run):
    """Whether leaving zeros out of products explains an answer; all are lists of arrays."""
    if not MAKERS.search(program) or not ("@" in program or any(p in program for p in PRODUCTS)):
        return False
    absent = run(AbsentZeros())
    return len(got) == len(want) == len(absent) and all(map(is_either, got, want, absent))


def is_either(got, want, absent):
    """Whether each element is NumPy's, or that of products without zeros, up to rounding."""
    arrays = [np.asarray(v) for v in (got, want, absent)]
    if any(v.dtype.kind not in "biufc" or v.shape != arrays[0].shape for v in arrays):
        return False
    with np.errstate(all="ignore"):
        near = [np.isclose(arrays[0], v, rtol=1e-3, atol=1e-6, equal_nan=True) for v in arrays[1:]]
        return bool(np.all(near[0] | near[1]))
