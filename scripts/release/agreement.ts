import { releasedVersions } from './changelog';
import type { ReleaseFiles } from './files';
import { compareVersions, tagOf } from './version';

/**
 * Says where version, changelog and tag disagree.
 *
 * @param files - what the files of the package hold
 * @param tag - the tag in git that is to be published; left out where nothing is
 * @returns a sentence for each disagreement; none where all agree
 */
export function disagreements(files: ReleaseFiles, tag?: string): string[] {
	const { version, lockVersions, changelog, readme } = files;
	const released = releasedVersions(changelog);
	const [newest] = released;
	const problems = [
		...lockVersions
			.filter((lockVersion) => lockVersion !== version)
			.map((other) => `package-lock.json has the version ${other}, package.json ${version}.`),
		...tarballVersions(readme)
			.filter((named) => named !== version)
			.map((named) => `README.md names a tarball of ${named}, package.json has ${version}.`),
	];
	// Until the first release, package.json has the version that it will get.
	if (newest !== undefined && newest !== version) {
		problems.push(`CHANGELOG.md ends with ${newest}, package.json has ${version}.`);
	}
	const isSorted = released.every(
		(later, index) => index === 0 || compareVersions(later, released[index - 1] ?? '') < 0,
	);
	if (!isSorted) problems.push('The versions in CHANGELOG.md do not go from new to old.');
	if (tag !== undefined && tag !== tagOf(version)) {
		problems.push(`The tag is ${tag}, package.json has ${version}.`);
	}
	if (tag !== undefined && !released.includes(version)) {
		problems.push(`CHANGELOG.md has no chapter ${version}.`);
	}
	return problems;
}

/** The versions of the tarballs that a text names. */
function tarballVersions(text: string): string[] {
	return [...text.matchAll(/n8n-nodes-enablenow-(\d+\.\d+\.\d+)\.tgz/g)].map(
		([, version = '']) => version,
	);
}
