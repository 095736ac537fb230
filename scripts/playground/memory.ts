import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What has to be the same at each start with an n8n folder; kept in it. */
export interface Memory {
	/** Of n8n's owner. */
	password: string;
	/** Of the credential of the app that receives. */
	webhookSecret: string;
	/** The address that the credentials and workflows have. */
	sandboxUrl: string;
	/** The address that was registered in the sandbox last; empty before the first time. */
	webhook: string;
	/** n8n's IDs of what was put into it: its user may have renamed or removed it. */
	ids: Record<string, string>;
}

/** @returns what was kept in the folder, or new secrets where nothing was */
export async function readMemory(userFolder: string): Promise<Memory> {
	const text = await readFile(fileIn(userFolder), 'utf8').catch(() => '{}');
	return {
		// n8n wants at least one digit and one capital.
		password: `${randomBytes(12).toString('base64url')}-E1`,
		webhookSecret: randomBytes(18).toString('base64url'),
		sandboxUrl: '',
		webhook: '',
		ids: {},
		...(JSON.parse(text) as Partial<Memory>),
	};
}

/** Keeps it, for its owner's eyes. */
export async function writeMemory(userFolder: string, memory: Memory): Promise<void> {
	await mkdir(userFolder, { recursive: true });
	await writeFile(fileIn(userFolder), JSON.stringify(memory, null, 2), { mode: 0o600 });
}

function fileIn(userFolder: string): string {
	return path.join(userFolder, 'playground.json');
}
