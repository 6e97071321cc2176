#!/usr/bin/env python3
"""What Dask gives for map_blocks, map_overlap and blocks: Tests/Golden/blocks/dask.jsonl.

Needs dask and NumPy (Bench/make-peers-env.sh). Run from the repository's root:
    python scripts/record-blocks.py > Tests/Golden/blocks/dask.jsonl
Functions go by name; Tests/FrontendTests/BlockTests.swift has the same ones.
"""
import itertools
import json
import random

import dask.array as da
import numpy as np

# name: (function of a block and its info, drop_axis, new_axis)
MAPS = {
    "double": (lambda b, i: b * 2, [], []),
    "centre": (lambda b, i: b - b.sum(), [], []),
    "total": (lambda b, i: b.sum(keepdims=True), [], []),
    "fold-last": (lambda b, i: b.sum(axis=-1), [-1], []),
    "fold-first": (lambda b, i: b.sum(axis=0), [0], []),
    "new-first": (lambda b, i: b[None], [], [0]),
    "new-last": (lambda b, i: b[..., None], [], [-1]),
    "fold-and-new": (lambda b, i: b.sum(axis=-1)[None], [-1], [0]),
    "index": (lambda b, i: b + sum(100**k * p for k, p in enumerate(i["chunk-location"])), [], []),
    "counts": (lambda b, i: b * 0 + sum(100**k * p for k, p in enumerate(i["num-chunks"])), [], []),
    "location": (lambda b, i: b + sum(1000 * p[0] + p[1] for p in i["array-location"]), [], []),
    "reverse": (lambda b, i: b[::-1], [], []),
    "running": (lambda b, i: np.cumsum(b, axis=0), [], []),
    "first": (lambda b, i: b[:1], [], []),
}
OVERLAPS = {
    "same": lambda b: b + 0,
    "window": lambda b: sum(
        (np.roll(b, 1, axis) + 10 * np.roll(b, -1, axis) for axis in range(b.ndim)), b),
    "running": lambda b: np.cumsum(b, axis=0),
    "total": lambda b: b * 0 + b.sum(),
}
ARRAYS = [
    ([10], [[4, 4, 2]]), ([7], [[7]]), ([9], [[2, 3, 4]]), ([4, 6], [[2, 2], [3, 3]]),
    ([5, 7], [[2, 2, 1], [4, 3]]), ([6, 4], [[6], [1, 3]]), ([3, 4, 5], [[2, 1], [4], [2, 3]]),
]


def source(shape, chunks):
    values = (np.arange(np.prod(shape), dtype=np.float64) * 7 % 23).reshape(shape)
    return da.from_array(values, chunks=tuple(tuple(c) for c in chunks))


def record(case, result, chunks=None):
    values = result.compute(scheduler="sync")
    case.update(shape=list(values.shape), values=[int(v) for v in values.ravel()])
    if chunks is not None:
        case["chunks"] = [list(map(int, c)) for c in chunks]
    print(json.dumps(case, separators=(",", ":")))


for (shape, chunks), name in itertools.product(ARRAYS, MAPS):
    function, drop, new = MAPS[name]
    rank = len(shape)
    drop_axes = [a % rank for a in drop]
    out = rank - len(drop) + len(new)
    keep_chunks = name in ("double", "centre", "index", "counts", "location", "reverse", "running")
    x = source(shape, chunks)

    def body(b, block_info=None, function=function):
        return function(b, block_info[0]) if block_info else b

    sizes = None
    if name == "total":
        sizes = tuple((1,) * len(c) for c in chunks)
    if name == "first":
        sizes = ((1,) * len(chunks[0]),) + tuple(tuple(c) for c in chunks[1:])
    result = da.map_blocks(
        body, x, dtype=np.float64, drop_axis=drop_axes, new_axis=[a % out for a in new] or None,
        chunks=sizes, meta=np.empty((0,) * out))
    case = {"op": "map", "function": name, "extents": shape, "cuts": chunks, "drop": drop, "new": new}
    record(case, result, result.chunks)

choice = random.Random(8)
for (shape, chunks), name, boundary in itertools.product(
    ARRAYS, OVERLAPS, ["periodic", "reflect", "nearest", "none", 5.0]
):
    for kind in ("all", "axis", "sides"):
        # Deeper overlaps than a chunk make Dask cut anew, which functions of the whole block see.
        most = min(min(c) for c in chunks)
        if kind == "all":
            depth = choice.randint(1, most)
            depths = [[depth, depth]] * len(shape)
        elif kind == "axis":
            axis = choice.randrange(len(shape))
            depth = choice.randint(1, min(chunks[axis]))
            depths = [[depth, depth] if a == axis else [0, 0] for a in range(len(shape))]
        else:
            if boundary != "none":
                continue
            depths = [[choice.randint(0, min(c)), choice.randint(0, min(c))] for c in chunks]
        given = {a: d[0] if d[0] == d[1] else tuple(d) for a, d in enumerate(depths)}
        for trim in (True, False):
            x = source(shape, chunks)
            result = da.map_overlap(
                OVERLAPS[name], x, depth=given, boundary=boundary, trim=trim, dtype=np.float64,
                meta=np.empty((0,) * len(shape)))
            case = {"op": "overlap", "function": name, "extents": shape, "cuts": chunks,
                    "depths": depths, "boundary": boundary, "trim": trim}
            record(case, result, result.chunks if trim else None)

# Each place is an integer, [start, stop, step] of a slice, or {"list": [...]}.
PLACES = {
    1: [[0], [-1], [[1, None, None]], [[None, None, -1]], [{"list": [0, 0]}], [], [5], [-4], [[None, -1, None]]],
    2: [[0], [0, 1], [-1, -1], [[None, None, -1], [0, 1, None]], [[None, None, None], 1],
        [{"list": [0]}, 0], [[0, 5, 2]], [0, 7], [1, [None, None, -1]]],
    3: [[1, 0, 1], [[None, None, -1]], [0, 0], [[None, None, None], 0, {"list": [1, 0]}]],
}


def place(item):
    if isinstance(item, list):
        return slice(*item)
    return item["list"] if isinstance(item, dict) else item


for shape, chunks in ARRAYS:
    for places in PLACES[len(shape)]:
        case = {"op": "blocks", "extents": shape, "cuts": chunks, "places": places}
        try:
            result = source(shape, chunks).blocks[tuple(place(p) for p in places)]
            record(case, result, result.chunks)
        except (IndexError, ValueError) as error:
            case["error"] = str(error)
            print(json.dumps(case, separators=(",", ":")))
