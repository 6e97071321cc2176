"""Problems of `Bench/literature.json` about updates, quotients and composed systems, by hand."""

import numpy as np
from scipy.linalg import blas, lapack

from .literature import columns, definite, general
from .matrices import factored
from .sequences import factor, half, lower_solve, solve


def portfolio(S):
    w = definite(S, np.ones(len(S)))
    return (w / w.sum()).ravel()


def householder(v, I, A):
    return A - np.outer(v * (2 / (v @ v)), v @ A)


def walk(A, x):
    w = A * A
    return (w @ x) / w.sum(axis=1)


def diffusion(W, x):
    return x - 0.1 * (W.sum(axis=1) * x - W @ x)


def kronecker(A, B, Y):
    return general(B, general(A, Y).T).T.ravel()


def two_triangles(L, y):
    x = lower_solve(L, y[:, None])
    return blas.dtrsm(1.0, L.T, x, lower=0).ravel()


def passage(I, P, B):
    return general(I - P * 0.01, B.sum(axis=1))


def quasi_newton(H, I, s, y):
    r = 1 / (y @ s)
    u = H @ y
    w = y @ H
    return H - r * np.outer(s, w) - np.outer(r * u - (r * r * (y @ u) + r) * s, s)


def sherman(A, u, v, b):
    x = factored(A)(np.column_stack([b, u]))
    return x[:, 0] - x[:, 1] * ((v @ x[:, 0]) / (1 + v @ x[:, 1]))


def diagonal_rank_one(D, u, b):
    d = np.diagonal(D)
    t = u / d
    return b / d - t * ((t @ b) / (1 + t @ u))


def left_out(S, y):
    c = factor(S.copy())
    x = solve(c, y)
    # The diagonal of the inverse is that of U^-1 U^-T.
    u, info = lapack.dtrtri(c)
    assert info == 0
    u = np.triu(u)
    return x.ravel() / np.einsum("ij,ij->i", u, u)


def innovation(L, z):
    t = half(columns(L.T), z)
    return (t * t).sum() + 2 * np.log(np.diagonal(L)).sum()


SEQUENCES = {
    "minimum-variance": portfolio, "reflection": householder, "random-walk": walk,
    "diffusion-step": diffusion, "kronecker-system": kronecker, "factored-system": two_triangles,
    "passage-times": passage, "quasi-newton": quasi_newton,
    "sherman-morrison": sherman, "diagonal-rank-one": diagonal_rank_one,
    "leave-one-out": left_out, "innovation-likelihood": innovation,
}
