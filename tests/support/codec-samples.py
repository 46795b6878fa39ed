"""Writes codec-samples.json: small arrays as zarr-python 3.1.6 and numcodecs 0.16.6 store them (synthetic values).

    python tests/support/codec-samples.py > tests/support/codec-samples.json
"""
import asyncio, base64, hashlib, json, sys, warnings
import numcodecs as n2
import numpy as np
import zarr
import zarr.codecs as z
import zarr.codecs.numcodecs as n3

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)
shape, chunks = (5, 4, 3), (3, 4, 2)
whole = rng.integers(-3000, 3000, shape)
real = np.round(rng.uniform(0, 600, shape), 1)
samples = {}


def keep(name, store, values):
    le = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    files = {}
    for key, value in store.items():
        data = value.to_bytes()
        text = key.endswith(("zarr.json", ".zarray"))
        files[key] = json.dumps(json.loads(data), separators=(",", ":")) if text else base64.b64encode(data).decode()
    files.pop(".zattrs", None)
    samples[name] = {"sha256": hashlib.sha256(le.tobytes()).hexdigest(), "files": files}


def write(name, values, zarr_format, edit=None, chunks=chunks, **options):
    store = {}
    array = zarr.create_array(
        zarr.storage.MemoryStore(store), shape=values.shape, chunks=chunks, dtype=values.dtype, zarr_format=zarr_format, **options
    )
    array[...] = values
    keep(name, store, array[...])


def v2(name, values, **options):
    write(f"v2 {name}", values, 2, **options)


def v3(name, values, **options):
    write(f"v3 {name}", values, 3, **options)


i4, f8 = whole.astype("<i4"), real.astype("<f8")
v2("delta, shuffle, zlib filters, bz2", i4, filters=[n2.Delta("<i4"), n2.Shuffle(4), n2.Zlib(1)], compressors=n2.BZ2())
v2("delta to a narrower type", i4.astype("<i8"), filters=[n2.Delta("<i8", "<i2")])
v2("delta, big-endian, order F", i4.astype(">i2"), filters=[n2.Delta(">i2")], order="F")
v2("fixedscaleoffset, big-endian", f8.astype(">f4"), filters=[n2.FixedScaleOffset(-300, 25.5, ">f4", ">i2")])
v2("fixedscaleoffset, float to float", f8.astype("<f4"), filters=[n2.FixedScaleOffset(0.1, 3.3, "<f4", "<f4")])
v2("quantize", f8, filters=[n2.Quantize(3, "<f8", "<f4")])
v2("astype", f8, filters=[n2.AsType(">f4", "<f8")])
v2("packbits, order F", whole > 0, filters=[n2.PackBits()], order="F")
v2("lzma", i4, compressors=n2.LZMA())
v3("two transposes", i4, filters=[z.TransposeCodec(order=(1, 2, 0)), z.TransposeCodec(order=(2, 1, 0))])
v3("big-endian transpose", f8, filters=[z.TransposeCodec(order=(1, 2, 0))], serializer=z.BytesCodec(endian="big"))
nested = z.ShardingCodec(
    chunk_shape=(4, 4),
    index_location="start",
    codecs=[z.ShardingCodec(chunk_shape=(2, 2), codecs=[z.BytesCodec(endian="big"), z.GzipCodec()])],
)
flat = np.zeros((9, 8), "<i2")
flat[1:6, 1:3] = -7
v3("shards in shards", flat, chunks=(8, 8), serializer=nested, compressors=None, fill_value=5)
v3("shard with a checksum around it", flat, chunks=(8, 8), serializer=z.ShardingCodec(chunk_shape=(4, 4)), compressors=[z.Crc32cCodec()])
v3("transposed shard", flat, chunks=(8, 4), serializer=z.ShardingCodec(chunk_shape=(2, 4)), filters=[z.TransposeCodec(order=(1, 0))], compressors=None)
v3("shuffle of another size", i4, compressors=[n3.Shuffle(elementsize=2), n3.Zlib()])
for name in ["CRC32", "Adler32", "Fletcher32", "CRC32C"]:
    v3(name, i4, compressors=[n3.Zlib(), getattr(n3, name)()])
bits = rng.integers(0, 65536, (4, 6), dtype="u2")
bits[:2] |= 0x7C00
v3("halves of all kinds", bits.view("f2"), chunks=(4, 4), filters=[z.TransposeCodec(order=(1, 0))], serializer=z.BytesCodec(endian="big"))
for name, dtype, word in [("float16", "f2", 0xFE01), ("float32", "f4", 0xFFA00001), ("float64", "f8", 0xFFF4000000000ABC)]:
    store = {}
    array = zarr.create_array(zarr.storage.MemoryStore(store), shape=(4,), chunks=(2,), dtype=dtype, fill_value=0, compressors=None)
    array[:2] = 2
    document = json.loads(store["zarr.json"].to_bytes())
    document["fill_value"] = hex(word)
    store["zarr.json"] = zarr.core.buffer.cpu.Buffer.from_bytes(json.dumps(document).encode())
    values = np.full(4, 2, dtype)
    values.view(f"u{values.itemsize}")[2:] = word
    keep(f"v3 {name} NaN as fill value", store, values)
write("v3 minus zero as fill value", np.full((4,), -0.0, "<f8"), 3, chunks=(2,), fill_value=-0.0)
json.dump(samples, sys.stdout, separators=(",", ":"))
