"""The numbers in the fixtures: element i is 3 i - 5 (complex: imaginary part i; bool: i % 3 == 0)."""
import numpy as np


def pattern(dtype, shape):
    i = np.arange(int(np.prod(shape)))
    if dtype == "bool":
        return (i % 3 == 0).reshape(shape)
    if np.dtype(dtype).kind == "c":
        return (3 * i - 5 + 1j * i).astype(dtype).reshape(shape)
    return (3 * i - 5).astype(dtype).reshape(shape)
