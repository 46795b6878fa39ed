/** The lines of ITK's `print(image)` that tell of the image rather than of the object that holds it. */
import { formatBytes } from "../format.ts";
import type { Image } from "./image.ts";

/** C++ component types, as ITK names an image's class: `itk::Image<unsigned short,3>`. */
const cppTypes: Record<Image["imageType"]["componentType"], string> = {
	int8: "signed char",
	uint8: "unsigned char",
	int16: "short",
	uint16: "unsigned short",
	int32: "int",
	uint32: "unsigned int",
	int64: "long long",
	uint64: "unsigned long long",
	float32: "float",
	float64: "double",
};

/** Longest metadata value shown; descriptions with OME-XML run to pages. */
const longestValue = 200;

export function describeImage(image: Image): string {
	const { componentType, dimension, pixelType, components } = image.imageType;
	const pixel = pixelType === "Scalar" ? cppTypes[componentType] : pixelClass(image);
	const lines = [
		`Image: ${image.name}`,
		`RTTI typeinfo:   class itk::${pixelType === "VariableLengthVector" ? "VectorImage" : "Image"}<${pixel},${dimension}>`,
		`Component type: ${componentType}`,
		...(components > 1 ? [`Components: ${components} (${pixelType})`] : []),
		`Dimension: ${dimension}`,
		`Size: ${list(image.size)}`,
		`Spacing: ${list(image.spacing.map(itkNumber))}`,
		`Origin: ${list(image.origin.map(itkNumber))}`,
		...(image.units ? [`Units: ${list(image.units.map((unit) => unit ?? "none"))}`] : []),
		"Direction:",
		...image.direction.map((row) => row.map(itkNumber).join(" ")),
		`Bytes: ${image.data.byteLength} (${formatBytes(image.data.byteLength)})`,
	];
	if (image.metadata.size > 0) {
		lines.push("Metadata:");
		for (const [key, value] of image.metadata) lines.push(`  ${key}: ${oneLine(value)}`);
	}
	return lines.join("\n");
}

function pixelClass(image: Image): string {
	const { componentType, pixelType } = image.imageType;
	const type = cppTypes[componentType];
	if (pixelType === "RGB") return `itk::RGBPixel<${type}>`;
	if (pixelType === "RGBA") return `itk::RGBAPixel<${type}>`;
	return type;
}

/** ITK prints vectors of numbers as C++ streams do: six significant digits. */
function itkNumber(value: number): string {
	return String(Number(value.toPrecision(6)));
}

function list(values: readonly (number | string)[]): string {
	return `[${values.join(", ")}]`;
}

function oneLine(value: unknown): string {
	const text = (typeof value === "string" ? value : JSON.stringify(value)).replace(/\s+/g, " ").trim();
	return text.length > longestValue ? `${text.slice(0, longestValue)} …` : text;
}
