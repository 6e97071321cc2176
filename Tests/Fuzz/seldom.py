"""Argument words of calls that are rare, questions about random numbers, and bfloat16."""

import numpy as np

import values


class Seldom:
    """Part of `Arguments`."""

    def wide(self):
        """A dtype that the first array converts to within its kind."""
        value = self.first.value
        fitting = [d for d in values.DTYPES if np.can_cast(value.dtype, d, "same_kind")]
        return str(self.pick(fitting))

    def small_other(self):
        return self.leaf(self.shape(0, 1), self.first.value.dtype.name).text \
            if self.first.value.size < 300 else None

    def cuts(self):
        shape = self.first.value.shape
        if not shape or 0 in shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = self.extent()
        return repr([int(i) for i in self.rng.integers(0, n, size=int(self.rng.integers(1, 4)))])

    def octets(self):
        self.first = self.leaf(self.shape(1, 3), "uint8" if self.chance(0.8) else "bool")
        return self.first.text

    def flat1(self):
        return self.leaf(self.shape(1, 1), "int64", low=0, high=4).text

    def tensor6(self):
        self.first = self.leaf((2, 3, 6), "float64")
        return self.first.text

    def tensorside(self):
        return self.leaf((2, 3), self.pick(("float64", "float32"))).text

    def weights1(self):
        return f"abs({self.leaf((self.first.value.shape[1],), 'float64').text}) + 1" \
            if self.first.value.ndim == 2 else None

    def frequencies(self):
        return self.leaf((self.first.value.shape[1],), "int64", low=1, high=4).text \
            if self.first.value.ndim == 2 else None

    def samples(self):
        self.first = self.leaf((int(self.rng.integers(0, 9)), int(self.rng.integers(1, 4))), "float64")
        return self.first.text

    def sameweights(self):
        return f"abs({self.leaf(self.first.value.shape, 'float64').text})"

    def twoaxes(self):
        n = self.first.value.ndim
        if n < 2:
            return None
        return repr(tuple(int(a) for a in self.rng.permutation(n)[:2]))

    def twonew(self):
        n = self.first.value.ndim + 2
        return repr(tuple(int(a) for a in self.rng.permutation(n)[:2]))

    def bothaxes(self):
        return repr(tuple(int(a) for a in self.rng.permutation(self.first.value.ndim)[:2])) \
            if self.first.value.ndim >= 2 else None

    def lastaxes(self):
        return "(-2, -1)" if self.first.value.ndim >= 2 else "(-1,)" if self.first.value.ndim else None

    def positives(self):
        n = min(self.first.value.ndim, 2)
        return repr(tuple(int(i) for i in self.rng.integers(1, 6, size=n))) if n else None

    def positives2(self):
        return repr(tuple(int(i) for i in self.rng.integers(1, 6, size=2)))

    def positions(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        n = self.extent()
        count = int(self.rng.integers(0, 4))
        return repr([int(i) for i in self.rng.integers(-n, n, size=count)]) if n else None

    def slicetext(self):
        shape = self.first.value.shape
        if not shape:
            return None
        self.fixed_axis = int(self.rng.integers(len(shape)))
        return self.pick(("s_[1:]", "s_[::2]", "s_[0:2]", "s_[:1:-1]"))

    def twomasks(self):
        text = self.first.text
        return f"[{text} < 0, {text} >= 1]"

    def nothing(self):
        return "None"

    # MARK: random numbers

    DRAWS = (
        "random", "standard_normal", "standard_exponential", "normal(0.5, 2.0", "uniform(-1.0, 3.0",
        "exponential(2.0", "gamma(2.5, 1.5", "beta(2.0, 3.0", "binomial(10, 0.3", "poisson(3.5",
        "integers(-5, 9", "geometric(0.4", "laplace(1.0, 2.0", "gumbel(0.0, 1.0", "logistic(0.0, 1.0",
        "lognormal(0.0, 0.5", "rayleigh(2.0", "triangular(-1.0, 0.5, 2.0", "weibull(1.5",
        "vonmises(0.5, 4.0", "chisquare(3.0", "hypergeometric(10, 7, 5", "negative_binomial(5, 0.5")

    def drawn(self):
        """A question about random numbers whose answer is the same for all of them."""
        draw = self.pick(self.DRAWS)
        draw += "(" if "(" not in draw else ", "
        seed = int(self.rng.integers(1, 1000))
        made = f"random.default_rng({seed}).{draw}"
        if self.chance(0.6):
            return f"{made}size={self.shape(0, 3)!r}).{self.pick(('shape', 'dtype', 'ndim'))}"
        with np.errstate(all="ignore"):
            many = eval(f"np.random.default_rng(1).{draw}size=40000)")
        low = float(many.mean() - 0.25 * many.std())
        high = float(many.mean() + 0.25 * many.std())
        return f"({low!r} < mean({made}size=4000))) & (mean({made}size=4000)) < {high!r})"

    # MARK: bfloat16

    BRAINS = (
        "{x} + {y}", "{x} - {y}", "{x} * {y}", "{x} / {y}", "-{x}", "abs({x})", "sqrt({x})", "square({x})",
        "maximum({x}, {y})", "minimum({x}, {y})", "floor({x})", "ceil({x})", "trunc({x})", 
        "{x} + 3", "where({x} < {y}, {x}, {y})", "concatenate([{x}, {y}])", "{x}[::-2]", "sort({x})",
        "copysign({x}, {y})", "({x} + {y}).reshape((-1, 1)) * {x}", "max({x})", "min({x})",
        "roll({x}, 2)", "{x} + asarray([0.5], dtype=float32)", "take({x}, [0, -1])", "flip({x})")

    def brain(self):
        """Arithmetic of bfloat16 as float32, which holds all of its values."""
        count = int(self.rng.integers(1, 9))

        def array():
            numbers = values.elements(self.rng, "float32", count, self.style)
            # Which zero is meant is open, and what bfloat16 does not hold is zero.
            numbers = np.where(np.abs(numbers) < 1e-35, np.float32(1.5), numbers)
            return f"astype({self.assign(values.literal(numbers), numbers).text}, bfloat16)"

        text = self.pick(self.BRAINS).format(x=array(), y=array())
        return f"astype({text}, float32)" if self.chance(0.8) else f"{text} == {text}"
