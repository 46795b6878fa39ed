/** The options of `chunkwise download`. */
import { integers, jsonOption, once, parse } from "./call.ts";
import { UsageError } from "./output.ts";

export async function callDownload(args: string[], help: () => number): Promise<number> {
	const { values, positionals } = parse(args, {
		...jsonOption,
		levels: { type: "string" },
		overwrite: { type: "boolean" },
	});
	if (values.help) return help();
	if (positionals.length !== 2) {
		throw new UsageError(
			`download takes URL and OUT; ${positionals.length} ${positionals.length === 1 ? "was" : "were"} given.`,
		);
	}
	const levels = integers(values.levels, "--levels", 0);
	const [url, out] = positionals;
	const { downloadTo, downloadText } = await import("./download-command.ts");
	return once(
		url,
		values,
		(task) => downloadTo(url, out, { levels, overwrite: values.overwrite === true, ...task }),
		downloadText,
	);
}
