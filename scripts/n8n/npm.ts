import { existsSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from './process';

/** npm's error codes for a registry that cannot be reached. */
const NETWORK_ERRORS =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/;

/**
 * Arguments for a short request at the beginning of a long work: that there is no network is told
 * within seconds, and not after the minute or more that npm goes on trying by default.
 */
export const FEW_RETRIES = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'];

/** Where the reason for a failure stands; the first that is there says most. */
const REASONS = [
	// of a package that does not compile
	/^npm error gyp ERR! stack Error: .*$/gm,
	// npm's own, without its code's stack and the inside of objects
	/^npm error (?! |\}|$).*$/gm,
	// of a script of the project
	/^.+$/gm,
];

/** So many lines of them are told. */
const REASON_LINES = 12;

/** How npm is run. */
export interface NpmOptions {
	/** The folder whose package.json npm works on. */
	folder: string;
	/** The Node that runs npm and the install scripts; default: the one of this process. */
	node?: { executable: string; env: NodeJS.ProcessEnv };
	/** Called with each piece of npm's output. */
	onOutput?: (text: string) => void;
}

/** npm ended with an error. */
export class NpmError extends Error {
	override readonly name = 'NpmError';
	readonly #output: string;

	/**
	 * @param command npm's command, e.g. "install"
	 * @param output all that npm printed
	 */
	constructor(command: string, output: string) {
		const reasons = REASONS.map((pattern) => output.match(pattern)).find((found) => found);
		super([`npm ${command} failed`, ...(reasons ?? []).slice(-REASON_LINES)].join('\n'));
		this.#output = output;
	}

	/** Whether the registry could not be reached. */
	get isNetworkError(): boolean {
		return NETWORK_ERRORS.test(this.#output);
	}

	/** Whether the registry has no such package or version. */
	get isNotFound(): boolean {
		return /\b(E404|ETARGET)\b/.test(this.#output);
	}
}

/**
 * Runs npm.
 *
 * @returns what npm printed
 * @throws NpmError when npm ends with an error
 */
export async function npm(npmArguments: string[], options: NpmOptions): Promise<string> {
	const node = options.node ?? { executable: process.execPath, env: {} };
	const [command, ...leading] = npmCommand(node.executable);
	const run = startProcess(command, [...leading, ...npmArguments], {
		cwd: options.folder,
		env: { ...inheritedEnvironment(), ...node.env },
		...(options.onOutput && { onOutput: options.onOutput }),
	});
	if ((await run.exited) !== 0) {
		throw new NpmError(npmArguments[0] ?? '', run.log.text());
	}
	return run.log.text();
}

/** The npm that runs this script, else the one that belongs to this Node, else that of PATH. */
function npmCommand(nodeExecutable: string): [string, ...string[]] {
	const binFolder = path.dirname(process.execPath);
	const script = [
		process.env['npm_execpath'] ?? '',
		path.join(binFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(binFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	].find((file) => path.basename(file) === 'npm-cli.js' && existsSync(file));
	return script === undefined ? ['npm'] : [nodeExecutable, script];
}

/**
 * The environment, with the user's settings of npm, but without what an npm that runs this script
 * says about its own project: the npm started here would take them for its own.
 */
function inheritedEnvironment(): NodeJS.ProcessEnv {
	const ofTheOuterProject =
		/^(npm_(package|lifecycle)_.*|npm_config_(local_prefix|ignore_scripts)|INIT_CWD)$/i;
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !ofTheOuterProject.test(name)),
	);
}
