import type { Fault } from '../fault';
import { inSandbox } from './strikes';

/** Answers that do not come in time. */
export const slowFaults: Fault[] = [
	{
		name: 'Time-out before the work',
		explanation: 'EnableNow takes the request, does nothing and does not answer.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'noAnswer' }),
	},
	{
		name: 'Time-out after the work',
		explanation: 'EnableNow has done what it was asked for, and does not answer.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'noAnswer', when: 'after' }),
	},
	{
		name: 'Time-out within the answer',
		explanation:
			'EnableNow has done what it was asked for; after half of its answer nothing comes.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'partialAnswer', ending: 'nothing' }),
	},
	{
		name: 'Slow drip',
		explanation:
			'EnableNow has done what it was asked for; its answer comes at five bytes a second.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'slowDrip', bytes: 1, pause: 200 }),
	},
];
