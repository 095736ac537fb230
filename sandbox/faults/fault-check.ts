import { checkValues, COUNT, isObject, OBJECT, oneOf, TEXT, type ValueCheck } from '../value-check';
import type { Fault, FaultKindName, FaultRule } from './fault';
import { FAULT_KINDS } from './fault-kinds';

type ChecksOf<Values> = { readonly [Name in keyof Required<Values>]: ValueCheck };

const RULE_CHECKS: ChecksOf<FaultRule> = {
	match: OBJECT,
	when: oneOf(['before', 'after']),
	times: COUNT,
	rate: {
		allows: (value) => typeof value === 'number' && value >= 0 && value <= 1,
		meaning: 'a number from 0 to 1',
	},
	nth: {
		allows: (value) => Array.isArray(value) && value.length > 0 && value.every(COUNT.allows),
		meaning: 'a list of whole numbers, each at least 1',
	},
};

const MATCH_CHECKS: ChecksOf<NonNullable<FaultRule['match']>> = {
	method: TEXT,
	path: { allows: isPattern, meaning: 'a regular expression' },
	clientId: TEXT,
};

/**
 * Checks a fault that came from outside.
 *
 * @param fault - Should be a {@link Fault}
 * @throws Error that says what is wrong and what would be right
 */
export function checkFault(fault: unknown): asserts fault is Fault {
	if (!isObject(fault)) {
		throw new Error(`A fault is an object with a kind, not ${JSON.stringify(fault)}`);
	}
	const { kind, ...properties } = fault;
	if (!isKind(kind)) {
		const kinds = Object.keys(FAULT_KINDS).join(', ');
		throw new Error(`There is no fault "${String(kind)}"; there are ${kinds}`);
	}
	const checks = { ...RULE_CHECKS, ...FAULT_KINDS[kind].parameters };
	checkValues(properties, checks, 'property');
	checkValues(properties['match'] ?? {}, MATCH_CHECKS, 'property');
	const { nth, rate, times } = properties;
	if (nth !== undefined && (rate !== undefined || times !== undefined)) {
		throw new Error('nth tells which requests are struck, so it goes with neither rate nor times');
	}
}

function isKind(kind: unknown): kind is FaultKindName {
	return typeof kind === 'string' && Object.hasOwn(FAULT_KINDS, kind);
}

function isPattern(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	try {
		new RegExp(value);
		return true;
	} catch {
		return false;
	}
}
