/// <reference types="astro/client" />
declare module "*?worker" {
	const WorkerConstructor: new () => Worker;
	export default WorkerConstructor;
}
interface Window {
	MonacoEnvironment?: { getWorker(): Worker };
}
declare var MonacoEnvironment: { getWorker(): Worker } | undefined;
