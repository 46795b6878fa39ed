/** Stands for the site's address in the notebooks that a site serves, until a page of the site puts its own there. */
export const addressToCome = "https://chunkwise.invalid/";
