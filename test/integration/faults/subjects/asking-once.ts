import type { Fault } from '../fault';
import type { Subject } from '../subject';

/** For what asks once, since a person is waiting: it only gets another token where one is refused. */
export const ASKING_ONCE: Pick<Subject, 'mostRequests' | 'triesAgain'> = {
	triesAgain: isTokenRefused,
	mostRequests: (fault) => (isTokenRefused(fault) ? 2 : 1),
};

function isTokenRefused({ status }: Fault): boolean {
	return status === 401;
}
