import { createHash, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** n8n gives the names of headers in lower case. */
const SECRET_HEADER = 'x-webhook-secret';
const SECRET_PARAMETER = 'secret';

/**
 * Whether a webhook request presents a valid secret, as `?secret=…` or in the header
 * `X-Webhook-Secret`, with or without spaces around it. Every value is compared with every secret in constant time.
 *
 * @param secrets - the valid secrets; if there are none, the result is false
 * @param query - the query of the request, hostile input
 * @param headers - the headers of the request, hostile input
 */
export function presentsSecret(secrets: string[], query: unknown, headers: unknown): boolean {
	const presented = [
		...getStrings(query, SECRET_PARAMETER),
		...getStrings(headers, SECRET_HEADER).flatMap(parseHeader),
	].map((value) => value.trim());
	let isPresented = false;
	for (const value of presented) {
		for (const secret of secrets) {
			if (isEqual(value, secret)) isPresented = true;
		}
	}
	return isPresented;
}

/** A parameter that is given twice arrives as an array. */
function getStrings(values: unknown, name: string): string[] {
	const fields = Object(values) as IDataObject;
	const value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined;
	return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string');
}

/**
 * Node joins a header that is sent twice with commas, which no secret contains, and decodes headers
 * as Latin-1, whatever was sent. Not trimmed yet: the last byte of some letters in UTF-8, such as à, is
 * a space in Latin-1.
 */
function parseHeader(header: string): string[] {
	return header
		.split(',')
		.flatMap((value) => [value, Buffer.from(value, 'latin1').toString('utf8')]);
}

/** Hashes have the same length whatever was presented, as timingSafeEqual requires. */
function isEqual(one: string, other: string): boolean {
	return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
