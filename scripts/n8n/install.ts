import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached, isCached } from './cache';
import { nodeRuntime, type NodeRuntime } from './node-runtime';
import { watchFolderSize } from './folder-size';
import { FEW_RETRIES, npm, NpmError, type NpmOptions } from './npm';
import { explainNpmFailure } from './npm-failure';
import type { ReportProgress } from './progress';
import { UserFacingError } from './user-facing-error';

/** An n8n in the cache, and the Node that runs it. */
export interface N8nInstall {
	version: string;
	/** Absolute path of n8n's start script. */
	script: string;
	node: NodeRuntime;
}

/**
 * The only parts that need their install scripts. The scripts of all others stay off: an optional
 * Kafka driver, for one, does not compile.
 */
const DATABASE_DRIVER = 'sqlite3';
const EXPRESSION_ISOLATE = 'isolated-vm';

/** xlsx is published on a host of its own only; this is the same code from npm's registry. */
const OVERRIDES = { xlsx: 'npm:@e965/xlsx@0.20.3' };

const INSTALL = ['install', '--ignore-scripts', '--save-exact', '--no-audit', '--no-fund'];

const COMPILER_HELP = `A part of n8n has to be compiled on this machine, and that failed.
Install Python 3, make and a C++ compiler, then start again:
  Debian, Ubuntu:  sudo apt-get install python3 make g++
  Fedora:          sudo dnf install python3 make gcc-c++
  macOS:           xcode-select --install
  Windows:         Visual Studio Build Tools with "Desktop development with C++", and Python 3`;

/** @returns whether n8nInstall() has this version at hand, without a download */
export function isN8nInstalled(version: string): boolean {
	return isCached(entryName(version));
}

/**
 * Gives an n8n of the version, installing it from npm into the cache where it is missing: a
 * download of up to 2.7 GB, and minutes.
 *
 * @param version a full version number, e.g. "2.41.1"
 * @throws UserFacingError when there is no network, no such version or no compiler
 */
export async function n8nInstall(version: string, report?: ReportProgress): Promise<N8nInstall> {
	const node = await nodeRuntime(report);
	const entry = await cached(
		entryName(version),
		(folder) => install(version, { folder, node }, report),
		report,
	);
	return { version, script: path.join(entry, 'node_modules', 'n8n', 'bin', 'n8n'), node };
}

async function install(
	version: string,
	options: NpmOptions,
	report?: ReportProgress,
): Promise<void> {
	await writeFile(path.join(options.folder, 'package.json'), JSON.stringify(packageJson()));

	// First what may be missing on this machine: it is told before the large download.
	report?.("Preparing n8n's database driver, which may have to be compiled");
	const driverVersion = await driverVersionOf(version, options);
	await download([...INSTALL, ...FEW_RETRIES, `${DATABASE_DRIVER}@${driverVersion}`], options);
	await compile(DATABASE_DRIVER, options);

	let requests = 0;
	let bytes = 0;
	const tell = () =>
		report?.(
			`Downloading n8n ${version}: ${Math.round(bytes / 1e6)} MB unpacked, ` +
				`${requests} requests to npm's registry`,
		);
	const stopWatching = watchFolderSize(options.folder, (size) => {
		bytes = size;
		tell();
	});
	await download([...INSTALL, '--loglevel=http', `n8n@${version}`], {
		...options,
		onOutput: (text) => {
			requests += text.match(/^npm http /gm)?.length ?? 0;
			tell();
		},
	}).finally(stopWatching);
	report?.("Preparing n8n's expression engine");
	await compile(EXPRESSION_ISOLATE, options);
}

function entryName(version: string): string {
	return `n8n-${version}`;
}

function packageJson(): object {
	return {
		private: true,
		overrides: OVERRIDES,
		// What newer npm asks for before it runs an install script.
		allowScripts: { [DATABASE_DRIVER]: true, [EXPRESSION_ISOLATE]: true },
	};
}

/** Is also the first question to the registry: tells of a missing network or version. */
async function driverVersionOf(n8nVersion: string, options: NpmOptions): Promise<string> {
	const question = ['view', `n8n@${n8nVersion}`, `dependencies.${DATABASE_DRIVER}`];
	const answer = await download([...question, '--loglevel=error', ...FEW_RETRIES], options);
	return answer.trim();
}

async function download(npmArguments: string[], options: NpmOptions): Promise<string> {
	try {
		return await npm(npmArguments, options);
	} catch (error) {
		throw explainNpmFailure(error, 'this version of n8n');
	}
}

/** Fetches or compiles the binary of an installed package. */
async function compile(packageName: string, options: NpmOptions): Promise<void> {
	try {
		await npm(['rebuild', '--ignore-scripts=false', packageName], options);
	} catch (error) {
		if (!(error instanceof NpmError)) throw error;
		throw new UserFacingError(`${COMPILER_HELP}\n\n${error.message}`);
	}
}
