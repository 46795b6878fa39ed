/**
 * Node's worker_threads, as far as the pool uses them. Loaded by a name that is put together at run time: what is in
 * src/lib compiles without Node's types, and no bundler for browsers looks for it.
 */
export interface NodeThread {
	on(event: "message", listener: (data: unknown) => void): unknown;
	on(event: "error", listener: (error: Error & { code?: string }) => void): unknown;
	on(event: "exit", listener: (code: number) => void): unknown;
	on(event: "messageerror", listener: (error: Error) => void): unknown;
	postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
	terminate(): Promise<number>;
	ref(): void;
	unref(): void;
}

interface WorkerThreads {
	Worker: new (
		script: URL,
		options?: { name?: string; execArgv?: string[]; resourceLimits?: { maxOldGenerationSizeMb?: number } },
	) => NodeThread;
	parentPort: Pick<NodeThread, "on" | "postMessage"> | null;
}

interface OperatingSystem {
	availableParallelism(): number;
}

const load = (name: string): Promise<unknown> => import(/* @vite-ignore */ `node:${name}`);

export async function workerThreads(): Promise<WorkerThreads> {
	return (await load("worker_threads")) as WorkerThreads;
}

/** The options that this process was started with, but for those that are about code given in its command line. */
export function threadOptions(): string[] {
	const { execArgv } = (globalThis as unknown as { process: { execArgv: string[] } }).process;
	const withCode = ["-e", "--eval", "-p", "--print", "-pe"];
	return execArgv.filter(
		(option, i) =>
			!withCode.includes(option) && !withCode.includes(execArgv[i - 1]) && !option.startsWith("--input-type"),
	);
}

/** Cores that this process may use. */
export async function nodeCores(): Promise<number> {
	return ((await load("os")) as OperatingSystem).availableParallelism();
}
