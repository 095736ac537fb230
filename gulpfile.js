const { dest, src } = require('gulp');

/** Copies what `tsc` does not write: the icons, and the output schemas beside the nodes. */
exports.default = () =>
	src(['icons/*.svg', 'nodes/**/__schema__/**/*.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);
