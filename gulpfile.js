const { rm } = require('node:fs/promises');
const { dest, src } = require('gulp');

/** Removes what an earlier build left, so that no deleted file is ever published. */
exports.clean = () => rm('dist', { recursive: true, force: true });

/** Copies what the compiler does not: icons, and the codex and schema files beside the nodes. */
exports.assets = () =>
	src(['icons/*.svg', 'nodes/**/*.json'], { base: '.', encoding: false }).pipe(dest('dist'));
