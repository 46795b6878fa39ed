"""Reads and writes Zarr with other implementations, for tests/interop/run.ts. Speaks JSON on stdin and stdout.

    python peers.py read    {"stores": [{"path", "arrays": ["scale0/image", …]}]}
    python peers.py write   {"folder"}
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import zarr

try:
    import tensorstore
except ImportError:
    tensorstore = None


def sha256(values):
    little = values.dtype.newbyteorder("<")
    return hashlib.sha256(np.ascontiguousarray(values).astype(little, copy=False).tobytes()).hexdigest()


def zarr_python(path, array):
    node = zarr.open_group(path, mode="r")[array]
    names = getattr(node.metadata, "dimension_names", None)
    values = node[...]
    return {
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "sha256": sha256(values),
        "dims": list(names) if names else None,
        "attributes": dict(node.attrs),
    }


def with_tensorstore(path, array):
    folder = str(Path(path) / array)
    driver = "zarr3" if (Path(folder) / "zarr.json").exists() else "zarr"
    node = tensorstore.open({"driver": driver, "kvstore": {"driver": "file", "path": folder}}).result()
    values = node.read().result()
    return {
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "sha256": sha256(values),
        "dims": list(node.domain.labels) if any(node.domain.labels) else None,
    }


def attempt(read, *arguments):
    try:
        return read(*arguments)
    except Exception as error:  # every failure is a result to report
        return {"error": f"{type(error).__name__}: {error}"}


def read_stores(request):
    results = []
    for store in request["stores"]:
        root = attempt(lambda path: dict(zarr.open_group(path, mode="r").attrs), store["path"])
        members = attempt(
            lambda path: sorted(name for name, _ in zarr.open_group(path, mode="r").members(max_depth=None)),
            store["path"],
        )
        results.append(
            {
                "path": store["path"],
                "attributes": root,
                "members": members,
                "arrays": [
                    {
                        "array": array,
                        "zarr-python": attempt(zarr_python, store["path"], array),
                        "tensorstore": attempt(with_tensorstore, store["path"], array) if tensorstore else None,
                    }
                    for array in store["arrays"]
                ],
            }
        )
    versions = {"zarr-python": zarr.__version__, "numpy": np.__version__, "python": sys.version.split()[0]}
    return {"versions": versions, "tensorstore": tensorstore is not None, "stores": results}


def write_stores(request):
    """Arrays with what our own writer does not make: shards, other codecs, transposed and big-endian chunks, Zarr 2."""
    from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

    folder = Path(request["folder"])
    values = (np.indices((21, 30, 17)).sum(axis=0) * 37 % 1009).astype("uint16")
    floats = (values / 7).astype("float32")
    blosc = lambda **more: BloscCodec(typesize=2, clevel=5, **more)
    index = [BytesCodec(), Crc32cCodec()]
    v3 = {
        "blosc-lz4": dict(compressors=[blosc(cname="lz4", shuffle="shuffle")]),
        "blosc-lz4-noshuffle": dict(compressors=[blosc(cname="lz4", shuffle="noshuffle")]),
        "blosc-zstd-bitshuffle": dict(compressors=[blosc(cname="zstd", shuffle="bitshuffle")]),
        "blosc-zlib": dict(compressors=[blosc(cname="zlib", shuffle="shuffle")]),
        "blosc-blosclz": dict(compressors=[blosc(cname="blosclz", shuffle="shuffle")]),
        "gzip": dict(compressors=[GzipCodec(level=6)]),
        "zstd-crc32c": dict(compressors=[ZstdCodec(level=3, checksum=True), Crc32cCodec()]),
        "big-endian": dict(serializer=BytesCodec(endian="big"), compressors=None),
        "transposed": dict(filters=[TransposeCodec(order=(2, 0, 1))], compressors=[ZstdCodec()]),
        "dots": dict(chunk_key_encoding={"name": "default", "separator": "."}),
        "v2-keys": dict(chunk_key_encoding={"name": "v2", "separator": "/"}),
    }
    written = []

    def keep(name, array, data, attributes):
        array[...] = data
        array.attrs.update(attributes)
        written.append({"path": name, "shape": list(data.shape), "dtype": str(data.dtype), "sha256": sha256(data)})

    for name, options in v3.items():
        array = zarr.create_array(
            folder / name,
            shape=values.shape,
            dtype=values.dtype,
            chunks=(8, 16, 9),
            fill_value=3,
            dimension_names=("z", "y", "x"),
            **options,
        )
        keep(name, array, values, {"case": name})
    for location in ("start", "end"):
        name = f"shards-{location}"
        sharding = ShardingCodec(
            chunk_shape=(4, 8, 3), codecs=[BytesCodec(), ZstdCodec()], index_codecs=index, index_location=location
        )
        array = zarr.create_array(
            folder / name,
            shape=floats.shape,
            dtype=floats.dtype,
            chunks=(8, 16, 9),
            serializer=sharding,
            compressors=None,
            fill_value=0,
        )
        keep(name, array, floats, {"case": name})
    for separator in (".", "/"):
        name = f"zarr2-{'dot' if separator == '.' else 'slash'}"
        array = zarr.create_array(
            folder / name,
            shape=values.shape,
            dtype=">i4",
            chunks=(8, 16, 9),
            zarr_format=2,
            order="F",
            chunk_key_encoding={"name": "v2", "separator": separator},
        )
        keep(name, array, values.astype(">i4"), {"case": name})
    return {"arrays": written}


if __name__ == "__main__":
    action = {"read": read_stores, "write": write_stores}[sys.argv[1]]
    json.dump(action(json.load(sys.stdin)), sys.stdout)
