import type { Fault } from '../fault';
import { unusableBodies } from './bodies';
import { networkFaults } from './network';
import { rateLimits } from './rate-limits';
import { redirects } from './redirects';
import { refusals } from './refusals';
import { serverErrors } from './server-errors';
import { slowFaults } from './slowness';

/** The rows of the matrix, in the order of the document. To add one, add it to one of these. */
export const FAULTS: readonly Fault[] = [
	...networkFaults,
	...slowFaults,
	...redirects,
	...refusals,
	...rateLimits,
	...serverErrors,
	...unusableBodies,
];
