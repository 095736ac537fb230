import type { Fault } from '../fault';
import { inSandbox, type SandboxStrike } from './strikes';

const BODIES: Array<[name: string, explanation: string, strike: SandboxStrike, message: RegExp]> = [
	[
		'HTML instead of JSON',
		'A page comes back, with status 200.',
		{ kind: 'notJson' },
		/its body is not JSON/,
	],
	[
		'Empty body',
		'EnableNow has done what it was asked for, and answers 200 without a body.',
		{ kind: 'emptyBody', when: 'after' },
		/in an unexpected form/,
	],
	[
		'Truncated JSON',
		'EnableNow has done what it was asked for; its JSON ends in the middle.',
		{ kind: 'truncatedJson' },
		/its body is not JSON/,
	],
	[
		'JSON of another shape',
		'EnableNow has done what it was asked for, and answers with JSON that is not documented.',
		{ kind: 'otherShape', body: { result: { ok: true } }, when: 'after' },
		/in an unexpected form/,
	],
	[
		'Answer of 50 MB',
		'EnableNow has done what it was asked for; its answer is 50 MB of JSON.',
		{ kind: 'hugeAnswer', when: 'after' },
		/larger than 20 MiB/,
	],
];

/** Answers with status 200 that are of no use. */
export const unusableBodies: Fault[] = BODIES.map(([name, explanation, strike, message]) => ({
	name,
	explanation,
	work: 'unknown',
	// A page comes from a proxy on the way.
	isCarriedOut: strike.kind !== 'notJson',
	message,
	isSample: strike.kind === 'truncatedJson',
	sentAgain: 'none',
	isTimeOut: false,
	isHeavy: strike.kind === 'hugeAnswer',
	...inSandbox(strike),
}));
