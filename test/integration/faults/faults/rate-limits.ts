import type { Fault } from '../fault';
import { inSandbox } from './strikes';

/** The rate limit, and what EnableNow says of how long to wait. */
export const rateLimits: Fault[] = [
	{
		name: '429 without Retry-After',
		explanation: 'The rate limit is reached, and EnableNow does not say for how long.',
		work: 'notDone',
		message: /status 429/,
		sentAgain: 'all',
		status: 429,
		isTimeOut: false,
		...inSandbox({ kind: 'status', status: 429 }),
	},
	{
		name: '429 with Retry-After',
		explanation: 'The rate limit is reached, and EnableNow asks to wait a second.',
		isSample: true,
		work: 'notDone',
		message: /status 429/,
		sentAgain: 'all',
		status: 429,
		isTimeOut: false,
		...inSandbox({ kind: 'status', status: 429, headers: { 'Retry-After': '1' } }),
	},
	{
		name: '429 with an absurd Retry-After',
		explanation: 'The rate limit is reached, and EnableNow asks to wait 30,000 years.',
		work: 'notDone',
		message: /status 429/,
		sentAgain: 'none',
		status: 429,
		isTimeOut: false,
		...inSandbox({ kind: 'status', status: 429, headers: { 'Retry-After': '999999999999' } }),
	},
];
