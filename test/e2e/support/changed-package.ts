import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { packTarball } from '../../../scripts/n8n';
import { packageTarball } from './environment';

const TRIGGER_FILE = 'dist/nodes/EnableNowShareTrigger/EnableNowShareTrigger.node.js';

/**
 * Packs the next version of the package, in which the trigger has another display name, so that it
 * can be seen which version n8n has loaded.
 *
 * @param folder an empty folder to work in
 * @returns absolute path of the tarball
 */
export async function nextVersionTarball(folder: string, displayName: string): Promise<string> {
	const unpacked = path.join(folder, 'unpacked');
	await mkdir(unpacked);
	await promisify(execFile)('tar', [
		...['-xzf', packageTarball()],
		...['-C', unpacked],
		'--strip-components=1',
	]);
	await edit(path.join(unpacked, 'package.json'), (text) =>
		text.replace(/"version": "[^"]+"/, '"version": "99.0.0"'),
	);
	await edit(path.join(unpacked, TRIGGER_FILE), (text) =>
		text.replace("displayName: 'EnableNow Trigger'", `displayName: '${displayName}'`),
	);
	return await packTarball(unpacked, folder);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
	const text = await readFile(file, 'utf8');
	const changed = change(text);
	if (changed === text) throw new Error(`There is nothing to change in ${file}`);
	await writeFile(file, changed);
}
