import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads and writes with Java libraries for tests/interop/java.ts. Speaks JSON on stdin and stdout. */
public class Peer {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String[] TYPES = {
    "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"
  };
  static final int[] SHAPE = {13, 22, 17};
  static final int[] CHUNKS = {5, 8, 9};

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    // Libraries that print must not spoil the answer.
    System.setOut(System.err);
    JsonNode request = JSON.readTree(System.in);
    ObjectNode answer = JSON.createObjectNode();
    answer.put("java", System.getProperty("java.version"));
    ArrayNode zarr = answer.putArray("zarr");
    for (JsonNode one : request.get("zarr")) {
      zarr.add(attempt(() -> ZarrPeer.read(Path.of(one.asText()))));
    }
    ArrayNode n5 = answer.putArray("n5");
    for (JsonNode one : request.get("n5")) {
      n5.add(attempt(() -> N5Peer.read(Path.of(one.asText()))));
    }
    ArrayNode written = answer.putArray("written");
    Path folder = Path.of(request.get("folder").asText());
    N5Peer.write(folder, written);
    out.write(JSON.writeValueAsBytes(answer));
    out.flush();
  }

  interface Reading {
    JsonNode read() throws Exception;
  }

  static JsonNode attempt(Reading reading) {
    try {
      return reading.read();
    } catch (Throwable error) {
      return JSON.createObjectNode().put("error", error.toString());
    }
  }

  static ObjectNode facts(int[] shape, String dtype, byte[] little) throws Exception {
    ObjectNode facts = JSON.createObjectNode();
    ArrayNode sizes = facts.putArray("shape");
    for (int size : shape) sizes.add(size);
    facts.put("dtype", dtype);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(little);
    return facts.put("sha256", HexFormat.of().formatHex(hash));
  }

  /** A primitive Java array as little-endian bytes. */
  static byte[] littleEndian(Object values) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = java.lang.reflect.Array.getLength(values);
    ByteBuffer buffer = ByteBuffer.allocate(length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      Object value = java.lang.reflect.Array.get(values, i);
      if (value instanceof Byte b) buffer.put(b);
      else if (value instanceof Short s) buffer.putShort(s);
      else if (value instanceof Integer n) buffer.putInt(n);
      else if (value instanceof Long l) buffer.putLong(l);
      else if (value instanceof Float f) buffer.putFloat(f);
      else if (value instanceof Double d) buffer.putDouble(d);
      else throw new IllegalArgumentException("no number: " + value);
    }
    out.write(buffer.array(), 0, buffer.position());
    return out.toByteArray();
  }

  static int size(String dtype) {
    return Integer.parseInt(dtype.replaceAll("\\D", "")) / 8;
  }

  /** Test values of SHAPE in C order, as a primitive array of the type's width. */
  static Object values(String dtype) {
    int length = SHAPE[0] * SHAPE[1] * SHAPE[2];
    Class<?> type =
        dtype.equals("float32") ? float.class
        : dtype.equals("float64") ? double.class
        : switch (size(dtype)) {
          case 1 -> byte.class;
          case 2 -> short.class;
          case 4 -> int.class;
          default -> long.class;
        };
    Object array = java.lang.reflect.Array.newInstance(type, length);
    for (int i = 0; i < length; i++) {
      long value = (i * 37L) % 1009 - 90;
      if (type == byte.class) java.lang.reflect.Array.setByte(array, i, (byte) value);
      else if (type == short.class) java.lang.reflect.Array.setShort(array, i, (short) value);
      else if (type == int.class) java.lang.reflect.Array.setInt(array, i, (int) value * 70001);
      else if (type == long.class) java.lang.reflect.Array.setLong(array, i, value * 1099511627777L);
      else if (type == float.class) java.lang.reflect.Array.setFloat(array, i, value / 7f);
      else java.lang.reflect.Array.setDouble(array, i, value / 7d);
    }
    return array;
  }

  static void keep(
      ArrayNode written, String path, String writer, String format, String codec, String dtype, Object values)
      throws Exception {
    ObjectNode facts = facts(SHAPE, dtype, littleEndian(values));
    written.add(facts.put("path", path).put("writer", writer).put("format", format).put("codec", codec));
  }
}
