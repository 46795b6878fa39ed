import { describe, expect, it } from "vitest";
import { blockSize } from "../../src/lib/plan/storage-blocks.ts";
import { entryBytes, Volume } from "../../src/lib/plan/storage-volume.ts";

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);
const refused = (errno: string) => expect.objectContaining({ errno });

/** A volume with folder a, in it b.bin of two and a half blocks. */
function small(blocks = 8): Volume {
	const volume = new Volume(blocks * blockSize);
	volume.mkdir("a");
	const file = volume.open("a/b.bin", { create: true });
	volume.write(file, bytes(2.5 * blockSize));
	volume.close(file);
	volume.settle();
	return volume;
}

describe("a volume", () => {
	it("gives files whole blocks, and folders one", () => {
		const volume = small();
		// Root, a, and three blocks of the file.
		expect(volume.used).toBe(5 * blockSize);
		expect(volume.capacity).toBe(8 * blockSize);
		expect(volume.stat("a/b.bin")).toEqual({ size: 2.5 * blockSize, blocks: 3 });
		expect(volume.readdir("a")).toEqual([{ name: "b.bin", isFolder: false }]);
		expect(volume.files()).toEqual([{ key: "a/b.bin", size: 2.5 * blockSize }]);
	});

	it("writes in place: one byte touches one block and nothing else changes", () => {
		const volume = small();
		const file = volume.open("a/b.bin");
		expect(volume.pwrite(file, bytes(1, 9), blockSize + 7)).toBe(1);
		const { written, read, used } = volume.map();
		expect(written).toEqual([[3, 1]]);
		expect(read).toEqual([]);
		expect(used).toEqual([[0, 5]]);
		const all = volume.pread(file, 1e9, 0);
		expect(all.length).toBe(2.5 * blockSize);
		expect([all[blockSize + 6], all[blockSize + 7], all[blockSize + 8]]).toEqual([1, 9, 1]);
		volume.close(file);
		expect(() => volume.close(file)).toThrow(refused("EBADF"));
	});

	it("writes across blocks and reads from any position", () => {
		const volume = small();
		const file = volume.open("a/b.bin");
		volume.pwrite(file, Uint8Array.of(7, 8), blockSize - 1);
		expect([...volume.pread(file, 4, blockSize - 2)]).toEqual([1, 7, 8, 1]);
		expect(volume.map().written).toEqual([[2, 2]]);
		expect(volume.pread(file, 100, 2.5 * blockSize - 3).length).toBe(3);
		expect(volume.pread(file, 100, 1e6).length).toBe(0);
	});

	it("appends into the room of the last block", () => {
		const volume = small();
		const before = volume.used;
		const file = volume.open("a/b.bin", { append: true });
		volume.write(file, bytes(1024, 5));
		expect(volume.used).toBe(before);
		expect(volume.stat("a/b.bin").size).toBe(2.5 * blockSize + 1024);
		expect([...volume.pread(file, 2, 2.5 * blockSize - 1)]).toEqual([1, 5]);
	});

	it("is full when its blocks are: a part is written, then nothing", () => {
		const volume = small();
		const file = volume.open("a/c.bin", { create: true });
		expect(volume.write(file, bytes(5 * blockSize))).toBe(3 * blockSize);
		expect(() => volume.write(file, bytes(1))).toThrow(refused("ENOSPC"));
		expect(() => volume.mkdir("d")).toThrow(refused("ENOSPC"));
		expect(volume.readdir("")).toEqual([{ name: "a", isFolder: true }]);
		volume.grow(2 * blockSize);
		expect(volume.capacity).toBe(10 * blockSize);
		expect(volume.write(file, bytes(blockSize, 3))).toBe(blockSize);
		expect(volume.pread(file, 1, 3 * blockSize)[0]).toBe(3);
	});

	it("renames at once: the blocks of the files stay where they are", () => {
		const volume = small();
		volume.rename("a", "z");
		// The root folder's entries alone are written.
		expect(volume.map().written).toEqual([[0, 1]]);
		expect(volume.files()).toEqual([{ key: "z/b.bin", size: 2.5 * blockSize }]);
		expect(() => volume.rename("a", "y")).toThrow(refused("ENOENT"));
		expect(() => volume.rename("", "y")).toThrow(refused("EBUSY"));
		volume.mkdir("a");
		expect(() => volume.rename("a", "z")).toThrow(refused("EEXIST"));
	});

	it("gives blocks back, and a folder goes only when it is empty", () => {
		const volume = small();
		expect(() => volume.rmdir("a")).toThrow(refused("ENOTEMPTY"));
		expect(() => volume.unlink("a")).toThrow(refused("EISDIR"));
		volume.unlink("a/b.bin");
		volume.rmdir("a");
		expect(volume.used).toBe(blockSize);
		expect(volume.map().freed).toEqual([[1, 4]]);
		expect(() => volume.readdir("a")).toThrow(refused("ENOENT"));
		expect(() => volume.rmdir("")).toThrow(refused("EBUSY"));
	});

	it("does not show what a block held before", () => {
		const volume = small();
		volume.unlink("a/b.bin");
		const file = volume.open("a/new", { create: true });
		volume.pwrite(file, bytes(1, 4), 100);
		expect([...volume.pread(file, 101, 0)].reduce((a, b) => a + b)).toBe(4);
	});

	it("gives a folder more blocks as its names need them", () => {
		const volume = new Volume(16 * blockSize);
		const names = Math.floor(blockSize / entryBytes("f0000")) + 1;
		for (let i = 0; i < names; i++) {
			volume.close(volume.open(`f${String(i).padStart(4, "0")}`, { create: true }));
		}
		expect(volume.stat("").blocks).toBe(2);
		expect(entryBytes("scale0")).toBe(32);
	});

	it("is copied with all that is on it", () => {
		const volume = small();
		const other = volume.copy();
		const file = other.open("a/b.bin");
		other.pwrite(file, bytes(1, 9), 0);
		other.unlink("a/b.bin");
		const own = volume.open("a/b.bin");
		expect(volume.pread(own, 1, 0)[0]).toBe(1);
		expect(volume.files()).toHaveLength(1);
	});

	it("says what cannot be opened", () => {
		const volume = small();
		expect(() => volume.open("a/x")).toThrow(refused("ENOENT"));
		expect(() => volume.open("a")).toThrow(refused("EISDIR"));
		expect(() => volume.open("a/b.bin/c")).toThrow(refused("ENOTDIR"));
		expect(() => volume.mkdir("a")).toThrow(refused("EEXIST"));
	});
});
