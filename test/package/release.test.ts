import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { VERSIONED_FILES } from '../../scripts/release/files';
import { git } from '../../scripts/release/git';
import { checkRelease, makeRelease } from '../../scripts/release/release';
import { ROOT } from './support';

const TODAY = new Date('2026-04-30T23:59:59Z');

/** A repository with the files of this one that hold a version, at 1.2.3 with something to release. */
let repository: string;
beforeEach(async () => {
	repository = await mkdtemp(path.join(tmpdir(), 'enablenow-release-'));
	for (const name of VERSIONED_FILES) {
		await copyFile(path.join(ROOT, name), path.join(repository, name));
	}
	await change('CHANGELOG.md', () => '# Changelog\n\n## [Unreleased]\n\n- A thing.\n');
	const { version } = await readJson('package.json');
	for (const name of ['package.json', 'package-lock.json']) {
		await change(name, (text) =>
			text.replaceAll(
				new RegExp(`("name": "n8n-nodes-enablenow",\\s+"version": )"${version}"`, 'g'),
				'$1"1.2.3"',
			),
		);
	}
	await change('README.md', (text) =>
		text.replaceAll(`n8n-nodes-enablenow-${version}.tgz`, 'n8n-nodes-enablenow-1.2.3.tgz'),
	);
	await git(repository, 'init', '--quiet', '--initial-branch=main');
	await git(repository, 'config', 'user.name', 'somebody');
	await git(repository, 'config', 'user.email', 'somebody@example.com');
	await git(repository, 'config', 'commit.gpgSign', 'false');
	await git(repository, 'config', 'tag.gpgSign', 'false');
	await commitAll();
});
afterEach(async () => await rm(repository, { recursive: true, force: true }));

async function change(name: string, by: (text: string) => string): Promise<void> {
	await writeFile(path.join(repository, name), by(await read(name)));
}

async function read(name: string): Promise<string> {
	return await readFile(path.join(repository, name), 'utf8');
}

async function readJson(name: string): Promise<{ version: string }> {
	return JSON.parse(await read(name)) as { version: string };
}

async function commitAll(): Promise<void> {
	await git(repository, 'add', '--all');
	await git(repository, 'commit', '--quiet', '--message', 'Something');
}

it('a release sets the version everywhere, commits and tags', async () => {
	expect(await makeRelease(repository, 'minor', TODAY)).toBe('1.3.0');
	await checkRelease(repository, 'v1.3.0');
	expect(await readJson('package.json')).toMatchObject({ version: '1.3.0' });
	expect(await readJson('package-lock.json')).toMatchObject({
		version: '1.3.0',
		packages: { '': { version: '1.3.0' } },
	});
	expect(await read('README.md')).toContain('n8n-nodes-enablenow-1.3.0.tgz');
	expect(await read('CHANGELOG.md')).toContain('\n## [1.3.0] - 2026-04-30\n\n- A thing.\n');
	expect(await git(repository, 'status', '--porcelain')).toBe('');
	expect(await git(repository, 'log', '-1', '--format=%s')).toBe('Release 1.3.0');
	// An annotated tag, which `git push --follow-tags` takes along.
	expect(await git(repository, 'cat-file', '-t', 'v1.3.0')).toBe('tag');
	expect(await git(repository, 'rev-parse', 'v1.3.0^{commit}')).toBe(
		await git(repository, 'rev-parse', 'HEAD'),
	);
});

it('a release changes nothing but versions in the files that npm writes', async () => {
	const before = await Promise.all(VERSIONED_FILES.slice(0, 2).map(read));
	await makeRelease(repository, '1.2.4', TODAY);
	const after = await Promise.all(VERSIONED_FILES.slice(0, 2).map(read));
	expect(after.map((text) => text.replaceAll('"1.2.4"', '"1.2.3"'))).toEqual(
		before.map((text) => text.replaceAll('"1.2.4"', '"1.2.3"')),
	);
});

it('the first release may have the version that is there', async () => {
	expect(await makeRelease(repository, '1.2.3', TODAY)).toBe('1.2.3');
	await change('CHANGELOG.md', (text) =>
		text.replace('## [Unreleased]\n', '## [Unreleased]\n\n- More.\n'),
	);
	await commitAll();
	await expect(makeRelease(repository, '1.2.3', TODAY)).rejects.toThrow(
		'The tag v1.2.3 is there already.',
	);
	expect(await makeRelease(repository, 'patch', TODAY)).toBe('1.2.4');
});

describe('is refused, and changes nothing,', () => {
	const refused = async (message: string) => {
		const head = await git(repository, 'rev-parse', 'HEAD');
		const status = await git(repository, 'status', '--porcelain');
		await expect(makeRelease(repository, 'minor', TODAY)).rejects.toThrow(message);
		expect(await git(repository, 'rev-parse', 'HEAD')).toBe(head);
		expect(await git(repository, 'status', '--porcelain')).toBe(status);
	};

	it('with changes that are not committed', async () => {
		await change('README.md', (text) => `${text}\n`);
		await refused('Commit or remove these changes first:\nM README.md');
	});

	it('with a file that git does not know', async () => {
		await writeFile(path.join(repository, 'new.txt'), '');
		await refused('Commit or remove these changes first:\n?? new.txt');
	});

	it('on another branch', async () => {
		await git(repository, 'checkout', '--quiet', '-b', 'other');
		await refused('Releases are made on the branch main, not on "other".');
	});

	it('with nothing to release', async () => {
		await change('CHANGELOG.md', (text) => text.replace('- A thing.\n', ''));
		await commitAll();
		await refused('CHANGELOG.md has nothing under "## [Unreleased]".');
	});

	it('with a tag that is there', async () => {
		await git(repository, 'tag', 'v1.3.0');
		await refused('The tag v1.3.0 is there already.');
	});

	it('where the versions disagree before', async () => {
		await change('package.json', (text) => text.replace('"1.2.3"', '"1.2.2"'));
		await commitAll();
		await refused('package-lock.json has the version 1.2.3, package.json 1.2.2.');
	});
});

describe('the check finds', () => {
	const expectProblem = async (message: string, tag = 'v1.3.0') =>
		await expect(checkRelease(repository, tag)).rejects.toThrow(message);

	beforeEach(async () => {
		await makeRelease(repository, 'minor', TODAY);
	});

	it('another tag', async () => {
		await expectProblem('The tag is v1.3.1, package.json has 1.3.0.', 'v1.3.1');
	});

	it('another version in package.json', async () => {
		await change('package.json', (text) => text.replace('"1.3.0"', '"1.3.1"'));
		await expectProblem('CHANGELOG.md ends with 1.3.0, package.json has 1.3.1.', 'v1.3.1');
	});

	it('another version in package-lock.json', async () => {
		await change('package-lock.json', (text) => text.replace('"1.3.0"', '"1.3.1"'));
		await expectProblem('package-lock.json has the version 1.3.1, package.json 1.3.0.');
	});

	it('a tarball of another version in the README', async () => {
		await change('README.md', (text) => text.replace('1.3.0.tgz', '1.2.3.tgz'));
		await expectProblem('README.md names a tarball of 1.2.3, package.json has 1.3.0.');
	});

	it('a changelog without the version', async () => {
		await change('CHANGELOG.md', (text) => text.replace(/^## \[1\.3\.0\].*$/m, ''));
		await expectProblem('CHANGELOG.md has no chapter 1.3.0.');
	});

	it('versions in a wrong order', async () => {
		const earlier = '- A thing.\n\n## [1.4.0] - 2026-05-01\n';
		await change('CHANGELOG.md', (text) => text.replace('- A thing.\n', earlier));
		await expectProblem('The versions in CHANGELOG.md do not go from new to old.');
	});
});

it('the versions of this package agree', async () => await checkRelease(ROOT));
