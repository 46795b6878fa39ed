/** What the library offers in Node beyond the browser: stores on this computer's disk. */
export * from "./index.ts";
export { openNodePool } from "./parallel/node-pool.ts";
export { type FileSource, fileSource } from "./stores/node-file.ts";
export { FolderStore, folderStore } from "./stores/node-folder.ts";
