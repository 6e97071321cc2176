"""SciPy, MKL and SuiteSparse:GraphBLAS on W16; what a peer has no function for it leaves out."""

from typing import Any

import numpy as np

from .sparse_formulas import drifting, fractions, graph, scattered
from .sparse_peer import Call, load_mkl, sorted_values
from .workloads import Inputs

Array = Any

def prepare(identifier: str, inputs: Inputs, peer: str) -> Call | None:
    _, shape, dtype, layout, operation = identifier.split(".")
    if peer == "mkl" and not (dtype[0] == "f" and layout in ("csr", "csc")):
        return None
    if peer == "graphblas" and layout != "csr":
        return None
    a = stored(matrix(shape, dtype), layout)
    maker = {"scipy": scipy_call, "mkl": mkl_call, "graphblas": graphblas_call}.get(peer)
    return maker(a, layout, operation) if maker else None


def matrix(shape: str, dtype: str) -> Any:
    from scipy.sparse import kron

    match shape:
        case "skew":
            a = graph(100_000, 500_000)
        case "wide":
            a = scattered(2_000, 400_000, 1_000_000)
        case "tall":
            a = scattered(400_000, 2_000, 1_000_000)
        case "full":
            a = scattered(2_000, 2_000, 400_000)
        case "blocks":
            a = kron(scattered(25_000, 25_000, 100_000), np.ones((4, 4)))
        case "bands":
            a = drifting(700)
        case _:
            a = scattered(100_000, 100_000, 1_000_000)
    if dtype == "f32":
        a = a.astype(np.float32)
    if dtype == "i64":
        a = (a * 100).floor().astype(np.int64)
        a.eliminate_zeros()
    return a


def stored(a: Any, layout: str) -> Any:
    a = a.tocsr()
    if layout == "bsr":
        return a.tobsr((4, 4))
    return a.asformat(layout)


def dense(shape: tuple[int, ...], dtype: Any) -> Array:
    numbers = fractions(int(np.prod(shape)), 0.8191725133961644).reshape(shape)
    return (np.floor(numbers * 100) if np.issubdtype(dtype, np.integer) else numbers).astype(dtype)


def shifted(a: Any) -> Any:
    from scipy.sparse import hstack

    rows = a.tocsr()
    return hstack([rows[:, -3:], rows[:, :-3]]).tocsr()


def values(result: Any) -> Array:
    """The stored values by rows, but for zeros that blocks and diagonals hold."""
    if isinstance(result, np.ndarray):
        return result
    from scipy.sparse import csr_array

    rows = csr_array(result)
    rows.eliminate_zeros()
    return sorted_values(rows)


def scipy_call(a: Any, layout: str, operation: str) -> Call | None:
    from scipy.sparse import hstack, vstack

    rows, columns = a.shape
    x, y = dense((columns,), a.dtype), dense((rows,), a.dtype)
    match operation:
        case "vector":
            run = lambda: a @ x
        case "turned-vector":
            run = lambda: a.T @ y
        case "left-vector":
            run = lambda: y @ a
        case "matrix8":
            d = dense((columns, 8), a.dtype)
            run = lambda: a @ d
        case "turned-matrix8":
            d = dense((rows, 8), a.dtype)
            run = lambda: a.T @ d
        case "left-matrix8":
            d = dense((8, rows), a.dtype)
            run = lambda: d @ a
        case "square":
            # Ours is by rows, whatever the factors are.
            return Call(lambda: a @ a, sorted_values)
        case "gram":
            # Nearly all of it is stored; ours is dense.
            run = (lambda: a.T @ a) if rows > columns else (lambda: a @ a.T)
            return Call(run, lambda result: result.toarray())
        case "times":
            b = stored(shifted(a) + a * 2, layout)
            run = lambda: a * b
        case "plus":
            b = stored(shifted(a), layout)
            run = lambda: a + b
        case "plus-turned":
            run = lambda: a + a.T
        case "rows-sum":
            run = lambda: a.sum(axis=1)
        case "columns-sum":
            run = lambda: a.sum(axis=0)
        case "scaled":
            run = lambda: a * 2
        case "positive":
            run = lambda: a.maximum(0)
        case "row-scaled":
            scale = y[:, None]
            run = lambda: a.multiply(scale)
        case "slice":
            run = lambda: a[1_000:90_000, 500:60_000]
        case "take":
            places = np.arange(20_000) * 37 % 100_000
            run = lambda: a[places]
        case "step":
            run = lambda: a[::2, 1::3]
        case "turned-round":
            run = lambda: a[::-1]
        case "take-columns":
            places = np.arange(20_000) * 37 % 100_000
            run = lambda: a[:, places]
        case "join-rows":
            run = lambda: vstack([a, a], format=layout)
        case "join-columns":
            run = lambda: hstack([a, a], format=layout)
        case "turn":
            run = lambda: a.T.tocsr()
        case _:
            return None
    return Call(run, values)


def mkl_call(a: Any, layout: str, operation: str) -> Call | None:
    sparse_dot_mkl = load_mkl()
    from scipy.sparse import csc_matrix, csr_matrix

    a = (csc_matrix if layout == "csc" else csr_matrix)(a)
    product = sparse_dot_mkl.dot_product_mkl
    rows, columns = a.shape
    match operation:
        case "vector":
            x = dense((columns,), a.dtype)
            return Call(lambda: product(a, x))
        case "matrix8":
            d = dense((columns, 8), a.dtype)
            return Call(lambda: product(a, d))
        case "square":
            return Call(lambda: product(a, a), sorted_values)
        case _:
            return None


def graphblas_call(a: Any, layout: str, operation: str) -> Call | None:
    import graphblas as gb

    gb.ss.config["nthreads"] = 2
    rows, columns = a.shape

    def matrix(a: Any) -> Any:
        a.sort_indices()
        return gb.Matrix.ss.import_csr(
            nrows=rows, ncols=columns, indptr=a.indptr.astype(np.uint64),
            col_indices=a.indices.astype(np.uint64), values=a.data, sorted_cols=True,
        )  # fmt: skip

    def done(result: Any) -> Any:
        result.wait("materialize")
        return result

    def read(result: Any) -> Array:
        return result.ss.export("csr", sort=True)["values"]

    def full(result: Any) -> Array:
        return result.to_dense(fill_value=0)

    own, product = matrix(a), gb.semiring.plus_times
    match operation:
        case "vector":
            x = gb.Vector.ss.import_full(values=dense((columns,), a.dtype))
            return Call(lambda: done(product(own @ x).new()), full)
        case "turned-vector":
            y = gb.Vector.ss.import_full(values=dense((rows,), a.dtype))
            return Call(lambda: done(product(own.T @ y).new()), full)
        case "matrix8":
            d = gb.Matrix.ss.import_fullr(values=dense((columns, 8), a.dtype))
            return Call(lambda: done(product(own @ d).new()), full)
        case "square":
            return Call(lambda: done(product(own @ own).new()), read)
        case "times":
            b = matrix((shifted(a) + a * 2).tocsr())
            return Call(lambda: done(own.ewise_mult(b, gb.binary.times).new()), read)
        case "plus":
            b = matrix(shifted(a))
            return Call(lambda: done(own.ewise_add(b, gb.binary.plus).new()), read)
        case "rows-sum":
            return Call(lambda: done(own.reduce_rowwise(gb.monoid.plus).new()), full)
        case _:
            return None
