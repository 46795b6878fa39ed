/** What the texts of --help have in common. */
export const paths = `PATH is a TIFF, a folder, a zip (.zip, .ozx), or an address: http(s)://, s3://BUCKET/KEY, gs://BUCKET/KEY or
s3+https://HOST/BUCKET/KEY. PATH#INNER names what is inside it:
  image.ome.zarr#scale0/image   an array
  data.n5#c0/s0                 an array of an N5 container
  stack.tif#page/3              a page, counted from 0
  stack.tif#stack               all pages as one array
  several.ome.tif#series/1      one of several images, counted from 0; its smaller copies as #series/1/level/1`;

export const exits = `Exit code: 0 well, 1 some data is bad or absent, 2 the call is wrong.`;

/**
 * The last options of every command, each said once.
 * @param lines what `--json` prints: "one JSON line for each PATH"; undefined where the command has no `--json`
 * @param width of the column of names
 */
export function lastOptions(lines?: string, width = 18): string {
	const json = `${"  --json".padEnd(width + 2)}${lines} on stdout, and nothing else there\n`;
	return `${lines ? json : ""}${"  -h, --help".padEnd(width + 2)}this text`;
}

/** The end of the options of a command that takes PATHs. */
export const pathOptions = `${lastOptions("one JSON line for each PATH")}

${paths}`;
