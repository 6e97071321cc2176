"""When Weft's answer is NumPy's.

dtype and shape are the same, always. Values are the same bits, or differ by less than what
disturbing the program's own steps moves them by (`noise.Noise`).
"""

import ast

import numpy as np

import absent
from noise import Noise

# Runs with noise before a difference counts, each further set only if the one before does not do.
SAMPLES = (3, 12, 40)
# What NumPy raises where the data decide; anything else in a disturbed run is a fault of ours.
DECIDED = (ValueError, IndexError, ArithmeticError)
# How many times the distance that noise moved a result it may be off.
FACTOR = 8.0


def decode(answer):
    """An answer's values as NumPy has them: arrays, texts, None, lists of these."""
    if "error" in answer:
        return ValueError(answer["error"])
    if "results" in answer:
        return [decode(item) for item in answer["results"]]
    if "value" in answer:
        return answer["value"]
    dtype = np.dtype(answer["dtype"])
    items = answer["values"]
    if dtype.kind == "c":
        value = np.empty(len(items), dtype)
        value.real = [float(v[0]) for v in items]
        value.imag = [float(v[1]) for v in items]
    elif dtype.kind in "fV":
        # bfloat16 is no kind of NumPy's own.
        value = np.array([float(v) for v in items], np.float64).astype(dtype)
    else:
        value = np.array(items, dtype)
    return value.reshape(answer["shape"])


def plain(value):
    """A NumPy result in the form of `decode`."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "biufc":
            raise NotComparable(value.dtype)
        return np.asarray(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float, complex)):
        return np.asarray(value)
    if isinstance(value, (type, np.dtype)):
        return np.dtype(value).name
    raise NotComparable(type(value))


def structure(got, want):
    """Why two answers differ in kind, dtype or shape; None when they do not."""
    if isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            return f"{describe(got)} for {describe(want)}"
        for n, (a, b) in enumerate(zip(got, want)):
            reason = structure(a, b)
            if reason:
                return f"result {n}: {reason}"
        return None
    if isinstance(want, np.ndarray):
        if not isinstance(got, np.ndarray) or got.dtype != want.dtype or got.shape != want.shape:
            return f"{describe(got)} for {describe(want)}"
        return None
    same = isinstance(got, str) == isinstance(want, str) and not isinstance(got, (list, np.ndarray))
    return None if same else f"{describe(got)} for {describe(want)}"


DEPENDENT = ("unique", "nonzero", "argwhere", "extract", "compress", "trim_zeros", "1d(", " > ",
             " < ", " != ", " >= ", " <= ", " == ")


def only_extents_differ(got, want, program):
    """Whether only extents that rounding decides differ: how many elements are equal, say."""
    if not any(word in program for word in DEPENDENT):
        return False
    pairs = list(zip(leaves(got), leaves(want)))
    return all(isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.dtype == b.dtype
               and a.ndim == b.ndim for a, b in pairs)


def describe(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(describe, value)) + "]"
    if isinstance(value, np.ndarray):
        return f"{value.dtype.name}{list(value.shape)}"
    return repr(value)[:300]


def leaves(value):
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def same_bits(a, b):
    """Where elements are equal, zeros with their sign, NaN as NaN."""
    if a.dtype.kind not in "fc":
        return a == b
    if a.dtype.kind == "c":
        return same_bits(a.real, b.real) & same_bits(a.imag, b.imag)
    return ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))


def agree(got, want):
    """Whether two answers of one structure are the same."""
    for a, b in zip(leaves(got), leaves(want)):
        if isinstance(b, np.ndarray):
            if not np.all(same_bits(a, b)):
                return False
        elif a != b:
            return False
    return True


class Spread:
    """How far disturbed runs of a program lie from the plain one."""

    def __init__(self, want):
        self.want = leaves(want)
        self.unstable = [np.zeros(np.shape(w), bool) if isinstance(w, np.ndarray) else False
                         for w in self.want]
        self.distance = [self._zeros(w) for w in self.want]
        self.used = False

    @staticmethod
    def _zeros(w):
        if not isinstance(w, np.ndarray) or w.dtype.kind not in "fc":
            return None
        parts = 2 if w.dtype.kind == "c" else 1
        return np.zeros((parts,) + w.shape)

    def add(self, value):
        """Takes in one disturbed run; False when its results have other shapes."""
        items = leaves(value)
        if len(items) != len(self.want):
            return False
        with np.errstate(all="ignore"):
            for n, (s, w) in enumerate(zip(items, self.want)):
                if not isinstance(w, np.ndarray):
                    self.unstable[n] = self.unstable[n] or s != w
                    continue
                if not isinstance(s, np.ndarray) or s.shape != w.shape or s.dtype != w.dtype:
                    return False
                if w.dtype.kind not in "fc":
                    self.unstable[n] |= s != w
                    continue
                for part, (a, b) in enumerate(zip(parts(s), parts(w))):
                    wild = np.isfinite(a) != np.isfinite(b)
                    wild |= ~np.isfinite(b) & ~same_bits(a, b)
                    wild |= (a == 0) & (b == 0) & (np.signbit(a) != np.signbit(b))
                    self.unstable[n] |= wild & ~((a == 0) & (b == 0))
                    distance = np.where(np.isfinite(a) & np.isfinite(b),
                                        np.abs(a.astype(float) - b.astype(float)), 0)
                    self.distance[n][part] = np.maximum(self.distance[n][part], distance)
                    # A zero whose sign is open, marked by an infinitesimal distance.
                    self.distance[n][part] = np.maximum(
                        self.distance[n][part], np.where((a == 0) & (b == 0) & wild, 5e-324, 0))
        return True

    def difference(self, got):
        """Where an answer is further off than noise; None when it is not."""
        for n, (a, w) in enumerate(zip(leaves(got), self.want)):
            if not isinstance(w, np.ndarray):
                if a != w and not self.unstable[n]:
                    return f"result {n}: {a!r} for {w!r}"
                continue
            with np.errstate(all="ignore"):
                good = same_bits(a, w) | self.unstable[n]
                if w.dtype.kind in "fc":
                    close = np.ones(w.shape, bool)
                    for part, (x, y) in enumerate(zip(parts(a), parts(w))):
                        limit = FACTOR * self.distance[n][part]
                        off = np.abs(x.astype(float) - y.astype(float))
                        zeros = (x == 0) & (y == 0) & (limit > 0)
                        close &= same_bits(x, y) | zeros | (
                            np.isfinite(x) & np.isfinite(y) & (off <= limit) & (limit > 0))
                        # Next to the largest number, infinity is as near.
                        top = float(np.finfo(y.dtype).max)
                        close |= (np.isinf(x) != np.isinf(y)) & (limit > 0) & (
                            np.maximum(np.where(np.isfinite(x), np.abs(x), 0),
                                       np.where(np.isfinite(y), np.abs(y), 0)) + limit > top)
                    good |= close
            if not np.all(good):
                place = tuple(int(i) for i in np.argwhere(~good)[0])
                return (f"result {n} {w.dtype.name}{list(w.shape)} at {list(place)}: "
                        f"{a[place]!r} for {w[place]!r}, {int(np.sum(~good))} of {w.size} elements")
        return None


def parts(value):
    return (value.real, value.imag) if value.dtype.kind == "c" else (value,)


class NotComparable(Exception):
    """NumPy's answer is no value of a script."""


class Failure(Exception):
    """NumPy says that the program is wrong."""


class Judge:
    """Compares answers with NumPy's."""

    def __init__(self, reference, open_zeros=False):
        self.reference = reference
        # Whether the sign of every zero is open.
        self.open_zeros = open_zeros

    def want(self, program):
        """NumPy's answer in the form of `decode`, or the Failure."""
        try:
            return plain(self.reference.run(program))
        except NotComparable as error:
            return error
        except Exception as error:
            return Failure(f"{type(error).__name__}: {error}")

    def may_fail(self, program, answer=True):
        """Whether noise makes NumPy fail, or with `answer` false, whether it always fails."""
        failures = 0
        for seed in range(SAMPLES[1]):
            try:
                self.reference.run(program, Noise(seed, open_zeros=self.open_zeros))
            except DECIDED:
                failures += 1
        return failures > 0 if answer else failures == SAMPLES[1]

    def difference(self, program, got, want):
        """Why an answer is wrong; None when it is right. `got` is decoded, or an exception."""
        if isinstance(want, NotComparable):
            return None
        if isinstance(got, ValueError):
            code = got.args[0].get("code")
            if code == "internal":
                return f"internal: {got.args[0].get('message')}"
            if isinstance(want, Failure):
                return None
            if self.may_fail(program):
                return None
            return f"error {code}: {got.args[0].get('message')} for {describe(want)}"
        if isinstance(want, Failure):
            if "LinAlgError" in str(want) and not self.may_fail(program, False):
                return None
            return f"{describe(got)} where NumPy says {want}"
        reason = structure(got, want)
        if reason is None and agree(got, want):
            return None
        spread = Spread(want)
        taken = 0
        first = reason
        for target in SAMPLES:
            while taken < target:
                noise = Noise(taken, strength=1.0, open_zeros=self.open_zeros)
                try:
                    value = plain(self.reference.run(program, noise))
                except DECIDED:
                    # Noise decides between a value and an error.
                    return None
                taken += 1
                if not spread.add(value):
                    return None
                if noise.used and reason and only_extents_differ(got, want, program):
                    return None
            if first is None:
                reason = spread.difference(got)
                if reason is None:
                    return None
        return reason

    def is_absence(self, program, got, want):
        """Whether an answer differs for zeros alone that products leave out."""
        if isinstance(got, Exception) or isinstance(want, Exception) or structure(got, want):
            return False

        def run(calls):
            return leaves(plain(self.reference.run(program, calls=calls)))

        return absent.explains(program, leaves(got), leaves(want), run)
