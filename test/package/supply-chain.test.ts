import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';

import { readJson, ROOT, runCommand, temporaryFolder } from './support';

const folder = temporaryFolder();

/** All that the tarball is made from. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'CHANGELOG.md',
	'LICENSE.md',
	'README.md',
	'gulpfile.js',
	'index.js',
	'package.json',
	'tsconfig.json',
	'.npmrc',
	'.prettierrc.json',
	path.join('scripts', 'build'),
];

/** Where and how a tarball is built. */
interface Surroundings {
	/** The name of the folder that holds the sources. */
	name: string;
	/** The permissions that files do not have. */
	umask: number;
	timeZone: string;
	language: string;
	/** When all sources were last changed. */
	changedAt: string;
}

/** Builds and packs a copy of the sources, and gives the hash of the tarball. */
async function hashOfTarball(surroundings: Surroundings): Promise<string> {
	const { name, umask, timeZone, language, changedAt } = surroundings;
	const copy = path.join(folder.path, name);
	await mkdir(copy, { recursive: true });
	for (const source of SOURCES) {
		await cp(path.join(ROOT, source), path.join(copy, source), { recursive: true });
	}
	for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
		const source = path.join(entry.parentPath, entry.name);
		if (entry.isFile()) await chmod(source, 0o666 & ~umask);
		await utimes(source, new Date(changedAt), new Date(changedAt));
	}
	await symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
	const environment = `umask ${umask.toString(8)}; export TZ=${timeZone} LANG=${language} LC_ALL=${language}`;
	const commands = 'npm run --silent build && npm pack --silent';
	await runCommand('sh', ['-c', `${environment}; ${commands}`], copy);
	const [tarball] = (await readdir(copy)).filter((file) => file.endsWith('.tgz'));
	const content = await readFile(path.join(copy, tarball!));
	return createHash('sha512').update(content).digest('hex');
}

it('the tarball has the same bytes, wherever and whenever it is built', async () => {
	const one = await hashOfTarball({
		name: 'one',
		umask: 0o022,
		timeZone: 'UTC',
		language: 'C',
		changedAt: '2026-01-01T00:00:00Z',
	});
	const other = await hashOfTarball({
		name: path.join('another', 'folder with a longer name'),
		umask: 0o077,
		timeZone: 'Pacific/Apia',
		language: 'tr_TR.UTF-8',
		changedAt: '2001-09-09T01:46:40Z',
	});
	expect(other).toBe(one);
}, 120_000);

it('nothing runs when the package is installed or its sources are', async () => {
	const { scripts } = await readJson<{ scripts: Record<string, string> }>('package.json');
	const lifeCycle =
		/^(pre|post)|^(install|prepare|dependencies|publish|prepublishOnly|prepack|pack|version)$/;
	expect(Object.keys(scripts).filter((name) => lifeCycle.test(name))).toEqual([]);
	// npm runs node-gyp by itself for a package that has this file.
	const files = await readdir(ROOT);
	expect(files).not.toContain('binding.gyp');
});

it('the lock file has a hash of each package, and the name of no server', async () => {
	const text = await readFile(path.join(ROOT, 'package-lock.json'), 'utf8');
	const { packages } = JSON.parse(text) as {
		packages: Record<string, { integrity?: string; link?: boolean; version?: string }>;
	};
	const entries = Object.entries(packages).filter(([name]) => name !== '');
	expect(entries.length).toBeGreaterThan(100);
	const withoutHash = entries.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
	expect(withoutHash.map(([name]) => name)).toEqual([]);
	expect(entries.filter(([, { link }]) => link)).toEqual([]);
	expect(text).not.toContain('"resolved"');
	const versions = entries.map(([, { version }]) => version ?? '');
	expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
});

it('package.json and the lock file agree on what is installed', async () => {
	const { devDependencies } = await readJson<{ devDependencies: Record<string, string> }>(
		'package.json',
	);
	const { packages } = await readJson<{ packages: Record<string, { version?: string }> }>(
		'package-lock.json',
	);
	const locked = Object.keys(devDependencies).map((name) => [
		name,
		packages[`node_modules/${name}`]?.version,
	]);
	expect(Object.fromEntries(locked)).toEqual(devDependencies);
});
