"""Problems of `Bench/literature.json` about identities of matrices and parts of products, by hand."""

import numpy as np
from scipy.linalg import lapack

from .literature import columns, general


def factored(a):
    lu, pivots, info = lapack.dgetrf(columns(a))
    assert info == 0
    return lambda b: lapack.dgetrs(lu, pivots, columns(b))[0]


def woodbury(A, U, C, V, b):
    z = factored(A)(np.column_stack([U, b]))
    w = V @ z
    return z[:, -1] - z[:, :-1] @ general(C + w[:, :-1], w[:, -1])


def elimination(A, B, C, D, b, d):
    w = C @ factored(A)(np.column_stack([B, b]))
    return general(D - w[:, :-1], d - w[:, -1])


def power(A, x):
    for _ in range(4):
        x = A @ x
    return x


def trace(A, B, C):
    return np.vdot((A @ B).T.copy(), C)


def kronecker(A, B, X):
    return (A @ X @ B.T).ravel()


def forms(X, A, B):
    return np.einsum("ij,ij->i", (X @ A) @ B, X)


def row(A, B, C):
    return (A[5] @ B) @ C


def inverse_column(A):
    e = np.zeros(len(A))
    e[3] = 1
    return factored(A)(e)


def solution_column(A, B):
    return factored(A)(B[:, 7])


def sums(X):
    return X.T @ X.sum(axis=1)


def rank_one(A, u, v, x):
    return A @ x + u * (v @ x)


SEQUENCES = {
    "woodbury-written": woodbury, "block-elimination": elimination, "power-vector": power,
    "trace-of-three": trace, "kronecker-vector": kronecker, "loop-forms": forms,
    "row-of-chain": row, "column-of-inverse": inverse_column,
    "column-of-solution": solution_column, "gram-sums": sums, "rank-one": rank_one,
}
