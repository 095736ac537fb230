import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { formatExcerpt, InputError } from '../errors/inputError';

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

/** EnableNow's hosts (EnableNow docs: "Authentication"; the staging docs name the second). */
const BASE_URLS = new Map<unknown, string>([
	['production', 'https://api.enablenow.nl'],
	['staging', 'https://api.staging.enablenow.nl'],
]);

/** What a client ID can be (RFC 6749, appendix A), without the spaces that a paste adds. */
const CLIENT_ID = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * Parses the fields of a credential.
 *
 * @throws InputError when environment, base URL, client ID or client secret is not usable
 */
export function parseCredential(fields: ICredentialDataDecryptedObject): EnableNowCredential {
	const accessToken = parseAccessToken(fields['oauthTokenData']);
	return {
		baseUrl: parseBaseUrl(fields),
		clientId: parseOwnClientId(fields['clientId']),
		accessToken,
		secrets: [
			parseRequiredField(fields['clientSecret'], 'Client Secret'),
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
 * Parses the environment into EnableNow's base URL, without a trailing slash. The credential's own
 * expressions accept the same values.
 *
 * @throws InputError when the environment is not one of the three, or the custom base URL is not an
 *   http(s) address to which a path can be added
 */
export function parseBaseUrl(fields: ICredentialDataDecryptedObject): string {
	const environment: unknown = fields['environment'];
	if (environment === 'custom') return parseCustomBaseUrl(toText(fields['baseUrl'])?.trim() ?? '');
	const baseUrl = BASE_URLS.get(environment);
	if (baseUrl !== undefined) return baseUrl;
	throw new InputError(
		`The credential's 'Environment' is ${formatExcerpt(environment)}, which is not a valid choice`,
		"Open the credential and choose an environment. An expression must return 'production', 'staging' or 'custom'.",
	);
}

function parseCustomBaseUrl(text: string): string {
	// First, so that no password is repeated.
	if (/[?#@]/.test(text)) {
		throw new InputError(
			"The credential's 'Base URL' contains more than an address",
			"Open the credential and leave user name, password, '?', '#' and '@' out of 'Base URL'.",
		);
	}
	if (/^https?:\/\/[!-~]+$/i.test(text) && URL.canParse(text)) {
		return new URL(text).href.replace(/\/+$/, '');
	}
	throw new InputError(
		text === ''
			? "The credential's 'Base URL' is empty"
			: `The credential's 'Base URL' is ${formatExcerpt(text)}, which is not an http or https address`,
		"Open the credential and enter an address such as https://api.enablenow.nl in 'Base URL', or choose another environment.",
	);
}

/** Parses the app's client ID. It is not cleaned, since n8n sends it as it is stored. */
function parseOwnClientId(value: unknown): string {
	const clientId = parseRequiredField(value, 'Client ID');
	if (CLIENT_ID.test(clientId)) return clientId;
	throw new InputError(
		`The credential's 'Client ID' contains unusual characters, or spaces at its ends: ${formatExcerpt(clientId)}`,
		"Open the credential and type 'Client ID' as the EnableNow Customer Portal shows it.",
	);
}

function parseRequiredField(value: unknown, fieldName: string): string {
	const text = toText(value ?? '');
	if (text !== undefined && text.trim() !== '') return text;
	throw new InputError(
		text === undefined
			? `The credential's '${fieldName}' is not text`
			: `The credential's '${fieldName}' is empty`,
		`Open the credential and enter '${fieldName}' as the EnableNow Customer Portal shows it. An expression there must return text.`,
	);
}

/**
 * Parses the secrets of which a webhook request must present one. They are not part of
 * {@link parseCredential}: an unusable webhook secret must not stop other nodes.
 *
 * @returns an empty list if the field is empty
 * @throws InputError when the value is not text, or separators only, such as expressions without a
 *   result give: treated as empty, it would let everybody in
 */
export function parseWebhookSecrets(fields: ICredentialDataDecryptedObject): string[] {
	const text = 'webhookSecret' in fields ? toText(fields['webhookSecret']) : '';
	const secrets = splitSecrets(text ?? '');
	if (text === '' || secrets.length > 0) return secrets;
	throw new InputError(
		text === undefined
			? "The credential's 'Webhook Secret' is not text"
			: "The credential's 'Webhook Secret' contains only separators",
		"Open the credential and enter a secret in 'Webhook Secret', or leave it empty. An expression there must return text.",
	);
}

function splitSecrets(text: string): string[] {
	return text.split(/[\s,]+/).filter((secret) => secret !== '');
}

/** Text, or a number as text. */
function toText(value: unknown): string | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return typeof value === 'string' ? value : undefined;
}

/** Parses the answer of the token endpoint, as n8n stores it; `undefined` if it holds no token. */
export function parseAccessToken(tokenData: unknown): string | undefined {
	const token = (Object(tokenData) as { access_token?: unknown }).access_token;
	return typeof token === 'string' && token !== '' ? token : undefined;
}
