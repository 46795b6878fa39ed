/** The Python of a lesson as a Jupyter notebook: what it needs, then its steps in order, under the lesson's headings. */
import { type Notebook, notebookCells } from "../src/components/work/notebook-cells.ts";
import { embryoName } from "../src/lib/samples/embryo-zarr.ts";
import { phantomFileName } from "../src/lib/samples/phantom-tiff.ts";

export interface PythonLesson {
	/** The last part of its address: "zarr". */
	name: string;
	title: string;
	description: string;
	steps: {
		/** The id of the cell that does the same. */
		cell: string;
		/** The section of the lesson that it stands in. */
		section?: string;
		code: string;
	}[];
}

export interface PythonSurroundings {
	/** The address of the site, with a slash at its end, where the lesson and its data are; without it, the source's. */
	site?: string;
	/** Lines of a requirements.txt: "zarr==3.1.6". */
	requirements: readonly string[];
	/** Where the original of the sample image is. */
	original: string;
}

/** The package that brings a module, itself or among what it needs. */
const packages: Record<string, string> = {
	dask: "distributed",
	jsonschema: "jsonschema",
	ngff_zarr: "ngff-zarr",
	numcodecs: "zarr",
	numpy: "numpy",
	ome_zarr: "ome-zarr",
	skimage: "ome-zarr",
	tensorstore: "tensorstore",
	tifffile: "tifffile",
	xarray: "xarray",
	z5py: "z5py",
	zarr: "zarr",
};
/** Python's own modules: `sys.stdlib_module_names` of Python 3.11. */
const pythonsOwn = new Set(
	"abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imghdr imp importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix pprint profile pstats pty pwd py_compile pyclbr pydoc pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo".split(
		" ",
	),
);

/**
 * @throws Error where a step imports a package without a version in the requirements
 */
export function pythonNotebook(lesson: PythonLesson, surroundings: PythonSurroundings): Notebook {
	const { name, title, description, steps } = lesson;
	const { site, requirements, original } = surroundings;
	const { markdown, code } = notebookCells();
	const address = site ? `${site}lessons/${name}/` : `../src/content/docs/lessons/${name}.mdx`;
	const all = steps.map((step) => step.code).join("\n");
	const samples = [phantomFileName, embryoName].filter((sample) => all.includes(`"${sample}"`));
	const cells = [
		markdown(
			[
				`# ${title}`,
				description,
				`This is the Python of [the lesson “${title}”](${address}) of the course *Image Data Storage for the Web*: each step does what a cell of the lesson does in TypeScript. Figures, explanations and exercises are in the lesson. Run the cells from top to bottom.`,
			].join("\n\n"),
			"about",
		),
	];
	const packagesToInstall = requirementsOf(all, requirements, name);
	if (packagesToInstall.length > 0)
		cells.push(
			code(
				`# What the steps import, in the versions that the course is tested with.\n%pip install --quiet ${packagesToInstall.join(" ")}`,
				"packages",
			),
		);
	if (samples.includes(phantomFileName))
		cells.push(
			markdown(
				`The image \`${phantomFileName}\` is **synthetic**: nuclei made by the course in the shape of its sample, image set [BBBC024](https://bbbc.broadinstitute.org/BBBC024). To work on [the original](${original}), put its file beside this notebook, and its name in place of \`${phantomFileName}\`.`,
				"about-the-image",
			),
		);
	if (samples.includes(embryoName))
		cells.push(
			markdown(
				`The image \`${embryoName}\` is **synthetic**: a stand-in, made by the course, for [image 6001240](https://idr.github.io/ome-ngff-samples/) of the Image Data Resource, with the same shape, types, chunks and keys.`,
				"about-the-image",
			),
		);
	cells.push(code(setUp(name, samples, site), "folder"));
	let section: string | undefined;
	for (const step of steps) {
		if (step.section !== undefined && step.section !== section)
			cells.push(markdown(`## ${step.section}`, `section-${step.cell}`));
		section = step.section;
		cells.push(code(step.code, step.cell));
	}
	return {
		nbformat: 4,
		nbformat_minor: 5,
		metadata: {
			kernelspec: { display_name: "Python 3 (ipykernel)", language: "python", name: "python3" },
			language_info: { file_extension: ".py", mimetype: "text/x-python", name: "python" },
			title,
		},
		cells,
	};
}

/** The text of a notebook's file, as Jupyter writes it. */
export function notebookText(notebook: Notebook): string {
	return `${JSON.stringify(notebook, undefined, " ")}\n`;
}

/** The packages that a program imports, in the versions asked for. */
export function requirementsOf(code: string, requirements: readonly string[], lesson: string): string[] {
	const found = new Set<string>();
	for (const [, from, list] of code.matchAll(
		/^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import[ \t]+(.+))/gm,
	)) {
		const modules = from ? [from] : list.split(",").map((one) => one.trim().split(/\s/)[0]);
		for (const module of modules) {
			const top = module.split(".")[0];
			if (pythonsOwn.has(top)) continue;
			const line = requirements.find((one) => one.split("==")[0] === packages[top]);
			if (!line)
				throw new Error(
					`The Python of the lesson “${lesson}” imports ${top}, and tests/interop/requirements.txt has no package for it. Add it there, and to the table in scripts/python-notebook.ts.`,
				);
			found.add(line);
		}
	}
	return [...found].sort();
}

/** Files are written into a folder of its own, and the samples are brought there. */
function setUp(name: string, samples: readonly string[], site: string | undefined): string {
	const isImage = samples.includes(embryoName);
	const lines = [
		"# Files go into a new folder, so that this notebook can be run again.",
		...(isImage ? ["import json"] : []),
		"import os",
		...(samples.length > 0 ? ["import shutil"] : []),
		"import tempfile",
		...(samples.length > 0 ? ["import urllib.request"] : []),
		...(isImage
			? ["from concurrent.futures import ThreadPoolExecutor", "from itertools import product"]
			: []),
		"from pathlib import Path",
		"",
		...(samples.length > 0 ? ["start = Path.cwd()"] : []),
		`os.chdir(tempfile.mkdtemp(prefix="chunkwise-${name}-"))`,
		'print("Files are in", Path.cwd())',
	];
	if (samples.length === 0) return lines.join("\n");
	lines.push(
		"",
		site
			? `site = ${JSON.stringify(site)}`
			: 'site = ""  # the address of the course, with a slash at its end, where you read it',
		"",
		"",
		"def fetch(key):",
		'    """A file of the course\'s site."""',
		"    if not site:",
		'        raise FileNotFoundError("Write the address of the course above, or put the image beside this notebook.")',
		"    Path(key).parent.mkdir(parents=True, exist_ok=True)",
		'    urllib.request.urlretrieve(f"{site}data/{key}", key)',
	);
	if (isImage) lines.push("", "", ...fetchImage.split("\n"));
	lines.push(
		"",
		"",
		"# From beside this notebook, from a copy of the course that was started once, or from its site.",
		`for name in ${JSON.stringify(samples)}:`,
		'    near = [path / name for path in (start, start.parent / "public/data") if (path / name).exists()]',
		"    if near:",
		"        copy = shutil.copytree if near[0].is_dir() else shutil.copy",
		"        copy(near[0], name)",
		"    else:",
		isImage ? "        fetch_image(name)" : "        fetch(name)",
	);
	return lines.join("\n");
}

/** A web server lists nothing; the documents of the image say which chunks there are. */
const fetchImage = `def fetch_image(name):
    """Its documents first: they say which chunks there are."""
    for document in (".zgroup", ".zattrs"):
        fetch(f"{name}/{document}")
    keys = []
    for level in json.loads(Path(name, ".zattrs").read_text())["multiscales"][0]["datasets"]:
        fetch(f"{name}/{level['path']}/.zarray")
        array = json.loads(Path(name, level["path"], ".zarray").read_text())
        counts = [-(-length // chunk) for length, chunk in zip(array["shape"], array["chunks"])]
        for index in product(*map(range, counts)):
            keys.append(f"{name}/{level['path']}/{'.'.join(map(str, index))}")
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(fetch, keys))`;
