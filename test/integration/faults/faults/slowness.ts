import type { Fault } from '../fault';
import { inSandbox } from './strikes';

const NO_ANSWER = /did not answer within/;

/** Answers that do not come in time. */
export const slowFaults: Fault[] = [
	{
		name: 'Time-out before the work',
		explanation: 'EnableNow takes the request, does nothing and does not answer.',
		work: 'unknown',
		message: NO_ANSWER,
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'noAnswer' }),
	},
	{
		name: 'Time-out after the work',
		explanation: 'EnableNow has done what it was asked for, and does not answer.',
		work: 'unknown',
		isCarriedOut: true,
		isSample: true,
		message: NO_ANSWER,
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'noAnswer', when: 'after' }),
	},
	{
		name: 'Time-out within the answer',
		explanation:
			'EnableNow has done what it was asked for; after half of its answer nothing comes.',
		work: 'unknown',
		isCarriedOut: true,
		message: NO_ANSWER,
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'partialAnswer', ending: 'nothing' }),
	},
	{
		name: 'Slow drip',
		explanation:
			'EnableNow has done what it was asked for; its answer comes at five bytes a second.',
		work: 'unknown',
		isCarriedOut: true,
		message: NO_ANSWER,
		sentAgain: 'allButCreate',
		isTimeOut: true,
		...inSandbox({ kind: 'slowDrip', bytes: 1, pause: 200 }),
	},
];
