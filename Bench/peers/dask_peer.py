"""Dask on W12, by its threaded scheduler on two threads: the file mapped, in chunks of 40,000 rows."""

from typing import Any

import dask
import dask.array as da
import numpy as np

from .workloads import Formula, Inputs

THREADS = 2


def prepare(identifier: str, inputs: Inputs) -> Formula | None:
    def run(array: Any) -> Any:
        return array.compute(scheduler="threads", num_workers=THREADS)

    if identifier in ("W12a", "W12b"):
        mapped = np.load(inputs.directory / "w12_x.npy", mmap_mode="r")
        x = da.from_array(mapped, chunks=(40_000, -1))
        if identifier == "W12a":
            return lambda: run((x - x.mean(0)).std())
        return lambda: run(x.T @ x)
    if identifier == "W12d":
        nothing = dask.delayed(lambda i: i)
        gather = dask.delayed(len)
        return lambda: run(gather([nothing(i) for i in range(100_000)]))
    count = 20_000 if identifier == "W12c20k" else 100_000
    return lambda: run((da.ones(10 * count, chunks=10) + 1).sum())
