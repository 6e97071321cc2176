"""Writes the HDF5 fixtures: h5py 3.16, NumPy 2.4.

Run: python make_hdf5.py FOLDER. The numbers are those of pattern.py.
"""
import sys

import h5py
import numpy as np
from pattern import pattern

root = sys.argv[1] if len(sys.argv) > 1 else "."


NAMES = ["bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
with h5py.File(f"{root}/types.h5", "w", libver="v108") as f:
    for name in NAMES:
        for order in "<>" if name not in ("bool", "i1", "u1") else "=":
            dtype = name if name == "bool" else order + name
            f.create_dataset(f"{name}-{'big' if order == '>' else 'little'}", data=pattern(dtype, (4, 5)))
with h5py.File(f"{root}/layouts.h5", "w", libver="v108") as f:
    f.create_dataset("contiguous", data=pattern("f8", (6, 10)))
    f.create_dataset("chunked", data=pattern("f8", (6, 10)), chunks=(4, 3))
    f.create_dataset("deep/er/deflate", data=pattern("i4", (30, 40)), chunks=(7, 16), compression="gzip",
                     shuffle=True, fletcher32=True)
    f.create_dataset("scalar", data=np.int64(7))
    f.create_dataset("unlimited", data=pattern("i2", (9,)), chunks=(4,), maxshape=(None,))
    f.create_dataset("fill", shape=(5, 4), dtype="f4", chunks=(2, 2), fillvalue=2.5)
    f.create_dataset("nothing", shape=(0, 3), dtype="f4")
    f["link"] = h5py.SoftLink("/contiguous")
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"compact", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((6,)), compact).write(
        h5py.h5s.ALL, h5py.h5s.ALL, pattern("i4", (6,)))
with h5py.File(f"{root}/one.h5", "w", libver="v108") as f:
    f.create_dataset("group/only", data=pattern("f4", (3, 4)))
with h5py.File(f"{root}/others.h5", "w", libver="v108") as f:
    f.create_dataset("text", data="words")
    f.create_dataset("strings", data=[b"ab", b"c"])
    f.create_dataset("table", data=np.zeros(3, dtype=[("a", "f4"), ("b", "i4"), ("c", "i4")]))
    f.create_dataset("empty", data=h5py.Empty("f4"))
    f.create_dataset("colours", data=np.array([1, 0], "i4"), dtype=h5py.enum_dtype({"RED": 0, "BLUE": 1}, "i4"))
    f.create_group("group")
