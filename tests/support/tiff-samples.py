"""Writes tiff-samples.json: small TIFFs by tifffile 2026.3.3 and imagecodecs 2026.3.6 (synthetic values).

    python tests/support/tiff-samples.py > tests/support/tiff-samples.json
"""
import base64, hashlib, io, json, struct, sys
import imagecodecs
import numpy as np
import tifffile

rng = np.random.default_rng(2)
samples = {}


def keep(name, data, values, dtype=None):
    le = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<")))
    samples[name] = {
        "file": base64.b64encode(data).decode(),
        "shape": list(values.shape),
        "dtype": dtype or values.dtype.name,
        "sha256": hashlib.sha256(le.tobytes()).hexdigest(),
    }


def write(name, values, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    keep(name, file.getvalue(), tifffile.imread(io.BytesIO(file.getvalue())))


halves = rng.integers(0, 65536, (9, 11), dtype="u2").view("f2")
write("halves, big-endian", halves, byteorder=">")
write("halves, lzma", halves, compression="lzma", rowsperstrip=4)
write("halves, tiles, predictor 3, big-endian", halves, compression="deflate", predictor=3, tile=(16, 16), byteorder=">")
floats = (rng.standard_normal((5, 7)) * 1000).astype("f4")
floats.flat[:5] = [np.nan, np.inf, -np.inf, -0.0, 2.0**-70]
for order in "<>":
    packed = imagecodecs.float24_encode(floats, byteorder=order)
    file = io.BytesIO()
    with tifffile.TiffWriter(file, byteorder=order) as writer:
        writer.write(metadata=None, data=np.frombuffer(packed, "i1").reshape(5, 21), photometric="minisblack", rowsperstrip=5)
    data = bytearray(file.getvalue())
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as tiff:
        tags = tiff.pages[0].tags
        for tag, value in [("ImageWidth", 7), ("BitsPerSample", 24), ("SampleFormat", 3)]:
            size = {3: "H", 4: "I"}[tags[tag].dtype]
            struct.pack_into(order + size, data, tags[tag].valueoffset, value)
    keep(f"floats of 24 bits, {order}", bytes(data), tifffile.imread(io.BytesIO(bytes(data))))
smooth = (np.add.outer(np.arange(16), np.arange(20)) * 7 % 251)
write("lzma, predictor 2", smooth.astype(">u2"), compression="lzma", predictor=2, byteorder=">")
write("lerc", smooth.astype("u2"), compression="lerc")
write("lerc and deflate, tiles", smooth.astype("f4"), compression="lerc", compressionargs={"compression": "deflate"}, tile=(16, 16))
write("lerc and zstd, colours", np.stack([smooth] * 3, -1).astype("u1"), compression="lerc", compressionargs={"compression": "zstd"}, photometric="rgb")
json.dump(samples, sys.stdout, separators=(",", ":"))
