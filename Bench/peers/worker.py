"""One peer's process: reads a request a line, answers a JSON line each.

    load ID       loads the inputs, calls once: first_s and check, or error, or unsupported
    time SECONDS  calls for about so long: the seconds of each call (a mean over many where it is short)
    drop          frees the workload
"""

import gc
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .checks import check
from .workloads import CHAIN, Formula, Inputs

PEERS = {
    "numpy": "numpy_peer",
    "numexpr": "numexpr_peer",
    "jax": "jax_peer",
    "torch": "torch_peer",
    "torch.compile": "torch_peer",
    "numba": "numba_peer",
    "opt_einsum": "einsum_peer",
    "mlx": "mlx_peer",
    "c": "c_peer",
    "scipy": "sparse_peer",
    "pydata": "sparse_peer",
    "torch.sparse": "sparse_peer",
    "jax.sparse": "sparse_peer",
    "graphblas": "sparse_peer",
    "mkl": "sparse_peer",
    "dask": "dask_peer",
}

UNITS = {"W13b": CHAIN, "W12c": 100_000, "W12c20k": 20_000, "W12c100k": 100_000, "W12d": 100_000}
SHORT = 0.01  # seconds; shorter calls are timed many at once


def memory(field: str) -> float:
    """A line of /proc/self/status in MB; 0 where the system has none."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def forget_peak() -> None:
    """Makes VmHWM start anew at what is resident now."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def load(peer: str, identifier: str, inputs: Inputs) -> tuple[Formula | None, dict[str, Any]]:
    is_sparse = identifier.startswith(("W11", "W15", "W16", "W17"))
    if is_sparse != (PEERS[peer] == "sparse_peer"):
        return None, {"unsupported": "not written for this peer"}
    if identifier.startswith("W12") != (peer == "dask"):
        return None, {"unsupported": "not written for this peer"}
    others = {"W15": "solver_peer", "W16": "variations_peer", "W17": "real_peer"}
    name = others.get(identifier[:3], PEERS[peer])
    module = importlib.import_module(f".{name}", __package__)
    options: dict[str, Any] = {"compiled": True} if peer == "torch.compile" else {}
    if is_sparse:
        options = {"peer": peer}
    call = module.prepare(identifier, inputs, **options)
    if call is None:
        return None, {"unsupported": "not written for this peer"}
    forget_peak()
    start = time.perf_counter()
    result = call()
    first = time.perf_counter() - start
    answer: dict[str, Any] = {"first_s": first}
    if identifier != "W13b":
        # Sparse results are compared by their values in C order.
        answer["check"] = check(getattr(call, "values", lambda r: r)(result))
    return call, answer


def seconds_of_calls(call: Formula, duration: float, per_call: int) -> list[float]:
    """At least one time; those of calls under SHORT are means over as many as fill SHORT."""
    inner, times = 1, []
    end = time.perf_counter() + duration
    while True:
        start = time.perf_counter()
        for _ in range(inner):
            result = call()
        elapsed = time.perf_counter() - start
        del result
        if elapsed < SHORT and inner < 1_000_000:
            inner *= 2 if elapsed > 0.1 * SHORT else 10
            continue
        times.append(elapsed / inner / per_call)
        if time.perf_counter() > end:
            return times


def main(peer: str, directory: str) -> None:
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    inputs = Inputs(Path(directory))
    call: Formula | None = None
    identifier = ""
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        try:
            if command == "load":
                identifier = argument
                call, answer = load(peer, identifier, inputs)
            elif command == "time" and call:
                per_call = UNITS.get(identifier, 1)
                answer = {
                    "times": seconds_of_calls(call, float(argument), per_call),
                    "peak_mb": memory("VmHWM"),
                }
            else:
                call, answer = None, {}
                gc.collect()
        except Exception as error:  # a peer may fail in any way; the others go on
            call, answer = None, {"error": f"{type(error).__name__}: {error}"[:300]}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
