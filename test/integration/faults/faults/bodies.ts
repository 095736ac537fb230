import type { Fault } from '../fault';
import { inSandbox, type SandboxStrike } from './strikes';

const BODIES: Array<[name: string, explanation: string, strike: SandboxStrike]> = [
	['HTML instead of JSON', 'A page comes back, with status 200.', { kind: 'notJson' }],
	[
		'Empty body',
		'EnableNow has done what it was asked for, and answers 200 without a body.',
		{ kind: 'emptyBody', when: 'after' },
	],
	[
		'Truncated JSON',
		'EnableNow has done what it was asked for; its JSON ends in the middle.',
		{ kind: 'truncatedJson' },
	],
	[
		'JSON of another shape',
		'EnableNow has done what it was asked for, and answers with JSON that is not documented.',
		{ kind: 'otherShape', body: { result: { ok: true } }, when: 'after' },
	],
	[
		'Answer of 50 MB',
		'EnableNow has done what it was asked for; its answer is 50 MB of JSON.',
		{ kind: 'hugeAnswer', when: 'after' },
	],
];

/** Answers with status 200 that are of no use. */
export const unusableBodies: Fault[] = BODIES.map(([name, explanation, strike]) => ({
	name,
	explanation,
	work: 'unknown',
	sentAgain: 'none',
	isTimeOut: false,
	isHeavy: strike.kind === 'hugeAnswer',
	...inSandbox(strike),
}));
