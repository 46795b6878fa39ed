import type { ViewerProps as AuthorProps } from "../../lib/viewer/props.ts";
import type { ViewerInput } from "./messages.ts";

/** What an author or a cell says of a viewer. */
export interface ViewerProps extends Omit<AuthorProps, "id"> {
	/** What another part of the page has to show. */
	input?: ViewerInput;
	/** Number by which a kernel knows the image, where a cell displays it. */
	kernel?: string;
}
