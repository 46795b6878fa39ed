/**
 * Stands for src/lib/stores/list-elsewhere.ts in the service worker, which can make no workers, and whose one script
 * has none beside it.
 */
import type { listElsewhere as elsewhere } from "../../lib/stores/list-elsewhere.ts";

export const listElsewhere: typeof elsewhere = async () => undefined;
