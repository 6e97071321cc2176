"""Problems of `Bench/literature.json` whose matrices are bands, by hand: only diagonals are read and made."""

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded, lapack
from scipy.sparse import dia_array


def diagonals(a):
    """What stands below, on and above the diagonal of a tridiagonal matrix."""
    return np.diagonal(a, -1), np.diagonal(a), np.diagonal(a, 1)


def square(parts, weights=None):
    """The upper band of D.T @ diag(weights) @ D, as `cholesky_banded` takes it."""
    below, middle, above = parts
    n = len(middle)
    w = np.ones(n) if weights is None else weights
    band = np.zeros((3, n))
    band[2] = w * middle * middle
    band[2, 1:] += w[:-1] * above * above
    band[2, :-1] += w[1:] * below * below
    band[1, 1:] = w[:-1] * middle[:-1] * above + w[1:] * below * middle[1:]
    band[0, 2:] = w[1:-1] * below[:-1] * above[1:]
    return band


def times(parts, x):
    """A tridiagonal matrix times a vector."""
    below, middle, above = parts
    y = middle * x
    y[1:] += below * x[:-1]
    y[:-1] += above * x[1:]
    return y


def rows(parts):
    """A tridiagonal matrix by rows without zeros."""
    below, middle, above = parts
    n = len(middle)
    data = np.zeros((3, n))
    data[0, :-1], data[1], data[2, 1:] = below, middle, above
    return dia_array((data, (-1, 0, 1)), shape=(n, n)).tocsr()


def propagation(A, P, Q):
    a = rows(diagonals(A))
    r = (a @ np.ascontiguousarray((a @ P).T)).T
    r[np.diag_indices_from(r)] += np.diagonal(Q)
    return r


def poisson(T, f):
    below, middle, above = diagonals(T)
    return lapack.dgtsv(below, middle, above, f)[3]


def precision(D, W, y):
    parts, w = diagonals(D), np.diagonal(W).copy()
    c = cholesky_banded(square(parts, w))
    r = times(parts, y)
    return r @ (w * r) - 2 * np.log(c[2]).sum()


def spline(B, D, lam, y):
    b = diagonals(B)
    band = square(b) + lam * square(diagonals(D))
    below, middle, above = b
    return cho_solve_banded((cholesky_banded(band), False), times((above, middle, below), y))


def heat(I, T, U):
    below, middle, above = diagonals(T)
    right = U - rows((below, middle, above)) @ U
    return lapack.dgtsv(below, middle + 1, above, right)[3]


def trend(lam, y):
    n = len(y)
    middle, above, second = np.ones(n), np.full(n - 1, -2.0), np.ones(n - 2)
    band = np.zeros((3, n))
    band[2] = middle
    band[2, 1:] += above * above
    band[2, 2:] += second * second
    band[1, 1:] = middle[:-1] * above
    band[1, 2:] += above[:-1] * second
    band[0, 2:] = second
    band *= lam
    band[2] += 1
    return cho_solve_banded((cholesky_banded(band), False), y)


def form(x, T, y):
    return x @ times(diagonals(T), y)


def markov(T, y):
    below, middle, above = diagonals(T)
    dl, d, du, du2, pivots, info = lapack.dgttrf(below, middle, above)
    assert info == 0
    return y @ lapack.dgttrs(dl, d, du, du2, pivots, y)[0] + np.log(np.abs(d)).sum()


SEQUENCES = {
    "banded-propagation": propagation, "poisson": poisson, "autoregressive-precision": precision,
    "spline": spline, "heat-step": heat, "trend-filter": trend, "tridiagonal-form": form,
    "markov-likelihood": markov,
}
