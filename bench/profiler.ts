/**
 * Is loaded into n8n's process (NODE_OPTIONS="--require …") and takes CPU profiles of it: one signal
 * SIGUSR2 begins a profile, the next one ends it and writes it to the file that BENCH_PROFILE names.
 * Imports nothing but Node's own, since it runs outside this project.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

const file = process.env['BENCH_PROFILE'];
const session = new Session();
let startedAt: number | undefined;

process.on('SIGUSR2', () => {
	if (startedAt === undefined) {
		session.connect();
		session.post('Profiler.enable');
		// The profile's times count from the beginning of the next call, which takes a while.
		startedAt = Date.now();
		session.post('Profiler.start');
		console.log('The profile has begun');
		return;
	}
	const beginning = startedAt;
	startedAt = undefined;
	session.post('Profiler.stop', (error, result) => {
		if (error || file === undefined) throw error ?? new Error('BENCH_PROFILE is not set');
		writeFileSync(file, JSON.stringify({ startedAt: beginning, profile: result.profile }));
		console.log('The profile is written');
	});
	session.disconnect();
});
