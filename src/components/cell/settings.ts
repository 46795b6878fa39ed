/**
 * Where the kernel's settings come from: the site's own `chunkwise.json`, which a host or an instructor may edit in
 * the built site, and what the reader chose on this page.
 */
import type { KernelSettings } from "../../kernel/protocol.ts";

export type Prefer = NonNullable<KernelSettings["samples"]["prefer"]>;

interface SiteSettings {
	samples?: { hl60Url?: string; publicImageUrl?: string; prefer?: Prefer };
}

/** The site's root as an absolute URL ending in a slash, whatever base path it is served under. */
const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
export const siteRoot = new URL(base, location.href).href;

let site: Promise<SiteSettings> | undefined;
let reader: { prefer?: Prefer; own?: { blob: Blob; name: string } } = {};
const listeners = new Set<() => void>();

export async function kernelSettings(): Promise<KernelSettings> {
	site ??= loadSite();
	const { samples = {} } = await site;
	return { samples: { ...samples, ...reader, dataUrl: `${siteRoot}data/` } };
}

/** What the reader chose; an own file is kept as long as the page is open and goes nowhere else. */
export function choose(choice: { prefer?: Prefer; own?: { blob: Blob; name: string } }): void {
	reader = { ...reader, ...choice };
	for (const listener of listeners) listener();
}

export function onSettingsChanged(listener: () => void): void {
	listeners.add(listener);
}

async function loadSite(): Promise<SiteSettings> {
	try {
		const response = await fetch(`${siteRoot}chunkwise.json`);
		if (!response.ok) return {};
		return (await response.json()) as SiteSettings;
	} catch (error) {
		// Without it the defaults hold; the reader can do nothing about it.
		console.warn("chunkwise.json could not be read; the defaults are used", error);
		return {};
	}
}
