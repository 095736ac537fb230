import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';

import { readJson, ROOT, runCommand, temporaryFolder } from './support';

const folder = temporaryFolder();

/** All that the tarball is made from; images that n8n's tool copies into dist are not in it. */
const SOURCES = [
	'credentials',
	'docs/images',
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
];

const BUILD_OUTPUT = ['dist/credentials', 'dist/icons', 'dist/nodes'];

/** Where and how a tarball is built. */
interface Surroundings {
	/** The command that builds. */
	build: string;
	timeZone: string;
	language: string;
	/** When all sources were last changed. */
	changedAt: string;
}

interface Built {
	/** Hashes of the built files by their names. */
	files: Record<string, string>;
	tarball: string;
}

/** Builds the package in a folder with a copy of the sources. */
async function buildCopy(copy: string, surroundings: Surroundings): Promise<void> {
	const { build, timeZone, language, changedAt } = surroundings;
	await mkdir(copy, { recursive: true });
	for (const source of SOURCES) {
		await cp(path.join(ROOT, source), path.join(copy, source), { recursive: true });
	}
	for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
		const source = path.join(entry.parentPath, entry.name);
		await utimes(source, new Date(changedAt), new Date(changedAt));
	}
	await symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
	const environment = `export TZ=${timeZone} LANG=${language} LC_ALL=${language}`;
	await runCommand('sh', ['-c', `${environment}; ${build}`], copy);
}

/** Packs what was built in a folder, and gives the hashes of all of it. */
async function packAndHash(built: string, name: string): Promise<Built> {
	const target = path.join(folder.path, name);
	await mkdir(target);
	await runCommand('npm', ['pack', '--silent', '--pack-destination', target], built);
	const [tarball] = await readdir(target);
	const hashes: Array<[string, string]> = [];
	for (const output of BUILD_OUTPUT) {
		const entries = await readdir(path.join(built, output), {
			recursive: true,
			withFileTypes: true,
		});
		for (const entry of entries.filter((found) => found.isFile())) {
			const file = path.join(entry.parentPath, entry.name);
			hashes.push([path.relative(built, file), await hashFile(file)]);
		}
	}
	return {
		files: Object.fromEntries(hashes.sort()),
		tarball: await hashFile(path.join(target, tarball!)),
	};
}

async function hashFile(file: string): Promise<string> {
	return createHash('sha512')
		.update(await readFile(file))
		.digest('hex');
}

it("the tarball has the same bytes, wherever and whenever it is built, with n8n's own tool too", async () => {
	// By `npm run build`, before the tests.
	const one = await packAndHash(ROOT, 'one');
	const copy = path.join(folder.path, 'another', 'folder with a longer name');
	await buildCopy(copy, {
		build: 'npx n8n-node build',
		timeZone: 'Pacific/Apia',
		language: 'tr_TR.UTF-8',
		changedAt: '2001-09-09T01:46:40Z',
	});
	const other = await packAndHash(copy, 'other');
	expect(Object.keys(one.files).length).toBeGreaterThan(30);
	expect(other).toEqual(one);
}, 120_000);

it('nothing runs when the package or its sources are installed', async () => {
	const { scripts } = await readJson<{ scripts: Record<string, string> }>('package.json');
	const lifeCycle = /^(pre|post)|^(install|prepare|dependencies|publish|prepack|pack|version)$/;
	// n8n's own, which stops a publication by hand.
	expect(Object.keys(scripts).filter((name) => lifeCycle.test(name))).toEqual(['prepublishOnly']);
	// npm runs node-gyp by itself for a package that has this file.
	const files = await readdir(ROOT);
	expect(files).not.toContain('binding.gyp');
});

it('the lock file has a hash of each package, and names no server', async () => {
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
