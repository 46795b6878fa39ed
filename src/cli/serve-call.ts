/** The options of `chunkwise serve`, which runs until it is stopped. */
import { parse, stop, stopOnSignal } from "./call.ts";
import { exitCodes, explain, printError, printLine, UsageError } from "./output.ts";

export async function callServe(args: string[], help: () => number): Promise<number> {
	const { values, positionals } = parse(args, {
		port: { type: "string" },
		host: { type: "string" },
		base: { type: "string" },
		quiet: { type: "boolean" },
	});
	if (values.help) return help();
	if (positionals.length !== 1) throw new UsageError("serve takes one FOLDER.");
	const port = values.port === undefined ? 8000 : Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65535 || values.port === "") {
		throw new UsageError(`--port is ${values.port} and can be 0 to 65535.`);
	}
	const [folder] = positionals;
	const { serveFolder } = await import("./serve.ts");
	try {
		const served = await serveFolder(folder, {
			port,
			host: values.host as string | undefined,
			base: values.base as string | undefined,
			onRequest: values.quiet
				? undefined
				: ({ method, url, status, range }) =>
						process.stderr.write(`${status} ${method} ${url}${range ? ` ${range}` : ""}\n`),
		});
		stopOnSignal();
		printLine(served.url);
		await new Promise((done) => stop.signal.addEventListener("abort", done, { once: true }));
		await served.close();
		return exitCodes.ok;
	} catch (error) {
		printError(folder, explain(error));
		return exitCodes.failed;
	}
}
