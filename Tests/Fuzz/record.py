"""NumPy's answers to programs, written down for tests that have no NumPy."""

import json

import numpy as np

import compare
import noise as noises


def number(value):
    """An element as `weft eval --lines` writes it."""
    if isinstance(value, complex):
        return [number(value.real), number(value.imag)]
    if isinstance(value, float) and not np.isfinite(value):
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    return value


def answer(value):
    if isinstance(value, list):
        return {"results": [answer(item) for item in value]}
    if isinstance(value, np.ndarray):
        items = value.ravel()
        if value.dtype in (np.float16, np.float32):
            items = [float(str(v)) for v in items]
        elif value.dtype == np.complex64:
            items = [complex(float(str(v.real)), float(str(v.imag))) for v in items]
        else:
            items = items.tolist()
        return {"dtype": value.dtype.name, "shape": list(value.shape),
                "values": [number(v) for v in items]}
    return {"value": value}


def limits(judge, program, want):
    """How far each result's elements may be off; None when rounding decides more than that."""
    spread = compare.Spread(want)
    noisy = False
    for seed in range(compare.SAMPLES[1]):
        noise = noises.Noise(seed)
        try:
            if not spread.add(compare.plain(judge.reference.run(program, noise))):
                return None
        except Exception:
            return None
        noisy = noisy or noise.used
    limits = []
    for unstable, distance, value in zip(spread.unstable, spread.distance, spread.want):
        if np.any(unstable):
            return None
        limit = 0.0 if distance is None else compare.FACTOR * float(np.max(distance, initial=0.0))
        if limit > 0:
            with np.errstate(all="ignore"):
                size = np.abs(value[np.isfinite(value)].astype(complex))
            precision = float(np.finfo(value.dtype).eps) ** 0.5
            if limit > precision * float(np.max(size, initial=0.0)) and limit > 1e-300:
                return None
        limits.append(float(f"{limit:.3g}"))
    return limits


def line(judge, program):
    """One case, or None for a program that rounding decides or that needs the pool."""
    want = judge.want(program)
    if isinstance(want, compare.NotComparable):
        return None
    if isinstance(want, compare.Failure):
        return json.dumps({"program": program, "error": str(want)[:80]})
    found = limits(judge, program, want)
    if found is None:
        return None
    return json.dumps({"program": program, "answer": answer(want), "limits": found})
