"""Problems of `Bench/literature.json` from statistics and learning, by hand: the best sequence found for each."""

import numpy as np
from scipy.linalg import blas, lapack

from .literature import columns, definite, general
from .sequences import factor, gram, half, solve


def symmetric(upper):
    """Both triangles of a matrix of which the upper one is there."""
    return np.triu(upper) + np.triu(upper, 1).T


def discriminant(X, Y):
    m = gram(X, gram(Y)) / len(X)
    return solve(factor(m), X.mean(axis=0) - Y.mean(axis=0))


def shifted(K, s):
    m = columns(K.copy())
    m[np.diag_indices_from(m)] += s
    return factor(m)


def kriging(k, K, s, I, y):
    return k.T @ solve(shifted(K, s), y)


def posterior(C, k, K, s, I):
    t = half(shifted(K, s), k)
    return symmetric(blas.dsyrk(-1.0, t, trans=1, beta=1.0, c=columns(C)))


def whitening(X):
    # X U^-1 with the rows of X as BLAS's columns.
    return blas.dtrsm(1.0, factor(gram(X)), X.T, trans_a=1).T


def mahalanobis(X, S):
    t = blas.dtrsm(1.0, factor(S.copy()), X.T, trans_a=1)
    return np.einsum("ij,ij->j", t, t)


def hat(X):
    t = blas.dtrsm(1.0, factor(gram(X)), X.T, trans_a=1)
    return np.einsum("ij,ij->j", t, t)


def parameters(X, lam, I):
    g = gram(X)
    m = g.copy(order="F")
    m[np.diag_indices_from(m)] += lam
    # trace(M^-1 (M - lam I)) needs the trace of M^-1 alone.
    u, info = lapack.dtrtri(factor(m))
    assert info == 0
    return len(g) - lam * (np.triu(u) ** 2).sum()


def regression(y, X, b, S):
    c = factor(S.copy())
    z = half(c, y - X @ b)
    return (z * z).sum() + 2 * np.log(np.diagonal(c)).sum()


def projection(X, V):
    return (X @ V) @ V.T


def canonical(X, Y):
    s = X.T @ Y
    return solve(factor(gram(X)), s @ solve(factor(gram(Y)), s.T))


def ridge(X, lam, I, Y):
    m = gram(X)
    m[np.diag_indices_from(m)] += lam
    return solve(factor(m), X.T @ Y)


def partial(I, Z, X, y):
    zx = Z.T @ X
    t = half(factor(gram(Z)), np.column_stack([zx, Z.T @ y]))
    a, b = t[:, :-1], t[:, -1]
    return solve(factor(columns(X.T @ X - a.T @ a)), X.T @ y - a.T @ b)


def gain(B, H, R, z):
    hb = H @ B
    return hb.T @ definite(R + hb @ H.T, z)


def alignment(X, Y):
    z = X.T @ Y
    return np.vdot(z, z)


def centring(K):
    r = K.mean(axis=0)
    return K - r - (r - r.mean())[:, None]


def lemma(I, U):
    m = gram(U)
    m[np.diag_indices_from(m)] += 1
    return 2 * np.log(np.diagonal(factor(m))).sum()


def nystroem(C, W, y):
    return C @ solve(factor(W.copy()), C.T @ y)


def sandwich(X, e):
    c = factor(gram(X))
    m = symmetric(gram(X * e[:, None]))
    return solve(c, solve(c, m).T)


def logistic(X, p, y):
    # The weights have both signs here.
    return general(X.T @ (X * (p * (1 - p))[:, None]), X.T @ (y - p))


def attention(Q, K, V):
    return Q @ (K.T @ V)


def scores(I, L, P, X):
    t = L / np.diagonal(P)[:, None]
    m = columns(t.T @ L)
    m[np.diag_indices_from(m)] += 1
    return solve(factor(m), t.T @ X)


SEQUENCES = {
    "discriminant": discriminant, "kriging": kriging, "posterior-covariance": posterior,
    "whitening": whitening, "mahalanobis": mahalanobis, "hat-diagonal": hat,
    "effective-parameters": parameters, "regression-likelihood": regression,
    "projection": projection, "canonical-correlation": canonical, "ridge": ridge,
    "partial-regression": partial, "information-gain": gain, "kernel-alignment": alignment,
    "double-centring": centring, "determinant-lemma": lemma, "nystroem": nystroem,
    "sandwich": sandwich, "logistic-step": logistic, "linear-attention": attention,
    "factor-scores": scores,
}
