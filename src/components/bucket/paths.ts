/** Names that the page, the service worker and the build agree on, relative to the site's root. */

/** The service worker's script: at the root, since a worker serves nothing above its own folder. */
export const workerFile = "bucket-worker.js";
/** Buckets are below this. */
export const bucketFolder = "bucket/";
