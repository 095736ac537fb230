import type { Fault } from '../fault';
import { atAddress, inSandbox } from './strikes';

const CUT_OFF = /the connection was cut off/;

/** No connection, or one that breaks. */
export const networkFaults: Fault[] = [
	{
		name: 'DNS failure',
		explanation: 'The host name of the base URL is not known.',
		work: 'notDone',
		message: /could not be reached at .*\((ENOTFOUND|EAI_AGAIN)\)/,
		sentAgain: 'all',
		isTimeOut: false,
		...atAddress(() => 'http://no-such-host.invalid'),
	},
	{
		name: 'Connection refused',
		explanation: 'Nothing listens at the address of the base URL.',
		work: 'notDone',
		isSample: true,
		message: /could not be reached at .*\(ECONNREFUSED\)/,
		sentAgain: 'all',
		isTimeOut: false,
		...atAddress(({ surroundings }) => surroundings.closedAddress),
	},
	{
		name: 'Untrusted TLS certificate',
		explanation: 'The server at the base URL has a certificate that nobody vouches for.',
		work: 'notDone',
		message: /certificate is not trusted/,
		sentAgain: 'none',
		isTimeOut: false,
		...atAddress(({ surroundings }) => surroundings.untrusted.url),
	},
	{
		name: 'Reset before the work',
		explanation: 'The connection is reset before EnableNow has done anything.',
		work: 'unknown',
		message: CUT_OFF,
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'connectionReset' }),
	},
	{
		name: 'Reset after the work',
		explanation: 'EnableNow has done what it was asked for; then the connection is reset.',
		work: 'unknown',
		isCarriedOut: true,
		isSample: true,
		message: CUT_OFF,
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'connectionReset', when: 'after' }),
	},
	{
		name: 'Disconnected within the answer',
		explanation: 'EnableNow has done what it was asked for; its answer ends in the middle.',
		work: 'unknown',
		isCarriedOut: true,
		message: CUT_OFF,
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'partialAnswer', ending: 'disconnection' }),
	},
];
