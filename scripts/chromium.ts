/** Finds a Chromium for the browser tests, or installs one; says what to do where neither is possible. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { root } from "./paths.ts";

const places = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/usr/bin/google-chrome-stable",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
	"C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** The path of an installed Chromium, if there is one. */
export function findChromium(): string | undefined {
	const wanted = process.env.CHROMIUM_PATH;
	if (wanted) {
		if (!existsSync(wanted)) throw new Error(`CHROMIUM_PATH names ${wanted}, which does not exist.`);
		return wanted;
	}
	return [chromium.executablePath(), ...places].find((path) => existsSync(path));
}

/** The path of a Chromium, installed if need be. */
export function ensureChromium(): string {
	const found = findChromium();
	if (found) return found;
	console.log("No Chromium was found. Trying to install one for the tests …");
	run(process.execPath, [join(root, "node_modules", "playwright", "cli.js"), "install", "chromium"]);
	if (!findChromium() && isDebianRoot()) {
		run("apt-get", ["update"]);
		run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
	}
	const installed = findChromium();
	if (installed) return installed;
	throw new Error(
		"The browser tests need a Chromium, and none could be found or installed.\n" +
			"Install Chromium or Google Chrome (on Debian and Ubuntu: sudo apt-get install chromium), or set CHROMIUM_PATH to one.",
	);
}

/** How to start it. As root, Chromium's sandbox cannot be used. */
export const launchArgs = [
	...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

function run(command: string, args: string[]): void {
	spawnSync(command, args, { stdio: "inherit", timeout: 5 * 60_000 });
}

function isDebianRoot(): boolean {
	return (
		process.getuid?.() === 0 &&
		existsSync("/etc/os-release") &&
		/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"))
	);
}
