import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readMemory, writeMemory } from '../../../scripts/playground/memory';

let folders: string[];

beforeEach(async () => {
	const root = await mkdtemp(path.join(tmpdir(), 'enablenow-memory-'));
	folders = [path.join(root, 'one'), path.join(root, 'other')];
});
afterEach(async () => await rm(path.dirname(folders[0] ?? ''), { recursive: true }));

it('has a password and a webhook secret for each folder, that n8n takes', async () => {
	const memories = await Promise.all(folders.map(readMemory));
	expect(new Set(memories.map(({ password }) => password)).size).toBe(2);
	expect(new Set(memories.map(({ webhookSecret }) => webhookSecret)).size).toBe(2);
	for (const { password, webhookSecret } of memories) {
		// n8n's rule.
		expect(password).toMatch(/^(?=.*\d)(?=.*[A-Z]).{16,64}$/);
		// Goes into an address as it is, and holds no separator of secrets.
		expect(webhookSecret).toMatch(/^[\w-]{20,}$/);
	}
});

it('keeps them, for the owner of the folder alone', async () => {
	const [folder = ''] = folders;
	const memory = { ...(await readMemory(folder)), ids: { a: '1' } };
	await writeMemory(folder, memory);
	expect(await readMemory(folder)).toEqual(memory);
	const { mode } = await stat(path.join(folder, 'playground.json'));
	if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
});
