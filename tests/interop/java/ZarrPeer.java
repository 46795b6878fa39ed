import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * zarr-java, reading. The ucar.ma2 that it wants (cdm-core 5) is not at Maven Central, and the older one that is there
 * has neither unsigned types nor what zarr-java writes with.
 */
class ZarrPeer {
  static JsonNode read(Path path) throws Exception {
    var array = dev.zarr.zarrjava.core.Array.open(path);
    Object values = array.read().copyTo1DJavaArray();
    var metadata = array.metadata();
    int[] shape = new int[metadata.shape.length];
    for (int i = 0; i < shape.length; i++) shape[i] = (int) metadata.shape[i];
    return Peer.facts(shape, metadata.dataType().toString().toLowerCase(), Peer.littleEndian(values));
  }
}
