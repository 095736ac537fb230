import path from 'node:path';
import { UserFacingError } from './n8n';
import { checkRelease, makeRelease } from './release/release';
import { tagOf } from './release/version';

const PROJECT_FOLDER = path.resolve(__dirname, '..');

const HELP = `npm run release -- patch|minor|major|VERSION
npm run release -- --check [TAG]

Makes a release of what is committed on main: moves what CHANGELOG.md has under "Unreleased" to the
new version, sets the version in package.json, package-lock.json and README.md, commits, and tags.
Nothing leaves the machine before you push.

  --check [TAG]  changes nothing: fails where the versions in these files, or the tag, disagree
  --help         print this`;

async function main(): Promise<void> {
	const [command, tag, ...rest] = process.argv.slice(2);
	if (command === '--help') {
		console.log(HELP);
		return;
	}
	const isCheck = command === '--check';
	if (command === undefined || rest.length > 0 || (!isCheck && tag !== undefined)) {
		throw new UserFacingError(HELP);
	}
	if (isCheck) {
		await checkRelease(PROJECT_FOLDER, tag);
		console.log('The version, the changelog and the tag agree.');
		return;
	}
	const version = await makeRelease(PROJECT_FOLDER, command, new Date());
	console.log(
		`${tagOf(version)} is committed and tagged. To publish it: git push --follow-tags origin main`,
	);
}

main().catch((error: unknown) => {
	console.error(error instanceof UserFacingError ? error.message : error);
	process.exitCode = 1;
});
