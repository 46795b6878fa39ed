/** The bucket and the key that an address names. */
import { BucketError } from "./errors.ts";

const longestKey = 1024;

/** A path with a slash at both ends. */
export function baseOf(path = ""): string {
	return ["", ...path.split("/").filter(Boolean), ""].join("/");
}

/**
 * What lies behind the base: name "" for the base itself, key "" for a bucket itself.
 * @throws BucketError InvalidArgument, KeyTooLongError
 */
export function placeOf(pathname: string, base: string): { name: string; key: string } {
	let path: string;
	try {
		path = pathname
			.split("/")
			.map((part) => decodeURIComponent(part))
			.join("/");
	} catch {
		throw new BucketError("InvalidArgument", "The address is not valid: a % is not followed by two digits.");
	}
	const [name, ...rest] = path.startsWith(base) ? path.slice(base.length).split("/") : [""];
	const key = rest.join("/");
	if (new TextEncoder().encode(key).length > longestKey) {
		throw new BucketError("KeyTooLongError", "Your key is too long", { MaxSizeAllowed: String(longestKey) });
	}
	return { name, key };
}
