import type { Fault } from '../fault';
import { unusableBodies } from './bodies';
import { networkFaults } from './network';
import { rateLimits } from './rate-limits';
import { redirects } from './redirects';
import { refusals } from './refusals';
import { serverErrors } from './server-errors';
import { slowFaults } from './slowness';

const ALL: readonly Fault[] = [
	...networkFaults,
	...slowFaults,
	...redirects,
	...refusals,
	...rateLimits,
	...serverErrors,
	...unusableBodies,
];

/** Whether all faults are run, and not only one of each kind: `npm run test:faults`. */
export const IS_WHOLE_MATRIX = process.env['FAULT_MATRIX'] === 'whole';

/** The rows of the matrix. To add one, add it to one of the lists above. */
export const FAULTS = ALL.filter(({ isSample }) => IS_WHOLE_MATRIX || isSample === true);
