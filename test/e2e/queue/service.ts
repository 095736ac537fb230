import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserFacingError } from '../../../scripts/n8n';

const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** A database server of the suite's own, on this machine only. */
export interface Service {
	readonly port: number;
	stop(): Promise<void>;
}

/**
 * Finds a program in PATH or where Debian puts the servers of PostgreSQL.
 *
 * @param debianPackage what to install where it is missing
 * @throws UserFacingError when it is missing
 */
export function program(name: string, debianPackage: string): string {
	const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), ...postgresFolders()];
	const found = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
	if (found !== undefined) return found;
	throw new UserFacingError(
		`The queue suite needs ${name}. Install it, e.g. sudo apt-get install ${debianPackage}`,
	);
}

/** The newest version first. */
function postgresFolders(): string[] {
	if (!existsSync(DEBIAN_POSTGRES)) return [];
	return readdirSync(DEBIAN_POSTGRES)
		.sort((one, other) => Number(other) - Number(one))
		.map((version) => path.join(DEBIAN_POSTGRES, version, 'bin'));
}
