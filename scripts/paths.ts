import { join } from "node:path";

/** The checkout's root. */
export const root = join(import.meta.dirname, "..");
export const publicDir = join(root, "public");
/** The built site. */
export const siteDir = join(root, "dist");
