import type { Fault } from '../fault';
import { inSandbox } from './strikes';

const REFUSALS: Array<[status: number, name: string, explanation: string]> = [
	[400, '400', 'EnableNow calls the request wrong.'],
	[401, '401 for ever', 'EnableNow takes neither the stored token nor a fresh one.'],
	[403, '403', 'EnableNow says that this app not allowed to do this.'],
	[404, '404', 'EnableNow says that there is no such thing.'],
	[409, '409', 'EnableNow says that the request contradicts what it holds.'],
	[410, '410', 'EnableNow says that this is gone.'],
	[413, '413', 'EnableNow says that the request is too large.'],
	[415, '415', 'EnableNow does not take requests in this form.'],
	[422, '422', 'EnableNow cannot process a value of the request.'],
];

/** One that a new token may heal, and one for good. */
const SAMPLES = [401, 403];

/** What EnableNow refuses with a status from 400 on, the rate limit aside. */
export const refusals: Fault[] = REFUSALS.map(([status, name, explanation]) => ({
	name,
	explanation,
	work: 'notDone',
	message: new RegExp(`status ${status}`),
	isSample: SAMPLES.includes(status),
	sentAgain: status === 401 ? 'all' : 'none',
	status,
	isTimeOut: false,
	...inSandbox({ kind: 'status', status }),
}));
