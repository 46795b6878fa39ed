/** "Your own image" into a bucket of an S3-compatible server of other people, from the page in a browser. */
import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { s3Store } from "../../src/lib/stores/s3.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { findS3Server, howToInstall, s3Credentials, startS3Server } from "../interop/s3-server.ts";
import { path, press, said } from "./own-image-page.ts";
import { expect, test } from "./site.ts";

const server = findS3Server();

test("the result goes into a bucket of versitygw, and what it refuses is told", async ({ page, site }) => {
	test.skip(server === undefined, `versitygw is not here: ${howToInstall}`);
	test.setTimeout(180_000);
	const { endpoint, stop } = await startS3Server(server as string);
	try {
		const ask = async (where: string, body?: string) => {
			const { url, headers } = await new AwsV4Signer({
				...s3Credentials,
				...{ method: "PUT", url: endpoint + where, body, service: "s3", region: "us-east-1" },
				headers: body ? { "content-md5": createHash("md5").update(body).digest("base64") } : {},
			}).sign();
			expect((await fetch(url, { method: "PUT", headers, body })).status).toBe(200);
		};
		// The rule as the page words it.
		const rule = (methods: string[]) =>
			`<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedOrigin>${new URL(site.url).origin}</AllowedOrigin>${methods.map((method) => `<AllowedMethod>${method}</AllowedMethod>`).join("")}<AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;
		for (const bucket of ["closed", "readable", "images"]) await ask(`/${bucket}`);
		await ask("/readable?cors", rule(["GET"]));
		await ask("/images?cors", rule(["GET", "HEAD", "PUT"]));

		// Noise in one shard: larger than what is put in parts elsewhere, which would need another rule.
		const data = Uint16Array.from({ length: 10 << 20 }, (_, i) => Math.imul(i, 2654435761) >>> 16);
		const buffer = Buffer.from(
			await writeTiff({ data, shape: [10, 1024, 1024], dtype: "uint16" }, { deflate: false }),
		);
		await page.goto(site.url + path);
		await page
			.locator("input[name=file]")
			.setInputFiles({ name: "noise.tif", mimeType: "image/tiff", buffer });
		await expect(said(page, "file-said")).toContainText("noise.tif is open");
		await page.locator("input[name=shards]").check();
		await page.locator("select[name=codec]").selectOption("none");
		await press(page, "Convert");
		await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });

		await page.getByText("Put it into an S3 bucket").click();
		const put = async (fields: Record<string, string>) => {
			const all = { endpoint, bucket: "images", prefix: "lab", ...s3Credentials, ...fields };
			for (const [name, value] of Object.entries(all)) {
				await page.locator(`[data-part=bucket-form] input[name=${name}]`).fill(value);
			}
			await press(page, "Put it there");
		};
		const error = said(page, "save-error");
		await put({ endpoint: "http://127.0.0.1:9" });
		await expect(error).toContainText("Nothing answers at http://127.0.0.1:9.");
		await put({ bucket: "closed" });
		await expect(error).toContainText("does not let this page see the answer");
		await expect(error).toContainText(new URL(site.url).origin);
		await put({ bucket: "readable" });
		// Playwright hands on what is sent, which takes seconds for a shard, at each try.
		await expect(error).toContainText("its CORS rule does not allow PUT", { timeout: 60_000 });
		// versitygw lets no page see why it refuses: the words must not blame CORS alone.
		await put({ secretAccessKey: "another" });
		await expect(error).toContainText("or the service refuses the bucket’s name, the keys or the region");
		await put({ secretAccessKey: "" });
		await expect(error).toContainText("The secret key is missing");
		await put({});
		await expect(said(page, "save-said")).toContainText(
			`objects are at ${endpoint}/images/lab/noise.ome.zarr`,
			{
				timeout: 60_000,
			},
		);
		const there = s3Store({
			endpoint,
			bucket: "images",
			prefix: "lab/noise.ome.zarr",
			credentials: s3Credentials,
		});
		expect(await validateStore(there)).toMatchObject({ valid: true, version: "0.5" });
		const stored = await (await openArray(there, "scale0/noise")).read();
		expect(Buffer.compare(Buffer.from(stored.data.buffer), Buffer.from(data.buffer))).toBe(0);
	} finally {
		stop();
	}
});
