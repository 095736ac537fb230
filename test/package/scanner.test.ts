import { packAndUnpack, ROOT, runCommand, temporaryFolder } from './support';

const folder = temporaryFolder();

/** What n8n's scanner says of a folder; the linter is asked again since it keeps warnings back. */
const SCAN = `
	import { ESLint } from 'eslint';
	import * as scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
	const [cwd, kind] = process.argv.slice(1);
	const patterns = kind === 'source' ? scanner.SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
	const { passed, message, details } = await scanner.analyzePackage(cwd, patterns);
	const linter = new ESLint({
		cwd,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await scanner.buildScanConfig(),
	});
	const results = await linter.lintFiles(patterns);
	const findings = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, message, ruleId }) => filePath + ':' + line + ' ' + ruleId + ' ' + message),
	);
	const count = (name) => results.reduce((sum, result) => sum + result[name], 0);
	process.stdout.write('\\n' + JSON.stringify({
		passed, message, details, findings, files: results.length,
		errorCount: count('errorCount'), warningCount: count('warningCount'),
	}));
`;

interface ScanResult {
	passed: boolean;
	findings: string[];
	files: number;
}

/** The scanner is an ES module, which runs in a process of its own. */
async function scan(target: string, kind: 'source' | 'tarball'): Promise<ScanResult> {
	const parameters = ['--input-type=module', '-e', SCAN, target, kind];
	const text = await runCommand(process.execPath, parameters);
	return JSON.parse(text.slice(text.lastIndexOf('\n') + 1)) as ScanResult;
}

const CLEAN = { passed: true, findings: [], errorCount: 0, warningCount: 0 };

it("n8n's scanner finds no error and no warning in the sources", async () => {
	const result = await scan(ROOT, 'source');
	expect(result).toMatchObject(CLEAN);
	expect(result.files).toBeGreaterThan(30);
});

it("n8n's scanner finds no error and no warning in the tarball", async () => {
	const result = await scan(await packAndUnpack(folder.path), 'tarball');
	expect(result).toMatchObject(CLEAN);
	expect(result.files).toBeGreaterThan(30);
});
