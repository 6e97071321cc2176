"""Fused loops in C (loops.c), compiled by gcc: no peer but what the processor can do.

Results are written to the same memory in every call, which no library can do.
"""

import ctypes
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .workloads import Formula, Inputs, base

FLAGS = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-fPIC", "-shared", "-w"]


@functools.cache
def loops(dtype: str) -> Any:
    """The loops for a dtype."""
    compiler = shutil.which("gcc")
    if not compiler:
        raise RuntimeError("no gcc")
    with tempfile.TemporaryDirectory() as directory:
        library = Path(directory) / "loops.so"
        source = Path(__file__).parent / "loops.c"
        name = {"float32": "float", "float64": "double"}[dtype]
        command = [compiler, *FLAGS, f"-DT={name}", str(source), "-o", str(library), "-lm"]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library))


def prepare(identifier: str, inputs: Inputs) -> Formula | None:
    name = base(identifier)
    if name not in ("W02", "W03", "W04a", "W04b", "W04c", "W05a", "W05b", "W07"):
        return None
    arrays = inputs.arrays(identifier)
    x = arrays[0]
    code = loops(x.dtype.name)
    rows, columns = (x.shape[0], x.shape[1]) if x.ndim == 2 else (x.size, 1)
    match name:
        case "W02":
            return calling(code.combine, [x.size], arrays, [np.empty_like(x)])
        case "W03":
            return calling(code.black_scholes, [x.size], arrays, [np.empty_like(x) for _ in "cp"])
        case "W04a":
            return calling(code.square_distance, [x.size], arrays, [np.empty((), x.dtype)])
        case "W04b":
            return calling(code.mean0, x.shape, arrays, [np.empty(columns, x.dtype)])
        case "W04c":
            return calling(code.std1, x.shape, arrays, [np.empty(rows, x.dtype)])
        case "W05a":
            return calling(code.softmax, x.shape, arrays, [np.empty_like(x)])
        case "W05b":
            return calling(code.layer_norm, x.shape, arrays, [np.empty_like(x)])
    steps = inputs.parameters()["steps7"]
    u, v = x.copy(), x.copy()

    def diffuse() -> np.ndarray:
        np.copyto(u, x)
        current, following = u, v
        for _ in range(steps):
            calling(code.diffuse, x.shape, [current], [following])()
            current, following = following, current
        return current

    return diffuse


def calling(
    function: Any, extents: Any, arrays: list[np.ndarray], outputs: list[np.ndarray]
) -> Formula:
    """A call of a loop: extents, then inputs, then outputs."""
    arguments = [ctypes.c_size_t(n) for n in extents]
    kept = [*arrays, *outputs]
    arguments += [ctypes.c_void_p(a.ctypes.data) for a in kept]
    function.restype = None

    def call() -> Any:
        assert kept
        function(*arguments)
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    return call
