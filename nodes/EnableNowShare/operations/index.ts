import { create } from './create';
import { get } from './get';
import { getAccounts } from './getAccounts';
import { getAll } from './getAll';
import { getAnalyses } from './getAnalyses';
import { getConsents } from './getConsents';
import type { Operation } from './operation';
import { revoke } from './revoke';
import { update } from './update';
import { upsert } from './upsert';

/** The operations of each resource, by the values in the description. */
export const operations = new Map<unknown, Map<unknown, Operation>>([
	['share', new Map(Object.entries({ create, upsert, get, getAll, revoke, update }))],
	['consent', new Map([['getAll', getConsents]])],
	['account', new Map([['getAll', getAccounts]])],
	['analysis', new Map([['getAll', getAnalyses]])],
]);
