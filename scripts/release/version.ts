import { UserFacingError } from '../n8n';

const STEPS = ['major', 'minor', 'patch'] as const;

/**
 * The version that a release gets.
 *
 * @param current - the version that package.json has
 * @param wanted - `major`, `minor` or `patch`, or a version such as `1.2.3`
 * @throws UserFacingError when it is neither, or lies before the current version
 */
export function nextVersion(current: string, wanted: string): string {
	const numbers = parseVersion(current);
	const step = STEPS.findIndex((name) => name === wanted);
	if (step >= 0) {
		return numbers
			.map((number, index) => (index < step ? number : index === step ? number + 1 : 0))
			.join('.');
	}
	if (compareVersions(wanted, current) < 0) {
		throw new UserFacingError(`${wanted} lies before ${current}, the version of package.json.`);
	}
	return wanted;
}

/** Below 0 where the first version lies before the other, 0 where they are the same. */
export function compareVersions(one: string, other: string): number {
	const others = parseVersion(other);
	const differences = parseVersion(one).map((number, index) => number - (others[index] ?? 0));
	return differences.find((difference) => difference !== 0) ?? 0;
}

/** The tag that a version has in git. */
export function tagOf(version: string): string {
	return `v${version}`;
}

function parseVersion(text: string): number[] {
	if (/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(text)) return text.split('.').map(Number);
	throw new UserFacingError(
		`A release takes ${STEPS.join(', ')} or a version such as 1.2.3; not "${text}".`,
	);
}
