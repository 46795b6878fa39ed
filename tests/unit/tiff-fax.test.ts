/** Fax compressions, as Pillow 13 with libtiff 4.7.2 wrote them: 50 × 40 pixels, 1 where (x² + y²) / 90 is odd. */
import { expect, test } from "vitest";
import { openTiff } from "../../src/lib/tiff/open.ts";

const files: Record<string, string[]> = {
	"modified Huffman": [
		"SUkqAD4CAAA7jjdOnTodOh0Oh0OhwDuON06dOh06HQ6HQ6HAO443Tp06HTodDodDocChxvD7p06HQ+Oh0Oh0OKOJ9906Hx0P",
		"jodDodDgo4n33TofHQ6dDodDocCbvjfHx8dOh0OnQ6dA84o3T4+OnQ6HQ6HQ6HTjuffdOnQ+Oh0Oh0Oh0IHdG+Puh8dOh0Oh",
		"0Oh0NRMn4T4+PjodOh0Oh0OgNRco33Tp06HQ6dDodOA1LqOE+6dDp0Oh0Oh0Ohw1f0T74+PjofHQ6HQ6HQ6jiffdOh8dD46H",
		"Q6HQ4POKN0+Pjp0Oh0Oh0Oh0scUb7p06HTodDodDodA1EujffHx06HTodDodDoA1LqOE+6dDp0Oh0Oh0Ohw7jjdOnTodOh0O",
		"h0OhwJu+N8fHx06HQ6dDp0CB3Rvj7ofHTodDodDodDUXKN906dOh0OnQ6HTgNX9E++Pj46Hx0Oh0Oh0Om743x8fHTodDp0On",
		"QIHdG+Puh8dOh0Oh0Oh0NR5RPj7p0PjodDodDodDgKHG8PunTodD46HQ6HQ447n33Tp0PjodDodDodA1FyjfdOnTodDp0Oh0",
		"4DuON06dOh06HQ6HQ6HA47n33Tp0PjodDodDodA1FyjfdOnTodDp0Oh04KHG8PunTodD46HQ6HQ4scUb7p06HTodDodDodA1",
		"LqOE+6dDp0Oh0Oh0OhybvjfHx8dOh0OnQ6dANRLo33x8dOh06HQ6HQ6AO443Tp06HTodDodDocCB3Rvj7ofHTodDodDodAkA",
		"AAEDAAEAAAAyAAAAAQEDAAEAAAAoAAAAAgEDAAEAAAABAAAAAwEDAAEAAAACAAAABgEDAAEAAAABAAAAEQEEAAEAAAAIAAAA",
		"FgEDAAEAAAAoAAAAFwEEAAEAAAA2AgAAHAEDAAEAAAABAAAAAAAAAA==",
	],
	"group 3": [
		"SUkqAGgCAAAAE7jjdOnTodOh0Oh0OhwATuON06dOh06HQ6HQ6HABO443Tp06HTodDodDocAGhxvD7p06HQ+Oh0Oh0OADRxPv",
		"unQ+Oh8dDodDocAGjiffdOh8dDp0Oh0OhwAZu+N8fHx06HQ6dDp0AD5xRunx8dOh0Oh0Oh0OgAeO59906dD46HQ6HQ6HQAMD",
		"ujfH3Q+OnQ6HQ6HQ6ABNRMn4T4+PjodOh0Oh0OgATUXKN906dOh0OnQ6HTgAmpdRwn3TodOh0Oh0Oh0OACav6J98fHx0Pjod",
		"DodDocAGjiffdOh8dD46HQ6HQ4APnFG6fHx06HQ6HQ6HQ6ABscUb7p06HTodDodDodAAmol0b74+OnQ6dDodDodAAmpdRwn3",
		"TodOh0Oh0Oh0OACdxxunTp0OnQ6HQ6HQ4AM3fG+Pj46dDodOh06ABgd0b4+6Hx06HQ6HQ6HQAJqLlG+6dOnQ6HTodDpwATV/",
		"RPvj4+Oh8dDodDodDgAzd8b4+Pjp0Oh06HToAGB3Rvj7ofHTodDodDodAAmo8onx906Hx0Oh0Oh0OhwAaHG8PunTodD46HQ6",
		"HQ4APHc++6dOh8dDodDodDoAE1FyjfdOnTodDp0Oh04AJ3HG6dOnQ6dDodDodDgA8dz77p06Hx0Oh0Oh0OgATUXKN906dOh0",
		"OnQ6HTgA0ON4fdOnQ6Hx0Oh0OhwAbHFG+6dOh06HQ6HQ6HQAJqXUcJ906HTodDodDodDgAzd8b4+Pjp0Oh06HToAE1EujffH",
		"x06HTodDodDoAE7jjdOnTodOh0Oh0OhwAYHdG+Puh8dOh0Oh0Oh0AAkAAAEDAAEAAAAyAAAAAQEDAAEAAAAoAAAAAgEDAAEA",
		"AAABAAAAAwEDAAEAAAADAAAABgEDAAEAAAABAAAAEQEEAAEAAAAIAAAAFgEDAAEAAAAoAAAAFwEEAAEAAABfAgAAHAEDAAEA",
		"AAABAAAAAAAAAA==",
	],
	"group 3 in two dimensions": [
		"SUkqAAgCAAAAGdxxunTp0OnQ6HQ6HQ4AL////gAzuON06dOh06HQ6HQ6HABLqv+v/AB0cT77p0PjofHQ6HQ6HABf//X/ABzd",
		"8b4+Pjp0Oh06HToAEq9f/pJBBYAPjuffdOnQ+Oh0Oh0Oh0ACBJL11r/8AGaiZPwnx8fHQ6dDodDodAAqS1qq9L9gAzUuo4T7",
		"p0OnQ6HQ6HQ6HABQklXVdf/gA6OJ9906Hx0PjodDodDgAgkl0q10kkkkoAOxxRvunTodOh0Oh0Oh0ACJqIkkkqpaX/gAzUuo",
		"4T7p0OnQ6HQ6HQ6HABCEklpJLS/+ADm743x8fHTodDp0OnQAIwMJJJJUqXpJBBYAM1FyjfdOnTodDp0Oh04AKX4QSSVVSXSS",
		"SCUAHN3xvj4+OnQ6HTodOgARgYSSSSpUvSSCCwAZqPKJ8fdOh8dDodDodDocAEIJIIJJJJUkv/AB8dz77p06Hx0Oh0Oh0OgA",
		"RNRQgkkkkkqSS/YAM7jjdOnTodOh0Oh0OhwAR4wkEEEkkklSSSSSUAGai5RvunTp0Oh06HQ6cAEJHMIIJBJJJJJUkkglAB2O",
		"KN906dDp0Oh0Oh0OgARNSCCCCQQSSSSSSSSSSgA5u+N8fHx06HQ6dDp0ACJqICCCCCCSSSSS0kggsAGdxxunTp0OnQ6HQ6HQ",
		"4AIwMEEEEEgkkEkkkkkklAoAAAEDAAEAAAAyAAAAAQEDAAEAAAAoAAAAAgEDAAEAAAABAAAAAwEDAAEAAAADAAAABgEDAAEA",
		"AAABAAAAEQEEAAEAAAAIAAAAFgEDAAEAAAAoAAAAFwEEAAEAAAAAAgAAHAEDAAEAAAABAAAAJAEEAAEAAAABAAAAAAAAAA==",
	],
	"group 3, ends of lines on bytes": [
		"SUkqABYCAAAAAZ3HG6dOnQ6dDodDodDgAX////ABnccbp06dDp0Oh0Oh0OABLqv+v/AB0cT77p0PjofHQ6HQ6HABf//X/AAB",
		"zd8b4+Pjp0Oh06HToAEq9f/pJBBYAAHx3PvunTofHQ6HQ6HQ6AABAkl661/+AAGaiZPwnx8fHQ6dDodDodAAAVJa1Vel+wAB",
		"mpdRwn3TodOh0Oh0Oh0OAAFCSVdV1/+AAdHE++6dD46Hx0Oh0OhwAQSS6Va6SSSSUAHY4o33Tp0OnQ6HQ6HQ6AABE1ESSSVU",
		"tL/wAZqXUcJ906HTodDodDodDgABCEklpJLS/+ABzd8b4+Pjp0Oh06HToAEYGEkkkqVL0kggsAGai5RvunTp0Oh06HQ6cAFL",
		"8IJJKqpLpJJBKAABzd8b4+Pjp0Oh06HToAEYGEkkkqVL0kggsAGajyifH3TofHQ6HQ6HQ6HAAQgkggkkklSS/8AB8dz77p06",
		"Hx0Oh0Oh0OgAARNRQgkkkkkqSS/YAAGdxxunTp0OnQ6HQ6HQ4AEeMJBBBJJJJUkkkklAAZqLlG+6dOnQ6HTodDpwAQkcwggk",
		"EkkkklSSSCUAAdjijfdOnQ6dDodDodDoAAETUggggkEEkkkkkkkkkoABzd8b4+Pjp0Oh06HToAETUQEEEEEEkkkklpJBBYAB",
		"nccbp06dDp0Oh0Oh0OABGBgggggkEkgkkkkkkkoACgAAAQMAAQAAADIAAAABAQMAAQAAACgAAAACAQMAAQAAAAEAAAADAQMA",
		"AQAAAAMAAAAGAQMAAQAAAAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAACgAAAAXAQQAAQAAAA0CAAAcAQMAAQAAAAEAAAAkAQQA",
		"AQAAAAUAAAAAAAAA",
	],
	"group 4": [
		"SUkqAHQBAAAnZjMZdF0XRdEdF0R0R0R0Ev////////66r/r/6Wv1/////X/Sr1WvS91Xr/9JIILS0lqtf/wSS9da//BLSrX0",
		"v/pLWqr0v3CSSpfS9JJIJYSSrquv/xCSSSVUtL/wkl0q10kkkkoJJJLVaX/5NREkklVLS/+CSSpKtLSSSSSiEklpJLS/+EEk",
		"kqqlpJe5gYSSSSpUvSSCCwQSSSVJVpJfuX4QSSVVSXSSSCUQQSCSSSSSpJL3MDCSSSVKl6SQQWCBBBBJJJKlSSSSSSiCSCCS",
		"SSVJL/wQIJIJJJJJaSSSSUmooQSSSSSVJJfsQQQQSSSSSSWkkkEp4wkEEEkkklSSSSSUmooQSSSSSVJJfsSOYQQSCSSSSSpJ",
		"JBKbGCCQSSSSSVJJJJKTUggggkEEkkkkkkkkkol2EEEkgkEkkkkvcmogIIIIIJJJJJLSSCCxBBBBJIJBJJJJJJJJTAwQQQQS",
		"CSQSSSSSSSUAEAEACQAAAQMAAQAAADIAAAABAQMAAQAAACgAAAACAQMAAQAAAAEAAAADAQMAAQAAAAQAAAAGAQMAAQAAAAEA",
		"AAARAQQAAQAAAAgAAAAWAQMAAQAAACgAAAAXAQQAAQAAAGsBAAAcAQMAAQAAAAEAAAAAAAAA",
	],
};
const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name].join(""), "base64"));
const expected = Array.from({ length: 2000 }, (_, i) => {
	const [y, x] = [Math.floor(i / 50), i % 50];
	return Math.floor((x * x + y * y) / 90) % 2;
});

test.each(Object.keys(files))("%s", async (name) => {
	const tiff = await openTiff(bytesOf(name));
	const { data, shape, dtype } = await tiff.readPage(0);
	expect([shape, dtype]).toEqual([[40, 50], "uint8"]);
	expect([...data]).toEqual(expected);
});

test.each(Object.keys(files))("%s, cut short or damaged, is read or refused", async (name) => {
	const whole = bytesOf(name);
	for (let at = 8; at < whole.length; at += 3) {
		for (const byte of [0, 0xff, whole[at] ^ 0x10]) {
			const bytes = whole.slice();
			bytes[at] = byte;
			const tiff = await openTiff(bytes).catch((error) => error);
			const read = tiff.readPage ? await tiff.readPage(0).catch((error: unknown) => error) : tiff;
			expect(read.data?.length > 0 || read.code?.startsWith("tiff-") || read.code === "range-outside").toBe(
				true,
			);
		}
	}
});
