import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { formatExcerpt, InputError } from '../errors/inputError';
import { toSingleLine } from '../errors/text';

export const CREDENTIAL_NAME = 'enableNowOAuth2Api';

/** The `this` of every kind of node function that calls EnableNow. */
export type NodeContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| ITriggerFunctions
	| IWebhookFunctions;

/** What the nodes need from the credential. */
export interface EnableNowCredential {
	/** Without a trailing slash. */
	baseUrl: string;
	/** The client ID of the user's own app. */
	clientId: string;
	/** The token that n8n has stored with the credential, if it has fetched one. */
	accessToken: string | undefined;
	/** What no error may contain: client secret, webhook secrets and tokens. */
	secrets: string[];
}

const MAX_EXCERPT_LENGTH = 100;

/** EnableNow's hosts (EnableNow docs: "Authentication"; the staging docs name the second). */
const BASE_URLS = new Map<unknown, string>([
	['production', 'https://api.enablenow.nl'],
	['staging', 'https://api.staging.enablenow.nl'],
]);

/**
 * Reads the credential of a node.
 *
 * @throws InputError when its base URL is not usable; n8n's own error when it cannot be read
 */
export async function readCredential(context: NodeContext): Promise<EnableNowCredential> {
	return parseCredential(await context.getCredentials(CREDENTIAL_NAME));
}

/**
 * Parses the fields of a credential.
 *
 * @throws InputError when its base URL is not usable
 */
export function parseCredential(fields: ICredentialDataDecryptedObject): EnableNowCredential {
	const accessToken = parseAccessToken(fields['oauthTokenData']);
	return {
		baseUrl: parseBaseUrl(fields),
		clientId: trimText(fields['clientId']),
		accessToken,
		secrets: [
			trimText(fields['clientSecret']),
			...splitSecrets(toText(fields['webhookSecret']) ?? ''),
			accessToken ?? '',
		].filter((secret) => secret !== ''),
	};
}

/** n8n's ID of the credential that a node uses. */
export function getCredentialId(context: NodeContext): string {
	return context.getNode().credentials?.[CREDENTIAL_NAME]?.id ?? '';
}

/**
 * Parses the environment into EnableNow's base URL, without a trailing slash.
 *
 * @throws InputError when the environment is unknown, or the custom base URL is not an http(s)
 *   address to which a path can be added
 */
export function parseBaseUrl(fields: ICredentialDataDecryptedObject): string {
	const environment: unknown = fields['environment'] || 'production';
	if (environment === 'custom') return parseCustomBaseUrl(trimText(fields['baseUrl']));
	const baseUrl = BASE_URLS.get(environment);
	if (baseUrl !== undefined) return baseUrl;
	throw new InputError(
		`The credential's 'Environment' is ${formatExcerpt(environment)}, which is not one of its choices`,
		"Open the credential and choose an environment. An expression must return 'production', 'staging' or 'custom'.",
	);
}

function parseCustomBaseUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw new InputError(
			text === ''
				? "The credential's 'Base URL' is empty"
				: `The credential's 'Base URL' is "${toSingleLine(text, MAX_EXCERPT_LENGTH)}", which is not an http or https address`,
			"Open the credential and enter an address such as https://api.enablenow.nl in 'Base URL', or choose another environment.",
		);
	}
	if (/[?#]/.test(text) || url.username !== '' || url.password !== '') {
		throw new InputError(
			"The credential's 'Base URL' holds more than an address",
			"Open the credential and leave user name, password, '?' and '#' out of 'Base URL'.",
		);
	}
	return url.href.replace(/\/+$/, '');
}

/**
 * Parses the secrets of which a webhook request must present one. They are not part of
 * {@link parseCredential}: an unusable webhook secret must not stop other nodes.
 *
 * @returns an empty list if the field is empty
 * @throws InputError when the value is not text, such as an expression without a result: treated as
 *   empty, it would let everybody in
 */
export function parseWebhookSecrets(fields: ICredentialDataDecryptedObject): string[] {
	const text = 'webhookSecret' in fields ? toText(fields['webhookSecret']) : '';
	if (text !== undefined) return splitSecrets(text);
	throw new InputError(
		"The credential's 'Webhook Secret' is not text",
		"Open the credential and enter text in 'Webhook Secret'. An expression there must return text.",
	);
}

function splitSecrets(text: string): string[] {
	return text.split(/[\s,]+/).filter((secret) => secret !== '');
}

/** Text, or a number as text. */
function toText(value: unknown): string | undefined {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value : undefined;
}

/** Parses the answer of the token endpoint, as n8n stores it; `undefined` if it holds no token. */
export function parseAccessToken(tokenData: unknown): string | undefined {
	const token = (Object(tokenData) as { access_token?: unknown }).access_token;
	return typeof token === 'string' && token !== '' ? token : undefined;
}

function trimText(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
