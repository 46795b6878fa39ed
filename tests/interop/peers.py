"""Reads and writes Zarr with other implementations, for tests/interop/run.ts. Speaks JSON on stdin and stdout.

    python peers.py read    {"stores": [{"path", "arrays": ["scale0/image", …]}]}
    python peers.py write   {"folder"}
    python peers.py images  {"paths": [of OME-Zarr images]}
    python peers.py consolidated {"paths": [of groups with consolidated metadata], "make": [of groups without]}
    python peers.py n5      {"read": [{"path", "inner"}], "folder": where to write}
    python peers.py coarsen {"cases": [images and factors]}
    python peers.py nodes   {"paths": [of OME-Zarr hierarchies]}
    python peers.py converted {"read": [{"path", "array"}]}
    python peers.py tiff-series {"folder": where to write}
    python peers.py lessons {"folder": where to run, "steps": [the Python beside a lesson's cells, in order]}
    python peers.py notebook {"path": of a notebook, "folder": where to run it, "public": what its site serves, "addressToCome"}
"""

import base64
import contextlib
import io
import json
import sys
from importlib import metadata
from pathlib import Path

import numcodecs
import numpy as np
import tensorstore
import zarr
from peers_common import attempt, sha256, waves
from peers_lessons import lessons
from peers_n5 import n5
from peers_n5 import with_z5py as with_z5py_n5
from peers_notebooks import notebook
from peers_tiff import tiff_series
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec


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


def with_z5py(path, array):
    """z5py reads Zarr too. It has no consolidated metadata, and takes the separator of keys from its caller."""
    import z5py

    folder = Path(path) / array
    format = 3 if (folder / "zarr.json").exists() else 2
    document = json.loads((folder / ("zarr.json" if format == 3 else ".zarray")).read_text())
    if any(codec.get("configuration", {}).get("index_location") == "start" for codec in document.get("codecs", [])):
        return None  # It knows shards with their index at the end only.
    if document.get("data_type") == "float16" or document.get("dtype") == "<f2":
        return None  # It has no half-precision numbers.
    encoding = document.get("chunk_key_encoding", {}).get("configuration", {})
    separator = encoding.get("separator", "/") if format == 3 else document.get("dimension_separator", ".")
    file = z5py.File(path, mode="r", dimension_separator=separator, zarr_format=format)
    values = file[array][...]
    return {"shape": list(values.shape), "dtype": str(values.dtype), "sha256": sha256(values)}


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
                        "tensorstore": attempt(with_tensorstore, store["path"], array),
                        "z5py": attempt(with_z5py, store["path"], array),
                    }
                    for array in store["arrays"]
                ],
            }
        )
    versions = {
        "Python": sys.version.split()[0],
        "zarr-python": zarr.__version__,
        "tensorstore": metadata.version("tensorstore"),
    }
    return {"versions": versions, "stores": results}


V3_CODECS = {
    "blosc-lz4": lambda size: dict(compressors=[BloscCodec(typesize=size, cname="lz4", clevel=5, shuffle="shuffle")]),
    "blosc-lz4 noshuffle": lambda size: dict(
        compressors=[BloscCodec(typesize=size, cname="lz4", clevel=5, shuffle="noshuffle")]
    ),
    "blosc-zstd bitshuffle": lambda size: dict(
        compressors=[BloscCodec(typesize=size, cname="zstd", clevel=3, shuffle="bitshuffle")]
    ),
    "blosc-zlib": lambda size: dict(compressors=[BloscCodec(typesize=size, cname="zlib", clevel=5, shuffle="shuffle")]),
    "blosc-blosclz": lambda size: dict(
        compressors=[BloscCodec(typesize=size, cname="blosclz", clevel=5, shuffle="shuffle")]
    ),
    "blosc-lz4hc": lambda size: dict(compressors=[BloscCodec(typesize=size, cname="lz4hc", clevel=5, shuffle="shuffle")]),
    "gzip": lambda size: dict(compressors=[GzipCodec(level=6)]),
    "zstd": lambda size: dict(compressors=[ZstdCodec(level=3)]),
    "zstd crc32c": lambda size: dict(compressors=[ZstdCodec(level=3, checksum=True), Crc32cCodec()]),
    "none": lambda size: dict(compressors=None),
    "big-endian": lambda size: dict(serializer=BytesCodec(endian="big"), compressors=None),
    "transpose": lambda size: dict(filters=[TransposeCodec(order=(2, 0, 1))], compressors=[ZstdCodec()]),
}
V2_CODECS = {
    "blosc-lz4": lambda: numcodecs.Blosc("lz4", 5, 1),
    "blosc-zstd bitshuffle": lambda: numcodecs.Blosc("zstd", 3, 2),
    "zlib": lambda: numcodecs.Zlib(3),
    "gzip": lambda: numcodecs.GZip(5),
    "zstd": lambda: numcodecs.Zstd(3),
    "lz4": lambda: numcodecs.LZ4(),
    "bz2": lambda: numcodecs.BZ2(),
    "none": lambda: None,
}
TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64"]


def write_stores(request):
    """Every codec with every type, and what our own writer does not make: transposed and big-endian chunks, F order."""
    folder = Path(request["folder"])
    shape, chunks = (13, 22, 17), (5, 8, 9)
    written = []

    def keep(writer, format, codec, dtype, make):
        name = f"{format} {codec} {dtype} by {writer}"
        values = waves(dtype, shape)
        make(folder / name, values)
        written.append(
            {
                "path": name,
                "writer": writer,
                "format": format,
                "codec": codec,
                "shape": list(shape),
                "dtype": dtype,
                "sha256": sha256(values),
            }
        )

    def with_zarr(**options):
        def make(path, values):
            array = zarr.create_array(path, shape=shape, dtype=values.dtype, chunks=chunks, fill_value=3, **options)
            array[...] = values

        return make

    for dtype in TYPES:
        size = np.dtype(dtype).itemsize
        for codec, options in V3_CODECS.items():
            keep("zarr-python", "Zarr v3", codec, dtype, with_zarr(dimension_names=("z", "y", "x"), **options(size)))
        for codec, make in V2_CODECS.items():
            for order, separator in (("C", "/"), ("F", ".")):
                options = dict(
                    zarr_format=2,
                    order=order,
                    compressors=make(),
                    chunk_key_encoding={"name": "v2", "separator": separator},
                )
                keep("zarr-python", "Zarr v2" if order == "C" else "Zarr v2, F order", codec, dtype, with_zarr(**options))
        for location in ("start", "end"):
            inner = ShardingCodec(
                chunk_shape=(5, 4, 3),
                codecs=[BytesCodec(), ZstdCodec() if location == "start" else GzipCodec()],
                index_codecs=[BytesCodec(), Crc32cCodec()],
                index_location=location,
            )

            def sharded(path, values, inner=inner):
                array = zarr.create_array(
                    path, shape=shape, dtype=values.dtype, chunks=(10, 8, 9), serializer=inner, compressors=None, fill_value=0
                )
                array[...] = values

            keep("zarr-python", "Zarr v3, shards", "zstd" if location == "start" else "gzip", dtype, sharded)
        for driver, format, metadata in (
            ("zarr3", "Zarr v3", {"codecs": [{"name": "blosc", "configuration": {"cname": "lz4"}}]}),
            ("zarr", "Zarr v2", {"compressor": {"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1}}),
        ):

            def store(path, values, driver=driver, metadata=metadata):
                grid = (
                    {"chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunks)}}}
                    if driver == "zarr3"
                    else {"chunks": list(chunks)}
                )
                array = tensorstore.open(
                    {"driver": driver, "kvstore": {"driver": "file", "path": str(path)}, "metadata": {**metadata, **grid}},
                    create=True,
                    dtype=values.dtype,
                    shape=shape,
                ).result()
                array.write(values).result()

            keep("tensorstore", format, "blosc-lz4", dtype, store)
    return {"arrays": written, "byteStrings": write_byte_strings(folder)}


def write_byte_strings(folder):
    """Elements that are bytes of any length, in both versions; one chunk is left out, and one hangs over the edge."""
    values = np.empty((7, 4), dtype=object)
    for i in range(28):
        values[i // 4, i % 4] = bytes((i * 7 + j) % 256 for j in range(i % 6 * 5))
    values[0:3, 0:2] = b""
    written = []
    forms = {
        "v2 zstd": dict(zarr_format=2, filters=[numcodecs.VLenBytes()], compressors=numcodecs.Zstd(3), order="C"),
        "v2 F blosc-lz4": dict(zarr_format=2, filters=[numcodecs.VLenBytes()], compressors=numcodecs.Blosc("lz4", 5, 0), order="F"),
        "v2 none": dict(zarr_format=2, filters=[numcodecs.VLenBytes()], compressors=None, order="C"),
        "v3 zstd": dict(zarr_format=3, compressors=[ZstdCodec()]),
        "v3 gzip": dict(zarr_format=3, compressors=[GzipCodec()]),
        "v3 shards zstd": dict(zarr_format=3, compressors=[ZstdCodec()], shards=(6, 4)),
    }
    for name, form in forms.items():
        dtype = "variable_length_bytes" if name.startswith("v3") else zarr.dtype.VariableLengthBytes()
        array = zarr.create_array(folder / f"bytes {name}", shape=values.shape, chunks=(3, 2), dtype=dtype, **form)
        array[...] = values
        flat = [base64.b64encode(value).decode() for value in array[...].ravel()]
        layout, codec = name.rsplit(" ", 1)
        format = {"v2": "Zarr v2", "v2 F": "Zarr v2, F order", "v3": "Zarr v3", "v3 shards": "Zarr v3, shards"}[layout]
        found = {"path": f"bytes {name}", "format": format, "codec": codec}
        written.append({**found, "shape": list(values.shape), "values": flat})
    return written


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


def ome_zarr_info(path):
    """What the command `ome_zarr info` prints."""
    from ome_zarr.cli import main

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(["info", path])
    return printed.getvalue().splitlines()


def read_images(request):
    import ngff_zarr
    import ome_zarr

    return {
        "versions": {"ome-zarr-py": ome_zarr.__version__, "ngff-zarr": ngff_zarr.__version__},
        "images": [
            {
                "readers": {"ome-zarr-py": attempt(with_ome_zarr, path), "ngff-zarr": attempt(with_ngff_zarr, path)},
                "info": attempt(ome_zarr_info, path),
            }
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


def coarsen(request):
    """The levels that xarray makes of random images, with the reference's options."""
    import xarray

    def levels(case):
        values = np.frombuffer(base64.b64decode(case["data"]), dtype=case["dtype"]).reshape(case["shape"])
        coords = {
            dim: case["translation"][dim] + case["scale"][dim] * np.arange(size)
            for dim, size in zip(case["dims"], case["shape"], strict=True)
        }
        image = xarray.DataArray(values, dims=case["dims"], coords=coords)
        made = []
        for factors in case["factors"]:
            image = image.coarsen(factors, boundary="trim", side="right").mean().astype(case["dtype"])
            made.append(
                {
                    "shape": list(image.shape),
                    "data": base64.b64encode(np.ascontiguousarray(image.values).tobytes()).decode(),
                    "first": {dim: float(image.coords[dim][0]) for dim in case["dims"]},
                }
            )
        return made

    return {"version": xarray.__version__, "cases": [attempt(levels, case) for case in request["cases"]]}


def nodes(request):
    """What ome-zarr-py's reader finds: images, labels, plates."""
    from ome_zarr.io import parse_url
    from ome_zarr.reader import Reader

    def found(path):
        root = str(Path(path).resolve())
        return [
            {
                "path": str(Path(str(node.zarr).split(" [zgroup]")[0]).resolve().relative_to(root)).removeprefix("."),
                "specs": [type(spec).__name__ for spec in node.specs],
                "shapes": [list(level.shape) for level in node.data],
                "channels": node.metadata.get("channel_names"),
            }
            for node in Reader(parse_url(path))()
        ]

    return {"nodes": [attempt(found, path) for path in request["paths"]]}


def converted(request):
    """Arrays of stores that `chunkwise convert` wrote: folders and zips by zarr-python, N5 by z5py."""

    def read(path, array):
        if path.endswith(".n5"):
            return with_z5py_n5(path, array)
        if path.endswith(".ozx"):
            values = zarr.open_group(zarr.storage.ZipStore(path, mode="r"), mode="r")[array][...]
        else:
            values = zarr.open_group(path, mode="r")[array][...]
        return {"shape": list(values.shape), "dtype": str(values.dtype), "sha256": sha256(values)}

    return {"read": [attempt(read, one["path"], one["array"]) for one in request["read"]]}


if __name__ == "__main__":
    actions = {
        "read": read_stores,
        "write": write_stores,
        "images": read_images,
        "consolidated": consolidated,
        "n5": n5,
        "coarsen": coarsen,
        "converted": converted,
        "lessons": lessons,
        "nodes": nodes,
        "notebook": notebook,
        "tiff-series": tiff_series,
    }
    action = actions[sys.argv[1]]
    json.dump(action(json.load(sys.stdin)), sys.stdout)
