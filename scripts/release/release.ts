import { UserFacingError } from '../n8n';
import { disagreements } from './agreement';
import { withRelease } from './changelog';
import { readReleaseFiles, VERSIONED_FILES, writeRelease } from './files';
import { git } from './git';
import { nextVersion, tagOf } from './version';

/** Releases are made from here and nowhere else. */
const RELEASE_BRANCH = 'main';

/**
 * Makes a release in the repository of a folder: version, changelog, commit and tag. Nothing leaves
 * the machine.
 *
 * @param wanted - `major`, `minor`, `patch` or a version
 * @param today - the day that the changelog gets
 * @returns the version
 * @throws UserFacingError when it cannot be made; nothing has been changed then
 */
export async function makeRelease(folder: string, wanted: string, today: Date): Promise<string> {
	await assertReleasable(folder);
	const files = await readReleaseFiles(folder);
	assertAgreement(disagreements(files));
	const version = nextVersion(files.version, wanted);
	const tag = tagOf(version);
	if ((await git(folder, 'tag', '--list', tag)) !== '') {
		throw new UserFacingError(`The tag ${tag} is there already.`);
	}
	const date = today.toISOString().slice(0, 10);
	const changelog = withRelease(files.changelog, version, date, files.repository);
	await writeRelease(folder, version, changelog);
	await git(folder, 'commit', '--quiet', '--message', `Release ${version}`, ...VERSIONED_FILES);
	await git(folder, 'tag', '--annotate', '--message', `Release ${version}`, tag);
	return version;
}

/**
 * Makes sure that version, changelog and tag say the same.
 *
 * @param tag - the tag to be published; left out where nothing is
 * @throws UserFacingError when they do not
 */
export async function checkRelease(folder: string, tag?: string): Promise<void> {
	assertAgreement(disagreements(await readReleaseFiles(folder), tag));
}

async function assertReleasable(folder: string): Promise<void> {
	const branch = await git(folder, 'branch', '--show-current');
	if (branch !== RELEASE_BRANCH) {
		throw new UserFacingError(
			`Releases are made on the branch ${RELEASE_BRANCH}, not on "${branch}".`,
		);
	}
	const changes = await git(folder, 'status', '--porcelain');
	if (changes !== '') {
		throw new UserFacingError(`Commit or remove these changes first:\n${changes}`);
	}
}

function assertAgreement(problems: string[]): void {
	if (problems.length > 0) throw new UserFacingError(problems.join('\n'));
}
