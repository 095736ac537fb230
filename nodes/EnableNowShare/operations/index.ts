import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';
import type { Operation } from './operation';
import { update } from './update';

/** The operations by their values in the description. */
export const operations = new Map<unknown, Operation>(
	Object.entries({ create, get, getAll, update }),
);
