#!/usr/bin/env python3
"""Records what NumPy answers to the programs of Tests/Golden/surface, which the tests compare with.

    scripts/record-surface.py [FAMILY ...]

`programs/FAMILY.txt` has a program a line; `FAMILY.jsonl` is written: each program with NumPy's
answer in the form of `weft eval --lines`, {"error": true} where NumPy raises. A line
`$name: word word ...` defines a list; a program with {name} stands for one program a word.
Needs NumPy 2.4 or later.
"""
import itertools
import json
import pathlib
import re
import sys
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Golden" / "surface"


def number(x):
    x = float(x)
    if np.isnan(x):
        return "nan"
    return ("inf" if x > 0 else "-inf") if np.isinf(x) else x


def element(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if isinstance(x, (complex, np.complexfloating)):
        return [number(x.real), number(x.imag)]
    return number(x)


def answer(value):
    if value is None or isinstance(value, str):
        return {"value": value}
    if isinstance(value, np.dtype) or isinstance(value, type):
        return {"value": np.dtype(value).name}
    if isinstance(value, (tuple, list)):
        return {"results": [answer(v) for v in value]}
    a = np.asarray(value)
    if a.dtype.kind not in "biufc":
        raise NotImplementedError(f"dtype {a.dtype}")
    return {"dtype": a.dtype.name, "shape": list(a.shape), "values": [element(x) for x in a.ravel().tolist()]}


def run(program):
    scope = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
    scope.update(np=np, bool=bool, int=int, float=float, complex=complex)
    scope["__array_namespace_info__"] = np.__array_namespace_info__
    *statements, last = program.split("; ")
    for statement in statements:
        exec(statement, scope)
    return eval(last, scope)


def programs(path):
    lists = {}
    for line in path.read_text().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("$"):
            name, words = line[1:].split(":", 1)
            lists[name] = words.split()
            continue
        names = [n for n in dict.fromkeys(re.findall(r"\{(\w+)\}", line)) if n in lists]
        for words in itertools.product(*(lists[n] for n in names)):
            program = line
            for name, word in zip(names, words):
                program = program.replace("{" + name + "}", word)
            yield program


def record(family):
    with open(FOLDER / f"{family}.jsonl", "w") as file:
        for program in programs(FOLDER / "programs" / f"{family}.txt"):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    result = answer(run(program))
            except Exception as error:
                print(f"{family}: {program}: {type(error).__name__}: {error}")
                result = {"error": True}
            file.write(json.dumps({"program": program, "answer": result}) + "\n")


families = sys.argv[1:] or sorted(p.stem for p in (FOLDER / "programs").glob("*.txt"))
for family in families:
    record(family)
