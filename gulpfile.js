const { chmod, readdir, rm } = require('node:fs/promises');
const { dest, series, src } = require('gulp');

/** What is published beside `dist`. */
const PUBLISHED = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'index.js', 'package.json'];

/** Removes what an earlier build left, so that no deleted file is ever published. */
exports.clean = () => rm('dist', { recursive: true, force: true });

/** Copies what the compiler does not: icons, and the codex and schema files beside the nodes. */
const copyAssets = () =>
	src(['icons/*.svg', 'nodes/**/*.json'], { base: '.', encoding: false }).pipe(dest('dist'));

/**
 * Gives every file the same permissions, whatever the umask of who builds: npm packs them as they
 * are, and the tarball is to have the same bytes everywhere.
 */
async function setPermissions() {
	const built = await readdir('dist', { recursive: true, withFileTypes: true });
	const files = built.filter((entry) => entry.isFile());
	const paths = [...PUBLISHED, ...files.map(({ parentPath, name }) => `${parentPath}/${name}`)];
	await Promise.all(paths.map((path) => chmod(path, 0o644)));
}

exports.assets = series(copyAssets, setPermissions);
