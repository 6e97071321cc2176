"""What the workloads are: inputs, formulas as written, bytes and operations, tolerances."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = Any
Formula = Callable[..., Any]

CHAIN = 1000  # nodes that W13b builds


def formulas(xp: Any) -> dict[str, Formula]:
    """The formulas as written, over a NumPy-like namespace. W07 updates in place and W13b builds
    only, so that each peer has its own."""

    def seed(x: Array) -> Array:
        y = x.T @ (xp.log(x) + 1)
        return y - y.mean(0)

    def black_scholes(s: Array, k: Array, t: Array, erf: Formula) -> tuple[Array, Array]:
        q = 0.25 * xp.sqrt(t)
        d1 = (xp.log(s / k) + (0.03 + 0.5 * 0.25 * 0.25) * t) / q
        d2 = d1 - q
        n1 = 0.5 * (1 + erf(d1 * math.sqrt(0.5)))
        n2 = 0.5 * (1 + erf(d2 * math.sqrt(0.5)))
        e = k * xp.exp(-0.03 * t)
        return s * n1 - e * n2, e * (1 - n2) - s * (1 - n1)

    def softmax(x: Array, axis: int = 1) -> Array:
        e = xp.exp(x - x.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)

    def layer_norm(x: Array, g: Array, b: Array) -> Array:
        mean = x.mean(1, keepdims=True)
        variance = x.var(1, keepdims=True)
        return (x - mean) / xp.sqrt(variance + 1e-5) * g + b

    def attention(q: Array, k: Array, v: Array) -> Array:
        scores = xp.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(q.shape[-1])
        return xp.einsum("bhqk,bhkd->bhqd", softmax(scores, -1), v)

    return {
        "W01a": lambda x: seed(x)[:5],
        "W01b": seed,
        "W02": lambda a, b, c: 2 * a + 3 * b - xp.sin(c),
        "W03": black_scholes,
        "W04a": lambda a, b: ((a - b) ** 2).sum(),
        "W04b": lambda x: x.mean(0),
        "W04c": lambda x: x.std(1),
        "W05a": softmax,
        "W05b": layer_norm,
        "W06a": lambda x, c: ((c * c).sum(1) - 2 * (x @ c.T)).argmin(1),
        "W06b": lambda x, c: ((x[:, None, :] - c[None]) ** 2).sum(2).argmin(1),
        "W08a": lambda a, b: a @ b,
        "W08b": lambda p, q, r, v: p @ q @ r @ v,
        "W08b-order": lambda p, q, r, v: p @ (q @ (r @ v)),
        "W09f": attention,
        "W13a": lambda a, b, c: a + b * c,
        "W14f": lambda x, w1, w2: ((xp.tanh(x @ w1) @ w2) ** 2).sum(),
    }


def variations() -> list[str]:
    """The identifiers of W16."""
    operations = [
        "vector", "turned-vector", "left-vector", "matrix8", "turned-matrix8", "left-matrix8", "square",
        "times", "plus", "plus-turned", "rows-sum", "columns-sum", "scaled", "positive", "row-scaled", "slice",
        "take", "turn",
    ]  # fmt: skip
    moves = ["step", "turned-round", "take-columns", "join-rows", "join-columns"]
    few = ["vector", "turned-vector", "matrix8", "square", "times", "plus", "rows-sum"]
    products = ["vector", "turned-vector", "matrix8", "turned-matrix8", "gram", "rows-sum"]
    packed = ["vector", "turned-vector", "matrix8", "plus", "scaled"]
    names = [f"{kind}.f64.csr.{o}" for kind in ("even", "skew") for o in operations]
    names += [f"even.f64.csc.{o}" for o in operations if o != "turn"]
    names += [f"even.f64.{layout}.{o}" for layout in ("csr", "csc") for o in moves]
    names += [f"even.{dtype}.csr.{o}" for dtype in ("f32", "i64") for o in few]
    names += [f"{shape}.f64.csr.{o}" for shape in ("wide", "tall", "full") for o in products]
    names += [f"{kind}.{o}" for o in packed for kind in ("blocks.f64.bsr", "bands.f64.dia")]
    return [f"W16.{name}" for name in names]


IDENTIFIERS = [
    "W01a", "W01b", "W02.f32", "W02.f64", "W03.f32", "W03.f64", "W04a.f32", "W04a.f64",
    "W04b.f32", "W04b.f64", "W04c.f32", "W04c.f64", "W05a", "W05a.f64", "W05b", "W05b.f64",
    "W05a.short.f32", "W05a.short.f64", "W06a", "W06b", "W07", "W07.f64", "W08a.f32", "W08a.f64", "W08b", "W08b-order", "W09a", "W09b", "W09c", "W09d32", "W09d64", "W09e", "W09f",
    "W11a", "W11b", "W11c", "W11d", "W11e", "W11f1", "W11f2", "W11f3",
    "W12a", "W12b", "W12c", "W12c20k", "W12c100k", "W12d", "W13a", "W13b", "W14f",
    *(f"W15{item}" for item in "abcdefghijklmn"), *variations(),
    *(f"W17.rank.{name}" for name in ("imports", "minnesota")),
    *(f"W17.{kind}.minnesota" for kind in ("triangles", "spectrum", "embedding", "poisson", "conjugate")),
    *(f"W17.{kind}.digits" for kind in ("singular", "loss")),
]  # fmt: skip


SHORT_ROW = 10  # of W05a.short: the numbers of W05a as rows of so many


def base(identifier: str) -> str:
    """The identifier without its dtype."""
    return identifier.split(".")[0]


def is_single(identifier: str) -> bool:
    """Whether the inputs are float32: those whose name says so, and those that have no other."""
    single = ("W05", "W06", "W07", "W09a", "W09e", "W09f", "W14")
    return identifier.endswith("f32") or (
        identifier.startswith(single) and not identifier.endswith("f64")
    )


def selected(patterns: list[str]) -> list[str]:
    """The identifiers that a pattern names or begins; all where there is none."""
    return [i for i in IDENTIFIERS if not patterns or any(i.startswith(p) for p in patterns)]


@dataclass
class Inputs:
    """The folder of the inputs."""

    directory: Path

    def parameters(self) -> dict[str, Any]:
        return json.loads((self.directory / "params.json").read_text())

    def arrays(self, identifier: str) -> list[np.ndarray]:
        if identifier.startswith("W13"):
            return [(np.arange(10) + i) / 10 for i in range(3)]
        loaded = [np.load(self.directory / f"{name}.npy") for name in self.names(identifier)]
        if ".short" in identifier:
            (x,) = loaded
            loaded = [x.ravel()[: x.size // SHORT_ROW * SHORT_ROW].reshape(-1, SHORT_ROW)]
        if base(identifier) in ("W05a", "W05b", "W07") and identifier.endswith("f64"):
            # Their files are float32.
            loaded = [x.astype(np.float64) for x in loaded]
        return loaded

    def names(self, identifier: str) -> list[str]:
        dtype = identifier.rsplit(".", 1)[-1]
        two_letters = {"W09a": "w09a_A w09a_B", "W09b": "w09b_X w09b_U w09b_V"}
        match base(identifier):
            case "W01a" | "W01b":
                return ["w01_x"]
            case "W02":
                return [f"w02_{n}_{dtype}" for n in "abc"]
            case "W03":
                return [f"w03_{n}_{dtype}" for n in "SKT"]
            case "W04a":
                return [f"w04_{n}_{dtype}" for n in "ab"]
            case "W04b" | "W04c":
                return [f"w04_x_{dtype}"]
            case "W05a":
                return ["w05_x"]
            case "W05b":
                return ["w05_x", "w05_g", "w05_b"]
            case "W06a" | "W06b":
                return ["w06_X", "w06_C"]
            case "W07":
                return ["w07_u"]
            case "W08a":
                return [f"w08_{n}_{dtype}" for n in "AB"]
            case "W08b" | "W08b-order":
                return [f"w08_{n}" for n in "PQRv"]
            case "W09a" | "W09b" as name:
                return two_letters[name].split()
            case "W09c":
                return [f"w09c_{i}" for i in range(10)]
            case "W09d32" | "W09d64" as name:
                n = self.parameters()["ao"][name == "W09d64"]
                return [f"w09d_{q}" for q in (f"0_{n}", f"1_{n}", f"T{n}", f"2_{n}", f"3_{n}")]
            case "W09e":
                return ["w09e_Q", "w09e_K"]
            case "W09f":
                return ["w09e_Q", "w09e_K", "w09e_V"]
            case "W14f":
                return ["w14_X", "w14_W1", "w14_W2"]
        raise KeyError(identifier)

    def equation(self, identifier: str) -> str | None:
        """The subscripts of the workloads that are one einsum."""
        if identifier == "W09c":
            return json.loads((self.directory / "w09c.json").read_text())["equation"]
        return {
            "W09a": "bij,bjk->bik",
            "W09b": "ijk,jl,kl->il",
            "W09d32": "ea,fb,abcd,gc,hd->efgh",
            "W09d64": "ea,fb,abcd,gc,hd->efgh",
            "W09e": "bhqd,bhkd->bhqk",
        }.get(identifier)


def tolerance(identifier: str) -> float:
    """Of the sum and of the l1 norm, relative to the l1 norm; the samples get 30 times that."""
    return 2e-4 if is_single(identifier) else 1e-6


def sparse_elements(rows: int, entries_of_row: int, width: int) -> float:
    """What a sparse matrix by rows times a dense one moves, in elements of 8 bytes: a row of the dense one
    and 12 bytes for each entry, and the result's rows."""
    return rows * entries_of_row * (width + 1.5) + rows * width


def limit(identifier: str, parameters: dict[str, Any]) -> tuple[str, float] | None:
    """Which limit of the machine bounds the workload, and how many GB or GFLOP it needs."""
    size = 4 if is_single(identifier) else 8
    fma = "fma32_2" if is_single(identifier) else "fma64_2"
    elements = {
        "W02": ("triad_2", 4 * parameters["n2"]),
        "W03": ("triad_2", 5 * parameters["n3"]),
        "W04a": ("read_2", 2 * parameters["n4"]),
        "W04b": ("read_2", math.prod(parameters["x4"])),
        "W04c": ("read_2", math.prod(parameters["x4"])),
        "W05a": ("triad_2", 2 * math.prod(parameters["x5"])),
        "W05b": ("triad_2", 2 * math.prod(parameters["x5"])),
        "W11b": ("rows_2", sparse_elements(parameters["n11"], parameters["nnz_row"], parameters["k11"])),
        "W07": ("triad_2", 2 * parameters["n7"] ** 2 * parameters["steps7"]),
    }
    batch, n = parameters["b9"]
    b, h, s, d = parameters["att"]
    operations = {
        "W08a": (fma, 2 * parameters["n8"] ** 3),
        "W09a": ("fma32_2", 2 * batch * n**3),
        "W09e": ("fma32_2", 2 * b * h * s * s * d),
    }
    name = base(identifier)
    if name in elements:
        kind, count = elements[name]
        return kind, count * size * 1e-9
    if name in operations:
        kind, count = operations[name]
        return kind, count * 1e-9
    return None
