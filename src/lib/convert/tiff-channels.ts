/** Names and colours of the channels of a TIFF: from OME-XML, or from what ImageJ keeps beside the pixels. */
import type { ChannelRequest } from "../ngff/channels.ts";
import type { Tiff, TiffSeries } from "../tiff/tiff.ts";

/**
 * The channels of an image with `count` of them (1 where it has no axis c), where the file names or colours them and
 * speaks of as many.
 * @param series which of the file's images; default the first
 */
export function tiffChannels(
	tiff: Tiff,
	count: number,
	series: TiffSeries | undefined = tiff.series[0],
): ChannelRequest[] | undefined {
	const { ImageDescription: text } = tiff.metadata;
	if (typeof text !== "string") return undefined;
	const isImageJ = text.startsWith("ImageJ=") && series?.index === 0;
	const channels = isImageJ ? imageJChannels(tiff, text, count) : [...(series?.channels ?? [])];
	const told = channels.some(({ label, color }) => label || color);
	return told && channels.length === count ? channels : undefined;
}

/**
 * ImageJ's tag 50839 (ij.io.TiffDecoder, getMetaData): after "IJIJ" pairs of a kind and how many there are, then the
 * blocks, whose lengths tag 50838 gives. Tables of colours ("luts") have 256 reds, greens and blues; the last of each is
 * the channel's colour. Windows ("rang") are two doubles for each channel.
 */
function imageJChannels(tiff: Tiff, description: string, count: number): ChannelRequest[] {
	const { ImageJMetadata: block, ImageJMetadataByteCounts: counts } = tiff.metadata;
	const bytes =
		block instanceof Uint8Array ? block : Array.isArray(block) ? Uint8Array.from(block) : undefined;
	const lengths = Array.isArray(counts) ? counts : [];
	const little = tiff.byteOrder === "little";
	const channels: ChannelRequest[] = Array.from({ length: count }, () => ({}));
	// A composite's channels have their own colours; of other modes the table is how one channel is looked at.
	if (!bytes || !/^mode=(composite|color)$/m.test(description) || bytes.length < lengths[0]) return channels;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let part = 1;
	let at = lengths[0];
	for (let entry = 4; entry + 8 <= lengths[0]; entry += 8) {
		const kind = [0, 1, 2, 3].map((i) => String.fromCharCode(bytes[entry + (little ? 3 - i : i)])).join("");
		const parts = view.getUint32(entry + 4, little);
		for (let i = 0; i < parts && part < lengths.length; i++) {
			const length = lengths[part++];
			if (at + length > bytes.length) return channels;
			if (kind === "luts" && length === 768 && i < count) {
				const rgb = [at + 255, at + 511, at + 767].map((place) => bytes[place]);
				channels[i].color = rgb.map((value) => value.toString(16).padStart(2, "0")).join("");
			}
			if (kind === "rang" && length === 16 * count) {
				channels.forEach((channel, c) => {
					const [start, end] = [0, 8].map((shift) => view.getFloat64(at + 16 * c + shift, little));
					if (Number.isFinite(start) && Number.isFinite(end)) channel.window = { start, end };
				});
			}
			at += length;
		}
	}
	return channels;
}
