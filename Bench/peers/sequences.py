"""The problems of the application file by hand: the best BLAS and LAPACK sequence found for each.

Each sequence knows the structure of its operands and calls what a careful programmer would: no inverse
where a solution will do, one triangle of what is symmetric, factors used twice.
"""

import numpy as np
from scipy.linalg import blas, lapack


def gram(x, c=None):
    """The upper triangle of x.T @ x + c, columns contiguous."""
    if c is None:
        return blas.dsyrk(1.0, x.T)
    return blas.dsyrk(1.0, x.T, beta=1.0, c=np.asfortranarray(c))


def factor(m):
    """The upper Cholesky factor in place of the upper triangle."""
    c, info = lapack.dpotrf(m if m.flags.f_contiguous else m.T, clean=0, overwrite_a=1)
    assert info == 0
    return c


def solve(c, b):
    """The solution of a system with the factor of its matrix."""
    return lapack.dpotrs(c, np.asfortranarray(b))[0]


def half(c, b):
    """U^-T b."""
    return blas.dtrsm(1.0, c, np.asfortranarray(b), trans_a=1)


def inverse(m):
    """The inverse of a definite matrix, both triangles."""
    u, info = lapack.dpotri(factor(m.copy()))
    assert info == 0
    return np.triu(u) + np.triu(u, 1).T


def lower_solve(lower, b):
    """The solution of a lower triangular system; the matrix's rows are contiguous."""
    return blas.dtrsm(1.0, lower.T, np.asfortranarray(b), lower=0, trans_a=1)


def lower_solve_right(b, lower):
    """The x with x @ lower = b."""
    return blas.dtrsm(1.0, lower.T, np.asfortranarray(b.T), lower=0).T


def least_squares(X, y):
    return solve(factor(gram(X)), X.T @ y)


def optimisation(W, A, b, c):
    w = np.diagonal(W).copy()
    return w * (A.T @ solve(factor(gram((A * np.sqrt(w)).T)), b) - c)


def two_outputs(W, A, b, c, x):
    w = np.diagonal(W).copy()
    ax = A @ x
    z = solve(factor(gram((A * np.sqrt(w)).T)), np.stack([b - ax, ax], axis=1))
    both = A.T @ z
    return w * both[:, 0] + w * (both[:, 1] - c)


def triangular_blocks(L00, L10, L11, L20, L21, L22):
    low = lower_solve(L22, L21)
    X20 = L20 + low @ lower_solve(L11, L10)
    inverse11, info = lapack.dtrtri(L11.T, lower=0)
    return X20.sum() + lower_solve_right(L10, L00).sum() - low.sum() + np.triu(inverse11).sum()


def ensemble(B, H, R, Xb, Y):
    r = factor(R.copy())
    t = half(r, H)
    m = factor(gram(t, inverse(B)))
    return solve(m, H.T @ solve(r, Y - H @ Xb))


def restoration(H, I, y, u, v, lam):
    m = gram(H)
    m[np.diag_indices_from(m)] += lam
    return solve(factor(m), H.T @ y + lam * (v - u))


def matrix_inversion(A, S, W, Xin, I):
    t = A.T @ S
    wt = W @ t
    return Xin + wt @ solve(factor(np.asfortranarray(t.T @ wt)), S.T - t.T @ Xin)


def symmetric_inversion(A, S, W, Xin, I):
    t = A @ S
    wt = W @ t
    g = solve(factor(np.asfortranarray(t.T @ wt)), wt.T)
    xt = Xin @ t
    k = t.T @ xt - S.T @ t
    q = xt - S - 0.5 * (g.T @ k)
    qg = q @ g
    return Xin - qg - qg.T


def newton(A, B, W, k, I, Il):
    aw = A.T @ W
    baw = B @ aw
    m = np.asfortranarray(aw.T @ baw)
    m[np.diag_indices_from(m)] += k - 1
    return (k / (k - 1)) * (B - baw @ solve(factor(m), baw.T))


def tikhonov(A, G, b):
    return solve(factor(gram(A, gram(G))), A.T @ b)


def tikhonov_identity(A, I, alpha, b):
    m = gram(A)
    m[np.diag_indices_from(m)] += alpha
    return solve(factor(m), A.T @ b)


def tikhonov_weighted(A, P, Q, b, x0):
    pa = P @ A
    return x0 + solve(factor(np.asfortranarray(A.T @ pa + Q)), pa.T @ (b - A @ x0))


def estimator(A, C, Z, x, y):
    z = factor(Z.copy())
    m = factor(gram(half(z, A), inverse(C)))
    return solve(m, A.T @ solve(z, y - A @ x)) + x


def kalman(H, P, R, xb, z, I):
    hp = H @ P
    gain = solve(factor(np.asfortranarray(R + hp @ H.T)), hp)
    return (P - gain.T @ hp).sum() + (xb + gain.T @ (z - H @ xb)).sum()


SEQUENCES = {
    "linnea-01": least_squares, "linnea-03": optimisation, "linnea-04": two_outputs,
    "linnea-06": triangular_blocks, "linnea-08": ensemble, "linnea-10": restoration,
    "linnea-12": matrix_inversion, "linnea-14": symmetric_inversion, "linnea-16": newton,
    "linnea-18": tikhonov, "linnea-19": tikhonov_identity, "linnea-21": tikhonov_weighted,
    "linnea-23": estimator, "linnea-25": kalman,
}
