import path from 'node:path';

import { pack, ROOT, runCommand, temporaryFolder, unpack } from './support';

const folder = temporaryFolder();

/**
 * Lints a folder as n8n's scanner does. The scanner itself keeps warnings back, and says no more of a
 * folder without one than that it has no errors.
 */
const SCAN = `
	import { ESLint } from 'eslint';
	import { buildScanConfig, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
	const [cwd, kind] = process.argv.slice(1);
	const linter = new ESLint({
		cwd,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
	});
	const patterns = kind === 'source' ? SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
	const results = await linter.lintFiles(patterns);
	const findings = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, message, ruleId }) => filePath + ':' + line + ' ' + ruleId + ' ' + message),
	);
	process.stdout.write(JSON.stringify({ findings, files: results.length }));
`;

interface ScanResult {
	/** Errors and warnings. */
	findings: string[];
	files: number;
}

/** The scanner is an ES module, which runs in a process of its own. */
async function scan(target: string, kind: 'source' | 'tarball'): Promise<ScanResult> {
	const parameters = ['--input-type=module', '-e', SCAN, target, kind];
	return JSON.parse(await runCommand(process.execPath, parameters)) as ScanResult;
}

it("n8n's scanner finds no error and no warning in the sources", async () => {
	const { findings, files } = await scan(ROOT, 'source');
	expect(findings).toEqual([]);
	expect(files).toBeGreaterThan(30);
});

it("n8n's scanner finds no error and no warning in the tarball", async () => {
	const { filename } = await pack(folder.path);
	const unpacked = await unpack(path.join(folder.path, filename), folder.path);
	const { findings, files } = await scan(unpacked, 'tarball');
	expect(findings).toEqual([]);
	expect(files).toBeGreaterThan(30);
});
