#!/usr/bin/env python3
"""Writes Tests/Golden/sparse/solvers.json: what SciPy's solvers get for matrices that SolverRecordTests makes alike.

Needs NumPy and SciPy. Run from anywhere:
    python scripts/record-solvers.py
"""

import json
import pathlib

import numpy
import scipy
from scipy import sparse
from scipy.sparse import linalg

n = 40
i = numpy.arange(n)
long = numpy.arange(60)
symmetric = sparse.diags_array([numpy.ones(n - 1), 3 * numpy.sin(2 * i + 1), numpy.ones(n - 1)], offsets=[-1, 0, 1])
drifting = sparse.diags_array(
    [-2 * numpy.ones(n - 1), 4 * numpy.cos(i), -numpy.ones(n - 1), numpy.ones(n - 5)], offsets=[-1, 0, 1, 5])
tall = sparse.csr_array(
    (numpy.concatenate([2 + numpy.sin(long), numpy.cos(long)]),
     (numpy.concatenate([long, long]), numpy.concatenate([long % n, (7 * long + 3) % n]))), shape=(60, n))
b, side = numpy.cos(i), numpy.cos(long)
scale = linalg.LinearOperator((n, n), matvec=lambda x: x * (1 + i / n))


def least(matrix, side, **options):
    found = linalg.lsqr(matrix, side, atol=1e-12, btol=1e-12, **options)
    names = ["stop", "iterations", "residual", "dampedResidual", "matrixNorm", "condition", "normalResidual",
             "solutionNorm"]
    return {"solution": found[0].tolist(), **{name: float(x) for name, x in zip(names, found[1:9])}}


spectrum = numpy.linalg.svd(tall.toarray(), compute_uv=False)
record = {
    "scipy": scipy.__version__,
    "minres": linalg.minres(symmetric, b, rtol=1e-13)[0].tolist(),
    "minresShifted": linalg.minres(symmetric, b, rtol=1e-13, shift=0.7)[0].tolist(),
    "minresPreconditioned": linalg.minres(symmetric, b, rtol=1e-13, M=scale)[0].tolist(),
    "lsqr": least(tall, side),
    "lsqrDamped": least(tall, side, damp=0.5),
    "lsqrWide": least(tall.T, b),
    "lsqrShort": least(tall, side, iter_lim=5),
    "expmMultiply": linalg.expm_multiply(drifting, numpy.stack([b, numpy.sin(i)], axis=1)).ravel().tolist(),
    "expmMultiplyLong": linalg.expm_multiply(-3 * symmetric, b).tolist(),
    "norms": {"greatest": float(spectrum[0]), "least": float(spectrum[-1]),
              "one": float(linalg.norm(tall, 1)), "infinity": float(linalg.norm(tall, numpy.inf)),
              "frobenius": float(linalg.norm(tall))},
}
path = pathlib.Path(__file__).parent.parent / "Tests" / "Golden" / "sparse" / "solvers.json"
path.write_text(json.dumps(record, indent=1) + "\n")
