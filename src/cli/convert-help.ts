/** The text of `chunkwise convert --help`. */
import { exits } from "./help-parts.ts";

export const convertHelp = `Usage: chunkwise convert [OPTIONS] IN OUT

Converts a TIFF, an OME-Zarr (0.1 to 0.5) or a Zarr array to an OME-Zarr folder. The scale levels of an OME-Zarr are
kept as they are, unless it has only one or --scale-factors, --method or --level ask for others; its labels and display
settings are not carried over. bool becomes uint8, and float16 float32. The whole image is held in memory. OUT gets its
name only when it is whole; until then the result stands beside it as OUT.….unfinished.

Options:
  --format FORMAT            ome-zarr-0.5 (default, on Zarr 3), ome-zarr-0.4 (on Zarr 2)
  --scale-factors LIST       each level's factor, relative to the level before: 2,4 makes levels 2 and 8 times coarser.
                             "none" for no coarser level. Default 2,4, left out along axes that are too short
  --method METHOD            how coarser levels are computed: mean (default), bin-shrink, nearest, mode (for labels),
                             gaussian
  --level N                  begin with scale level N of an OME-Zarr, 0 being the finest
  --chunks LIST              edge of a chunk: one length, or one for each of z,y,x. Default 64, or 256 for planes;
                             for a Zarr, its own
  --shards LIST              put chunks together into shards of this edge, a whole number of chunks (ome-zarr-0.5)
  --codec CODEC              blosc-lz4 (default), blosc-zstd, zstd, gzip, none
  --overwrite                replace OUT where it is a Zarr folder
  --json                     one JSON line on stdout, and nothing else there
  -h, --help                 this text

${exits}

Examples:
  chunkwise convert cells.tif cells.ome.zarr
  chunkwise convert cells.tif cells.ome.zarr --scale-factors 2,2,2 --chunks 128 --codec zstd
  chunkwise convert old.ome.zarr new.ome.zarr --chunks 64 --shards 128
  chunkwise convert new.ome.zarr for-older-tools.ome.zarr --format ome-zarr-0.4
  chunkwise convert stack.tif#page/3 page.ome.zarr --scale-factors none --overwrite`;
