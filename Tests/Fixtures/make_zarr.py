"""Writes the Zarr fixtures beside this file: zarr-python 3.1, numcodecs 0.16, NumPy 2.4.

Run: python make_zarr.py FOLDER. The numbers are those of pattern.py.
"""
import shutil
import sys

import numpy as np
import zarr
from numcodecs import Blosc, GZip, Zlib, Zstd
from zarr.codecs import (BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec,
                         ZstdCodec)
from pattern import pattern

root = sys.argv[1] if len(sys.argv) > 1 else "."


def write(name, dtype, shape, chunks, version, **options):
    path = f"{root}/{name}.zarr"
    shutil.rmtree(path, ignore_errors=True)
    array = zarr.create_array(path, shape=shape, chunks=chunks, dtype=dtype, zarr_format=version, **options)
    array[...] = pattern(dtype, shape)


for compressor in ["lz4", "lz4hc", "blosclz", "zstd", "zlib"]:
    for shuffle in [0, 1, 2]:
        write(f"v2-blosc-{compressor}-{shuffle}", "<i4", (7, 30), (7, 30), 2,
              compressors=Blosc(cname=compressor, clevel=5, shuffle=shuffle))
write("v2-gzip-big", ">f8", (5, 6), (2, 4), 2, compressors=GZip(level=5))
write("v2-zlib-nested", "<i2", (5, 6), (2, 4), 2, compressors=Zlib(level=1),
      chunk_key_encoding={"name": "v2", "separator": "/"})
write("v2-zstd-bool", "bool", (10,), (4,), 2, compressors=Zstd(level=3))
write("v2-fortran", "<c8", (3, 4, 5), (2, 3, 4), 2, compressors=None, order="F")
write("v3-blosc", "complex128", (7, 9), (4, 5), 3,
      compressors=BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle"))
write("v3-gzip-crc", "uint16", (7, 9), (4, 5), 3, compressors=[GzipCodec(level=5), Crc32cCodec()])
write("v3-zstd-big", "float32", (7, 9), (4, 5), 3, serializer=BytesCodec(endian="big"),
      compressors=ZstdCodec(level=3, checksum=True))
write("v3-transpose", "float16", (3, 4, 5), (2, 3, 4), 3, filters=[TransposeCodec(order=(2, 0, 1))],
      compressors=None)
write("v3-scalar", "int64", (), (), 3, compressors=None)
write("v3-shards", "int32", (10, 12), (2, 3), 3, shards=(4, 6), compressors=ZstdCodec(level=1))
inner = [TransposeCodec(order=(1, 0)), BytesCodec(endian="big"), GzipCodec(level=5), Crc32cCodec()]
write("v3-shards-start", "float64", (9, 7), (8, 6), 3, compressors=None, serializer=ShardingCodec(
    chunk_shape=(2, 3), codecs=inner, index_location="start", index_codecs=[BytesCodec(endian="big")]))
some = zarr.create_array(f"{root}/v3-shards-some.zarr", shape=(10, 12), chunks=(2, 3), shards=(4, 6), dtype="int16",
                         fill_value=-9, zarr_format=3, compressors=None, overwrite=True)
some[3:5, 2:8] = pattern("int16", (2, 6))
