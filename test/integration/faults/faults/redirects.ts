import type { Fault } from '../fault';
import { inSandbox } from './strikes';

/** Redirects to another host, which must get nothing. */
export const redirects: Fault[] = [302, 307].map((status) => ({
	name: `Redirect to another host (${status})`,
	explanation:
		status === 307
			? 'EnableNow answers with a redirect that asks for the same request, body included, at another host.'
			: 'EnableNow answers with a redirect to another host.',
	work: 'notDone',
	message: new RegExp(`redirect \\(status ${status}\\), which is not followed`),
	isSample: status === 307,
	sentAgain: 'none',
	isTimeOut: false,
	...inSandbox(({ name, surroundings }) => ({
		kind: 'redirect',
		status,
		location: `${surroundings.elsewhere.url}/${name}`,
	})),
}));
