import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { npm } from './npm';

const run = promisify(execFile);

interface PackageJson {
	name: string;
	version: string;
	[field: string]: unknown;
}

/**
 * Packs a project that has been built, as `npm publish` would.
 *
 * @param projectFolder the folder of its package.json
 * @param targetFolder where the tarball is put; made where it is missing
 * @returns absolute path of the tarball
 * @throws NpmError when npm cannot pack it
 */
export async function packTarball(projectFolder: string, targetFolder: string): Promise<string> {
	const target = path.resolve(targetFolder);
	await mkdir(target, { recursive: true });
	await npm(['pack', '--ignore-scripts', '--pack-destination', target], { folder: projectFolder });
	const { name, version } = await readPackageJson(projectFolder);
	return path.join(target, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
}

/**
 * Installs a tarball into a user folder of n8n the way n8n's own installer does: unpacks it, drops
 * what only its developers need, and lets npm fetch its dependencies without running scripts.
 * Replaces an installed version. An n8n that runs sees it after a restart.
 *
 * @param tarball as packTarball() gives it
 * @param userFolder the folder that holds n8n's `.n8n` folder
 * @returns the folder from which n8n loads the package
 */
export async function installTarball(tarball: string, userFolder: string): Promise<string> {
	const nodesFolder = path.join(userFolder, '.n8n', 'nodes');
	const unpacked = path.join(nodesFolder, 'unpacked');
	await rm(unpacked, { recursive: true, force: true });
	await mkdir(unpacked, { recursive: true });
	await run('tar', ['-xzf', path.resolve(tarball), '-C', unpacked, '--strip-components=1']);

	const packageJson = await readPackageJson(unpacked);
	const { name, version } = packageJson;
	for (const dropped of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete packageJson[dropped];
	}
	await writePackageJson(unpacked, packageJson);
	await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
		folder: unpacked,
	});

	const installed = path.join(nodesFolder, 'node_modules', name);
	await mkdir(path.dirname(installed), { recursive: true });
	await rm(installed, { recursive: true, force: true });
	await rename(unpacked, installed);
	await writePackageJson(nodesFolder, {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
	return installed;
}

async function readPackageJson(folder: string): Promise<PackageJson> {
	return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as PackageJson;
}

async function writePackageJson(folder: string, content: object): Promise<void> {
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(content, null, 2));
}
