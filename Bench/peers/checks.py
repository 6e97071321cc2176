"""The check block of a result, and whether two of them agree."""

import math
from typing import Any

import numpy as np

Check = dict[str, Any]


def check(result: Any) -> list[Check]:
    """One block a result: shape, sum, l1 norm and eight samples."""
    results = result if isinstance(result, (tuple, list)) else [result]
    return [block(np.asarray(r)) for r in results]


def block(array: np.ndarray) -> Check:
    flat = array.ravel()
    return {
        "shape": list(array.shape),
        "sum": float(flat.sum(dtype=np.float64)),
        "l1": float(np.abs(flat).sum(dtype=np.float64)),
        "samples": [float(flat[int(i * (flat.size - 1) / 7)]) for i in range(8)],
    }


def disagreement(ours: Any, expected: list[Check], tolerance: float) -> str | None:
    """Where a result departs from the expected one; nothing where it does not."""
    blocks = ours if isinstance(ours, list) else [ours]
    if len(blocks) != len(expected):
        return f"{len(blocks)} results, not {len(expected)}"
    for got, want in zip(blocks, expected):
        if [e for e in got["shape"] if e != 1] != [e for e in want["shape"] if e != 1]:
            return f"shape {got['shape']}, not {want['shape']}"
        scale = max(want["l1"], 1e-300)
        for key in ("sum", "l1"):
            if not close(got[key], want[key], tolerance * scale):
                return f"{key} {got[key]}, not {want[key]:.9g}"
        mean = scale / max(math.prod(want["shape"]), 1)
        if len(got["samples"]) != len(want["samples"]):
            return f"{len(got['samples'])} samples, not {len(want['samples'])}"
        for g, w in zip(got["samples"], want["samples"]):
            if not close(g, w, 30 * tolerance * (abs(w) + mean)):
                return f"sample {g}, not {w:.9g}"
    return None


def close(got: Any, want: float, distance: float) -> bool:
    """Also false for what is not a number, such as "nan"."""
    return isinstance(got, (int, float)) and abs(got - want) <= distance
