/** The text of `chunkwise convert --help`. */
import { exits, lastOptions } from "./help-parts.ts";

export const convertHelp = `Usage: chunkwise convert [OPTIONS] IN OUT

Converts a TIFF, an OME-Zarr (0.1 to 0.5), a Zarr array or an N5 to an OME-Zarr or N5, of any size: parts are read and
written one after the other. OUT is a folder; a name that ends in .ozx or .zip makes one zip file. The scale levels of
an OME-Zarr or N5 are kept as they are, unless it has only one or --scale-factors or --method ask for others. IN#PATH
names one image or level inside: image.ome.zarr#1. Channels' names and colours and labels go along to an OME-Zarr (new
levels of labels by mode). bool becomes uint8; float16 stays, and becomes float32 in N5, which
does not have it; that is said on stderr.

--format with nothing else, from another version of OME-NGFF, leaves every chunk as it is where it can and copies it.
Plates, wells, bioformats2raw sets, groups of labels and TIFFs of several images become OME-Zarr whole, image by image.
N5 has no place for these, nor for an image's labels, which are left out; that is said on stderr.

OUT gets its name only when it is whole; until then it stands beside it in OUT.unfinished. A call that was interrupted,
by Ctrl-C or a crash, is gone on with by the same call.

Options:
  --format FORMAT            ome-zarr-0.5 (default, on Zarr 3), ome-zarr-0.4 (on Zarr 2), n5
  --scale-factors LIST       each level's factor, relative to the level before: 2,4 makes levels 2 and 8 times coarser.
                             1x2x2 gives z, y and x factors of their own. "none" for no coarser level.
                             Default 2,4, left out along axes that are too short
  --method METHOD            how coarser levels are computed: mean (default), bin-shrink, nearest, mode (for labels),
                             gaussian
  --chunks LIST              edge of a chunk: one length, or one for each of z,y,x. Default 64, or 256 for planes;
                             for a Zarr or N5, its own
  --shards LIST              put chunks together into shards of this edge, a whole number of chunks (ome-zarr-0.5).
                             Default none; for a Zarr without --chunks its own, up to a quarter of --memory each
  --codec CODEC              blosc-lz4 (default), blosc-zstd, zstd, gzip (default for n5), none
  --level N                  of compression: 0 to 9 (zstd: 1 to 22). Default the codec's usual one
  --dims LIST                names of the axes in place of the input's, slowest first: t,y,x where a TIFF's pages are
                             time points
  --scale LIST               distance between samples: one for all axes of space, one for each, or one for each axis
  --units LIST               its unit, likewise: micrometer; "none" where there is none
  --memory MIB               what the parts in memory may take, 256 if not said
  --overwrite                replace OUT where it is a result of this command
  --restart                  forget what an interrupted call left, and begin anew
${lastOptions("one JSON line", 27)}

${exits}

Examples:
  chunkwise convert cells.tif cells.ome.zarr
  chunkwise convert cells.tif cells.ome.zarr --scale-factors 2,2,2 --chunks 128 --codec zstd
  chunkwise convert old.ome.zarr new.ome.zarr --chunks 64 --shards 128
  chunkwise convert new.ome.zarr for-older-tools.ome.zarr --format ome-zarr-0.4
  chunkwise convert plate-0.4.ome.zarr plate.ome.zarr --format ome-zarr-0.5
  chunkwise convert plate.ome.zarr small-plate.ome.zarr --codec blosc-zstd --chunks 128
  chunkwise convert cells.ome.tif cells.n5 --format n5
  chunkwise convert https://example.org/image.ome.zarr#1 smaller.ozx --codec zstd --level 9
  chunkwise convert slide.svs slide.ome.zarr
  chunkwise convert cells.tif cells.ome.zarr --scale 0.5,0.1,0.1 --units micrometer --scale-factors 1x2x2,1x2x2,2
  chunkwise convert several.ome.tif#series/1 second.n5 --format n5
  chunkwise convert stack.tif#page/3 page.ome.zarr --scale-factors none --overwrite`;
