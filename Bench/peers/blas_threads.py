"""How many threads the OpenBLAS libraries of this process may use: NumPy and SciPy each bring one."""

import ctypes

import scipy.linalg  # noqa: F401 - its library is to be among those found

NAMES = ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads",
         "openblas_set_num_threads64_", "openblas_set_num_threads")


def setters():
    """The function of each library that takes the number of threads."""
    found = []
    with open("/proc/self/maps", encoding="utf-8") as file:
        paths = sorted({line.split()[-1] for line in file if "openblas" in line})
    for path in paths:
        library = ctypes.CDLL(path)
        found += [getattr(library, name) for name in NAMES if hasattr(library, name)][:1]
    return found


SETTERS = setters()


def limit(count):
    for setter in SETTERS:
        setter(count)
