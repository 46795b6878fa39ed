/** A pyramid written as tasks: each chunk of each level is one, computed and encoded by the pool's workers. */
import { copyBlock, copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import type { PyramidLevel, PyramidPlan } from "../plan/pyramid.ts";
import { type ChunkTask, pyramidTaskGraph } from "../plan/task-graph.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { type CodecName, codecChain } from "../zarr/codecs.ts";
import { encodeJson, type WritableType } from "../zarr/metadata.ts";
import { metadataOf } from "../zarr/write-array.ts";
import type { Task, TaskContext } from "./graph.ts";

/** What is written, and where. */
export interface PyramidWork {
	plan: PyramidPlan;
	/** The image, C order, in the shape of the plan's first level. */
	image: TypedArray;
	store: WritableStore;
	codec: CodecName;
	/** Told of each chunk as it is in the store. */
	onStored?: (task: ChunkTask, bytes: number) => void;
}

/** Writes the arrays' metadata, and gives the tasks that write their chunks; run them by `runTasks`. */
export async function pyramidTasks(work: PyramidWork): Promise<Task[]> {
	const { plan, image, store, codec } = work;
	const dtype = dataTypeOf(image) as WritableType;
	const chain = codecChain(codec, dtype, 3);
	for (const { grid } of plan.levels) {
		const { shape, chunks, dims, prefix } = grid;
		const array = { data: image, shape, chunks, dtype, codec, dimensionNames: dims };
		for (const [name, document] of metadataOf(array, { chain })) {
			await store.set(keyOf(prefix, name), encodeJson(document));
		}
	}
	const tasks = pyramidTaskGraph(plan);
	const byId = new Map(tasks.map((task) => [task.id, task]));
	return tasks.map((task): Task => {
		const { grid } = plan.levels[task.level];
		const bytes = product(grid.chunks) * image.BYTES_PER_ELEMENT;
		return {
			...{ id: task.id, label: `chunk ${task.chunk.join(", ")} of scale${task.level}` },
			...{ inputs: task.inputs, level: task.level, chunk: task.chunk },
			// Its elements, and the copy of them that is encoded; of what it is computed from a copy too.
			bytes: 2 * bytes + (task.source ? product(regionShape(task.source)) * image.BYTES_PER_ELEMENT : 0),
			run: (context) => makeChunk(work, byId, task, context),
		};
	});
}

/** Gives the elements of the chunk that lie in the array. */
async function makeChunk(
	{ plan, image, store, codec, onStored }: PyramidWork,
	byId: ReadonlyMap<string, ChunkTask>,
	task: ChunkTask,
	context: TaskContext,
): Promise<TypedArray> {
	const level = plan.levels[task.level];
	const dtype = dataTypeOf(image) as DataType;
	const elements = task.source
		? await coarsen(plan, byId, task, task.source, context, dtype)
		: copyBlock(image, level.grid.shape, task.region);
	const data = padded(elements, task, level, dtype);
	const spec = { format: "zarr" as const, codec };
	const transfer = data === elements ? [] : [data.buffer as ArrayBuffer];
	const value = await context.job(
		"encodeChunk",
		{ spec, data, shape: level.grid.chunks, dtype: dtype as WritableType },
		{ transfer },
	);
	await store.set(`/${task.id}`, value);
	onStored?.(task, value.byteLength);
	return elements;
}

/** The chunk's elements, computed by a worker from those of its inputs. */
async function coarsen(
	plan: PyramidPlan,
	byId: ReadonlyMap<string, ChunkTask>,
	task: ChunkTask,
	source: Region,
	context: TaskContext,
	dtype: DataType,
): Promise<TypedArray> {
	const shape = regionShape(source);
	const strides = cStrides(shape);
	const data = allocate(dtype, product(shape));
	for (const [i, id] of task.inputs.entries()) {
		const { region } = byId.get(id) as ChunkTask;
		const from = cStrides(regionShape(region));
		const shared = region.map(([start, stop], axis): [number, number] => [
			Math.max(start, source[axis][0]),
			Math.min(stop, source[axis][1]),
		]);
		const at = (steps: readonly number[], origin: Region) =>
			shared.reduce((sum, [start], axis) => sum + (start - origin[axis][0]) * steps[axis], 0);
		copyStrided(
			context.inputs[i] as TypedArray,
			at(from, region),
			from,
			data,
			at(strides, source),
			strides,
			regionShape(shared),
		);
	}
	const step = {
		shape: plan.levels[task.level - 1].grid.shape,
		factors: plan.levels[task.level].factors,
		method: plan.method,
	};
	const transfer = [data.buffer as ArrayBuffer];
	return context.job("downsample", { data, step, region: task.region }, { transfer });
}

/** The whole chunk, zeros beyond the array's edge; the same array where the chunk has no padding. */
function padded(elements: TypedArray, task: ChunkTask, level: PyramidLevel, dtype: DataType): TypedArray {
	const { chunks } = level.grid;
	const extent = regionShape(task.region);
	if (extent.every((n, axis) => n === chunks[axis])) return elements;
	const data = allocate(dtype, product(chunks));
	copyStrided(elements, 0, cStrides(extent), data, 0, cStrides(chunks), extent);
	return data;
}
