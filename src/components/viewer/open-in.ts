/** The same image in other people's viewers, which can read only what is public. */
import type { ViewedImage } from "../../lib/viewer/image.ts";

/**
 * Names and addresses, in the forms that these take in 2026: `?source=` for vizarr and the validator, a pipeline
 * "store|format:" for neuroglancer (its documentation, "Data sources"), which reads OME-Zarr 0.4 and 0.5, N5 and, alone
 * of the three, a zip. None for an image that is not at a public https address: their pages may not read it.
 */
export function otherViewers(
	source: string,
	{ format, path }: Pick<ViewedImage, "format" | "path">,
): { name: string; address: string }[] {
	const url = publicAddress(source);
	if (!url) return [];
	const isZip = /\.(zip|ozx)$/i.test(url.pathname);
	const below = path.split("/").map(encodeURIComponent).join("/");
	const root = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
	const version = /^OME-NGFF (\d+\.\d+)/.exec(format)?.[1];
	const scheme =
		format === "N5" ? "n5" : version === "0.4" || format === "Zarr 2" ? "zarr2" : version ? "zarr3" : "zarr";
	const isOld = version !== undefined && /^0\.[1-3]$/.test(version);
	const state = {
		layers: [
			{
				name: "image",
				type: "image",
				source: `${root}${isZip ? "|zip:" : "/"}${path === "" ? "" : `${below}/`}|${scheme}:`,
			},
		],
	};
	const neuroglancer = {
		name: "neuroglancer",
		address: `https://neuroglancer-demo.appspot.com/#!${encodeURIComponent(JSON.stringify(state))}`,
	};
	if (isZip || format === "N5") return isOld ? [] : [neuroglancer];
	const given = encodeURIComponent(path === "" ? root : `${root}/${below}`);
	return [
		{ name: "vizarr", address: `https://hms-dbmi.github.io/vizarr/?source=${given}` },
		...(isOld ? [] : [neuroglancer]),
		...(version
			? [{ name: "OME-NGFF validator", address: `https://ome.github.io/ome-ngff-validator/?source=${given}` }]
			: []),
	];
}

/**
 * An https address of a host that others can reach: no number of a private network, and no name of one. What a query or
 * a password opens is not for other sites.
 */
function publicAddress(source: string): URL | undefined {
	if (!URL.canParse(source)) return undefined;
	const url = new URL(source);
	const { hostname } = url;
	const isPrivate =
		/^(127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(hostname) ||
		/^\[|^[^.]+$|\.(local|localhost|internal|lan|home\.arpa|test)$/.test(hostname);
	return url.protocol === "https:" && !isPrivate && url.username === "" && url.search === ""
		? url
		: undefined;
}
