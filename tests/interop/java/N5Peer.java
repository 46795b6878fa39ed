import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.scalableminds.bloscjava.Blosc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4BlockInputStream;
import net.jpountz.lz4.LZ4BlockOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/**
 * N5 blocks as the N5 specification lays them out, through the streams that Java's N5 library compresses with. That
 * library is not at Maven Central, so the block header is read and written here.
 */
class N5Peer {
  static InputStream decompress(JsonNode compression, InputStream in) throws Exception {
    return switch (compression.get("type").asText()) {
      case "raw" -> in;
      case "gzip" ->
          compression.path("useZlib").asBoolean() ? new InflaterInputStream(in) : new GZIPInputStream(in);
      case "bzip2" -> new BZip2CompressorInputStream(in);
      case "lz4" -> new LZ4BlockInputStream(in);
      case "xz" -> new XZCompressorInputStream(in);
      case "zstd" -> new ZstdInputStream(in);
      case "blosc" -> new ByteArrayInputStream(Blosc.decompress(in.readAllBytes()));
      default -> throw new IllegalArgumentException("no such compression: " + compression);
    };
  }

  static byte[] compress(ObjectNode compression, byte[] plain, int size) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String type = compression.get("type").asText();
    if (type.equals("blosc")) {
      return Blosc.compress(plain, size, Blosc.Compressor.LZ4, 5, Blosc.Shuffle.BYTE_SHUFFLE);
    }
    try (OutputStream out =
        switch (type) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "bzip2" -> new BZip2CompressorOutputStream(bytes, 9);
          case "lz4" -> new LZ4BlockOutputStream(bytes, 65536);
          case "xz" -> new XZCompressorOutputStream(bytes, 6);
          case "zstd" -> new ZstdOutputStream(bytes);
          default -> bytes;
        }) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  static JsonNode read(Path dataset) throws Exception {
    JsonNode attributes = Peer.JSON.readTree(dataset.resolve("attributes.json").toFile());
    int[] dimensions = Peer.JSON.convertValue(attributes.get("dimensions"), int[].class);
    int[] blockSize = Peer.JSON.convertValue(attributes.get("blockSize"), int[].class);
    String dtype = attributes.get("dataType").asText();
    int size = Peer.size(dtype);
    int n = dimensions.length;
    int length = size;
    for (int dimension : dimensions) length *= dimension;
    byte[] whole = new byte[length];
    try (var files = Files.walk(dataset)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (file.endsWith("attributes.json")) continue;
        Path place = dataset.relativize(file);
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file));
        if (header.getShort() != 0 || header.getShort() != n) throw new IllegalStateException("header of " + place);
        int[] extent = new int[n];
        int[] start = new int[n];
        for (int axis = 0; axis < n; axis++) {
          extent[axis] = header.getInt();
          start[axis] = Integer.parseInt(place.getName(axis).toString()) * blockSize[axis];
        }
        byte[] packed = new byte[header.remaining()];
        header.get(packed);
        byte[] block = decompress(attributes.get("compression"), new ByteArrayInputStream(packed)).readAllBytes();
        place(block, extent, start, whole, dimensions, size);
      }
    }
    int[] shape = new int[n];
    for (int axis = 0; axis < n; axis++) shape[axis] = dimensions[n - 1 - axis];
    return Peer.facts(shape, dtype, whole);
  }

  /** Puts a block's big-endian values into the whole, little-endian. The first dimension varies fastest in both. */
  static void place(byte[] block, int[] extent, int[] start, byte[] whole, int[] dimensions, int size) {
    int count = block.length / size;
    for (int i = 0; i < count; i++) {
      int rest = i;
      long at = 0;
      long stride = 1;
      for (int axis = 0; axis < extent.length; axis++) {
        at += (start[axis] + rest % extent[axis]) * stride;
        rest /= extent[axis];
        stride *= dimensions[axis];
      }
      for (int b = 0; b < size; b++) whole[(int) at * size + b] = block[i * size + size - 1 - b];
    }
  }

  static void write(Path folder, ArrayNode written) throws Exception {
    int[] dimensions = {Peer.SHAPE[2], Peer.SHAPE[1], Peer.SHAPE[0]};
    int[] blockSize = {Peer.CHUNKS[2], Peer.CHUNKS[1], Peer.CHUNKS[0]};
    for (String dtype : Peer.TYPES) {
      Object values = Peer.values(dtype);
      byte[] little = Peer.littleEndian(values);
      int size = Peer.size(dtype);
      for (String type : new String[] {"raw", "gzip", "bzip2", "lz4", "xz", "zstd", "blosc"}) {
        String path = dtype + " " + type + " by Java.n5";
        Path dataset = folder.resolve(path).resolve("s0");
        ObjectNode compression = Peer.JSON.createObjectNode().put("type", type);
        if (type.equals("blosc")) compression.put("cname", "lz4").put("clevel", 5).put("shuffle", 1);
        ObjectNode attributes = Peer.JSON.createObjectNode();
        attributes.set("dimensions", Peer.JSON.valueToTree(dimensions));
        attributes.set("blockSize", Peer.JSON.valueToTree(blockSize));
        attributes.put("dataType", dtype);
        attributes.set("compression", compression);
        Files.createDirectories(dataset);
        Peer.JSON.writeValue(folder.resolve(path).resolve("attributes.json").toFile(),
            Peer.JSON.createObjectNode().put("n5", "4.0.0"));
        Peer.JSON.writeValue(dataset.resolve("attributes.json").toFile(), attributes);
        for (int z = 0; z * blockSize[2] < dimensions[2]; z++)
          for (int y = 0; y * blockSize[1] < dimensions[1]; y++)
            for (int x = 0; x * blockSize[0] < dimensions[0]; x++) {
              int[] index = {x, y, z};
              byte[] block = block(little, dimensions, blockSize, index, size, compression);
              Path file = dataset.resolve(x + "/" + y + "/" + z);
              Files.createDirectories(file.getParent());
              Files.write(file, block);
            }
        Peer.keep(written, path, "Java's N5 codecs", "N5", type, dtype, values);
      }
    }
  }

  /** One block, cropped at the far edges. */
  static byte[] block(byte[] little, int[] dimensions, int[] blockSize, int[] index, int size, ObjectNode compression)
      throws Exception {
    int[] extent = new int[3];
    int[] start = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      start[axis] = index[axis] * blockSize[axis];
      extent[axis] = Math.min(blockSize[axis], dimensions[axis] - start[axis]);
    }
    ByteBuffer plain = ByteBuffer.allocate(extent[0] * extent[1] * extent[2] * size);
    for (int z = 0; z < extent[2]; z++)
      for (int y = 0; y < extent[1]; y++)
        for (int x = 0; x < extent[0]; x++) {
          int at = (start[0] + x) + dimensions[0] * ((start[1] + y) + dimensions[1] * (start[2] + z));
          for (int b = size - 1; b >= 0; b--) plain.put(little[at * size + b]);
        }
    byte[] packed = compress(compression, plain.array(), size);
    ByteBuffer block = ByteBuffer.allocate(16 + packed.length);
    block.putShort((short) 0).putShort((short) 3);
    for (int axis = 0; axis < 3; axis++) block.putInt(extent[axis]);
    return block.put(packed).array();
  }
}
