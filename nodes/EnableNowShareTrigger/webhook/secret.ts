import { createHash, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** n8n gives the names of headers in lower case. */
const SECRET_HEADER = 'x-webhook-secret';
const SECRET_PARAMETER = 'secret';

/** A header can contain thousands of values: comparing all of them would block n8n. */
const MAX_PRESENTED = 20;

/**
 * Whether a webhook request presents a valid secret, as `?secret=…` or in the header
 * `X-Webhook-Secret`, with or without spaces around it. The first 20 values are each compared with every
 * secret in constant time.
 *
 * @param secrets - the valid secrets; if there are none, the result is false
 * @param query - the query of the request, hostile input
 * @param headers - the headers of the request, hostile input
 */
export function presentsSecret(secrets: string[], query: unknown, headers: unknown): boolean {
	const values = [
		...getStrings(query, SECRET_PARAMETER),
		...getStrings(headers, SECRET_HEADER).flatMap(parseHeader),
	].map((value) => value.trim());
	// Most values of a header are the same in both encodings.
	const presented = [...new Set(values)].filter((value) => value !== '').slice(0, MAX_PRESENTED);
	const secretHashes = secrets.map(sha256);
	let isPresented = false;
	for (const hash of presented.map(sha256)) {
		for (const secretHash of secretHashes) {
			if (timingSafeEqual(hash, secretHash)) isPresented = true;
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
function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
