import type { Answers } from "../../support/answers.ts";

const addNote = (headers: string, done: string) => `const notes = \`\${bucket.url}/notes/list.json\`;

async function addNote(note: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const read = await fetch(notes);
    const etag = read.headers.get("etag") ?? "";
    const list: string[] = await read.json();
    const written = await fetch(notes, {
      method: "PUT",
      headers: { ${headers} },
      body: JSON.stringify([...list, note]),
    });
    if (${done}) return;
  }
  throw new Error("gave up after 20 tries");
}`;

const partOf = (partial: string, whole: string) =>
	`async function partOf(response: Response, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status === 206) return ${partial};
  if (response.status === 200) return ${whole};
  throw new Error(\`No bytes: the server answered \${response.status}.\`);
}`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"add-note": {
		wrong: [
			{ answer: addNote('"If-None-Match": "*"', "written.ok"), told: /refused.*You want the contrary/s },
			{ answer: addNote('"If-Match": "etag"', "written.ok"), told: /refused.*Send the ETag as it came/s },
			{ answer: addNote('"If-Match": etag', "written.status"), told: /cannot be found/ },
			{ answer: addNote('"If-Match": "*"', "written.ok"), told: /cannot be found/ },
			{ answer: addNote('"If-Match": etag', "written.status === 412"), told: /more than once/ },
		],
		right: [
			addNote('"if-match": `${etag}`', "written.status !== 412"),
			`const notes = \`\${bucket.url}/notes/list.json\`;

async function addNote(note: string): Promise<void> {
  const read = await fetch(notes);
  const body = JSON.stringify([...(await read.json()), note]);
  const condition = new Headers([["If-Match", read.headers.get("etag") ?? ""]]);
  const { status } = await fetch(notes, { method: "PUT", headers: condition, body });
  if (status === 412) await addNote(note);
}`,
		],
	},
	careful: {
		wrong: [
			{ answer: partOf("bytes", "bytes"), told: /ignored the range \(200\), your function gives all 100/ },
			{
				answer: partOf("bytes.slice(start, start + length)", "bytes"),
				told: /answer of 206 nothing is left/,
			},
			{ answer: partOf("bytes", "bytes.slice(start, length)"), told: /not where they end/ },
			{ answer: partOf("bytes", "bytes.slice(start)"), told: /goes on to the end of the object/ },
			{ answer: partOf("bytes", "bytes.slice(0, length)"), told: /gives the first 8 bytes/ },
			{
				answer: partOf("bytes", "bytes[start] as any"),
				told: /answer of 200 your function does not give bytes/,
			},
			{ answer: partOf("response as any", "bytes"), told: /answer of 206 your function does not give bytes/ },
			{
				answer: partOf("bytes", "bytes.slice(start, start + length - 1)"),
				told: /where the server sent the whole/,
			},
		],
		right: [
			partOf("bytes.subarray(0, length)", "bytes.subarray(start).subarray(0, length)"),
			`async function partOf(response: Response, start: number, length: number): Promise<Uint8Array> {
  const blob = await response.blob();
  if (!response.ok) throw new Error("No bytes.");
  const from = response.status === 206 ? 0 : start;
  return new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
}`,
		],
	},
};
