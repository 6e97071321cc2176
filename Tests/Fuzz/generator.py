"""Random programs, built value by value with NumPy's answers at hand."""

import numpy as np

import families
import values
from arguments import Arguments


class Value:
    """An expression and what it is."""

    __slots__ = ("text", "value", "names", "size")

    def __init__(self, text, value, names=(), size=1):
        self.text, self.value, self.names, self.size = text, value, frozenset(names), size


FAMILY_NAMES = list(families.FAMILIES)
FAMILY_WEIGHTS = np.array([families.FAMILIES[f][1] for f in FAMILY_NAMES], float)
FAMILY_WEIGHTS /= FAMILY_WEIGHTS.sum()
LINES = {f: families.lines(f) for f in FAMILY_NAMES}
LARGEST = 30_000
LONGEST = 6_000


class Generator(Arguments):
    """Makes programs one after the other; the same seed gives the same ones."""

    def __init__(self, seed, reference, pool, only=None):
        self.rng = np.random.default_rng(seed)
        self.reference, self.pool = reference, pool
        self.family_names = [f for f in FAMILY_NAMES if not only or f in only]
        weights = np.array([families.FAMILIES[f][1] for f in self.family_names], float)
        self.family_weights = weights / weights.sum()

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def shape(self, low, high):
        rank = int(self.rng.integers(low, high + 1))
        if high > 1 and self.chance(0.05):
            rank = max(rank, int(self.rng.integers(low, 6)))
        extents, size = [], 1
        for _ in range(rank):
            n = 0 if self.chance(0.03) else int(self.pick((1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 17, 33)))
            n = min(n, max(1, 256 // max(size, 1)))
            extents.append(n)
            size *= n
        return tuple(extents)

    # MARK: values

    def leaf(self, shape, dtype, low=None, high=None):
        """A new array, as a literal in a statement of its own or in place."""
        shape = tuple(int(n) for n in shape)
        count = int(np.prod(shape, dtype=np.int64))
        if count > 512:
            text, array = self.formula(shape, dtype)
        elif low is not None:
            array = self.rng.integers(low, max(high, low + 1), size=shape).astype(dtype)
            text = values.literal(array)
        else:
            array = values.elements(self.rng, dtype, count, self.style).reshape(shape)
            text = values.literal(array)
        if len(text) < 24 or (self.chance(0.2) and len(text) < 80):
            return Value(text, array)
        return self.assign(text, array)

    def formula(self, shape, dtype):
        """A large array by arithmetic."""
        a, b, c = int(self.rng.integers(3, 60)) * 2 + 1, int(self.rng.integers(5, 120)), \
            int(self.rng.integers(0, 20))
        count = int(np.prod(shape))
        text = f"astype((arange({count}) * {a} % {b} - {c}).reshape({shape!r}), {dtype})"
        return text, ((np.arange(count) * a % b - c).reshape(shape)).astype(dtype)

    def assign(self, text, value):
        name = f"a{self.count}"
        self.count += 1
        self.statements.append(f"{name} = {text}")
        self.scope[name] = value
        result = Value(name, value, {name})
        if isinstance(value, (np.ndarray, np.generic)):
            self.known.append(result)
        return result

    def array(self, kinds, accepts):
        """A value made before, the latest ones first; sometimes a new one."""
        fitting = [v for v in self.known
                   if v.value.dtype.kind in kinds and accepts(v.value) and len(v.text) < 400]
        if fitting and not self.chance(0.1):
            index = len(fitting) - 1 - min(int(self.rng.exponential(2.0)), len(fitting) - 1)
            return fitting[index]
        if self.large and self.chance(0.5):
            found = [Value(n, a, {n}) for n, a in self.pool.items()
                     if a.dtype.kind in kinds and accepts(a)]
            if found:
                return self.pick(found)
        leaf = self.leaf(self.shape(0, 4), self.dtype(kinds))
        return leaf if accepts(leaf.value) else None

    # MARK: programs

    def program(self):
        """A program as a list of statements; the last is an expression."""
        while True:
            self.statements, self.scope, self.known, self.count = [], {}, [], 0
            self.style = self.pick(("exact", "exact", "normal", "normal", "special"))
            self.large = self.chance(0.08)
            depth = 1 + min(int(self.rng.exponential(6.0)), 49)
            failed = None
            for _ in range(depth):
                failed = self.step()
                if failed is not None:
                    break
            if failed is not None:
                return self.statements + [failed]
            made = [v for v in self.known if v.size > 1] or self.known
            if not made:
                continue
            outputs = [made[-1]]
            for _ in range(int(self.rng.integers(0, 3))):
                outputs.append(self.pick(made))
            texts = list(dict.fromkeys(v.text for v in outputs))
            last = texts[0] if len(texts) == 1 else "(" + ", ".join(texts) + ")"
            if sum(map(len, self.statements)) + len(last) > 20_000:
                continue
            return self.statements + [last]

    def step(self):
        """Adds a value; gives the failing expression when the program is to end in an error."""
        for _ in range(8):
            saved = (len(self.statements), len(self.known), dict(self.scope), self.count)
            self.first, self.fixed_axis = None, None
            text = self.expression()
            if text is None or len(text) > LONGEST:
                self.restore(saved)
                continue
            try:
                value = self.evaluate(text)
            except (MemoryError, RecursionError):
                self.restore(saved)
                continue
            except Exception:
                if self.chance(0.04):
                    return text
                self.restore(saved)
                continue
            if not self.keep(text, value):
                self.restore(saved)
                continue
            return None
        return None

    def restore(self, saved):
        statements, known, self.scope, self.count = saved
        del self.statements[statements:]
        del self.known[known:]

    def evaluate(self, text):
        scope = dict(self.reference.scope)
        scope.update(self.scope)
        with np.errstate(all="ignore"):
            return eval(text, scope)

    def keep(self, text, value):
        """Puts the value among those to build on."""
        if isinstance(value, (list, tuple)):
            if not value or not all(isinstance(v, (np.ndarray, np.generic)) for v in value):
                return self.finish(text, value)
            if sum(v.size for v in value) > LARGEST or len(value) > 6:
                return False
            names = [f"a{self.count + i}" for i in range(len(value))]
            self.count += len(value)
            self.statements.append(f"{', '.join(names)}{',' if len(names) == 1 else ''} = {text}")
            for name, item in zip(names, value):
                self.scope[name] = item
                self.known.append(Value(name, item, {name}, 2))
            return True
        if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "biufc":
            return self.finish(text, value)
        if value.size > LARGEST:
            return False
        if self.chance(0.07) and value.ndim > 0:
            made = self.assign(text, value)
            made.size = 2
            return self.store(made)
        if len(text) > 60 or self.chance(0.4):
            self.assign(text, value).size = 2
            return True
        names = {n for n in self.scope if n in text}
        self.known.append(Value(f"({text})", value, names, 2))
        return True

    def finish(self, text, value):
        """Results that are no arrays are worth a program now and then."""
        if not self.chance(0.3):
            return False
        self.assign(text, value).size = 2
        return True

    def store(self, made):
        """An assignment to elements, or in place."""
        name, array = made.text, made.value
        statement = self.in_place(made) if self.chance(0.25) else None
        if statement is not None:
            pass
        elif self.chance(0.4):
            operator = self.pick(("+=", "-=", "*=", "&=", "|=", "//=", "/=", "**=", "%="))
            self.first = made
            statement = f"{name} {operator} {self.y()}"
        else:
            self.first = made
            key = self.key(array)
            sub = self.try_value(f"{name}[{key}]")
            if sub is None:
                return True
            if self.chance(0.5) or sub.size > 64 or not isinstance(sub, np.ndarray):
                value = self.number()
            else:
                value = self.leaf(sub.shape, self.dtype()).text
            statement = f"{name}[{key}] {'=' if self.chance(0.8) else '+='} {value}"
        try:
            result = self.reference.run("; ".join(self.statements + [statement, name]))
        except Exception:
            return True
        if not isinstance(result, (np.ndarray, np.generic)):
            return True
        self.statements.append(statement)
        self.scope[name] = result
        self.known = [v for v in self.known if name not in v.names]
        self.known.append(Value(name, result, {name}, 2))
        return True

    def in_place(self, made):
        """A call that writes into its array in NumPy; in scripts its variable stands for the result."""
        name, array = made.text, made.value
        self.first = made
        n = array.size
        match int(self.rng.integers(6)):
            case 0 if n:
                indices = self.leaf(self.shape(1, 1), "int64", low=-n, high=n).text
                return f"put({name}, {indices}, {self.number()})"
            case 1:
                return f"place({name}, {self.leaf(array.shape, 'bool').text}, [{self.number()}, 2])"
            case 2 if array.ndim >= 2:
                return f"fill_diagonal({name}, {self.number()})"
            case 3 if array.dtype.kind != "c":
                return f"{name}.sort(axis={self.axis()})"
            case 4 if array.ndim and 0 not in array.shape:
                self.fixed_axis = None
                indices = self.along()
                return f"put_along_axis({name}, {indices}, {self.number()}, axis={self.fixed_axis})"
            case 5 if array.ndim and len(array):
                indices = self.leaf((3,), "int64", low=-len(array), high=len(array)).text
                value = self.number() if array.dtype.kind in "fc" else self.pick(("1", "3"))
                return f"add.at({name}, {indices}, {value})"
        return None

    def try_value(self, text):
        try:
            return self.evaluate(text)
        except Exception:
            return None

    # MARK: expressions

    def expression(self):
        if self.chance(0.16):
            return self.operation()
        if self.chance(0.12):
            return self.indexed()
        family = self.family_names[int(self.rng.choice(len(self.family_names), p=self.family_weights))]
        line = self.pick(LINES[family])
        if family == "whole":
            return self.whole(line)
        if family == "random":
            return self.drawn()
        if family == "brain":
            return self.brain() if "bfloat16" in self.reference.scope else None
        return self.call(line)

    def word(self, word):
        name, _, letters = word.partition(".")
        if name in self.CHOICES:
            return self.pick(self.CHOICES[name])
        name = {"shape": "shape_text", "first": "first_text"}.get(name, name)
        method = getattr(self, name)
        return method(letters) if letters else method()

    def call(self, line):
        name, words = line[0], line[1:]
        arguments = []
        for word in words:
            if word.endswith("?"):
                if self.chance(0.5):
                    continue
                word = word[:-1]
                optional = True
            else:
                optional = False
            keyword, _, kind = word.rpartition("=")
            text = self.word(kind or word)
            if text is None:
                if optional or keyword:
                    continue
                return None
            arguments.append(f"{keyword}={text}" if keyword else text)
        if name.startswith("."):
            receiver = arguments.pop(0)
            if not receiver.isidentifier():
                receiver = f"({receiver})"
            if name in (".T", ".mT", ".real", ".imag"):
                return receiver + name
            return f"{receiver}{name}({', '.join(arguments)})"
        return f"{name}({', '.join(arguments)})"

    OPERATORS = ("+", "-", "*", "/", "+", "-", "*", "//", "%", "**", "<", "<=", ">", ">=", "==",
                 "!=", "&", "|", "^", "<<", ">>")

    def operation(self):
        symbol = self.pick(self.OPERATORS)
        letters = {"&": "bi", "|": "bi", "^": "bi", "<<": "i", ">>": "i", "//": "r", "%": "r", "**": "iufc"}.get(
            symbol, "n" if symbol == "-" else "")
        if self.chance(0.12):
            text = self.x("bi" if symbol in "&|" else "n")
            return text and f"{'~' if symbol in '&|' else '-'}{text}"
        left = self.x(letters)
        if left is None:
            return None
        right = self.small() if symbol == "**" else self.shift() if symbol in ("<<", ">>") \
            else self.y(letters)
        if symbol in ("<", ">", "==") and self.chance(0.2):
            return f"where({left} {symbol} {right}, {self.y()}, {left})"
        if self.chance(0.3):
            left, right = right, left
        return f"{left} {symbol} {right}"

    def indexed(self):
        text = self.x()
        if text is None:
            return None
        return f"{text}[{self.key(self.first.value)}]"

    def bound_of(self, n):
        return "" if self.chance(0.4) else str(int(self.rng.integers(-n - 2, n + 3)))

    def key(self, array):
        """A key: integers, slices, new axes, an ellipsis, integer arrays, masks."""
        if self.chance(0.12):
            if self.chance(0.5):
                return self.leaf(array.shape, "bool").text
            return f"{self.first.text} {self.pick(('>', '<', '!=', '>='))} {self.pick(('0', '1', '0.5'))}"
        items, rest = [], list(array.shape)
        lists = None
        while rest and not self.chance(0.12):
            n = rest.pop(0)
            kind = self.rng.random()
            if kind < 0.2 and n:
                items.append(str(int(self.rng.integers(-n, n))))
            elif kind < 0.68:
                step = self.pick(("", "", ":", ":1", ":2", ":-1", ":-2", ":3", ":-3"))
                items.append(f"{self.bound_of(n)}:{self.bound_of(n)}{step}")
            elif kind < 0.78:
                items.append(":")
            elif kind < 0.92 and n:
                if lists is None:
                    lists = self.shape(1, 2)
                items.append(self.leaf(lists, "int64", low=-n, high=n).text)
            elif lists is None and self.chance(0.5):
                items.append(self.leaf((n,), "bool").text)
                lists = (1,)
            else:
                items.append(":")
            if self.chance(0.1):
                items.append("None")
        if rest and self.chance(0.3):
            items.append("...")
        elif rest and self.chance(0.15):
            items.insert(0, "...")
        if self.chance(0.005):
            items.append("99")
        return ", ".join(items) or "..."

    # MARK: einsum

    def einsum_operands(self, count):
        letters = "ijkl"[: int(self.rng.integers(2, 5))]
        extents = {c: int(self.rng.integers(1, 5)) for c in letters}
        parts, texts = [], []
        for _ in range(count):
            labels = "".join(self.pick(letters) for _ in range(int(self.rng.integers(1, 4))))
            parts.append(labels)
            texts.append(self.leaf(tuple(extents[c] for c in labels), self.dtype("fic")).text)
        used = sorted(set("".join(parts)))
        kept = [c for c in used if self.chance(0.5)]
        self.rng.shuffle(kept)
        subscripts = ",".join(parts) + "->" + "".join(kept)
        return ", ".join([repr(subscripts)] + texts)

    def einsum1(self):
        return self.einsum_operands(1)

    def einsum2(self):
        return self.einsum_operands(2)

    def einsum3(self):
        return self.einsum_operands(3)

    # MARK: whole expressions

    def whole(self, line):
        text = self.word(line[1])
        if text is None:
            return None
        t, rank = f"({text})", self.first.value.ndim
        axis = str(int(self.rng.integers(-rank, rank))) if rank else None
        match line[0]:
            case "eigh":
                self.statements.append(f"w{self.count}, q{self.count} = linalg.eigh({t} + {t}.mT.conj())")
                w, q = f"w{self.count}", f"q{self.count}"
                self.count += 1
                return self.whole_of(f"({q} * {w}[..., None, :]) @ {q}.mT.conj()")
            case "svd":
                u, s, v = (c + str(self.count) for c in "usv")
                self.count += 1
                self.statements.append(f"{u}, {s}, {v} = linalg.svd({t}, full_matrices=False)")
                return self.whole_of(f"({u} * {s}[..., None, :]) @ {v}")
            case "qr":
                q, r = (c + str(self.count) for c in "qr")
                self.count += 1
                self.statements.append(f"{q}, {r} = linalg.qr({t})")
                return self.whole_of(f"{q} @ {r}")
            case "eigvals":
                return f"sort(abs(linalg.eigvals({t})))"
            case "partition":
                if not rank or not self.first.value.shape[-1]:
                    return None
                k = int(self.rng.integers(self.first.value.shape[-1]))
                return f"partition({t}, {k})[..., {k}]"
            case "lstsq":
                if rank != 2:
                    return None
                return f"linalg.lstsq({t}, {self.leaf(self.first.value.shape[:1], 'float64').text})[0]"
            case "len":
                return f"len({t}) * {self.number()} + {t}" if rank else None
            case "relu":
                return f"maximum({t}, 0) * 2 + minimum({t}, 0)"
            case "polynomial":
                return f"(({t} * 0.5 + 1.25) * {t} - 2.0) * {t} + {self.y('f')}"
            case "onehot":
                return f"{t}[:, None] == arange({self.pick(['3', '5'])})"
            case "normal":
                return f"{t}.mT @ {t} + {self.number()} * eye({self.first.value.shape[-1]})"
            case "distances":
                return (f"sum(({t}[..., :, None, :] - {t}[..., None, :, :]) ** 2, axis=-1)"
                        if self.first.value.size < 1000 else None)
            case "quadratic":
                n = self.first.value.shape[-1]
                return f"sum(({t} @ {self.leaf((n, n), 'float64').text}) * {t}, axis=-1)"
            case "cosine":
                return f"({t} @ {t}.mT) / (linalg.vector_norm({t}, axis=-1, keepdims=True) + 1)"
        if axis is None:
            return None
        match line[0]:
            case "softmax":
                self.statements.append(f"e{self.count} = exp({t} - max({t}, axis={axis}, keepdims=True))")
                name = f"e{self.count}"
                self.count += 1
                return self.whole_of(f"{name} / sum({name}, axis={axis}, keepdims=True)")
            case "logsumexp":
                return f"log(sum(exp({t} - max({t}, axis={axis}, keepdims=True)), axis={axis}))"
            case "standardize":
                return f"({t} - mean({t}, axis={axis}, keepdims=True)) / (std({t}, axis={axis}, keepdims=True) + 0.5)"
            case "layernorm":
                return (f"({t} - mean({t}, axis={axis}, keepdims=True)) / sqrt(var({t}, axis={axis}, "
                        f"keepdims=True) + 0.001) * {self.number()} + {self.number()}")
        return None

    def whole_of(self, text):
        """The scope holds what the last statement made."""
        try:
            value = self.reference.run("; ".join(self.statements + ["0"]))
        except Exception:
            self.statements.pop()
            return None
        target, _, made = self.statements[-1].partition(" = ")
        result = self.try_value(made)
        parts = target.split(", ")
        for name, item in zip(parts, result if len(parts) > 1 else [result]):
            self.scope[name] = item
        return text
