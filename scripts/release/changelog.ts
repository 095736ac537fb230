import { UserFacingError } from '../n8n';
import { tagOf } from './version';

const UNRELEASED = '## [Unreleased]';

/** A heading such as `## [1.2.3] - 2026-04-30`. */
const RELEASE_HEADING = /^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/gm;

/** The versions that a changelog tells of, newest first. */
export function releasedVersions(changelog: string): string[] {
	return [...changelog.matchAll(RELEASE_HEADING)].map(([, version = '']) => version);
}

/** What a changelog tells of the time since the newest release; empty where it tells nothing. */
export function unreleasedNotes(changelog: string): string {
	const [, afterHeading = ''] = changelog.split(`${UNRELEASED}\n`);
	const [notes = ''] = afterHeading.split(/^(?:## |\[[^\]]+\]: )/m);
	// A heading with nothing below it says nothing.
	return /^(?!#).*\S/m.test(notes) ? notes.trim() : '';
}

/**
 * A changelog with its unreleased notes under a version.
 *
 * @param version - the version that is released
 * @param date - the day of the release, `YYYY-MM-DD`
 * @param repository - the address of the repository, for the links that compare versions
 * @throws UserFacingError when there is nothing to release, or the version is there already
 */
export function withRelease(
	changelog: string,
	version: string,
	date: string,
	repository: string,
): string {
	const released = releasedVersions(changelog);
	if (released.includes(version)) {
		throw new UserFacingError(`CHANGELOG.md has a chapter ${version} already.`);
	}
	if (unreleasedNotes(changelog) === '') {
		throw new UserFacingError(
			`CHANGELOG.md has nothing under "${UNRELEASED}". Write there what is new, then release it.`,
		);
	}
	const links = linksOf([version, ...released], repository);
	const text = changelog
		.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${date}`)
		.replace(/^\[(?:Unreleased|\d+\.\d+\.\d+)\]: .*\n?/gm, '')
		.trimEnd();
	return `${text}\n\n${links.join('\n')}\n`;
}

/** Where each chapter's changes can be seen; versions newest first. */
function linksOf(versions: string[], repository: string): string[] {
	const [newest = ''] = versions;
	return [
		`[Unreleased]: ${repository}/compare/${tagOf(newest)}...HEAD`,
		...versions.map((version, index) => {
			const before = versions[index + 1];
			const changes =
				before === undefined
					? `releases/tag/${tagOf(version)}`
					: `compare/${tagOf(before)}...${tagOf(version)}`;
			return `[${version}]: ${repository}/${changes}`;
		}),
	];
}
