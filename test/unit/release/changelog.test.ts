import { releasedVersions, unreleasedNotes, withRelease } from '../../../scripts/release/changelog';

const REPOSITORY = 'https://github.com/somebody/something';

const FIRST = `# Changelog

Words about it.

## [Unreleased]

### Added

- A thing.

[Unreleased]: ${REPOSITORY}/commits/main
`;

const release = (changelog: string, version: string, date = '2026-04-30') =>
	withRelease(changelog, version, date, REPOSITORY);

it('the first release gets the notes, and a link to its tag', () => {
	expect(release(FIRST, '0.1.0')).toBe(`# Changelog

Words about it.

## [Unreleased]

## [0.1.0] - 2026-04-30

### Added

- A thing.

[Unreleased]: ${REPOSITORY}/compare/v0.1.0...HEAD
[0.1.0]: ${REPOSITORY}/releases/tag/v0.1.0
`);
});

it('a later release stands above the earlier one, with a link that compares the two', () => {
	const changelog = release(FIRST, '0.1.0').replace(
		'## [Unreleased]\n',
		'## [Unreleased]\n\n### Fixed\n\n- A fault.\n',
	);
	expect(release(changelog, '0.1.1', '2026-05-01')).toBe(`# Changelog

Words about it.

## [Unreleased]

## [0.1.1] - 2026-05-01

### Fixed

- A fault.

## [0.1.0] - 2026-04-30

### Added

- A thing.

[Unreleased]: ${REPOSITORY}/compare/v0.1.1...HEAD
[0.1.1]: ${REPOSITORY}/compare/v0.1.0...v0.1.1
[0.1.0]: ${REPOSITORY}/releases/tag/v0.1.0
`);
});

it('the versions are read newest first', () => {
	expect(releasedVersions(FIRST)).toEqual([]);
	const next = release(FIRST, '0.1.0').replace('## [Unreleased]\n', '## [Unreleased]\n\n- More.\n');
	expect(releasedVersions(release(next, '0.2.0'))).toEqual(['0.2.0', '0.1.0']);
});

it('the notes end where the next release or the links begin', () => {
	expect(unreleasedNotes(FIRST)).toBe('### Added\n\n- A thing.');
	expect(unreleasedNotes(release(FIRST, '0.1.0'))).toBe('');
});

it.each([
	['nothing', ''],
	['a heading alone', '### Added\n\n'],
])('with %s, there is nothing to release', (_what, notes) => {
	const empty = FIRST.replace('### Added\n\n- A thing.\n\n', notes);
	expect(() => release(empty, '0.1.0')).toThrow('has nothing under "## [Unreleased]"');
});

it('a version is released once', () => {
	const next = release(FIRST, '0.1.0').replace('## [Unreleased]\n', '## [Unreleased]\n\n- More.\n');
	expect(() => release(next, '0.1.0')).toThrow('CHANGELOG.md has a chapter 0.1.0 already.');
});
