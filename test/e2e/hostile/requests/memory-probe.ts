/**
 * Is loaded into n8n's process (NODE_OPTIONS="--require …"): at each signal SIGUSR2 it lets the
 * garbage be collected and writes what is left to the file that MEMORY_PROBE names. Imports nothing
 * but Node's own, since it runs outside this project.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env['MEMORY_PROBE'];

process.on('SIGUSR2', () => {
	if (file === undefined) throw new Error('MEMORY_PROBE is not set');
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	// What the first one finalises, the second one frees.
	collectGarbage();
	collectGarbage();
	writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
	renameSync(`${file}.new`, file);
});
