import { readdirSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { n8n } from '../../package.json';
import { loadTime } from './load-time';
import { pack, type PackedPackage, ROOT, runCommand, temporaryFolder, unpack } from './support';

const folder = temporaryFolder();

/** 60 kB, and a little for other versions of zlib; far below what n8n's own packages bring. */
const LARGEST_TARBALL = 60_500;

let packed: PackedPackage;
beforeAll(async () => {
	packed = await pack(folder.path);
});

it('the tarball has what n8n loads, what people read, and nothing else', () => {
	const names = packed.files.map((file) => file.path);
	const kinds: Array<[string, RegExp]> = [
		['code', /^dist\/(credentials|nodes)\/([\w.]+\/)*[\w.]+\.js$/],
		['codex', /^dist\/nodes\/\w+\/\w+\.node\.json$/],
		['output schemas', /^dist\/nodes\/\w+\/__schema__\/v\d+\.\d+\.\d+\/(\w+\/)?\w+\.json$/],
		['icons', /^dist\/icons\/[\w.-]+\.svg$/],
		['for a person or npm', /^(index\.js|package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/],
	];
	const unknown = names.filter((name) => !kinds.some(([, pattern]) => pattern.test(name)));
	expect(unknown).toEqual([]);
	expect(names).toEqual(
		expect.arrayContaining([
			'LICENSE.md',
			'README.md',
			'dist/credentials/EnableNowOAuth2Api.credentials.js',
			'dist/icons/enablenow-trigger.dark.svg',
			'dist/icons/enablenow-trigger.svg',
			'dist/icons/enablenow.dark.svg',
			'dist/icons/enablenow.svg',
			'dist/nodes/EnableNowShare/EnableNowShare.node.js',
			'dist/nodes/EnableNowShare/EnableNowShare.node.json',
			'dist/nodes/EnableNowShareTrigger/EnableNowShareTrigger.node.js',
			'dist/nodes/EnableNowShareTrigger/EnableNowShareTrigger.node.json',
			'index.js',
			'package.json',
		]),
	);
});

it('the tarball has one file of code for each source, under its name', () => {
	const built = packed.files.map((file) => file.path).filter((name) => /^dist.*\.js$/.test(name));
	const sources = ['credentials', 'nodes'].flatMap((folder) =>
		readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => path.posix.join('dist', folder, name.replace(/\.ts$/, '.js'))),
	);
	expect(built.sort()).toEqual(sources.sort());
});

it('the tarball is small', () => {
	process.stdout.write(`The tarball has ${(packed.size / 1000).toFixed(1)} kB.\n`);
	expect(packed.size).toBeLessThan(LARGEST_TARBALL);
});

it('the tarball installs as one package', async () => {
	const target = path.join(folder.path, 'installed');
	await mkdir(target);
	await writeFile(path.join(target, 'package.json'), '{"private":true}');
	const tarball = path.join(folder.path, packed.filename);
	const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
	await runCommand('npm', ['install', tarball, ...flags], target);
	const installed = (await readdir(path.join(target, 'node_modules'))).filter(
		(name) => !name.startsWith('.'),
	);
	expect(installed).toEqual(['n8n-nodes-enablenow']);
});

/** Loads the package as n8n does, then all of its files, and says what they asked for. */
const LOADER = `
	const Module = require('node:module');
	const path = require('node:path');
	const root = process.cwd();
	const dist = path.join(root, 'dist');
	require('n8n-workflow');
	const asked = new Set();
	const load = Module._load;
	Module._load = function (request, parent, ...rest) {
		const isOwn = parent?.filename?.startsWith(dist);
		if (isOwn && !request.startsWith('.')) {
			asked.add(request);
			if (request !== 'n8n-workflow' && !Module.isBuiltin(request)) {
				throw new Error('The package asks for ' + request);
			}
		}
		return load.call(this, request, parent, ...rest);
	};
	const ownFiles = () =>
		Object.keys(require.cache)
			.filter((file) => file.startsWith(dist))
			.map((file) => path.relative(dist, file).replaceAll(path.sep, '/'));
	const classes = require(path.join(root, 'index.js'));
	for (const Class of Object.values(classes)) new Class();
	const atLoad = { asked: [...asked], files: ownFiles() };
	for (const file of JSON.parse(process.argv[1])) require(path.join(root, file));
	process.stdout.write(
		JSON.stringify({ names: Object.keys(classes), atLoad, asked: [...asked] }),
	);
`;

interface Loaded {
	names: string[];
	/** What was asked for, and which of the package's files were loaded, before a node was used. */
	atLoad: { asked: string[]; files: string[] };
	asked: string[];
}

/** What only a node that runs needs. */
const LOADED_WHEN_USED =
	/\/(execute\.js|operations\/|listSearch\/|webhook\/|catchUp\/|shared\/api\/)/;

it("the package loads only n8n's own modules, and each part only when it is used", async () => {
	const own = path.join(folder.path, 'alone');
	await mkdir(own);
	const unpacked = await unpack(path.join(folder.path, packed.filename), own);
	await mkdir(path.join(unpacked, 'node_modules'));
	await symlink(
		path.join(ROOT, 'node_modules/n8n-workflow'),
		path.join(unpacked, 'node_modules/n8n-workflow'),
	);
	const code = packed.files.map((file) => file.path).filter((name) => /^dist.*\.js$/.test(name));
	const text = await runCommand(process.execPath, ['-e', LOADER, JSON.stringify(code)], unpacked);
	const { names, atLoad, asked } = JSON.parse(text) as Loaded;
	expect(names).toEqual(['EnableNowOAuth2Api', 'EnableNowShare', 'EnableNowShareTrigger']);
	expect(atLoad.asked).toEqual(['n8n-workflow']);
	expect(atLoad.files.filter((file) => LOADED_WHEN_USED.test(file))).toEqual([]);
	// Crypto is one of the few modules that n8n lets the nodes of a verified package use.
	expect(asked.sort()).toEqual(['crypto', 'n8n-workflow']);
});

it('says how long it takes to load', async () => {
	const times: number[] = [];
	for (let load = 0; load < 7; load++) {
		times.push(await loadTime(process.execPath, [...n8n.credentials, ...n8n.nodes]));
	}
	times.sort((one, other) => one - other);
	const [least = 0, , , median = 0] = times;
	process.stdout.write(`It loads in ${median.toFixed(1)} ms, at best in ${least.toFixed(1)} ms.\n`);
	// No limit: a machine that is busy takes ten times as long.
	expect(least).toBeGreaterThan(0);
});
