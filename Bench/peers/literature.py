"""The problems of `Bench/literature.json` by hand: the best BLAS and LAPACK sequence found for each."""

import numpy as np
from scipy.linalg import blas, cho_solve_banded, cholesky_banded, lapack

from .sequences import factor, gram, half, least_squares, lower_solve, solve


def columns(a):
    return np.asfortranarray(a)


def definite(m, b):
    """The solution of a definite system whose matrix may be written over."""
    return solve(factor(columns(m)), b)


def general(a, b, trans=0):
    """The solution of any system."""
    lu, pivots, info = lapack.dgetrf(columns(a))
    assert info == 0
    return lapack.dgetrs(lu, pivots, columns(b), trans=trans)[0]


def generalised(X, M, y):
    c = factor(M.copy())
    t = half(c, X)
    return solve(factor(gram(t)), t.T @ half(c, y))


def weighted(X, W, y):
    w = np.diagonal(W)
    return solve(factor(gram(X * np.sqrt(w)[:, None])), X.T @ (w * y))


def grouped(X, M, y):
    t = np.empty_like(X)
    r = np.empty_like(y)
    for part in (slice(0, len(y) * 3 // 5), slice(len(y) * 3 // 5, None)):
        c = factor(M[part, part].copy())
        t[part] = half(c, X[part])
        r[part] = half(c, y[part])
    return solve(factor(gram(t)), t.T @ r)


def signal(A, B, R, L, y):
    t = general(A, B.T, trans=1).T
    s = R * np.sqrt(np.diagonal(L))[:, None]
    return definite(gram(s, gram(t)), t.T @ (t @ y))


def analysis(Xb, B, H, R, Y):
    hb = H @ B
    return Xb + hb.T @ definite(R + hb @ H.T, Y - H @ Xb)


def ensemble(X, H, R, Y, Xb):
    v = H @ X
    return X @ (v.T @ solve(factor(gram(v.T, R)), Y - H @ Xb))


def restoration(H, I, y, x):
    return x + H.T @ solve(factor(gram(H.T)), y - H @ x)


def inversion(A, S, X, I):
    t = A @ S
    c = factor(columns(S.T @ t))
    u, v = half(c, S.T), half(c, t.T)
    vx = v @ X
    w = vx - 0.5 * ((vx @ v.T + np.eye(len(u))) @ u)
    product = u.T @ w
    return X - product - product.T


def newton(A, W, k, I, Il):
    t = A.T @ W
    m = gram(t)
    m[np.diag_indices_from(m)] += k
    u = half(factor(m), t.T)
    r = blas.dsyrk(-1 / k, u, trans=1)
    r = np.triu(r) + np.triu(r, 1).T
    r[np.diag_indices_from(r)] += 1 / k
    return r


def tikhonov(A, alpha, I, b):
    m = gram(A)
    m[np.diag_indices_from(m)] += alpha**2
    return solve(factor(m), A.T @ b)


def tikhonov_general(A, P, Q, b, x0):
    pa = P @ A
    return definite(A.T @ pa + Q, pa.T @ b + Q @ x0)


def estimator(C, A, Z, y, x):
    ac = A @ C
    return ac.T @ definite(ac @ A.T + Z, y - A @ x) + x


def covariance(C, A, Z, I):
    ac = A @ C
    t = half(factor(columns(ac @ A.T + Z)), ac)
    r = blas.dsyrk(-1.0, t, trans=1, beta=1.0, c=columns(C))
    return np.triu(r) + np.triu(r, 1).T


def gain(P, H, R):
    hp = H @ P
    m = hp @ H.T
    m[np.diag_indices_from(m)] += np.diagonal(R)
    return definite(m, hp).T


def riccati(A, P, B, R, Q):
    pa = P @ A
    t = B.T @ pa
    u = half(factor(columns(R + B.T @ (P @ B))), t)
    return A.T @ pa - u.T @ u + Q


def smoothing(W, D, lam, y):
    n = len(y)
    w = np.diagonal(W)
    middle, above, below = np.diagonal(D), np.diagonal(D, 1), np.diagonal(D, -1)
    band = np.zeros((3, n))
    band[2] = lam * middle * middle + w
    band[2, 1:] += lam * above * above
    band[2, :-1] += lam * below * below
    band[1, 1:] = lam * (middle[:-1] * above + below * middle[1:])
    band[0, 2:] = lam * below[:-1] * above[1:]
    return cho_solve_banded((cholesky_banded(band), False), w * y)


def low_rank(D, U, b):
    d = np.diagonal(D)
    t = U / d[:, None]
    m = U.T @ t
    m[np.diag_indices_from(m)] += 1
    return b / d - t @ definite(m, t.T @ b)


def dual_ridge(A, lam, I, b):
    m = gram(A.T)
    m[np.diag_indices_from(m)] += lam
    return A.T @ solve(factor(m), b)


def likelihood(S, y):
    c = factor(S.copy())
    z = half(c, y)
    return (z * z).sum() + 2 * np.log(np.diagonal(c)).sum()


def beamformer(R, a):
    w = definite(R, a)
    return (w / (a @ w)).ravel()


def schur(A, B, C, D):
    return D - C @ general(A, B)


def monte_carlo(m, Z, L):
    return m + L @ Z.mean(axis=0)


def residual(X, I, y):
    return y - X @ least_squares(X, y)


def newton_schulz(X, A, I):
    return 2 * X - X @ (A @ X)


def leverages(X, Y):
    t = half(factor(gram(X)), Y.T)
    return (t * t).sum(axis=0)


def triangles(L, A, U):
    right = lapack.dtrtrs(U.T, columns(A.T), lower=1)[0].T
    both = lower_solve(L, columns(right))
    la = blas.dtrmm(1.0, L.T, columns(A), lower=0, trans_a=1)
    return both + blas.dtrmm(1.0, U.T, la, side=1, lower=1, trans_a=1)


SEQUENCES = {
    "generalised-least-squares": generalised, "weighted-least-squares": weighted,
    "block-least-squares": grouped, "signal-processing": signal,
    "ensemble-analysis": analysis, "ensemble-update": ensemble,
    "image-restoration": restoration, "randomised-inversion": inversion,
    "stochastic-newton": newton, "tikhonov-square": tikhonov,
    "tikhonov-general": tikhonov_general, "estimator-direct": estimator,
    "estimator-covariance": covariance, "kalman-gain": gain, "riccati": riccati,
    "smoothing": smoothing, "low-rank-update": low_rank, "dual-ridge": dual_ridge,
    "likelihood": likelihood, "beamformer": beamformer, "schur-complement": schur,
    "monte-carlo": monte_carlo, "residual": residual, "newton-schulz": newton_schulz,
    "leverages": leverages, "triangular-products": triangles,
}
