/** What the library offers in Node beyond the browser: this computer's disk and threads, and displays as text and files. */
export * from "./index.ts";
export { openNodePool } from "./parallel/node-pool.ts";
export { type FileSource, fileSource } from "./stores/node-file.ts";
export { FolderStore, folderStore } from "./stores/node-folder.ts";
export { opfsStore, removeOpfsStore } from "./stores/node-opfs.ts";
export {
	type Display,
	type Displayed,
	type DisplayOptions,
	type NotebookDisplay,
	openDisplay,
	openNotebookDisplay,
} from "./view/node-display.ts";
