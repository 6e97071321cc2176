"""Arrays to start from: literals of every dtype and shape, and a pool of larger ones in files."""

import os

import numpy as np

BOOLS = ("bool",)
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
DTYPES = BOOLS + SIGNED + UNSIGNED + FLOATS + COMPLEX

# How often a dtype starts a program.
WEIGHTS = {"float64": 10, "float32": 7, "int64": 5, "int32": 3, "bool": 3, "float16": 2}


def special_floats(dtype):
    """NaN, infinities, zeros, extremes, subnormals and neighbours of one."""
    info = np.finfo(dtype)
    return [float(v) for v in (
        np.nan, np.inf, -np.inf, 0.0, -0.0, info.max, info.min, info.tiny,
        info.smallest_subnormal, -info.smallest_subnormal, info.eps, 1.0, -1.0, 1 + info.eps,
        0.5, 2.0, -0.5, 1e4, -1e-4)]


def elements(rng, dtype, count, style):
    """An array of `count` elements."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random(count) < rng.choice([0.2, 0.5, 0.8])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        if style == "special":
            corners = [info.min, info.max, 0, 1, info.max - 1, info.min + 1, 7, info.max // 2]
            if dtype.kind == "i":
                corners += [-1, -7]
            return np.array([corners[i] for i in rng.integers(len(corners), size=count)], dtype)
        low = 0 if dtype.kind == "u" else -9
        return rng.integers(low, 10, size=count).astype(dtype)
    if dtype.kind == "c":
        part = np.float32 if dtype.itemsize == 8 else np.float64
        # Literals of infinite imaginary part cannot be written; the pool has such values.
        real = elements(rng, part, count, style)
        imaginary = elements(rng, part, count, "exact" if style == "special" else style)
        return (real + 1j * imaginary).astype(dtype)
    if style == "exact":
        return (rng.integers(-16, 17, size=count) / 4).astype(dtype)
    if style == "special":
        corners = np.array(special_floats(dtype))
        some = corners[rng.integers(len(corners), size=count)]
        plain = rng.normal(size=count)
        return np.where(rng.random(count) < 0.5, some, plain).astype(dtype)
    scale = 10.0 ** rng.integers(-2, 3) if dtype.itemsize > 2 else 1.0
    return (rng.normal(size=count) * scale + rng.choice([0, 0, 1, 3])).astype(dtype)


def number(value):
    """A Python literal of one element."""
    if isinstance(value, complex):
        sign = "-" if np.signbit(value.imag) else "+"
        return f"{number(value.real)}{sign}{abs(value.imag)!r}j"
    if isinstance(value, float):
        return "nan" if value != value else repr(value)
    return repr(value)


def literal(array):
    """The text that makes an array in a script."""
    def nested(items):
        return "[" + ", ".join(nested(i) if isinstance(i, list) else number(i) for i in items) + "]"

    name = array.dtype.name
    if 0 in array.shape:
        return f"zeros({array.shape!r}, dtype={name})"
    if array.ndim == 0:
        return f"asarray({number(array.item())}, dtype={name})"
    if array.dtype == np.float32 or array.dtype == np.float16:
        # The shortest digits of the element's own dtype, as a double that rounds back to it.
        items = np.array([float(str(v)) for v in array.ravel()]).reshape(array.shape).tolist()
    else:
        items = array.tolist()
    return f"asarray({nested(items)}, dtype={name})"


def make_pool(folder, seed=20260101):
    """Writes the larger arrays and gives them by name, with their paths."""
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(seed)
    shapes = [(1000,), (37, 41), (8, 9, 10), (2, 3000), (300, 7), (129,), (64, 64), (1, 500),
              (5, 4, 3, 2, 6), (4097,)]
    arrays = {}
    for index, dtype in enumerate(("float64", "float32", "int64", "int32", "bool", "float16",
                                   "uint8", "complex128", "complex64", "int16")):
        for k in range(2 if index < 3 else 1):
            shape = shapes[(index + 3 * k) % len(shapes)]
            style = ("exact", "normal")[(index + k) % 2]
            arrays[f"p{len(arrays)}"] = elements(
                rng, dtype, int(np.prod(shape)), style).reshape(shape)
    for dtype in COMPLEX:
        part = np.float32 if dtype == "complex64" else np.float64
        value = np.empty((6, 4), dtype)
        value.real = elements(rng, part, 24, "special").reshape(6, 4)
        value.imag = elements(rng, part, 24, "special").reshape(6, 4)
        arrays[f"p{len(arrays)}"] = value
    for dtype in FLOATS:
        arrays[f"p{len(arrays)}"] = elements(rng, dtype, 40, "special").reshape(5, 8)
    paths = {}
    for name, array in arrays.items():
        paths[name] = os.path.join(folder, name + ".npy")
        np.save(paths[name], array)
    return arrays, paths
