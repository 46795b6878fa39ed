/** Where downloaded samples are kept: the browser's Cache, or memory where there is none. */

/** Files by key; keys are addresses. Any call may fail: storage can be full or forbidden. */
export interface FileCache {
	/** The file kept under a key; undefined where there is none. */
	match(key: string): Promise<Response | undefined>;
	/** Keeps a file under a key, in place of what was there. */
	put(key: string, response: Response): Promise<void>;
	/** Removes a file. True where there was one. */
	delete(key: string): Promise<boolean>;
	/** Removes everything. */
	clear(): Promise<void>;
	/** Whether files outlive the program or the tab. */
	readonly lasting: boolean;
}

const cacheName = "chunkwise-samples";

/** Keeps files as long as the program or the worker runs. */
export function memoryFileCache(): FileCache {
	const files = new Map<string, { blob: Blob; headers: [string, string][] }>();
	return {
		lasting: false,
		async match(key) {
			const file = files.get(key);
			return file && new Response(file.blob, { headers: file.headers });
		},
		async put(key, response) {
			files.set(key, { headers: [...response.headers], blob: await response.blob() });
		},
		async delete(key) {
			return files.delete(key);
		},
		async clear() {
			files.clear();
		},
	};
}

let memory: FileCache | undefined;

/**
 * The browser's Cache, which stays until the site's data is cleared; memory in Node, on pages without https, and where
 * the reader's settings forbid storage.
 */
export async function platformFileCache(): Promise<FileCache> {
	if (typeof caches !== "undefined") {
		try {
			return lastingFileCache(await caches.open(cacheName));
		} catch {
			// Private windows and blocked site data: a SecurityError. Memory does as well, for a while.
		}
	}
	memory ??= memoryFileCache();
	return memory;
}

function lastingFileCache(cache: Cache): FileCache {
	return {
		lasting: true,
		match: (key) => cache.match(key),
		put: (key, response) => cache.put(key, response),
		delete: (key) => cache.delete(key),
		async clear() {
			for (const request of await cache.keys()) await cache.delete(request);
		},
	};
}
