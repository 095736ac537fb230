import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { formatExcerpt } from '../shared/errors/inputError';
import { errorMessage } from '../shared/errors/text';
import { isEmpty, parseBoolean, parseNumber } from '../shared/input/options';
import { parseClientId } from '../shared/input/text';
import { CATCH_UP_INTERVAL } from './description';
import { isSelected } from './events';

/** How events are handled, as set on the node. */
export interface WebhookSettings {
	/** The names of the selected events. */
	selection: string[];
	isLookUpOn: boolean;
	onLookupUnavailable: 'emit' | 'reject';
}

/** The catch-up as set on the node. */
export interface CatchUpSettings {
	isOn: boolean;
	/** Milliseconds between two catch-ups. */
	interval: number;
	/** Whether the first catch-up emits the shares that exist already. */
	existing: boolean;
	/** Whether expired shares are emitted too. */
	expired: boolean;
	/** The app whose shares are caught up; empty for the app of the credential. */
	clientId: string;
	/** The names of the selected events. */
	selection: string[];
}

const MS_PER_MINUTE = 60_000;

/** Reads how events are handled. A value that is not understood counts as not set. */
export function readWebhookSettings(context: IHookFunctions | IWebhookFunctions): WebhookSettings {
	const { onLookupUnavailable } = context.getNodeParameter('options', {}) as IDataObject;
	return {
		selection: parseSelection(context.getNodeParameter('events', [])),
		isLookUpOn: context.getNodeParameter('lookUpShare', true) !== false,
		onLookupUnavailable: onLookupUnavailable === 'reject' ? 'reject' : 'emit',
	};
}

/**
 * Reads the catch-up's settings. It does not throw, since n8n would not activate the trigger: an
 * option that is not understood counts as not set.
 *
 * @param onProblem - called with a message for each such option
 */
export function readCatchUpSettings(
	context: ITriggerFunctions,
	onProblem: (message: string) => void,
): CatchUpSettings {
	const catchUp = context.getNodeParameter('catchUp', false);
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const read = <Value>(parse: Parser<Value>, value: unknown, fieldName: string) =>
		parseOrDefault(parse, value, fieldName, onProblem);
	const { catchUpInterval, catchUpExisting, catchUpExpired, catchUpClientId } = options;
	return {
		isOn: read(parseBoolean, catchUp, 'Catch Up'),
		interval: read(parseMinutes, catchUpInterval, 'Catch Up: Interval') * MS_PER_MINUTE,
		existing: read(parseBoolean, catchUpExisting, 'Catch Up: Existing Shares'),
		expired: read(parseBoolean, catchUpExpired, 'Catch Up: Expired Shares'),
		clientId: read(parseClientId, catchUpClientId, 'Catch Up: Receiving App (Client ID)'),
		selection: parseSelection(context.getNodeParameter('events', [])),
	};
}

/** Whether the catch-up is on, read in an execution of the trigger. */
export function isCatchUpOn(context: IExecuteFunctions): boolean {
	const catchUp = context.getNodeParameter('catchUp', 0, false);
	return parseOrDefault(parseBoolean, catchUp, 'Catch Up', () => undefined);
}

/** Whether an event is selected, read in an execution of the trigger. */
export function isSelectedIn(context: IExecuteFunctions, name: string): boolean {
	return isSelected(name, parseSelection(context.getNodeParameter('events', 0, [])));
}

/** Parses the names of the selected events; an expression may give one instead of a list. */
function parseSelection(value: unknown): string[] {
	return (Array.isArray(value) ? value : [value]).map(String);
}

/** Parses a value, `undefined` to the default; throws for a value that it does not understand. */
type Parser<Value> = (value: unknown, fieldName: string) => Value;

function parseOrDefault<Value>(
	parse: Parser<Value>,
	value: unknown,
	fieldName: string,
	onProblem: (message: string) => void,
): Value {
	try {
		return parse(value, fieldName);
	} catch (error) {
		onProblem(errorMessage(error));
		return parse(undefined, fieldName);
	}
}

function parseMinutes(value: unknown, fieldName: string): number {
	const minutes = isEmpty(value) ? CATCH_UP_INTERVAL.default : parseNumber(value);
	if (Number.isNaN(minutes)) throw new Error(`'${fieldName}' must not be ${formatExcerpt(value)}`);
	return Math.min(Math.max(minutes, CATCH_UP_INTERVAL.min), CATCH_UP_INTERVAL.max);
}
