import path from 'node:path';

import { pack, ROOT, runCommand, temporaryFolder, unpack } from './support';

const folder = temporaryFolder();

/**
 * Lints the sources and the tarball as n8n's scanner does. The scanner itself keeps warnings back, and
 * says no more of a folder without one than that it has no errors.
 */
const SCAN = `
	import { ESLint } from 'eslint';
	import { buildScanConfig, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
	const overrideConfig = await buildScanConfig();
	async function scan(cwd, patterns) {
		const linter = new ESLint({
			cwd,
			allowInlineConfig: false,
			overrideConfigFile: true,
			overrideConfig,
		});
		const results = await linter.lintFiles(patterns);
		const findings = results.flatMap(({ filePath, messages }) =>
			messages.map(({ line, message, ruleId }) => filePath + ':' + line + ' ' + ruleId + ' ' + message),
		);
		return { findings, files: results.length };
	}
	const [root, unpacked] = process.argv.slice(1);
	const sources = await scan(root, SOURCE_FILE_PATTERNS);
	const tarball = await scan(unpacked, ['**/*.js', 'package.json']);
	process.stdout.write(JSON.stringify({ sources, tarball }));
`;

interface ScanResult {
	/** Errors and warnings. */
	findings: string[];
	files: number;
}

let scans: Record<'sources' | 'tarball', ScanResult>;

beforeAll(async () => {
	const { filename } = await pack(folder.path);
	const unpacked = await unpack(path.join(folder.path, filename), folder.path);
	// The scanner is an ES module, which runs in a process of its own.
	const parameters = ['--input-type=module', '-e', SCAN, ROOT, unpacked];
	scans = JSON.parse(await runCommand(process.execPath, parameters)) as typeof scans;
});

it.each(['sources', 'tarball'] as const)(
	"n8n's scanner finds no error and no warning in the %s",
	(kind) => {
		const { findings, files } = scans[kind];
		expect(findings).toEqual([]);
		expect(files).toBeGreaterThan(30);
	},
);
