import { compareVersions, nextVersion } from '../../../scripts/release/version';

it.each([
	['patch', '1.2.4'],
	['minor', '1.3.0'],
	['major', '2.0.0'],
	['1.2.3', '1.2.3'],
	['1.10.0', '1.10.0'],
])('after 1.2.3, %s gives %s', (wanted, version) => {
	expect(nextVersion('1.2.3', wanted)).toBe(version);
});

it('a version before the current one is refused', () => {
	expect(() => nextVersion('1.10.0', '1.9.9')).toThrow(
		'1.9.9 lies before 1.10.0, the version of package.json.',
	);
});

it.each(['', 'v1.2.3', '1.2', '1.2.3-beta.1', '01.2.3', 'Patch', '--help'])(
	'"%s" is no version',
	(wanted) => {
		expect(() => nextVersion('1.2.3', wanted)).toThrow(
			'A release takes major, minor, patch or a version such as 1.2.3;',
		);
	},
);

it('versions are compared as numbers', () => {
	expect(compareVersions('1.10.0', '1.9.0')).toBeGreaterThan(0);
	expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
	expect(compareVersions('0.9.9', '1.0.0')).toBeLessThan(0);
});
