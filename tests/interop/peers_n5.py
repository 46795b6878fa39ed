"""N5 in z5py and tensorstore, for tests/interop/n5.ts."""

import json
from importlib import metadata
from pathlib import Path

import numpy as np
import tensorstore
import z5py
from peers_common import attempt, sha256, waves

TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
# What tensorstore 0.1 has of N5's compressions.
TENSORSTORE = {"raw", "gzip", "bzip2", "xz", "blosc", "zstd"}


def facts(values):
    return {"shape": list(values.shape), "dtype": str(values.dtype), "sha256": sha256(values)}


def compression_of(path, inner):
    return json.loads((Path(path) / inner / "attributes.json").read_text())["compression"]["type"]


def with_z5py(path, inner):
    # Its lz4 is a bare LZ4 block where N5 has lz4-java's stream of blocks.
    if compression_of(path, inner) == "lz4":
        return None
    return facts(z5py.File(path, mode="r")[inner][...])


def with_tensorstore(path, inner):
    folder = Path(path) / inner
    if compression_of(path, inner) not in TENSORSTORE:
        return None
    # It takes zlib streams for gzip only where they say so, and names none of the other codecs differently.
    array = tensorstore.open({"driver": "n5", "kvstore": {"driver": "file", "path": str(folder)}}).result()
    return facts(array.read().result().T)


def n5(request):
    read = [
        {
            "z5py": attempt(with_z5py, one["path"], one["inner"]),
            "tensorstore": attempt(with_tensorstore, one["path"], one["inner"]),
        }
        for one in request["read"]
    ]
    folder = Path(request["folder"])
    folder.mkdir(parents=True)
    shape, blocks = (13, 20, 17), (5, 8, 6)
    written = []

    def keep(writer, path, inner, codec, values):
        written.append({"path": path, "inner": inner, "writer": writer, "codec": codec, **facts(values)})

    for dtype in TYPES:
        values = waves(dtype, shape)
        path = f"{dtype} by z5py.n5"
        file = z5py.File(str(folder / path), mode="a", use_zarr_format=False)
        for codec in ("raw", "gzip", "bzip2", "xz", "lz4", "blosc", "zstd"):
            file.create_dataset(codec, data=values, chunks=blocks, compression=codec)
            keep("z5py", path, codec, codec, values)
        path = f"{dtype} by tensorstore.n5"
        for codec in sorted(TENSORSTORE):
            compression = {"type": codec}
            if codec == "blosc":
                compression.update(cname="lz4", clevel=5, shuffle=1)
            array = tensorstore.open(
                {
                    "driver": "n5",
                    "kvstore": {"driver": "file", "path": str(folder / path / codec)},
                    "metadata": {
                        "compression": compression,
                        "dataType": dtype,
                        "dimensions": list(reversed(shape)),
                        "blockSize": list(reversed(blocks)),
                    },
                },
                create=True,
            ).result()
            array.write(np.ascontiguousarray(values.T)).result()
            keep("tensorstore", path, codec, codec, values)
    versions = {"z5py": z5py.__version__, "tensorstore": metadata.version("tensorstore")}
    return {"versions": versions, "read": read, "written": written}
