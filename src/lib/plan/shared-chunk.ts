/** The shared-chunk figure: two writers of one array, whose border lies on a border of chunks or within them. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { counted, figure, type TextTwin } from "./figure.ts";
import { checkProps } from "./figure-props.ts";

/** Props of the figure, plain data. */
export interface SharedChunkProps {
	/** Rows and columns of the array; `[16, 24]` where absent. */
	shape?: [number, number];
	/** Rows and columns of a chunk; `[8, 8]` where absent. */
	chunks?: [number, number];
	/** First column of the second writer; one within a chunk where absent. */
	border?: number;
	title?: string;
}

/** An array that two write, side by side. */
export interface SharedSetting {
	shape: [rows: number, columns: number];
	chunks: [rows: number, columns: number];
	border: number;
}

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("shared-chunk-props", message, { where: "sharedChunk", remedy });
}

/**
 * What props describe.
 * @throws ChunkwiseError `shared-chunk-props`
 */
export function sharedSetting(props: SharedChunkProps): SharedSetting {
	const { shape = [16, 24], chunks = [8, 8] } = props;
	const lengths = [...shape, ...chunks];
	if (lengths.length !== 4 || !lengths.every((n) => Number.isInteger(n) && n > 0)) {
		throw bad("The array and its chunks have two lengths each.", "Write shape={[16, 24]} chunks={[8, 8]}.");
	}
	if (shape[0] * shape[1] > 2048) throw bad("So many elements cannot be told apart.", "Draw at most 2048.");
	const border = props.border ?? Math.min(shape[1] - 1, chunks[1] + Math.floor(0.6 * chunks[1]));
	if (!Number.isInteger(border) || border < 0 || border > shape[1]) {
		throw bad(`No writer can begin at column ${border}.`, `Give a number from 0 to ${shape[1]}.`);
	}
	return { shape: [...shape], chunks: [...chunks], border };
}

/** Columns of the chunks that both writers have; undefined where the border lies between chunks. */
export function sharedColumns({
	shape,
	chunks,
	border,
}: SharedSetting): [start: number, stop: number] | undefined {
	if (border % chunks[1] === 0 || border >= shape[1]) return undefined;
	const start = border - (border % chunks[1]);
	return [start, Math.min(shape[1], start + chunks[1])];
}

/** Chunks that both writers have. */
export function sharedChunks(setting: SharedSetting): number {
	return sharedColumns(setting) ? Math.ceil(setting.shape[0] / setting.chunks[0]) : 0;
}

/** Names of the writers. */
export const writerNames = ["A", "B"] as const;

/** What a run came to: elements lost, by writer. */
export interface SharedOutcome {
	lost: readonly [number, number];
	locked: boolean;
}

/** What is chosen, and what came of it, in words. */
export function describeShared(setting: SharedSetting, outcome?: SharedOutcome): string {
	const { shape, border } = setting;
	const shared = sharedColumns(setting);
	const count = sharedChunks(setting);
	const where = shared
		? `The border at column ${border} lies within chunks: ${counted(count, "chunk")} (columns ${shared[0]} to ${shared[1] - 1}) ${count === 1 ? "belongs" : "belong"} to both`
		: `The border at column ${border} is one of chunks: no chunk belongs to both`;
	if (!outcome) return `${where}.`;
	const [a, b] = outcome.lost;
	const total = shape[0] * shape[1];
	if (a + b === 0) {
		const why = shared && outcome.locked ? " One writer waited for the other." : "";
		return `${where}. All ${total} elements are in the store.${why}`;
	}
	const parts = [...(a > 0 ? [`${a} of writer A`] : []), ...(b > 0 ? [`${b} of writer B`] : [])];
	return `${where}. ${counted(a + b, "element")} of ${total} ${a + b === 1 ? "is" : "are"} lost: ${parts.join(", ")}.`;
}

/** The setting, and what is known of borders. */
export function sharedTwin(setting: SharedSetting, outcome?: SharedOutcome): TextTwin {
	const { shape, chunks } = setting;
	const borders = Array.from({ length: shape[1] + 1 }, (_, border) => border);
	return {
		summary:
			`Two writers fill one array of ${shape.join(" × ")} elements at the same time, in chunks of ${chunks.join(" × ")}: ` +
			"A the columns on the left, B those on the right. A part of a chunk cannot be written: each reads the chunk, changes its " +
			"part and writes the whole back. Where both have a chunk, the one that comes last writes over what the other wrote.",
		status: describeShared(setting, outcome),
		caption: "Chunks that both writers have, by the border between them",
		columns: [
			{ name: "Second writer begins at column", align: "right" },
			{ name: "Chunks that both have", align: "right" },
		],
		rows: borders.map((border) => [String(border), String(sharedChunks({ ...setting, border }))]),
	};
}

/**
 * Two writers of one array, as a figure to display in a cell: `display(sharedChunk({ border: 12 }))`.
 * @throws ChunkwiseError `shared-chunk-props`
 */
export function sharedChunk(props: SharedChunkProps = {}): FigureDisplay & Displayable {
	checkProps("shared-chunk", props);
	sharedSetting(props);
	return figure("shared-chunk", props);
}
