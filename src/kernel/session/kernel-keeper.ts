/** Has a kernel at hand: starts one where none runs, and knows when one that was waited for is no longer wanted. */
import type { FromKernel, KernelSettings } from "../protocol.ts";
import { KernelClient, type KernelSource } from "./kernel-client.ts";

export interface KernelHost extends KernelSource {
	settings(): Promise<KernelSettings>;
	/** Has buckets served at an address; `why` in words where nobody serves it. */
	serveBucket(): Promise<{ url: string; why?: string }>;
}

export class KernelKeeper {
	readonly #host: KernelHost;
	readonly #hear: (message: FromKernel) => void;
	readonly #crashed: (message: string) => void;
	#kernel?: KernelClient;
	#starting?: Promise<KernelClient>;

	constructor(host: KernelHost, hear: (message: FromKernel) => void, crashed: (message: string) => void) {
		this.#host = host;
		this.#hear = hear;
		this.#crashed = crashed;
	}

	/** The kernel that runs or is starting. */
	get current(): KernelClient | undefined {
		return this.#kernel;
	}

	/** The kernel, started if need be; undefined where it was ended meanwhile. @throws where it cannot start. */
	async start(): Promise<KernelClient | undefined> {
		this.#starting ??= this.#launch();
		const starting = this.#starting;
		try {
			const kernel = await starting;
			return this.#starting === starting ? kernel : undefined;
		} catch (error) {
			// The first to hear of it ends it, so that the next start is a new one; the others hear the same.
			if (this.#starting === starting) this.end();
			else if (this.#kernel) return undefined;
			throw error;
		}
	}

	/** Ends the worker at once, whatever it does. */
	end(): void {
		this.#kernel?.terminate();
		this.#kernel = undefined;
		this.#starting = undefined;
	}

	/** New settings, for a kernel that runs and for those to come. */
	async configure(): Promise<void> {
		const settings = await this.#host.settings();
		this.#kernel?.configure(settings);
	}

	async #launch(): Promise<KernelClient> {
		// The worker's script and the site's settings are loaded side by side.
		const kernel = new KernelClient(this.#host);
		this.#kernel = kernel;
		kernel.onmessage = (message) => {
			if (message.type === "serve-bucket") void this.#serveBucket(kernel, message.request);
			else this.#hear(message);
		};
		const [settings] = await Promise.all([this.#host.settings(), kernel.ready]);
		kernel.configure(settings);
		kernel.oncrash = this.#crashed;
		return kernel;
	}

	async #serveBucket(kernel: KernelClient, request: number): Promise<void> {
		kernel.send({ type: "bucket-served", request, ...(await this.#host.serveBucket()) });
	}
}
