import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The files that hold a version or tell of it. */
export const VERSIONED_FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md', 'README.md'];

/** What they hold. */
export interface ReleaseFiles {
	/** That of package.json. */
	version: string;
	/** package-lock.json has it twice. */
	lockVersions: string[];
	/** The address at which a browser shows the repository. */
	repository: string;
	changelog: string;
	readme: string;
}

interface PackageJson {
	version: string;
	repository: { url: string };
}

interface PackageLock {
	version: string;
	packages: Record<string, { version?: string }>;
}

/** Reads them from the folder of the package. */
export async function readReleaseFiles(folder: string): Promise<ReleaseFiles> {
	const [packageJson, packageLock, changelog, readme] = await Promise.all(
		VERSIONED_FILES.map(async (name) => await readFile(path.join(folder, name), 'utf8')),
	);
	const { version, repository } = JSON.parse(packageJson ?? '') as PackageJson;
	const lock = JSON.parse(packageLock ?? '') as PackageLock;
	return {
		version,
		lockVersions: [lock.version, lock.packages['']?.version ?? ''],
		repository: repository.url.replace(/^git\+|\.git$/g, ''),
		changelog: changelog ?? '',
		readme: readme ?? '',
	};
}

/** Writes a version and its changelog into the folder of the package. */
export async function writeRelease(
	folder: string,
	version: string,
	changelog: string,
): Promise<void> {
	await changeFile(folder, 'package.json', (text) =>
		formatJson({ ...(JSON.parse(text) as PackageJson), version }),
	);
	await changeFile(folder, 'package-lock.json', (text) => {
		const lock = JSON.parse(text) as PackageLock;
		const packages = { ...lock.packages, '': { ...lock.packages[''], version } };
		return formatJson({ ...lock, version, packages });
	});
	await changeFile(folder, 'README.md', (text) =>
		text.replace(/(n8n-nodes-enablenow-)\d+\.\d+\.\d+(\.tgz)/g, `$1${version}$2`),
	);
	await changeFile(folder, 'CHANGELOG.md', () => changelog);
}

async function changeFile(
	folder: string,
	name: string,
	change: (text: string) => string,
): Promise<void> {
	const file = path.join(folder, name);
	await writeFile(file, change(await readFile(file, 'utf8')));
}

/** As npm writes its files. */
function formatJson(value: unknown): string {
	return `${JSON.stringify(value, undefined, 2)}\n`;
}
