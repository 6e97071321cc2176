"""The argument words of `families`: each is a method that gives a text, or None to give up."""

import numpy as np

import values
from seldom import Seldom


def kinds(letters):
    """The dtype kinds that the letters of a word allow."""
    if not letters:
        return "biufc"
    if letters == "r":
        return "biuf"
    if letters == "n":
        return "iufc"
    return "".join({"i": "iu"}.get(c, c) for c in letters)


def is_tame(value):
    """Whether a matrix is small, finite and of moderate size: NumPy's own svd loops on others."""
    if value.size > 400 or value.dtype.kind not in "fciub" or value.dtype == np.float16:
        return False
    size = np.abs(value.astype(complex))
    return bool(np.all(np.isfinite(size)) and np.all(size < 1e6) and np.all(
        (size == 0) | (size > 1e-6)))


class Arguments(Seldom):
    """Texts of arguments, chosen by what the first array is.

    Subclasses give `array(kinds, accepts)`, `leaf(shape, dtype)` and `rng`.
    """

    # MARK: arrays

    def x(self, letters=""):
        self.first = self.array(kinds(letters), lambda v: True)
        return self.first and self.first.text

    def first_text(self):
        return self.first.text

    def _first(self, letters, accepts, shape):
        self.first = self.array(kinds(letters), accepts)
        if self.first is None:
            self.first = self.leaf(shape(), self.dtype(kinds(letters)))
        return self.first.text if accepts(self.first.value) else None

    def m(self, letters=""):
        return self._first(letters, lambda v: v.ndim >= 2, lambda: self.shape(2, 4))

    def small_matrix(self, letters=""):
        return self._first(
            letters, lambda v: v.ndim >= 2 and is_tame(v), lambda: self.shape(2, 3))

    def m2(self, letters=""):
        return self._first(
            letters, lambda v: v.ndim == 2 and is_tame(v), lambda: self.shape(2, 2))

    def v(self, letters=""):
        if letters == "counts":
            return self.leaf(self.shape(1, 1), "int64", low=0, high=9).text
        if letters == "fsame":
            return self.leaf((self.edge_count,), "float64").text
        return self._first(letters, lambda v: v.ndim == 1, lambda: self.shape(1, 1))

    def vm(self, letters=""):
        return self._first(letters, lambda v: v.ndim in (1, 2), lambda: self.shape(1, 2))

    def square(self, letters=""):
        def shape():
            n = int(self.rng.integers(0 if self.chance(0.05) else 1, 6))
            return (self.shape(0, 2) if self.chance(0.3) else ()) + (n, n)
        return self._first(
            letters, lambda v: v.ndim >= 2 and v.shape[-1] == v.shape[-2] and is_tame(v),
            shape)

    def spd(self):
        self.first = None
        text = self.square("f")
        if text is None:
            return None
        n = self.first.value.shape[-1]
        return f"({text}) @ ({text}).mT + {n} * eye({n})"

    def hermitian(self):
        text = self.square("f")
        return text and f"({text}) + ({text}).mT"

    def three(self):
        dtype = self.dtype("iufc")
        self.first = self.leaf(self.shape(0, 2) + (3,), dtype)
        return self.first.text

    def threesame(self):
        shape = self.first.value.shape
        return self.leaf(shape[int(self.rng.integers(len(shape))):] or shape, self.dtype("iufc")).text

    def y(self, letters=""):
        """An array or number that broadcasts with the first."""
        shape = self.first.value.shape
        if self.chance(0.25):
            return self.number()
        def fits(value):
            try:
                return np.broadcast_shapes(shape, value.shape) is not None
            except ValueError:
                return False
        if self.chance(0.6):
            found = self.array(kinds(letters), fits)
            if found is not None:
                return found.text
        kept = list(shape[int(self.rng.integers(0, len(shape) + 1)):] if self.chance(0.4) else shape)
        kept = [1 if self.chance(0.15) else n for n in kept]
        return self.leaf(tuple(kept), self.dtype(kinds(letters))).text

    def z(self, letters=""):
        """An array of the first's shape."""
        shape = self.first.value.shape
        found = self.array(kinds(letters), lambda v: v.shape == shape) if self.chance(0.6) else None
        return (found or self.leaf(shape, self.dtype(kinds(letters)))).text

    def vsame(self):
        return self.leaf(self.first.value.shape, "float64").text

    def inner(self):
        n = self.first.value.shape[-1]
        head = self.first.value.shape[:-2] if self.chance(0.5) else ()
        return self.leaf(head + (n, int(self.rng.integers(1, 6))), self.dtype("bfiuc")).text

    def vinner(self):
        return self.leaf((self.first.value.shape[-1],), self.dtype("fic")).text

    def vouter(self):
        second = self.array("fiubc", lambda v: v.ndim >= 2) or self.leaf(self.shape(2, 3), "float64")
        text = self.leaf((second.value.shape[-2],), self.dtype("fic")).text
        self.first = second
        return text

    def dotwith(self):
        shape = self.first.value.shape
        if not shape:
            return self.y()
        tail = (shape[-1],) if self.chance(0.4) else (shape[-1], int(self.rng.integers(1, 5)))
        return self.leaf(tail, self.dtype("bfiuc")).text

    def sameaxis(self):
        shape = self.first.value.shape
        return self.leaf(self.shape(0, 1) + (shape[-1],) if shape else (), self.dtype("fi")).text

    def tensorwith(self):
        shape = self.first.value.shape
        return self.leaf(shape[-2:] + self.shape(0, 1), self.dtype("fic")).text if len(shape) > 1 else None

    def tensorother(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.pair = int(self.rng.integers(len(shape)))
        return self.leaf((shape[self.pair], int(self.rng.integers(1, 4))), self.dtype("fi")).text

    def tensoraxes(self):
        return f"([{self.pair}], [0])"

    def chain(self):
        extents = [int(n) for n in self.rng.integers(1, 6, size=int(self.rng.integers(3, 6)))]
        items = [self.leaf((a, b), "float64").text for a, b in zip(extents, extents[1:])]
        return "[" + ", ".join(items) + "]"

    def rhs(self):
        shape = self.first.value.shape
        return self.leaf(shape[:-2] + (shape[-1], int(self.rng.integers(1, 4))),
                         self.pick(("float64", "float32"))).text

    def samelist(self):
        text = self.x()
        others = [self.z() for _ in range(int(self.rng.integers(1, 3)))] if self.first else []
        return text and "[" + ", ".join([text] + others) + "]"

    zlist = samelist

    def vlist(self):
        text = self._first("", lambda v: v.ndim in (1, 2), lambda: self.shape(1, 2))
        return text and f"[{text}, {self.z()}]"

    # MARK: masks and indices

    def condition(self):
        found = self.array("b", lambda v: True)
        self.first = found or self.leaf(self.shape(0, 3), "bool")
        return self.first.text

    def mask(self):
        if self.first is None:
            text = self.x()
            return f"({text}) != {self.number()}" if text else None
        return self.leaf(self.first.value.shape, "bool").text

    def maskseldom(self):
        return self.mask() if self.chance(0.15) else None

    def mask1(self):
        n = int(self.rng.integers(1, 6))
        self.first = self.leaf((n,) + self.shape(0, 2), self.dtype("biufc"))
        self.fixed_axis = 0
        return self.leaf((n,), "bool").text

    def extent(self):
        shape = self.first.value.shape
        return shape[self.fixed_axis] if shape else 1

    def index(self):
        """Positions along an axis that `axis` then names."""
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = shape[self.fixed_axis]
        if n == 0:
            return None
        if self.chance(0.3):
            return str(int(self.rng.integers(-n, n)))
        return self.leaf(self.shape(1, 2), "int64", low=-n, high=n).text

    def flatindex(self):
        if self.first is None:
            self.first = self.leaf(self.shape(1, 3), "float64")
        n = self.first.value.size
        return self.leaf(self.shape(0, 2), "int64", low=0, high=n).text if n else None

    def along(self):
        shape = self.first.value.shape
        if not shape or 0 in shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = shape[self.fixed_axis]
        extents = list(shape)
        extents[self.fixed_axis] = int(self.rng.integers(1, 4))
        return self.leaf(tuple(extents), "int64", low=-n, high=n).text

    def choosers(self):
        self.first = self.leaf(self.shape(1, 2), "int64", low=0, high=2)
        return self.first.text

    def choices(self):
        return f"[{self.z()}, {self.z()}]"

    def conditions(self):
        self.first = self.leaf(self.shape(1, 2), "bool")
        return f"[{self.first.text}, {self.leaf(self.first.value.shape, 'bool').text}]"

    def multiindex(self):
        shape = self.shape(1, 1)
        self.dims_text = "(5, 7)"
        parts = [self.leaf(shape, "int64", low=0, high=5).text for _ in range(2)]
        return "(" + ", ".join(parts) + ")"

    def dims(self):
        return self.dims_text

    def sorted1(self):
        return f"sort({self.leaf(self.shape(1, 1), self.dtype('iuf')).text})"

    def keys(self):
        shape = self.shape(1, 1)
        self.first = self.leaf(shape, "int64", low=0, high=3)
        return f"({self.first.text}, {self.leaf(shape, self.dtype('iuf')).text})"

    def edges(self):
        return self.pick(["[0.0, 1.0, 2.5]", "asarray([-2, 0, 3])", "[2.0, 1.0, -1.0]", "[0.5]"])

    def increasing(self):
        self.edge_count = int(self.rng.integers(1, 6))
        steps = np.cumsum(self.rng.integers(1, 5, size=self.edge_count)) - 8
        return f"asarray({[float(s) / 2 for s in steps]})"

    def weights(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        return f"abs({self.leaf((self.extent(),), 'float64').text}) + 1"

    # MARK: axes and shapes

    def axis(self):
        n = self.first.value.ndim if self.first else 1
        if self.fixed_axis is not None:
            axis = self.fixed_axis
            return str(axis - n if self.chance(0.3) and n else axis)
        if n == 0:
            return self.pick(["0", "-1", "None"])
        return str(int(self.rng.integers(-n - (self.chance(0.01)), n + self.chance(0.01))))

    def axes(self):
        n = self.first.value.ndim
        if self.chance(0.6) or n < 2:
            return self.axis()
        count = int(self.rng.integers(0, n + 1))
        chosen = [int(a) for a in self.rng.permutation(n)[:count]]
        return repr(tuple(a - n if self.chance(0.3) else a for a in chosen))

    def axeslist(self):
        n = self.first.value.ndim
        chosen = [int(a) for a in self.rng.permutation(n)[: int(self.rng.integers(1, n + 1))]] if n else []
        return repr(tuple(chosen))

    def newaxis(self):
        n = self.first.value.ndim if self.first else 1
        return str(int(self.rng.integers(-n - 1, n + 1)))

    def unitaxis(self):
        units = [a for a, n in enumerate(self.first.value.shape) if n == 1]
        return str(self.pick(units)) if units else None

    def permutation(self):
        return repr(tuple(int(a) for a in self.rng.permutation(self.first.value.ndim)))

    def newshape(self):
        size = self.first.value.size
        if size == 0:
            return self.pick(["(0,)", "(0, 3)", "(2, 0)", "-1"])
        extents = []
        rest = size
        while len(extents) < 4 and (rest > 1 or self.chance(0.3)):
            factor = self.pick([d for d in range(1, rest + 1) if rest % d == 0][:12])
            extents.append(factor)
            rest //= factor
        extents.append(rest)
        if self.chance(0.3):
            extents[int(self.rng.integers(len(extents)))] = -1
        if self.chance(0.02):
            extents[-1] = 7
        return repr(tuple(extents))

    def bigger(self):
        shape = tuple(int(self.rng.integers(1, 4)) if n == 1 else n for n in self.first.value.shape)
        return repr(self.shape(0, 1) + shape)

    def tuple_of(self, low, high, extent):
        return repr(tuple(int(self.rng.integers(extent)) for _ in range(int(self.rng.integers(low, high + 1)))))

    def smallshape(self):
        return self.tuple_of(1, 3, 4)

    def shapeofx(self):
        shape = self.first.value.shape if self.first else self.shape(1, 3)
        return repr(shape)

    def shape_text(self):
        return repr(self.shape(0, 3))

    def sections(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = shape[self.fixed_axis]
        if self.chance(0.5):
            return str(self.pick([d for d in range(1, n + 2) if n % d == 0] or [1]))
        return repr(sorted(int(i) for i in self.rng.integers(0, n + 2, size=2)))

    def reps(self):
        return self.pick(["2", "(2, 1)", "(1, 3)", "(2, 1, 2)", "0", "(1,)"])

    def repeats(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        return repr([int(n) for n in self.rng.integers(0, 4, size=self.extent())])

    def position(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = self.extent()
        return str(int(self.rng.integers(-n, n))) if n else None

    def padding(self):
        n = self.first.value.ndim
        if n == 0 or self.chance(0.3):
            return str(int(self.rng.integers(0, 3)))
        return repr(tuple((int(a), int(b)) for a, b in self.rng.integers(0, 4, size=(n, 2))))

    # MARK: numbers and choices

    def number(self):
        pool = ["0", "1", "2", "-1", "3", "0.5", "-2.5", "2.0", "1.25", "True"]
        if self.style == "special":
            pool += ["inf", "nan", "-inf", "-0.0", "127", "255", "1e30", "-128", "300"]
        if self.style == "normal":
            pool += ["0.1", "3.7", "-1.3", "1e-3", "pi"]
        if self.chance(0.04):
            pool = ["2j", "(1+1j)"]
        return self.pick(pool)

    def numberseldom(self):
        return self.pick(["0", "1", "2.5", "-3"]) if self.chance(0.2) else None

    def small(self):
        return self.pick(["2", "3", "0", "1", "0.5", "-1", "2.0", "-0.5", "4"]) \
            if self.chance(0.7) else self.y()

    def bound(self):
        return self.pick(["-1", "0", "2", "1.5", "None", "3"])

    def shift(self):
        return self.pick(["0", "1", "3", "7", "40", "64"])

    def exponent(self):
        return self.pick(["2", "-3", "0", "10"])

    def fraction(self):
        return self.pick(["0.5", "2.0", "3", "1.5", "10.0", "0.1", "7.25"])

    def step(self):
        return self.pick(["2", "-1", "1", "3", "0.5"])

    def dtype(self, allowed="biufc"):
        names = [d for d in values.DTYPES if np.dtype(d).kind in allowed]
        weights = np.array([values.WEIGHTS.get(d, 1.0) for d in names])
        return str(self.rng.choice(names, p=weights / weights.sum()))

    def dtype_word(self):
        return self.dtype()

    def dtypeseldom(self):
        return self.dtype("iufc") if self.chance(0.2) else None

    def equal(self, n):
        return None

    def matrixord(self):
        return self.pick(["1", "-1", "2", "-2", "inf", "-inf", "'fro'", "'nuc'"])

    def vectorord(self):
        return self.pick(["1", "2", "inf", "-inf", "0", "3", "0.5", "-1"])

    def bins(self):
        return self.pick(["3", "5", "[0.0, 1.0, 2.0]", "10", "[-3.0, -1.0, 0.25, 4.0]"])

    def q(self):
        return self.pick(["0.5", "0.25", "[0.0, 0.1, 1.0]", "[[0.25, 0.75]]", "0.9"])

    def percent(self):
        return self.pick(["50", "25.0", "[0, 10, 100]", "90"])

    def quantilemethod(self):
        return repr(self.pick(["linear", "lower", "higher", "midpoint", "nearest", "hazen",
                               "weibull", "median_unbiased", "inverted_cdf"]))

    CHOICES = {
        "samekind": ["'same_kind'"], "unsafe": ["'unsafe'"], "inverted": ["'inverted_cdf'"],
        "quantile1": ["0.5", "0.25", "0.9"], "tolerance": ["0.1", "1e-3", "1e-8"],
        "two": ["2"], "last": ["-1"], "triangle": ["'L'", "'U'"],
        "bitorder": ["'big'", "'little'"], "bins1": ["2", "3"], "twoshifts": ["(1, -2)", "(2, 3)"],
        "padstat": ["'mean'", "'maximum'", "'minimum'"], "oddmode": ["'reflect'", "'symmetric'"],
        "odd": ["'odd'", "'even'"], "ramp": ["'linear_ramp'"], "twonumbers": ["[1.0, -2.5]", "[0, 3, 1.5]"],
        "places": ["0", "1", "2", "5"], "real": ["0", "1.5", "-2"],
        "digits": ["0", "1", "2", "3", "-1"], "flag": ["True", "False"], "yes": ["True"],
        "casting": ["'safe'", "'same_kind'", "'unsafe'", "'equiv'", "'no'"],
        "kind": ["'integral'", "'real floating'", "'numeric'", "'bool'", "'complex floating'",
                 "'signed integer'", "'unsigned integer'"],
        "dtypeobject": ["np.float32", "np.int8", "np.uint16", "np.complex64", "np.bool"],
        "correction": ["0", "1", "2", "0.5"], "order": ["1", "2"], "range": ["(-2, 3)", "(0.0, 1.5)"],
        "mode": ["'raise'", "'wrap'", "'clip'"], "side": ["'left'", "'right'"],
        "stablekind": ["'stable'"], "order2": ["'C'", "'F'"], "turns": ["1", "2", "3", "-1"],
        "offset": ["0", "1", "-1", "2", "-3"], "trim": ["'f'", "'b'", "'fb'"],
        "padmode": ["'edge'", "'reflect'", "'symmetric'", "'wrap'", "'constant'", "'mean'",
                    "'maximum'", "'minimum'", "'median'", "'linear_ramp'"],
        "shiftby": ["1", "-1", "2", "5", "0"], "power": ["0", "1", "2", "3", "-1"],
        "norm": ["'ortho'", "'forward'", "'backward'"], "positive": ["1", "2", "3", "4", "6", "9"],
        "convolvemode": ["'full'", "'same'", "'valid'"], "xyij": ["'xy'", "'ij'"],
        "count": ["0", "1", "5", "-3", "9", "2"], "separator": ["', '", "' '"],
        "condorder": ["1", "2", "'fro'", "inf"]}
