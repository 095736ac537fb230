import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { n8n } from '../../package.json';
import { loadTime } from '../../bench/load-time';
import { summarize } from '../../bench/statistics';
import {
	pack,
	packAndUnpack,
	type PackedPackage,
	ROOT,
	runCommand,
	temporaryFolder,
} from './support';

const folder = temporaryFolder();

/** What README promises; far below what n8n's own packages bring. */
const LARGEST_TARBALL = 60_000;

let packed: PackedPackage;
beforeAll(async () => {
	packed = await pack(folder.path);
});

it('holds what n8n loads, what people read, and nothing else', () => {
	const names = packed.files.map((file) => file.path);
	const kinds: Array<[string, RegExp]> = [
		['what n8n loads', /^dist\/(credentials|nodes)\/([\w.]+\/)*[\w.]+\.js$/],
		['code', /^dist\/code\.js$/],
		['codex', /^dist\/nodes\/\w+\/\w+\.node\.json$/],
		['output schemas', /^dist\/nodes\/\w+\/__schema__\/v\d+\.\d+\.\d+\/\w+\.json$/],
		['icons', /^dist\/icons\/[\w.]+\.svg$/],
		['for a person or npm', /^(index\.js|package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/],
	];
	const unknown = names.filter((name) => !kinds.some(([, pattern]) => pattern.test(name)));
	expect(unknown).toEqual([]);
	expect(names).toEqual(
		expect.arrayContaining([
			'LICENSE.md',
			'README.md',
			'dist/credentials/EnableNowOAuth2Api.credentials.js',
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

it('has what n8n loads, and one file of code', () => {
	const built = packed.files.map((file) => file.path).filter((name) => /^dist.*\.js$/.test(name));
	expect(built.sort()).toEqual([...n8n.credentials, ...n8n.nodes, 'dist/code.js'].sort());
});

it('is small', () => {
	process.stdout.write(`The tarball has ${(packed.size / 1000).toFixed(1)} kB.\n`);
	expect(packed.size).toBeLessThan(LARGEST_TARBALL);
});

it('installs as one package', async () => {
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

/** Loads the package, uses its nodes, and says what its files asked for. */
const LOADER = `
	const Module = require('node:module');
	const path = require('node:path');
	const root = process.cwd();
	require('n8n-workflow');
	const asked = new Set();
	const load = Module._load;
	Module._load = function (request, parent, ...rest) {
		const isOwn = parent?.filename?.startsWith(path.join(root, 'dist'));
		if (isOwn && !request.startsWith('.')) {
			asked.add(request);
			if (request !== 'n8n-workflow' && !Module.isBuiltin(request)) {
				throw new Error('The package asks for ' + request);
			}
		}
		return load.call(this, request, parent, ...rest);
	};
	const classes = require(path.join(root, 'index.js'));
	const nodes = Object.values(classes).map((Class) => new Class());
	const askedUnused = [...asked];
	for (const node of nodes) node.execute?.call({}).catch(() => undefined);
	process.stdout.write(
		JSON.stringify({ names: Object.keys(classes), askedUnused, asked: [...asked] }),
	);
`;

it("loads with n8n's own modules alone", async () => {
	const own = path.join(folder.path, 'alone');
	await mkdir(own);
	const unpacked = await packAndUnpack(own);
	await mkdir(path.join(unpacked, 'node_modules'));
	await symlink(
		path.join(ROOT, 'node_modules/n8n-workflow'),
		path.join(unpacked, 'node_modules/n8n-workflow'),
	);
	const text = await runCommand(process.execPath, ['-e', LOADER], unpacked);
	const { names, askedUnused, asked } = JSON.parse(text) as Record<string, string[]>;
	expect(names).toEqual(['EnableNowOAuth2Api', 'EnableNowShare', 'EnableNowShareTrigger']);
	expect(askedUnused).toEqual([]);
	// Crypto is one of the few modules that n8n lets the nodes of a verified package use.
	expect(asked?.sort()).toEqual(['crypto', 'n8n-workflow']);
});

it('says how long it takes to load', async () => {
	const times: number[] = [];
	for (let load = 0; load < 7; load++) {
		times.push(await loadTime(process.execPath, [...n8n.credentials, ...n8n.nodes]));
	}
	const { median, least } = summarize(times);
	process.stdout.write(`It loads in ${median.toFixed(1)} ms, at best in ${least.toFixed(1)} ms.\n`);
	// No limit: a machine that is busy takes ten times as long.
	expect(least).toBeGreaterThan(0);
});
