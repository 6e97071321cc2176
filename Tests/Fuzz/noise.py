"""How far correct implementations may differ: disturbances of single steps.

An element moves by a few units in the last place, the data of a sum or of a linear solve by a few
units of their own size, and what NumPy leaves open (the cast of a NaN to an integer, the sign of the
larger of two zeros) at random. Steps whose operands and results are small dyadic numbers are exact and
stay as they are.
"""

import functools
import operator

import numpy as np

import families
from exactness import (
    as_float, each, finite, integers_as_float, is_exact, overflows, result_is_float, singular, terms, wide)

# Steps that move elements or choose among them: no rounding.
EXACT = families.names("manipulation", "indexing", "creation", "sorting", "sets", "logic", "dtypes")
EXACT |= families.names("sets") | {
    "inplace", "flatten", "ravel", "reshape", "block", "vsplit", "hsplit", "rollaxis", "rot90", "roll",
    "ix_", "tril_indices", "triu_indices", "diag_indices", "packbits", "unpackbits", "piecewise", "insert",
    "delete", "positive", "fix"}
EXACT -= {"linspace", "logspace", "geomspace", "arange", "isclose", "allclose", "trace", "pad"}
# Rounded as IEEE 754 says: exact results have no noise, others are those of a fused form.
ROUNDED = {
    "add", "subtract", "multiply", "divide", "true_divide", "negative", "positive", "abs",
    "absolute", "square", "sqrt", "reciprocal", "maximum", "minimum", "fmax", "fmin", "clip",
    "floor", "ceil", "trunc", "rint", "round", "around", "sign", "copysign", "real", "imag", "conj",
    "conjugate", "where", "fabs", "heaviside", "remainder", "mod", "fmod", "floor_divide", "divmod",
    "modf", "frexp", "ldexp", "nan_to_num", "min", "max", "amin", "amax", "nanmin", "nanmax",
    "ptp", "gcd", "lcm", "nextafter", "spacing"}
# Sums of products: exact where all partial sums are.
SUMS = {
    "sum", "prod", "cumsum", "cumprod", "cumulative_sum", "cumulative_prod", "nansum", "nanprod",
    "nancumsum", "nancumprod", "matmul", "dot", "inner", "outer", "vdot", "vecdot", "matvec",
    "vecmat", "kron", "cross", "tensordot", "einsum", "trace", "diff", "ediff1d", "convolve",
    "correlate", "multi_dot", "mean", "median", "bincount", "var", "nanmean",
    "count_nonzero", "average", "gradient", "trapezoid", "polyval", "vander", "histogram",
    "histogram2d", "histogramdd"}
# Backward stable with respect to the norm of the operands.
NORMWISE = families.names("linalg", "fourier") | {
    "tensorinv", "tensorsolve", "matrix_power", "eig", "eigh", "eigvals", "svd", "qr", "lstsq"}
PRODUCTS = families.names("products")
# The sign of a zero among zeros is open.
ZEROS = {"maximum", "minimum", "fmax", "fmin", "max", "min", "amax", "amin", "nanmax", "nanmin",
         "clip", "sum", "einsum", "matmul", "dot", "inner", "vdot", "vecdot", "matvec", "vecmat",
         "tensordot", "multi_dot", "trace", "cumsum", "cumulative_sum", "convolve", "correlate",
         "pad", "unique", "unique_values", "unique_counts", "unique_inverse", "unique_all", "union1d", "intersect1d", "setdiff1d", "setxor1d", "quantile", "percentile", "nansum", "mean", "round", "around", "median", "ptp",
         "sort", "sort_complex", "partition", "trapezoid", "average", "nanmean"}
CASTS = {"astype", "full", "full_like", "asarray", "array", "__setitem__"} | set(
    ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"))


# What asks whether numbers are the same, which disturbed ones by themselves never are.
EQUALITY = {"equal", "not_equal", "isin", "array_equal", "array_equiv", "intersect1d", "setdiff1d",
            "union1d", "setxor1d"}


class Noise:
    """Disturbances of one run."""

    def __init__(self, seed, strength=1.0, open_zeros=False):
        self.open_zeros = open_zeros
        self.rng = np.random.default_rng(seed)
        self.strength = strength
        self.used = False
        # How far values lie from what the same step gives undisturbed, by identity.
        self.radii = {}

    def note(self, value, radius):
        if isinstance(value, (list, tuple)):
            for item in value:
                self.note(item, radius)
        elif radius > 0 and isinstance(value, (np.ndarray, np.generic)):
            # The value is kept, so that its identity stays its own.
            self.radii[id(value)] = (value, radius)

    def radius(self, value):
        if isinstance(value, (list, tuple)):
            return max(map(self.radius, value), default=0.0)
        return self.radii.get(id(value), (None, 0.0))[1]

    def snapped(self, value, plain):
        """A sum within its own error of zero or of an integer, now and then just that; and how far
        the value lies from the plain one."""
        if not isinstance(plain, (np.ndarray, np.generic)) or plain.dtype.kind not in "fc" \
                or np.shape(value) != plain.shape or value.dtype.kind != plain.dtype.kind:
            return value, 0.0
        if plain.dtype.kind == "c":
            parts = [self.snapped(getattr(value, p), getattr(plain, p)) for p in ("real", "imag")]
            moved = np.array(value)
            moved.real, moved.imag = parts[0][0], parts[1][0]
            return moved if isinstance(value, np.ndarray) else moved[()], max(p[1] for p in parts)
        with np.errstate(all="ignore"):
            off = 8 * np.abs(value.astype(np.float64) - plain.astype(np.float64))
            off = np.where(np.isfinite(off), off, 0)
            whole = np.where((np.abs(value) <= off) | (off > 0.5), 0, np.rint(value))
            near = (off > 0) & (np.abs(value - whole) <= off)
            near &= self.rng.random(plain.shape) < 0.5
            moved = np.where(near, whole, value).astype(value.dtype)
        moved = moved if isinstance(value, np.ndarray) else moved[()]
        return moved, float(np.max(off, initial=0.0))

    def meeting(self, operands):
        """Operands of a test for equality, of which elements within their error of an element of
        the other are now and then the same."""
        if len(operands) < 2:
            return operands
        first = self.radius(operands[0]) >= self.radius(operands[1])
        moving, other = (0, 1) if first else (1, 0)
        radius = self.radius(operands[moving])
        a, b = np.asarray(operands[moving]), np.asarray(operands[other])
        if radius == 0 or a.dtype.kind != "f" or b.dtype.kind not in "biuf" or not a.size * b.size:
            return operands
        with np.errstate(all="ignore"):
            others = np.ravel(b).astype(np.float64)[:256]
            distance = np.abs(np.ravel(a).astype(np.float64)[:, None] - others)
            distance = np.where(np.isnan(distance), np.inf, distance)
            nearest = np.argmin(distance, axis=1)
            near = np.min(distance, axis=1) <= radius
            near &= self.rng.random(a.size) < 0.5
            moved = np.where(near, others[nearest], np.ravel(a)).astype(a.dtype).reshape(a.shape)
        return [moved if n == moving else v for n, v in enumerate(operands)]

    def elementwise(self, value, units):
        """Each element off by up to some units in its last place."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
            return value
        self.used = True
        info = np.finfo(value.dtype)
        scale = units * self.strength
        with np.errstate(all="ignore"):
            if value.dtype.kind == "f":
                step = self.rng.uniform(-1, 1, size=value.shape)
                off = np.abs(value) * info.eps + info.smallest_subnormal
                moved = value + (scale * step * off).astype(value.dtype)
            else:
                moved = np.empty(value.shape, value.dtype)
                size = np.abs(value)
                for part in ("real", "imag"):
                    own = getattr(value, part)
                    radius = np.where(np.isfinite(size), size, np.abs(own)) * info.eps
                    step = self.rng.uniform(-1, 1, size=value.shape)
                    setattr(moved, part,
                            own + (radius + info.smallest_subnormal) * scale * step)
            if value.dtype.kind == "c":
                moved.real = self.seldom_infinite(value.real, moved.real)
                moved.imag = self.seldom_infinite(value.imag, moved.imag)
            else:
                moved = self.seldom_infinite(value, moved).astype(value.dtype)
        return moved if isinstance(value, np.ndarray) else moved[()]

    def seldom_infinite(self, value, moved):
        """What moved past the largest number stays mostly: one infinity hides all others' part."""
        stays = ~np.isfinite(value) | ~np.isfinite(moved) & (self.rng.random(value.shape) < 0.75)
        return np.where(stays, value, moved)

    def normwise(self, value, units):
        """Each element off by some units of the largest element."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
            return value
        finite = np.abs(value[np.isfinite(value)])
        if finite.size == 0:
            return value
        self.used = True
        with np.errstate(all="ignore"):
            radius = float(finite.max()) * float(np.finfo(value.dtype).eps) * units * self.strength
            step = self.rng.uniform(-1, 1, size=value.shape) * radius
            if value.dtype.kind == "c":
                step = step + 1j * self.rng.uniform(-1, 1, size=value.shape) * radius
            moved = (value + step).astype(value.dtype)
        return moved if isinstance(value, np.ndarray) else moved[()]

    def off_one(self, value):
        """Real parts off by a unit in the last place of 1."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind != "c":
            return value
        self.used = True
        step = self.rng.uniform(-2, 2, size=value.shape) * np.finfo(value.dtype).eps
        return (value + step * self.strength).astype(value.dtype)

    def zeros(self, value):
        """Zeros of a random sign."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
            return value
        if value.dtype.kind == "c":
            value = np.array(value)
            value.real, value.imag = self.zeros(value.real), self.zeros(value.imag)
            return value
        flip = np.where((value == 0) & (self.rng.random(value.shape) < 0.5), -value, value)
        return flip.astype(value.dtype)

    def sign_of_nan(self, value):
        """A NaN's sign means nothing."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind != "f":
            return value
        flip = np.isnan(value) & (self.rng.random(np.shape(value)) < 0.5)
        return np.where(flip, -value, value).astype(value.dtype)

    def root(self, operands, result):
        """NumPy takes the square root for an exponent of 0.5, but not of its own scalars: they
        differ at minus infinity and minus zero."""
        if len(operands) < 2 or not np.all(np.asarray(operands[1]) == 0.5):
            return result
        base = np.broadcast_to(np.asarray(operands[0]), np.shape(result))
        if base.dtype.kind != "f" or not isinstance(result, (np.ndarray, np.generic)):
            return result
        other = np.sqrt(base) if self.rng.random() < 0.5 else np.abs(base) ** 0.75
        return np.where((base == 0) | (base == -np.inf), other, result).astype(result.dtype)

    def anything(self, value):
        """Which results an operand that is not finite reaches depends on the order of work."""
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fc":
            return np.full_like(value, np.nan) if self.rng.random() < 0.5 else value
        return value

    def lost(self, value):
        """What is not finite after a transform or factorisation depends on its order of work."""
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
            return value
        some = np.array([np.nan, np.inf, -np.inf, 0])[self.rng.integers(4, size=value.shape)]
        if value.dtype.kind == "c":
            some = some * (1 + 1j)
        return np.where(np.isfinite(value), value, some).astype(value.dtype)

    def cast(self, source, result):
        """An open cast: any integer where the float does not fit."""
        if not isinstance(result, (np.ndarray, np.generic)) or result.dtype.kind not in "iu":
            return result
        source = np.asarray(source)
        if source.dtype.kind not in "fc" or source.size != np.size(result):
            return result
        source = source.reshape(np.shape(result))
        info = np.iinfo(result.dtype)
        with np.errstate(all="ignore"):
            real = source.real.astype(np.float64)
            bad = ~((real > float(info.min) - 1) & (real < float(info.max) + (info.bits < 64)))
        if not bad.any():
            return result
        self.used = True
        anything = self.rng.integers(info.min, info.max, size=source.shape, dtype=result.dtype)
        if self.rng.random() < 0.5:
            anything = self.rng.choice(np.array([info.min, 0, info.max], result.dtype), source.shape)
        return np.where(bad, anything, result).astype(result.dtype)


class Calls:
    """What a transformed program calls instead of functions and operators."""

    def __init__(self, noise):
        self.noise = noise

    def call(self, function, *args, **kwargs):
        owner = getattr(function, "__self__", None)
        name = getattr(function, "__name__", "")
        operands = list(args)
        if name == "inplace":
            what = args[0] if isinstance(args[0], str) else getattr(args[0], "__name__", "")
            name = {"at": "add", "sort": "sort"}.get(what, name)
        if isinstance(owner, np.ufunc):
            folds = {"add": "sum", "multiply": "prod"}
            name = owner.__name__ if name in ("outer", "at") else folds.get(
                owner.__name__, owner.__name__)
        elif isinstance(owner, (np.ndarray, np.generic)):
            operands = [owner] + operands
            function = functools.partial(_method, name)
        return self.step(name, function, operands, kwargs)

    def operator(self, name, *operands):
        return self.step(name, OPERATORS[name], list(operands), {})

    def setitem(self, array, key, value):
        array = np.array(array)
        fresh = np.asarray(value)
        if array.dtype.kind in "iu" and fresh.dtype.kind in "fc":
            with np.errstate(all="ignore"):
                value = self.noise.cast(fresh, fresh.astype(array.dtype))
        array[key] = value
        return array

    def step(self, name, function, operands, kwargs):
        noise = self.noise
        if name in EQUALITY:
            operands = noise.meeting(operands)
        result = self.disturbed(name, function, operands, kwargs)
        radius = max(map(noise.radius, operands), default=0.0)
        if name in SUMS or name in families.SUMMING or name in NORMWISE:
            plain = function(*operands, **kwargs)
            result, own = noise.snapped(result, plain)
            radius = max(radius, own)
        if noise.open_zeros:
            result = each(result, noise.zeros)
        noise.note(result, radius)
        return result

    def disturbed(self, name, function, operands, kwargs):
        noise = self.noise
        if name in ("signbit", "copysign"):
            operands = [each(v, noise.sign_of_nan) for v in operands]
        if name in ("round", "around") and np.asarray(operands[0]).dtype.kind in "iu":
            # Tens of integers may pass the largest one: as open as a cast.
            places = kwargs.get("decimals", operands[1] if len(operands) > 1 else 0)
            size = 10.0 ** -min(int(places), 0)
            return noise.cast(
                np.rint(np.asarray(operands[0]) / size) * size, function(*operands, **kwargs))
        if name in EXACT or name in CASTS:
            result = function(*operands, **kwargs)
            if name in CASTS and operands:
                result = noise.cast(operands[0], result)
            return each(result, noise.zeros) if name in ZEROS else result
        if name in NORMWISE:
            # The less a singular matrix moves, the larger its pseudo-inverse may be.
            units = 16 / 2.0 ** noise.rng.integers(0, 9) if name == "pinv" else 4
            moved = [each(v, noise.normwise, units) for v in operands]
            result = function(*moved, **kwargs)
            if name in ("det", "slogdet", "inv", "solve") and noise.rng.random() < 0.5:
                result = singular(name, moved[0], result)
            result = each(each(result, noise.normwise, 4), noise.elementwise, 4)
            if not finite(operands):
                result = each(result, noise.anything)
            return each(result, noise.lost)
        dtype = kwargs.get("dtype")
        if name in SUMS and dtype is not None and np.dtype(dtype).kind in "iu":
            cast = [noise.cast(v, np.asarray(v).astype(dtype)) for v in operands[:1]]
            operands = cast + operands[1:]
        inputs = operands + list(kwargs.values())
        if name in ROUNDED:
            result = function(*operands, **kwargs)
            # Two of three: the rest keep equal elements equal.
            if not is_exact(inputs + [result], 1) and noise.rng.random() < 0.67:
                result = each(result, noise.elementwise, 2)
            return each(result, noise.zeros) if name in ZEROS else result
        count = terms(operands)
        if name == "trapezoid" and as_float(operands[0]) is not operands[0]:
            # Neighbours are added as integers, which wrap; what is rounded is the sum of floats.
            result = function(*operands, **kwargs)
            unit = count * float(np.finfo(np.float64).eps) * float(np.iinfo(np.int64).max)
            noise.used = True
            return result + noise.rng.uniform(-1, 1, size=np.shape(result)) * unit
        if name in SUMS:
            result = function(*operands, **kwargs)
            if result_is_float(result):
                operands = [each(v, as_float) for v in operands]
                inputs = operands + list(kwargs.values())
            if name in PRODUCTS and not finite(operands):
                # Whether an infinity meets a zero or another infinity depends on the order, and
                # BLAS leaves out rows of zeros.
                return each(each(result, noise.anything), noise.lost)
            if name.endswith("prod") and overflows(operands[0]):
                return each(each(result, noise.anything), noise.lost)
            if is_exact(inputs + [result], count):
                return each(result, noise.zeros) if name in ZEROS else result
        elif name in ("power", "pow", "float_power"):
            result = each(function(*operands, **kwargs), noise.elementwise, 5)
            if np.iscomplexobj(result):
                # C leaves infinite parts of complex powers open.
                result = each(result, noise.lost)
            return noise.root(operands, result)
        elif name == "log1p" and any(map(np.iscomplexobj, operands)):
            # NumPy adds 1 first: the real part is off by what that rounds away.
            result = each(function(*operands, **kwargs), noise.elementwise, 5)
            return each(result, noise.off_one)
        elif name == "unwrap":
            # A running sum of corrections is added, which end as what the elements differ by.
            result = function(*operands, **kwargs)
            size = np.max(np.abs(operands[0]), initial=1, where=np.isfinite(operands[0]))
            result = each(result, noise.normwise, min(count, 4096) ** 0.5 * float(size))
            return each(result, noise.lost) if size > 1e18 else result
        elif name not in families.SUMMING:
            return each(function(*operands, **kwargs), noise.elementwise, 5)
        if name not in SUMS and result_is_float(function(*operands, **kwargs)):
            operands = [each(v, integers_as_float) for v in operands]
        if name == "pad" and noise.rng.random() < 0.5 and as_float(operands[0]) is not operands[0]:
            # Integers that floats do not hold: a mean rounded once.
            exact = function(operands[0].astype(np.longdouble), *operands[1:], **kwargs)
            noise.used = True
            return np.rint(exact).astype(operands[0].dtype)
        units = 4 + min(count, 4096) ** 0.5
        if any(isinstance(v, (np.ndarray, np.generic)) and v.dtype == np.float16 for v in operands):
            units = 4 + 0.5 * min(count, 64)
        # Next to the disturbed sums stands the one rounded once, which may be zero where all differ.
        moved = operands
        if noise.rng.random() < 0.75:
            moved = [each(v, noise.elementwise, units) for v in operands]
        result = function(*moved, **kwargs)
        if moved is operands or noise.rng.random() < 0.5:
            result = wide(function, moved, kwargs, result)
        result = each(result, noise.elementwise, 4)
        if name in PRODUCTS or np.iscomplexobj(result):
            # After an overflow parts are infinite or NaN as the order has it.
            result = each(result, noise.lost)
        return each(result, noise.zeros)


def _method(name, owner, *args, **kwargs):
    return getattr(owner, name)(*args, **kwargs)


OPERATORS = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "true_divide": operator.truediv, "floor_divide": operator.floordiv,
    "remainder": operator.mod, "power": operator.pow, "matmul": operator.matmul,
    "left_shift": operator.lshift, "right_shift": operator.rshift, "bitwise_and": operator.and_,
    "bitwise_or": operator.or_, "bitwise_xor": operator.xor, "negative": operator.neg,
    "positive": operator.pos, "invert": operator.invert, "equal": operator.eq,
    "not_equal": operator.ne}
