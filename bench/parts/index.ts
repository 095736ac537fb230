import type { Part } from '../part';
import { catchUp } from './catch-up';
import { creates } from './creates';
import { duplicates } from './duplicates';
import { events } from './events';
import { getMany } from './get-many';
import { profile } from './profile';
import { rateLimit } from './rate-limit';
import { size } from './size';

/** All parts of the benchmark, in the order in which they are run and reported. */
export const PARTS: readonly Part[] = [
	creates,
	rateLimit,
	size,
	getMany,
	duplicates,
	events,
	catchUp,
	profile,
];
