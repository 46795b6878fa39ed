/** The texts of --help. */
import { libraryVersion } from "../lib/version.ts";
import { convertHelp } from "./convert-help.ts";
import { exits, lastOptions, pathOptions, paths } from "./help-parts.ts";

export const version = libraryVersion;

export const helpTexts: Record<string, string> = {
	"": `chunkwise ${libraryVersion}: image data storage, seen and converted

Usage: chunkwise COMMAND [OPTIONS] PATH…

Commands:
  info PATH…        what it is: format, axes, scale levels, chunks, codecs
  stats PATH…       an array's type, shape, min, max, sum and SHA-256 of its values
  ls PATH…          keys with their sizes
  tree PATH…        the hierarchy: groups, and arrays with shape, type and chunks
  validate PATH…    OME-NGFF metadata and the arrays behind it against the rules
  convert IN OUT    an image to OME-Zarr or N5 with scale levels
  download URL OUT  an image from an address to this machine, resumable
  serve FOLDER      static HTTP with byte ranges and CORS, for viewers

Options:
  -h, --help        this text, or with a command, the command's
  --version         the version

${paths}

${exits}

Examples:
  chunkwise info cells.tif
  chunkwise convert cells.tif cells.ome.zarr --scale-factors 2,4
  chunkwise stats cells.tif cells.ome.zarr#scale0/cells
  chunkwise serve . --port 8000`,

	info: `Usage: chunkwise info [OPTIONS] PATH…

Tells what each PATH is: format and version, axes, and for each scale level its path, shape, chunks, shards,
type, codecs, scale and translation; and how many requests and bytes that took. No pixels are read.
Formats: TIFF, Zarr 2 and 3, N5, OME-Zarr 0.1 to 0.6. A TIFF's strips or tiles are its chunks; where it holds several
images, each is told. Arrays that cannot be read are described too, with what is not supported.

Options:
${pathOptions}

${exits}

Examples:
  chunkwise info cells.tif
  chunkwise info https://example.org/image.ome.zarr
  chunkwise info --json *.ome.zarr | jq .images[0].levels[0].shape`,

	stats: `Usage: chunkwise stats [OPTIONS] PATH…

Reads each PATH's values and prints the type, the shape, the smallest and largest value, the sum, and the SHA-256 of
the values as little-endian bytes in C order (bool as one byte): equal values give equal lines, whatever the format.
A TIFF is the stack of its pages where they agree in shape and type, else its first page; values as stored.
An OME-Zarr is its finest level. Memory stays bounded: values are read in parts.

Options:
${pathOptions}

${exits}

Examples:
  chunkwise stats cells.tif
  chunkwise stats cells.tif#page/64 cells.ome.zarr#scale1/cells
  chunkwise stats --json *.tif > checksums.jsonl`,

	ls: `Usage: chunkwise ls [OPTIONS] PATH…

Lists the keys of each PATH with their sizes in bytes, as they are met; of a TIFF its pages. What plain HTTP serves
cannot be listed: there the metadata tell the keys, and chunks among them need not be stored. Sizes of what is far
away are not asked for and shown as "?".

Options:
${pathOptions}

${exits}

Examples:
  chunkwise ls cells.ome.zarr
  chunkwise ls cells.ozx#scale0
  chunkwise ls s3://bucket/cells.ome.zarr | head`,

	tree: `Usage: chunkwise tree [OPTIONS] PATH…

Shows the hierarchy of each PATH: groups, and arrays with shape, type, chunks and shards. No pixels are read.

Options:
${pathOptions}

${exits}

Examples:
  chunkwise tree cells.ome.zarr
  chunkwise tree https://example.org/plate.ome.zarr#A/1
  chunkwise tree data.n5`,

	validate: `Usage: chunkwise validate [OPTIONS] PATH…

Checks OME-NGFF 0.1 to 0.5 by the rules of the version that the metadata states. A folder or an address is checked
with all that its metadata names: arrays, labels, wells, images. No pixels are read. A JSON document (.zattrs,
zarr.json, or the attributes alone) is checked by itself. Each finding says where it is, as a JSON pointer, and what
to do; an error is what the specification demands, a warning what it recommends or what is likely to be wrong.

Options:
  --strict          what the specification recommends is an error too
${pathOptions}

Exit code: 0 all are valid, 1 some are not or cannot be read, 2 the call is wrong.

Examples:
  chunkwise validate cells.ome.zarr
  chunkwise validate --strict plate.ome.zarr#A/1/0
  chunkwise validate cells.ome.zarr/zarr.json
  chunkwise validate --json *.ome.zarr | jq -r 'select(.valid | not) | .path'`,

	convert: convertHelp,

	download: `Usage: chunkwise download [OPTIONS] URL OUT

Downloads an image as it is, byte for byte: a TIFF or a zip as one file; an OME-Zarr, Zarr or N5 from http(s):// (its
metadata tell the keys, no listing is needed) or s3:// as a folder. OUT gets its name when it is whole; until then
everything is in OUT.unfinished, and the same call goes on from there, however it ended. Chunks that the server does
not have are passed over: they stand for the fill value.

Options:
  --levels LIST     only these scale levels, 0 being the finest: 1,2. The metadata written name only these
  --overwrite       replace OUT where it is a file or a Zarr or N5 folder, and begin anew
${lastOptions("one JSON line")}

${paths}

${exits}

Examples:
  chunkwise download https://example.org/cells.ome.zarr cells.ome.zarr
  chunkwise download https://example.org/large.ome.zarr small.ome.zarr --levels 2,3
  chunkwise download https://example.org/plate.ome.zarr#A/1/0 field.ome.zarr
  chunkwise download s3://bucket/image.ozx image.ozx`,

	serve: `Usage: chunkwise serve [OPTIONS] FOLDER

Serves FOLDER over HTTP until it is stopped (Ctrl-C): byte ranges, CORS for pages of any site, the right media types,
index.html for folders. Only this machine can reach it unless --host says otherwise. Links that lead out of FOLDER
are not followed.

Options:
  --port PORT       default 8000; 0 for any free one
  --host ADDRESS    default 127.0.0.1; 0.0.0.0 for everybody on the network
  --base PATH       answer only under this path, such as /course/
  --quiet           do not log requests
${lastOptions()}

Examples:
  chunkwise serve .
  chunkwise serve data --port 9000
  chunkwise serve dist --base /course/`,
};
