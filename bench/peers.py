"""The Python peers of the measurements: asked for one task a line (JSON) on stdin, answers with its milliseconds.

Packages that are not installed are left out of the first answer, and bench says so.
"""

import importlib
import json
import os
import sys
import time

import numpy as np

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what packages print goes to stderr

state = {}


def start(folder, shape, dtype):
    state["folder"] = folder
    state["image"] = np.fromfile(os.path.join(folder, "image.raw"), dtype=dtype).reshape(shape)
    versions = {"numpy": np.__version__}
    for name in ("zarr", "xarray", "tifffile", "ngff_zarr", "imagecodecs"):
        try:
            versions[name] = str(importlib.import_module(name).__version__)
        except ImportError:
            pass
    return versions


def codec(name):
    from zarr.codecs import BloscCodec, GzipCodec, ZstdCodec

    return {
        "none": None,
        "blosc-lz4": BloscCodec(cname="lz4", clevel=5, shuffle="shuffle"),
        "blosc-zstd": BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"),
        "zstd": ZstdCodec(level=3),
        "gzip": GzipCodec(level=5),
    }[name]


def write(name):
    import zarr

    image = state["image"]
    store = zarr.storage.MemoryStore()
    array = zarr.create_array(
        store, shape=image.shape, chunks=(64, 64, 64), dtype=image.dtype, compressors=codec(name), filters=None
    )
    array[...] = image
    state[name] = store


def read(name):
    import zarr

    if name not in state:
        write(name)
    zarr.open_array(state[name], mode="r")[...]


def pyramid():
    """As multiscale-spatial-image does it, with the factors relative to the image."""
    import xarray

    image = xarray.DataArray(state["image"], dims=("z", "y", "x"))
    for factor in (2, 4):
        coarse = image.coarsen(z=factor, y=factor, x=factor, boundary="trim", side="right").mean()
        coarse.astype(image.dtype).values


def pyramid_ngff():
    import ngff_zarr

    image = ngff_zarr.to_ngff_image(state["image"], dims=("z", "y", "x"))
    levels = ngff_zarr.to_multiscales(image, scale_factors=[2, 4], method=ngff_zarr.Methods.ITKWASM_BIN_SHRINK)
    for level in levels.images[1:]:
        np.asarray(level.data)


def tiff():
    import tifffile

    tifffile.imread(os.path.join(state["folder"], "image.tif"))


def copy():
    if "copied" not in state:
        state["copied"] = np.empty_like(state["image"])
    np.copyto(state["copied"], state["image"])


tasks = {"pyramid": pyramid, "pyramid ngff": pyramid_ngff, "tiff": tiff, "copy": copy}

for line in sys.stdin:
    question = json.loads(line)
    task = question.pop("task")
    try:
        if task == "start":
            answer = start(**question)
        elif task == "forget":
            for name in ("none", "blosc-lz4", "blosc-zstd", "zstd", "gzip", "copied"):
                state.pop(name, None)
            answer = {"ms": 0}
        else:
            verb, _, rest = task.partition(" ")
            run = {"write": lambda: write(rest), "read": lambda: read(rest)}.get(verb) or tasks[task]
            if verb == "read" and rest not in state:
                write(rest)
            begun = time.perf_counter()
            run()
            answer = {"ms": (time.perf_counter() - begun) * 1000}
    except Exception as error:  # told to whoever asked
        answer = {"error": f"{type(error).__name__}: {error}"}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
