import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { querySqlite } from '../../../../scripts/n8n';
import type { Place } from './finder';

/** Every value of every row of every table of an n8n's database. */
export async function databasePlaces(userFolder: string): Promise<Place[]> {
	const tables = await querySqlite<{ name: string }>(
		userFolder,
		"SELECT name FROM sqlite_master WHERE type = 'table'",
	);
	const places: Place[] = [];
	for (const { name } of tables) {
		// Blobs come as objects of their bytes.
		const rows = await querySqlite<Record<string, unknown>>(userFolder, `SELECT * FROM "${name}"`);
		for (const [index, row] of rows.entries()) {
			for (const [column, value] of Object.entries(row)) {
				if (value !== null)
					places.push({ name: `${name}[${index}].${column}`, content: textOf(value) });
			}
		}
	}
	return places;
}

/** Every file in n8n's folder, but for the package that is installed in it. */
export async function filePlaces(userFolder: string): Promise<Place[]> {
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`));
	return await Promise.all(
		files.map(async (file) => ({
			name: `file ${path.relative(userFolder, file)}`,
			content: await readFile(file),
		})),
	);
}

function textOf(value: unknown): Buffer | string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	return Buffer.from(Object.values(value as Record<string, number>));
}
