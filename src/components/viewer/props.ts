import type { ViewerProps as AuthorProps } from "../../lib/viewer/props.ts";

/** What an author or a cell says of a viewer. */
export interface ViewerProps extends Omit<AuthorProps, "id"> {
	/** Number by which a kernel knows the image, where a cell displays it. */
	kernel?: string;
}
