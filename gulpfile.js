require('tsx/cjs');
const { chmod, mkdir, readdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { format } = require('prettier');
const { n8n } = require('./package.json');
const { entryOf } = require('./scripts/build/entry');

/** Where `tsc` puts what it compiled. */
const COMPILED = '.cache/compiled';

/** The code of both nodes in one file, so that what they share is there once. */
const CODE = 'dist/code.js';

/** What is published beside `dist`. */
const PUBLISHED = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'index.js', 'package.json'];

/** Close to that of esbuild, so that what an entry repeats of the code costs little in the tarball. */
const ENTRY_STYLE = { parser: 'babel', printWidth: 10_000 };

/** The compiled form of a file that n8n loads. */
const compiledOf = (file) => `./${COMPILED}/${path.relative('dist', file)}`;

/** Removes what an earlier build left, so that no deleted file is ever published. */
const clean = () => rm('dist', { recursive: true, force: true });

/** The comments of a bundle, which name files that are not published. */
const FILE_COMMENTS = /^\/\/ \.cache\/.*\n/gm;

async function bundle(options) {
	const { outputFiles } = await build({
		bundle: true,
		format: 'cjs',
		// Not 'node', which would add what only an import as an ES module reads.
		platform: 'neutral',
		target: 'es2022',
		external: ['crypto', 'n8n-workflow'],
		logLevel: 'warning',
		write: false,
		...options,
	});
	for (const { path: file, text } of outputFiles) {
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, text.replace(FILE_COMMENTS, ''));
	}
}

const credentials = () =>
	bundle({ entryPoints: n8n.credentials.map(compiledOf), outdir: 'dist', outbase: COMPILED });

const code = () => {
	// In this order: what an entry repeats of the code is near enough for the tarball's compression.
	const contents = n8n.nodes
		.toReversed()
		.map((file) => `export * from '${compiledOf(file)}';`)
		.join('\n');
	return bundle({ stdin: { contents, resolveDir: __dirname }, outfile: CODE });
};

/** Writes what n8n loads of the nodes at its start: see scripts/build/entry.ts. */
async function entries() {
	const classes = require(`./${CODE}`);
	for (const file of n8n.nodes) {
		const className = path.basename(file, '.node.js');
		const folder = path.dirname(file);
		const entry = entryOf(className, new classes[className](), path.relative(folder, CODE));
		await mkdir(folder, { recursive: true });
		await writeFile(file, await format(entry, ENTRY_STYLE));
	}
}

/** Copies what is not code: icons, and the codex and schema files beside the nodes. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.json'], { base: '.', encoding: false }).pipe(dest('dist'));

/**
 * Gives every file the same permissions, whatever the umask of who builds: npm packs them as they
 * are, and the tarball is to have the same bytes everywhere.
 */
async function permissions() {
	const built = await readdir('dist', { recursive: true, withFileTypes: true });
	const files = built.filter((entry) => entry.isFile());
	const paths = [...PUBLISHED, ...files.map(({ parentPath, name }) => `${parentPath}/${name}`)];
	await Promise.all(paths.map((path) => chmod(path, 0o644)));
}

exports.default = series(clean, parallel(credentials, series(code, entries), assets), permissions);
