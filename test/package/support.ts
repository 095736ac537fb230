import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';

const run = promisify(execFile);

/** The folder of the package. */
export const ROOT = path.resolve(__dirname, '../..');

/** Where the package lives, by its package.json. */
export const REPOSITORY = 'https://github.com/n8n-nodes-enablenow/n8n-nodes-enablenow';

interface BuiltPackage {
	EnableNowOAuth2Api: new () => ICredentialType;
	EnableNowShare: new () => INodeType;
	EnableNowShareTrigger: new () => INodeType;
}

/** One of each class of the built package. */
export function loadBuiltPackage(): {
	credential: ICredentialType;
	share: INodeType;
	trigger: INodeType;
} {
	const built = createRequire(__filename)(ROOT) as BuiltPackage;
	return {
		credential: new built.EnableNowOAuth2Api(),
		share: new built.EnableNowShare(),
		trigger: new built.EnableNowShareTrigger(),
	};
}

/** The choices of a field, or the fields of a collection. */
export function optionsOf({ options = [] }: INodeProperties): {
	values: unknown[];
	fields: INodeProperties[];
} {
	const fields = options.filter((option): option is INodeProperties => 'displayName' in option);
	const values = options.flatMap((option) => ('value' in option ? [option.value] : []));
	return {
		values,
		fields: fields.filter((field) => 'type' in field),
	};
}

/** Reads a JSON file of the package. */
export async function readJson<Content>(...names: string[]): Promise<Content> {
	return JSON.parse(await readFile(path.join(ROOT, ...names), 'utf8')) as Content;
}

/**
 * Runs a command and gives what it wrote; it throws where the command fails. It is not told that
 * this is a test: n8n's lint rules judge otherwise then.
 */
export async function runCommand(
	command: string,
	parameters: string[],
	folder = ROOT,
): Promise<string> {
	const { stdout } = await run(command, parameters, {
		cwd: folder,
		env: { ...process.env, NODE_ENV: 'production' },
		maxBuffer: 16 * 1024 * 1024,
	});
	return stdout;
}

/** What `npm pack` says of the package. */
export interface PackedPackage {
	filename: string;
	/** Of the tarball, in bytes. */
	size: number;
	files: Array<{ path: string }>;
}

/** Packs the package as npm would publish it. */
export async function pack(folder: string): Promise<PackedPackage> {
	const text = await runCommand('npm', ['pack', '--json', '--pack-destination', folder]);
	const [packed] = JSON.parse(text) as [PackedPackage];
	return packed;
}

/** Unpacks a tarball into a folder; gives the folder of the package in it. */
export async function unpack(tarball: string, folder: string): Promise<string> {
	await runCommand('tar', ['-xzf', tarball], folder);
	return path.join(folder, 'package');
}

/** A folder for the tests of a file, which is removed after them. Call it at the top. */
export function temporaryFolder(): { readonly path: string } {
	const folder = { path: '' };
	beforeAll(async () => {
		folder.path = await mkdtemp(path.join(tmpdir(), 'enablenow-package-'));
	});
	afterAll(async () => await rm(folder.path, { recursive: true, force: true }));
	return folder;
}
