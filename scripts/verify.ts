import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { markdownTable } from './cli/markdown-table';

const PROJECT_FOLDER = path.resolve(__dirname, '..');

/** The tests that hold the built package to n8n's guidelines; each of them is a check. */
const TESTS = ['scanner', 'metadata', 'supply-chain', 'tarball'];

/** Lines by which these tests tell what they measured. */
const MEASURED = /^(The tarball has|It loads in) .*$/gm;

/** The part of jest's report that is read here. */
interface JestReport {
	/** One for each file; one that could not be run at all has no results. */
	testResults: Array<{
		name: string;
		assertionResults: Array<{ fullName: string; status: string }>;
	}>;
}

interface Check {
	name: string;
	/** The command or file that checks it. */
	by: string;
	passed: boolean;
}

/** Runs a command in the project; what it prints for people, on stderr, is passed on. */
function run(command: string, parameters: string[]): { passed: boolean; output: string } {
	const { status, stdout } = spawnSync(command, parameters, {
		cwd: PROJECT_FOLDER,
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
		shell: process.platform === 'win32',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	return { passed: status === 0, output: stdout };
}

function runScript(name: string, script: string): Check {
	const { passed, output } = run('npm', ['run', '--silent', script]);
	if (!passed) console.error(output);
	return { name, by: `npm run ${script}`, passed };
}

function runTests(): { checks: Check[]; measured: string[] } {
	const files = TESTS.map((name) => `test/package/${name}.test.ts`);
	const { output } = run('npx', ['jest', '--json', ...files]);
	const report = JSON.parse(output.slice(output.indexOf('{"num'))) as JestReport;
	const checks = report.testResults.flatMap(({ name: file, assertionResults }) => {
		const by = path.relative(PROJECT_FOLDER, file);
		if (assertionResults.length === 0) return [{ name: 'cannot be run', by, passed: false }];
		return assertionResults.map(({ fullName, status }) => {
			return { name: fullName, by, passed: status === 'passed' };
		});
	});
	return { checks, measured: output.match(MEASURED) ?? [] };
}

const build = runScript('the package is built', 'build');
const lint = runScript("n8n's linter finds nothing, in strict mode", 'lint:n8n');
const { checks, measured } = runTests();
const all = [build, lint, ...checks];
const rows = all.map(({ name, by, passed }) => [name, by, passed ? 'passed' : 'FAILED']);
console.log(`\n${markdownTable([['Check', 'By', 'Result'], ...rows])}\n\n${measured.join('\n')}`);
process.exitCode = all.every(({ passed }) => passed) ? 0 : 1;
