import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';
import type { Operation } from './operation';
import { revoke } from './revoke';
import { update } from './update';
import { upsert } from './upsert';

/** The operations of each resource, by the values in the description. */
export const operations = new Map<unknown, Map<unknown, Operation>>([
	['share', new Map(Object.entries({ create, upsert, get, getAll, revoke, update }))],
]);
