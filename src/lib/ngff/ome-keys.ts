/** The keys that OME-NGFF puts among the attributes of a group: in `ome` since 0.5, before that beside each other. */
export const omeKeys = [
	"multiscales",
	"omero",
	"labels",
	"image-label",
	"plate",
	"well",
	"bioformats2raw.layout",
	"series",
] as const;
