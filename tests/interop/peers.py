"""Reads and writes Zarr with other implementations, for tests/interop/run.ts. Speaks JSON on stdin and stdout.

    python peers.py read    {"stores": [{"path", "arrays": ["scale0/image", …]}]}
    python peers.py write   {"folder"}
    python peers.py images  {"paths": [of OME-Zarr images]}
    python peers.py consolidated {"paths": [of groups with consolidated metadata], "make": [of groups without]}
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


def with_ome_zarr(path):
    """As ome-zarr-py's reader sees an image: the node that its `info` command prints."""
    from ome_zarr.io import parse_url
    from ome_zarr.reader import Multiscales, Reader

    location = parse_url(path)
    nodes = [node for node in Reader(location)() if any(isinstance(spec, Multiscales) for spec in node.specs)]
    (node,) = nodes
    return {
        "version": str(location.fmt.version),
        "axes": [axis["name"] for axis in node.metadata["axes"]],
        "levels": [
            {
                "shape": list(level.shape),
                "sha256": sha256(np.asarray(level)),
                "scale": [t["scale"] for t in steps if t["type"] == "scale"][0],
                "translation": [t["translation"] for t in steps if t["type"] == "translation"][0],
            }
            for level, steps in zip(node.data, node.metadata["coordinateTransformations"], strict=True)
        ],
    }


def with_ngff_zarr(path):
    """As ngff-zarr sees an image, once its JSON schema holds."""
    import ngff_zarr

    multiscales = ngff_zarr.from_ngff_zarr(path, validate=True)
    return {
        "axes": list(multiscales.images[0].dims),
        "levels": [
            {
                "shape": list(image.data.shape),
                "sha256": sha256(np.asarray(image.data)),
                "scale": [image.scale[dim] for dim in image.dims],
                "translation": [image.translation[dim] for dim in image.dims],
            }
            for image in multiscales.images
        ],
    }


def read_images(request):
    import ngff_zarr
    import ome_zarr

    return {
        "versions": {"ome-zarr-py": ome_zarr.__version__, "ngff-zarr": ngff_zarr.__version__},
        "images": [
            {"ome-zarr-py": attempt(with_ome_zarr, path), "ngff-zarr": attempt(with_ngff_zarr, path)}
            for path in request["paths"]
        ],
    }


def consolidated(request):
    """Members as the consolidated metadata of our groups tell them, and such metadata made for groups without."""

    def members(path):
        group = zarr.open_group(path, mode="r", use_consolidated=True)
        return sorted(name for name, _ in group.metadata.consolidated_metadata.flattened_metadata.items())

    def make(path):
        zarr.consolidate_metadata(path)
        return sorted(name for name, _ in zarr.open_group(path, mode="r").members(max_depth=None))

    return {
        "read": [attempt(members, path) for path in request["paths"]],
        "made": [attempt(make, path) for path in request["make"]],
    }


if __name__ == "__main__":
    actions = {"read": read_stores, "write": write_stores, "images": read_images, "consolidated": consolidated}
    action = actions[sys.argv[1]]
    json.dump(action(json.load(sys.stdin)), sys.stdout)
