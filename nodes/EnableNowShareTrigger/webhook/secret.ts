import { createHash, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** The header in which a webhook request may present the secret, in n8n's lower case. */
const SECRET_HEADER = 'x-webhook-secret';

/** The query parameter in which it may present it. */
const SECRET_PARAMETER = 'secret';

/**
 * Whether a webhook request presents one of the valid secrets, as `?secret=…` or as the header
 * `X-Webhook-Secret`. All values are compared with all secrets in constant time, so that the time
 * taken tells nothing of how much of a guess was right.
 *
 * @param secrets - the valid secrets; with none of them, nothing is presented
 * @param query - the query of the request, hostile input
 * @param headers - the headers of the request, hostile input
 */
export function presentsSecret(secrets: string[], query: unknown, headers: unknown): boolean {
	const presented = [
		...textsOf(Object(query) as IDataObject, SECRET_PARAMETER),
		...textsOf(Object(headers) as IDataObject, SECRET_HEADER).flatMap(headerValues),
	];
	let isPresented = false;
	for (const value of presented) {
		for (const secret of secrets) {
			if (isEqual(value, secret)) isPresented = true;
		}
	}
	return isPresented;
}

/** The texts under a name: a parameter that is given twice arrives as an array. */
function textsOf(values: IDataObject, name: string): string[] {
	const value: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
	return (Array.isArray(value) ? value : [value]).filter(
		(text): text is string => typeof text === 'string',
	);
}

/**
 * The values that a header stands for: Node joins a header that is sent twice by commas, which no
 * secret contains, and reads each byte of UTF-8 as a character of its own.
 */
function headerValues(header: string): string[] {
	return (
		header
			.split(',')
			.flatMap((value) => [value, Buffer.from(value, 'latin1').toString('utf8')])
			// Not before: the last byte of some letters, such as à, is a blank by itself.
			.map((value) => value.trim())
	);
}

/** Compares hashes, which are of one length whatever the length of the texts. */
function isEqual(one: string, other: string): boolean {
	return timingSafeEqual(hashOf(one), hashOf(other));
}

function hashOf(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
