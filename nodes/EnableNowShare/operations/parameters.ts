import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { RetryOptions } from '../../shared/api/retryingClient';
import type { NewShare } from '../../shared/api/shares';
import { InputError } from '../../shared/errors/inputError';
import {
	addDuration,
	DURATION_UNITS,
	type DurationUnit,
	formatDate,
	parseDate,
} from '../../shared/input/dates';
import { parseIdentifier, parseIdentifiers, parseShareId } from '../../shared/input/identifiers';
import {
	isEmpty,
	parseBoolean,
	parseChoice,
	parseNumber,
	parseWholeNumber,
} from '../../shared/input/options';
import { parseClientId, parseRequiredText, parseText } from '../../shared/input/text';
import { properties } from '../description';

/** When a share is to end, given the moment at which its item is sent. */
export type Expiration = (sentAt: Date) => Date;

/** What an item says about a new share; its end may depend on when it is sent. */
export type ShareInput = Omit<NewShare, 'expiration'> & { expiration: Expiration };

const EXPIRATION_MODES = ['date', 'duration'] as const;

/** @throws InputError when it is not one identifier */
export function readShareId(context: IExecuteFunctions, itemIndex: number): string {
	return parseShareId(context.getNodeParameter('shareId', itemIndex), 'Share');
}

/** @throws InputError when it is not a date and time, or not a duration */
export function readExpiration(context: IExecuteFunctions, itemIndex: number): Expiration {
	const read = (name: string) => context.getNodeParameter(name, itemIndex);
	const mode = parseChoice(read('expirationMode'), EXPIRATION_MODES, 'date', 'Expiration');
	if (mode === 'date') {
		const date = parseDate(read('expirationDateUtc'), 'Expiration Date (UTC)');
		return () => date;
	}
	const amount = parseWholeNumber(read('expirationAmount'), 'Expires After');
	const unit = parseChoice(read('expirationUnit'), DURATION_UNITS, 'days', 'Unit');
	assertDate(addDuration(new Date(), amount, unit), amount, unit);
	return (sentAt) => addDuration(sentAt, amount, unit);
}

/** EnableNow's years have four digits. */
function assertDate(end: Date, amount: number, unit: DurationUnit): void {
	if (end.getUTCFullYear() <= 9999) return;
	throw new InputError(
		`'Expires After' is ${amount} ${unit}, which ends after the year 9999`,
		'Enter a shorter time.',
	);
}

/**
 * Reads a share to create.
 *
 * @throws InputError when it is not complete, or has ended already
 */
export function readShareInput(
	context: IExecuteFunctions,
	itemIndex: number,
	reference: string,
): ShareInput {
	const read = (name: string) => context.getNodeParameter(name, itemIndex);
	const share = {
		clientId: parseRequiredText(
			read('clientId'),
			'Share With (Client ID)',
			'Enter the client ID of the EnableNow app to share with, such as en-app-ref-002.',
			parseClientId,
		),
		reference,
		expiration: readExpiration(context, itemIndex),
		consentIds: parseIdentifiers(read('consentIds'), 'Consents'),
		accountIds: parseIdentifiers(read('accountIds'), 'Accounts'),
		analysisIds: parseIdentifiers(read('analysisIds'), 'Analyses'),
	};
	assertFuture(share);
	assertContents(share);
	return share;
}

function assertFuture({ expiration }: ShareInput): void {
	const now = new Date();
	const end = expiration(now);
	if (end > now) return;
	throw new InputError(
		`'Expiration Date (UTC)' is ${formatDate(end)}, which is already past`,
		'Choose a time in the future. A time without zone or offset is read as UTC.',
	);
}

function assertContents({ consentIds, accountIds, analysisIds }: ShareInput): void {
	if (consentIds.length + accountIds.length + analysisIds.length > 0) return;
	throw new InputError(
		'There is nothing to share: no consent, account or analysis is given',
		`Give at least one identifier in 'Consents', 'Accounts' or 'Analyses'.`,
		'If they come from an expression, check that it gives a value for this item.',
	);
}

/**
 * Reads how many results to return; Infinity for all.
 *
 * @throws InputError when it is not a whole number above 0
 */
export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	const returnAll = parseBoolean(context.getNodeParameter('returnAll', itemIndex), 'Return All');
	if (returnAll) return Number.POSITIVE_INFINITY;
	return parseWholeNumber(context.getNodeParameter('limit', itemIndex), 'Limit');
}

/** A field of a collection, as the editor describes it. */
function findField(collection: 'filters' | 'options', name: string): INodeProperties | undefined {
	const collections = properties.filter((field) => field.name === collection);
	const fields = collections.flatMap(({ options }) => options as INodeProperties[]);
	return fields.find((field) => field.name === name);
}

/**
 * Reads the filters of a list. Empty text, which the editor saves for an empty field, is no filter.
 *
 * @throws InputError when an expression gives nothing: without its filter, everything would be listed
 */
export function readFilters(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const filters = context.getNodeParameter('filters', itemIndex, {});
	for (const [name, value] of Object.entries(filters)) {
		if (value !== undefined && value !== null) continue;
		const field = findField('filters', name);
		throw new InputError(
			`The filter '${field?.displayName ?? name}' is ${value}`,
			'Enter a value, or remove the filter.',
		);
	}
	return filters;
}

/**
 * Parses the filters that consents and accounts have in common into EnableNow's query parameters.
 *
 * @throws InputError when one cannot be used
 */
export function parseUserFilters(filters: IDataObject): Record<string, string> {
	const userId = parseText(filters['userId'], 'User ID');
	const externalUserId = parseText(filters['externalUserId'], 'External User ID');
	const { consentId } = filters;
	return {
		...(userId !== '' && { UserId: userId }),
		...(externalUserId !== '' && { ExternalUserId: externalUserId }),
		...(!isEmpty(consentId) && { ConsentId: parseIdentifier(consentId, 'Consent ID') }),
	};
}

/** The options of the node, which apply to all items; durations in seconds. */
export interface ShareOptions extends RetryOptions {
	/** How long EnableNow has to respond. */
	timeout: number;
	preventDuplicates: boolean;
}

/** @throws InputError when one cannot be used */
export function readOptions(context: IExecuteFunctions): ShareOptions {
	const options = context.getNodeParameter('options', 0, {}) as Record<string, unknown>;
	const read = (name: string, unit?: string) => parseOption(name, options[name], unit);
	return {
		maxConcurrentRequests: Math.floor(read('maxConcurrentRequests')),
		maxRetries: Math.floor(read('maxRetries')),
		maxRetryWait: read('maxRetryWait', ' seconds'),
		timeout: read('timeout', ' seconds'),
		preventDuplicates: parseBoolean(options['preventDuplicates'], 'Prevent Duplicates'),
	};
}

/** Parses an option that is a number, within the limits that the editor sets. */
function parseOption(name: string, value: unknown, unit = ''): number {
	const field = findField('options', name);
	const { minValue = 0, maxValue = Number.POSITIVE_INFINITY } = field?.typeOptions ?? {};
	const number = isEmpty(value) ? Number(field?.default) : parseNumber(value);
	if (number >= minValue && number <= maxValue) return number;
	const fieldName = field?.displayName ?? name;
	throw new InputError(
		`'${fieldName}' must be between ${minValue} and ${maxValue}${unit}`,
		`Correct '${fieldName}' in the options of this node, or remove it.`,
	);
}
