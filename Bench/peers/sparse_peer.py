"""Libraries of sparse arrays on W11: SciPy, pydata/sparse, PyTorch, JAX, SuiteSparse:GraphBLAS and MKL.

Matrices are made before the time counts. A result that is sparse is compared by its stored values in C
order, which `values` takes from it.
"""

import glob
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .workloads import Inputs

Array = Any


@dataclass
class Call:
    """A product to be timed, and how its values are read."""

    run: Callable[[], Array]
    values: Callable[[Array], Array] = np.asarray

    def __call__(self) -> Array:
        return self.run()


def prepare(identifier: str, inputs: Inputs, peer: str) -> Call | None:
    maker = {
        "scipy": scipy_call,
        "pydata": pydata_call,
        "torch.sparse": torch_call,
        "jax.sparse": jax_call,
        "graphblas": graphblas_call,
        "mkl": mkl_call,
    }[peer]
    return maker(identifier[3:], Sparse(inputs))


class Sparse:
    """The arrays of W11."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    def __call__(self, *names: str) -> Any:
        arrays = [np.load(self.inputs.directory / f"w11_{name}.npy") for name in names]
        return arrays[0] if len(arrays) == 1 else arrays

    def parts(self, name: str = "A") -> tuple[Array, Array, Array]:
        """Ends of rows, columns and values of a matrix."""
        return tuple(self(f"{name}_indptr", f"{name}_indices", f"{name}_data"))

    def csr(self, name: str = "A") -> Any:
        from scipy.sparse import csr_array

        ends, columns, values = self.parts(name)
        matrix = csr_array((values, columns, ends), (len(ends) - 1,) * 2)
        matrix.has_sorted_indices = matrix.has_canonical_format = True
        return matrix

    def rows(self, name: str = "A") -> Array:
        """The row of each entry."""
        ends = self(f"{name}_indptr")
        return np.repeat(np.arange(len(ends) - 1), np.diff(ends))

    def tensor(self) -> tuple[int, Array, Array, Array, Array]:
        """Extent, coordinates and values of the tensor."""
        extent = self.inputs.parameters()["t11"][0]
        i, j, k = (axis.astype(np.int64) for axis in self("T_coords"))
        return extent, i, j, k, self("T_data")


def sorted_values(matrix: Any) -> Array:
    from scipy.sparse import csr_array

    rows = csr_array(matrix)
    rows.sort_indices()
    return rows.data


def scipy_call(item: str, load: Sparse) -> Call | None:
    from scipy.sparse import csr_array

    if item.startswith("f"):
        n, i, j, k, v = load.tensor()
        if item == "f1":
            return Call(lambda: np.bincount(i * n + j, v, n * n).reshape(n, n))
        if item == "f2":
            m, unfolded = load("M16"), csr_array((v, (i * n + j, k)), (n * n, n))
            return Call(lambda: (unfolded @ m).reshape(n, n, -1))
        f, g = load("F", "G")
        selection = csr_array((np.ones(v.size), (i, np.arange(v.size))), (n, v.size))
        return Call(lambda: selection @ (v[:, None] * f[j] * g[k]))
    a = load.csr()
    if item in ("a", "b"):
        x = load("x" if item == "a" else "D")
        return Call(lambda: a @ x)
    if item == "c":
        return Call(lambda: a @ a, sorted_values)
    if item == "d":
        b = load.csr("B")
        return Call(lambda: a * b + a, sorted_values)
    u, w = load("U", "V")
    rows, columns, values = load.rows(), a.indices, a.data
    return Call(lambda: values * np.einsum("nk,nk->n", u[rows], w[columns]))


def pydata_call(item: str, load: Sparse) -> Call | None:
    import sparse

    def dense(result: Any) -> Array:
        return result.todense() if hasattr(result, "todense") else result

    def values(result: Any) -> Array:
        matrix = result.tocoo() if hasattr(result, "tocoo") else result
        return sorted_values(matrix.to_scipy_sparse())

    if item.startswith("f"):
        n, *_ = load.tensor()
        coordinates, v = load("T_coords", "T_data")
        t = sparse.COO(coordinates, v, shape=(n, n, n), sorted=True, has_duplicates=False)
        if item == "f1":
            return Call(lambda: t.sum(axis=2), dense)
        if item == "f2":
            m = load("M16")
            return Call(lambda: sparse.tensordot(t, m, axes=([2], [0])), dense)
        f, g = load("F", "G")
        return Call(lambda: sparse.einsum("ijk,jr,kr->ir", t, f, g), dense)
    a = sparse.GCXS.from_scipy_sparse(load.csr())
    if item in ("a", "b"):
        x = load("x" if item == "a" else "D")
        return Call(lambda: a @ x)
    if item == "c":
        return Call(lambda: a @ a, values)
    if item == "d":
        a, b = a.tocoo(), sparse.GCXS.from_scipy_sparse(load.csr("B")).tocoo()
        return Call(lambda: a * b + a, values)
    return None


def torch_call(item: str, load: Sparse) -> Call | None:
    import torch

    torch.set_num_threads(2)
    if item.startswith("f"):
        n, *axes, values = load.tensor()
        i, j, k = map(torch.from_numpy, axes)
        v = torch.from_numpy(values)

        def summed(places: Array, extent: int, rows: Array) -> Array:
            return torch.zeros(extent, *rows.shape[1:], dtype=v.dtype).index_add_(0, places, rows)

        if item == "f1":
            return Call(lambda: summed(i * n + j, n * n, v).view(n, n))
        if item == "f2":
            m = torch.from_numpy(load("M16"))
            return Call(lambda: summed(i * n + j, n * n, v[:, None] * m[k]).view(n, n, -1))
        f, g = map(torch.from_numpy, load("F", "G"))
        return Call(lambda: summed(i, n, v[:, None] * f[j] * g[k]))

    def matrix(name: str) -> Any:
        ends, columns, values = map(torch.from_numpy, load.parts(name))
        return torch.sparse_csr_tensor(ends, columns, values, (len(ends) - 1,) * 2)

    def values_of(result: Any) -> Array:
        from scipy.sparse import csr_array

        if result.layout == torch.sparse_coo:
            return result.values().numpy()
        parts = (result.values(), result.col_indices(), result.crow_indices())
        return sorted_values(csr_array(tuple(p.numpy() for p in parts), tuple(result.shape)))

    a = matrix("A")
    if item in ("a", "b"):
        x = torch.from_numpy(load("x" if item == "a" else "D"))
        return Call(lambda: a @ x)
    if item == "c":
        return Call(lambda: a @ a, values_of)
    if item == "d":
        p, q = (m.to_sparse_coo().coalesce() for m in (a, matrix("B")))
        return Call(lambda: (p * q + p).coalesce(), values_of)
    u, w = map(torch.from_numpy, load("U", "V"))
    turned = w.T.contiguous()
    zero = torch.sparse_csr_tensor(
        a.crow_indices(), a.col_indices(), torch.zeros_like(a.values()), a.shape
    )
    return Call(
        lambda: torch.sparse.sampled_addmm(zero, u, turned, beta=0.0).values() * a.values()
    )


def jax_call(item: str, load: Sparse) -> Call | None:
    import jax
    import jax.numpy as jnp
    from jax.experimental import sparse

    jax.config.update("jax_enable_x64", True)

    def compiled(body: Callable[..., Array], *arguments: Array) -> Call:
        own = [jnp.asarray(a) if isinstance(a, np.ndarray) else a for a in arguments]
        function = jax.jit(body)
        return Call(lambda: jax.block_until_ready(function(*own)))

    if item.startswith("f"):
        n, i, j, k, v = load.tensor()
        add = jax.ops.segment_sum
        if item == "f1":
            return compiled(lambda i, j, v: add(v, i * n + j, n * n).reshape(n, n), i, j, v)
        if item == "f2":
            return compiled(
                lambda i, j, k, v, m: add(v[:, None] * m[k], i * n + j, n * n).reshape(n, n, -1),
                i, j, k, v, load("M16"),
            )  # fmt: skip
        return compiled(
            lambda i, j, k, v, f, g: add(v[:, None] * f[j] * g[k], i, n), i, j, k, v, *load("F", "G")
        )
    _, columns, values = load.parts()
    rows = load.rows()
    if item in ("a", "b"):
        places = jnp.asarray(np.stack([rows, columns], 1))
        shape = (len(load("A_indptr")) - 1,) * 2
        a = sparse.BCOO(
            (jnp.asarray(values), places), shape=shape, indices_sorted=True, unique_indices=True
        )
        return compiled(lambda a, x: a @ x, a, load("x" if item == "a" else "D"))
    if item == "e":
        return compiled(
            lambda r, c, v, u, w: v * jnp.einsum("nk,nk->n", u[r], w[c]),
            rows, columns, values, *load("U", "V"),
        )  # fmt: skip
    return None


def graphblas_call(item: str, load: Sparse) -> Call | None:
    if item.startswith("f"):
        return None
    import graphblas as gb

    gb.ss.config["nthreads"] = 2

    def matrix(name: str) -> Any:
        ends, columns, values = load.parts(name)
        return gb.Matrix.ss.import_csr(
            nrows=len(ends) - 1, ncols=len(ends) - 1, indptr=ends.astype(np.uint64),
            col_indices=columns.astype(np.uint64), values=values, sorted_cols=True,
        )  # fmt: skip

    def full(name: str) -> Any:
        dense = load(name)
        return gb.Matrix.ss.import_fullr(values=dense, nrows=dense.shape[0], ncols=dense.shape[1])

    def done(result: Any) -> Any:
        result.wait("materialize")
        return result

    def values(result: Any) -> Array:
        return result.ss.export("csr", sort=True)["values"]

    a, product = matrix("A"), gb.semiring.plus_times
    if item == "a":
        x = gb.Vector.ss.import_full(values=load("x"))
        return Call(lambda: done(product(a @ x).new()), lambda r: r.to_dense(fill_value=0.0))
    if item == "b":
        d = full("D")
        return Call(lambda: done(product(a @ d).new()), lambda r: r.to_dense(fill_value=0.0))
    if item == "c":
        return Call(lambda: done(product(a @ a).new()), values)
    if item == "d":
        b, times, plus = matrix("B"), gb.binary.times, gb.binary.plus
        return Call(lambda: done(a.ewise_mult(b, times).new().ewise_add(a, plus).new()), values)
    u, w = full("U"), full("V")

    def sampled() -> Any:
        result = gb.Matrix(float, a.nrows, a.ncols)
        result(mask=a.S) << product(u @ w.T)
        return done(result.ewise_mult(a, gb.binary.times).new())

    return Call(sampled, values)


def load_mkl() -> Any:
    """The module of MKL's products, with two threads."""
    # Found before the module is loaded, which reads the names.
    if found := sorted(glob.glob(os.path.join(sys.prefix, "lib", "libmkl_rt.so*"))):
        os.environ.setdefault("MKL_RT", found[0])
    os.environ.setdefault("MKL_THREADING_LAYER", "INTEL")
    import sparse_dot_mkl

    sparse_dot_mkl.mkl_set_num_threads(2)
    return sparse_dot_mkl


def mkl_call(item: str, load: Sparse) -> Call | None:
    if item not in ("a", "b", "c"):
        return None
    sparse_dot_mkl = load_mkl()
    from scipy.sparse import csr_matrix

    ends, columns, values = load.parts()
    a = csr_matrix((values, columns, ends), (len(ends) - 1,) * 2)
    if item == "c":
        return Call(lambda: sparse_dot_mkl.dot_product_mkl(a, a), sorted_values)
    x = load("x" if item == "a" else "D")
    return Call(lambda: sparse_dot_mkl.dot_product_mkl(a, x))
