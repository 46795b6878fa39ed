/** The same image in other people's viewers, which can read only what is public. */

/** Names and addresses; none for an image that is not on the web. */
export function otherViewers(source: string, format: string): { name: string; address: string }[] {
	let url: URL;
	try {
		url = new URL(source);
	} catch {
		return [];
	}
	const isLocal = /^(localhost|127\.|0\.0\.0\.0|\[::1\]|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(
		url.hostname,
	);
	if (!/^https?:$/.test(url.protocol) || isLocal || /\.(zip|ozx)$/i.test(url.pathname)) return [];
	const address = url.href.replace(/\/$/, "");
	const isN5 = format === "N5";
	const kind = isN5 ? "n5" : "zarr";
	const state = { layers: [{ name: "image", type: "image", source: `${kind}://${address}` }] };
	const neuroglancer = {
		name: "neuroglancer",
		address: `https://neuroglancer-demo.appspot.com/#!${encodeURIComponent(JSON.stringify(state))}`,
	};
	if (isN5) return [neuroglancer];
	const given = encodeURIComponent(address);
	return [
		{ name: "vizarr", address: `https://hms-dbmi.github.io/vizarr/?source=${given}` },
		neuroglancer,
		{ name: "OME-NGFF validator", address: `https://ome.github.io/ome-ngff-validator/?source=${given}` },
	];
}
