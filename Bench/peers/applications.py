"""Times application problems by hand, and with `--weft` the formulas as they stand on the same arrays.

Cases are those of the application file of `weft-bench awareness` and of `literature.json`; the sequences are in
`sequences.py`, `literature.py`, `bands.py`, `statistics.py`, `matrices.py` and `updates.py`.

    python -m peers.applications CASES.json --scale 0.2 --repeats 5 --weft ../.build/release/weft

By hand and by formula alternate in rounds; each time is the median of all repeats, with the least beside it. By hand
one thread and two are tried, the better counts: two that wait for one another lose whole time slices to other programs.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
import time

import numpy as np
from numpy.linalg import cholesky, det, inv, solve

from . import bands, blas_threads, literature, matrices, sequences, statistics, updates

SEQUENCES = {}
for module in (sequences, literature, bands, statistics, matrices, updates):
    SEQUENCES |= module.SEQUENCES


def operand(spec, scale, generator):
    def scaled(n):
        return n if n <= 1 else max(2, round(n * scale))

    shape = [scaled(n) for n in spec["shape"]]
    structure = spec.get("structure", "")
    words = re.sub(r"\(.*?\)", "", structure).split(",")
    if not shape:
        return np.array(2.5)
    a = generator.standard_normal(shape)
    n = shape[0]
    if "identity" in words:
        return np.eye(n)
    if "diagonal" in words:
        return np.diag(np.abs(generator.standard_normal(n)) + 0.5)
    if "spd" in words:
        a = a @ a.T / n + np.eye(n)
    elif "symmetric" in words:
        a = a + a.T
    if "lower" in words:
        a = np.tril(a) / n + np.eye(*shape) * 2
    if "upper" in words:
        a = np.triu(a) / n + np.eye(*shape) * 2
    if "tridiagonal" in words:
        a = np.triu(np.tril(a, 1), -1) + np.eye(n) * 4
    if "blockdiag" in words:
        extents = [scaled(int(m)) for m in re.search(r"\((.*?)\)", structure)[1].split(",")]
        number = np.repeat(np.arange(len(extents)), extents)
        a = np.where(number[:, None] == number, a, 0)
    return a


def plain(text, arrays, scale):
    """A formula in NumPy's notation; the turns of `loop i: c[i] = E` are written out.

    Whole numbers of more than one digit are extents, and are scaled with them.
    """
    if scale != 1:
        text = re.sub(r"(?<![\w.])\d\d+(?![\w.])", lambda n: str(round(int(n[0]) * scale)), text)
    if not text.startswith("loop i:"):
        return text
    body = text.split(" = ", 1)[1]
    count = len(arrays[re.match(r"[A-Za-z]\w*", body)[0]])
    return "stack([" + ", ".join(re.sub(r"\bi\b", str(i), body) for i in range(count)) + "])"


def median(times):
    return sorted(times)[len(times) // 2]


def timed(body, repeats):
    body()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return times


# Runs of a new process that do not count: kernels are compiled in the background meanwhile.
FIRST_RUNS = 3


def weft_times(weft, text, folder, names, repeats):
    """The seconds of some runs, or what went wrong."""
    text = re.sub(r"\b(inv|det|solve|cholesky)\(", r"linalg.\1(", text)
    command = [weft, "eval", text, "--json", "--repeat", str(repeats + FIRST_RUNS)]
    for name in names:
        command += ["--in", f"{name}={folder}/{name}.npy"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        return answer.stderr.strip()[-300:]
    return json.loads(answer.stdout)["runs_s"][FIRST_RUNS:]


def measure(row, sequence, arrays, formula, options):
    """Adds the times of both sides to a row."""
    by_hand = {1: [], 2: []}
    by_formula = []
    with tempfile.TemporaryDirectory() as folder:
        for name, array in arrays.items() if options.weft else ():
            np.save(os.path.join(folder, name + ".npy"), array)
        for _ in range(options.rounds):
            for threads, times in by_hand.items():
                blas_threads.limit(threads)
                times += timed(lambda: sequence(**arrays), options.repeats)
            # Threads that wait busily have gone to sleep when the other side starts.
            blas_threads.limit(1)
            time.sleep(0.05)
            if options.weft:
                times = weft_times(options.weft, formula, folder, arrays, options.repeats)
                if isinstance(times, str):
                    row["error"] = times
                    break
                by_formula += times
    row["by_hand_s"] = min(median(times) for times in by_hand.values())
    row["by_hand_least_s"] = min(min(times) for times in by_hand.values())
    if by_formula and "error" not in row:
        row |= {"weft_s": median(by_formula), "weft_least_s": min(by_formula)}
        row["ratio"] = round(row["weft_s"] / row["by_hand_s"], 3)
        row["least_ratio"] = round(row["weft_least_s"] / row["by_hand_least_s"], 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--weft", help="the runner, to time the formulas as they stand")
    parser.add_argument("--check", action="store_true", help="compare with the naive formula")
    options = parser.parse_args()
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        if name in os.environ:
            parser.error(f"unset {name}: both sides would run other kernels than this processor's")
    with open(options.cases, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for case in cases:
        if case["id"] not in SEQUENCES or options.only not in case["id"]:
            continue
        generator = np.random.default_rng(1)
        arrays = {k: operand(v, options.scale, generator) for k, v in case["inputs"].items()}
        sequence = SEQUENCES[case["id"]]
        row = {"case": case["id"]}
        if options.check:
            scope = dict(vars(np))
            scope |= dict(arrays, inv=inv, det=det, solve=solve, cholesky=cholesky)
            *first, last = plain(case["expr"], arrays, options.scale).split(";")
            exec(";".join(s.strip() for s in first), scope)
            want = eval(last.strip(), scope)
            got = sequence(**arrays)
            row["difference"] = float(np.abs(got - want).max() / np.abs(want).max())
        formula = plain(case["expr"], arrays, options.scale)
        measure(row, sequence, arrays, formula, options)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
