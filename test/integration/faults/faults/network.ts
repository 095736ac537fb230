import type { Fault } from '../fault';
import { atAddress, inSandbox } from './strikes';

/** No connection, or one that breaks. */
export const networkFaults: Fault[] = [
	{
		name: 'DNS failure',
		explanation: 'The host name of the base URL is not known.',
		work: 'notDone',
		sentAgain: 'all',
		isTimeOut: false,
		...atAddress(() => 'http://no-such-host.invalid'),
	},
	{
		name: 'Connection refused',
		explanation: 'Nothing listens at the address of the base URL.',
		work: 'notDone',
		sentAgain: 'all',
		isTimeOut: false,
		...atAddress(({ surroundings }) => surroundings.closedAddress),
	},
	{
		name: 'Untrusted TLS certificate',
		explanation: 'The server at the base URL has a certificate that nobody vouches for.',
		work: 'notDone',
		sentAgain: 'none',
		isTimeOut: false,
		...atAddress(({ surroundings }) => surroundings.untrusted.url),
	},
	{
		name: 'Reset before the work',
		explanation: 'The connection is reset before EnableNow has done anything.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'connectionReset' }),
	},
	{
		name: 'Reset after the work',
		explanation: 'EnableNow has done what it was asked for; then the connection is reset.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'connectionReset', when: 'after' }),
	},
	{
		name: 'Disconnected within the answer',
		explanation: 'EnableNow has done what it was asked for; its answer ends in the middle.',
		work: 'unknown',
		sentAgain: 'allButCreate',
		isTimeOut: false,
		...inSandbox({ kind: 'partialAnswer', ending: 'disconnection' }),
	},
];
