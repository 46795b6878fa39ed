"""TIFFs of several images by tifffile, with what tifffile itself finds in them."""

from pathlib import Path

import numpy as np
import tifffile
from peers_common import sha256, waves

PIXELS = {
    "PhysicalSizeX": 0.25,
    "PhysicalSizeXUnit": "µm",
    "PhysicalSizeY": 0.5,
    "PhysicalSizeYUnit": "µm",
    "Channel": {"Name": ["DAPI", "GFP"]},
}


def pyramid(writer, values, **options):
    """An image with two smaller copies below each page (SubIFDs)."""
    writer.write(values, subifds=2, tile=(16, 16), photometric="minisblack", **options)
    for step in (2, 4):
        writer.write(values[..., ::step, ::step], subfiletype=1, tile=(16, 16), photometric="minisblack")


def plain(writer, values, **options):
    """A page for each plane, without tifffile's own description."""
    for plane in values.reshape(-1, *values.shape[-2:]):
        writer.write(plane, metadata=None, contiguous=False, photometric="minisblack", **options)


def slide(writer):
    """As Aperio's scanners lay out a slide."""
    values = np.stack([waves("uint8", (128, 192)) + np.uint8(n) for n in range(3)], axis=-1)
    options = {"metadata": None, "photometric": "rgb"}
    text = "Aperio Image Library v11.2.1\r\n"
    writer.write(values, tile=(32, 32), description=f"{text}192x128 [0,0 192x128]", **options)
    writer.write(values[::3, ::3], description=f"{text}192x128 -> 64x43 - ", **options)
    writer.write(values[::2, ::2], tile=(32, 32), description=f"{text}192x128 -> 96x64", **options)
    writer.write(values[::4, ::4], tile=(32, 32), description=f"{text}192x128 -> 48x32", **options)
    writer.write(values[:50, :47], subfiletype=1, description=f"{text}label 47x50", **options)
    writer.write(values[:60, :97], subfiletype=9, description=f"{text}macro 97x60", **options)


def series_files(folder):
    four = waves("uint16", (2, 3, 40, 56))
    times = waves("float32", (4, 21, 33))
    half = waves("float16", (3, 9, 11))

    def two(writer):
        writer.write(four, photometric="minisblack", metadata={"axes": "CZYX", "Name": "first", **PIXELS})
        writer.write(times, photometric="minisblack", metadata={"axes": "TYX", "Name": "second"})

    def levels(writer):
        pyramid(writer, four, metadata={"axes": "ZCYX", "Name": "first"})
        pyramid(writer, times.astype("uint8"), compression="zlib", metadata={"axes": "TYX", "Name": "second"})

    def shapes(writer):
        plain(writer, four)
        plain(writer, times)
        plain(writer, half)

    def between(writer):
        for n in range(3):
            plain(writer, four[:1, n])
            plain(writer, times[n])

    yield "two.ome.tif", two, {"ome": True}
    yield "two big-endian.ome.tif", two, {"ome": True, "byteorder": ">", "bigtiff": True}
    yield "levels.ome.tif", levels, {"ome": True}
    yield "shapes.tif", shapes, {}
    yield "between.tif", between, {}
    yield "slide.svs", slide, {}


def tiff_series(request):
    folder = Path(request["folder"])
    files = []
    for name, write, options in series_files(folder):
        with tifffile.TiffWriter(folder / name, **options) as writer:
            write(writer)
        with tifffile.TiffFile(folder / name) as tiff:
            files.append(
                {
                    "name": name,
                    "series": [
                        {
                            "name": one.name,
                            "axes": one.axes,
                            "levels": [
                                {
                                    "shape": list(level.shape),
                                    "dtype": str(level.dtype),
                                    "sha256": sha256(level.asarray()),
                                    "inOrder": in_order(level),
                                }
                                for level in one.levels
                            ],
                        }
                        for one in tiff.series
                    ],
                }
            )
    return {"version": tifffile.__version__, "files": files}


def in_order(level):
    """The values with their axes as OME-NGFF has them: time, channel, space."""
    values = level.asarray()
    order = sorted(range(values.ndim), key=lambda axis: "TCSIQZYX".index(level.axes[axis]))
    values = values.transpose(order)
    return {"shape": list(values.shape), "dtype": str(values.dtype), "sha256": sha256(values)}
