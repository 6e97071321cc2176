"""Programs with some of their leaves stored sparsely, in formats and with fills at random.

NumPy answers the program as it was; what is stored how changes no answer but the sign of a zero that is
stored nowhere.
"""

import re
import zlib

import numpy as np

import reference
import values

LEAF = re.compile(r"(a[0-9]+) = (asarray\(|astype\(\(arange)", re.S)
FORMATS = {1: ("coo", "csf"), 2: ("coo", "csr", "csc", "csf", "gcxs", "bsr", "dia")}
OTHERS = ("coo", "csf", "gcxs")
# How many leaves are stored sparsely, of ten.
SHARE = 0.7


class Storing:
    """Makes of a program one over sparse leaves; the same every time."""

    def __init__(self, plain, pool):
        self.plain, self.pool = plain, pool

    def __call__(self, program):
        rng = np.random.default_rng(zlib.crc32(program.encode()))
        statements = []
        for name in sorted(set(re.findall(r"\bp[0-9]+\b", program)) & set(self.pool)):
            statements += self.stored(rng, name, self.pool[name])
        for statement in reference.split(program):
            statements.append(statement)
            found = LEAF.match(statement)
            if found:
                try:
                    value = self.plain.run(f"{statement}; {found[1]}")
                except Exception:
                    # No leaf: it is made of other variables, or an error.
                    continue
                statements += self.stored(rng, found[1], value)
        # The value of a program is that of its last expression.
        return "; ".join(statements)

    def stored(self, rng, name, value):
        if np.ndim(value) == 0 or np.size(value) == 0 or rng.random() > SHARE:
            return []
        formats = FORMATS.get(value.ndim, OTHERS)
        form = formats[int(rng.integers(len(formats)))]
        kind = rng.random()
        if kind < 0.6:
            fill = np.zeros((), value.dtype)
        elif kind < 0.7:
            fill = np.ones((), value.dtype)
        else:
            fill = value.reshape(-1)[int(rng.integers(value.size))]
            if not np.isfinite(fill.imag):
                # No literal has such an imaginary part.
                return []
        text = values.number(fill.item())
        return [f"{name} = sparse.asarray({name}, format='{form}', fill_value={text})"]
