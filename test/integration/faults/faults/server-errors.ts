import type { Fault } from '../fault';
import { inSandbox, type SandboxStrike } from './strikes';

const SERVER_ERRORS: Array<[status: number, explanation: string, strike: SandboxStrike]> = [
	[500, 'EnableNow fails.', { kind: 'status', status: 500 }],
	[502, 'A gateway answers with a page of its own.', { kind: 'notJson', status: 502 }],
	[503, 'EnableNow is not available.', { kind: 'status', status: 503 }],
	[504, 'A gateway gives EnableNow up, without a word.', { kind: 'emptyBody', status: 504 }],
];

/** What EnableNow, or a gateway before it, answers when it fails itself. */
export const serverErrors: Fault[] = SERVER_ERRORS.map(([status, explanation, strike]) => ({
	name: String(status),
	explanation,
	work: 'unknown',
	message: new RegExp(`status ${status}`),
	isSample: status === 503,
	sentAgain: 'allButCreate',
	status,
	isTimeOut: false,
	...inSandbox(strike),
}));
