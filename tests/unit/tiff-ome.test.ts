/** What an OME-TIFF says of channels, of other files, and of smaller copies. */
import { expect, test } from "vitest";
import { tiffParts } from "../../src/lib/tiff/ome.ts";
import { openTiff } from "../../src/lib/tiff/tiff.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

const page = { width: 3, height: 2, dtype: "uint8" as const, values: testValues("uint8", 6) as Uint8Array };

async function partsOf(description: string, name = "f0.ome.tif") {
	const bytes = buildTiff({ pages: [{ ...page, tags: { 270: [2, description] } }] });
	return tiffParts(await openTiff(new File([bytes as Uint8Array<ArrayBuffer>], name)));
}

const ome = (inside: string) => `<?xml version="1.0"?><OME xmlns="x">${inside}</OME>`;
const planes = ["f0", "f1"].map(
	(n) => `<TiffData><UUID FileName="${n}.ome.tif">urn:uuid:${n}</UUID></TiffData>`,
);

test("channels and the files of an image", async () => {
	const channels = `<Channel ID="a" Name="DAPI &amp; more"/><Channel ID="b"/>`;
	const xml = ome(`<Image><Pixels SizeX="3" SizeY="2">${channels}${planes.join("")}</Pixels></Image>`);
	expect(await partsOf(xml)).toEqual({
		channelNames: ["DAPI & more", ""],
		otherFiles: ["f1.ome.tif"],
		smallerCopies: 0,
	});
});

test("a companion file", async () => {
	const parts = await partsOf(ome(`<BinaryOnly MetadataFile="all.companion.ome" UUID="urn:uuid:1"/>`));
	expect(parts.otherFiles).toEqual(["all.companion.ome"]);
});

test("a file that was renamed is alone all the same", async () => {
	const xml = ome(`<Image><Pixels SizeX="3" SizeY="2">${planes[0]}</Pixels></Image>`);
	expect((await partsOf(xml, "renamed.tif")).otherFiles).toEqual([]);
});

test("another description", async () => {
	expect(await partsOf("ImageJ=1.53")).toEqual({ channelNames: [], otherFiles: [], smallerCopies: 0 });
});
