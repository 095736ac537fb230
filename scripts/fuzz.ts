import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseCommandLine } from './cli/command-line';
import { UserFacingError } from './n8n';

const DEFAULT_CASES = '100000';

const HELP = `npm run fuzz -- [options]

Tests each property in test/fuzz with many generated cases; npm test uses only a few. If a property
fails, the smallest failing case is printed, with its seed and path: to run it again, pass these as
--seed and --path.

  --cases N        number of cases for each property (${DEFAULT_CASES})
  --seed N         seed of the generated cases; random by default
  --only FILE,…    only these files, such as identifiers,trigger
  --property TEXT  only properties whose name contains this text
  --path PATH      start with this case; only with --seed and one property
  --help           print this`;

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	cases: { type: 'string', default: DEFAULT_CASES },
	seed: { type: 'string' },
	only: { type: 'string' },
	property: { type: 'string' },
	path: { type: 'string' },
} as const;

const PROJECT_FOLDER = path.resolve(__dirname, '..');

const LARGEST_SEED = 2 ** 31;

function wholeNumber(option: string, text: string): number {
	const number = Number(text);
	if (Number.isInteger(number) && text.trim() !== '') return number;
	throw new UserFacingError(`--${option} takes a whole number, not "${text}".`);
}

async function main(): Promise<void> {
	const options = parseCommandLine(process.argv.slice(2), OPTIONS, HELP);
	if (options.help) {
		console.log(HELP);
		return;
	}
	const cases = wholeNumber('cases', options.cases);
	const seed =
		options.seed === undefined
			? Math.floor(Math.random() * LARGEST_SEED)
			: wholeNumber('seed', options.seed);
	const files = (options.only ?? '').split(',').map((file) => `test/fuzz/${file.trim()}`);
	const filter = options.property === undefined ? [] : ['--testNamePattern', options.property];
	console.log(`${cases} cases of each property, seed ${seed}`);
	process.exitCode = await runJest(['--verbose', ...filter, ...files], {
		FUZZ_CASES: String(cases),
		FUZZ_SEED: String(seed),
		...(options.path !== undefined && { FUZZ_PATH: options.path }),
	});
}

/** Runs Jest in this terminal, and gives the code that it ends with. */
async function runJest(parameters: string[], environment: NodeJS.ProcessEnv): Promise<number> {
	const jest = createRequire(__filename).resolve('jest/bin/jest');
	const child = spawn(process.execPath, [jest, ...parameters], {
		cwd: PROJECT_FOLDER,
		env: { ...process.env, ...environment },
		stdio: 'inherit',
	});
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

main().catch((error: unknown) => {
	console.error(error instanceof UserFacingError ? error.message : error);
	process.exitCode = 1;
});
