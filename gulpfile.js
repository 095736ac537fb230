const { rm } = require('node:fs/promises');

const { dest, src } = require('gulp');

/** Removes what an earlier build left: `tsc` deletes nothing. */
exports.clean = () => rm('dist', { recursive: true, force: true });

/** Copies what `tsc` does not write: the icons, and the output schemas beside the nodes. */
exports.default = () =>
	src(['icons/*.svg', 'nodes/**/__schema__/**/*.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);
