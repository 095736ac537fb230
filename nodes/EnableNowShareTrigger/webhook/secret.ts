import { createHash, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** n8n gives the names of headers in lower case. */
const SECRET_HEADER = 'x-webhook-secret';
const SECRET_PARAMETER = 'secret';

/**
 * Whether a webhook request presents a valid secret, as `?secret=…` or in the header
 * `X-Webhook-Secret`, with or without spaces around it. Each value is compared with every secret in
 * constant time.
 *
 * @param secrets - the valid secrets; if there are none, the result is false
 * @param query - the query of the request, hostile input
 * @param headers - the headers of the request, hostile input
 */
export function presentsSecret(secrets: string[], query: unknown, headers: unknown): boolean {
	const presented = [
		...getStrings(query, SECRET_PARAMETER),
		...getStrings(headers, SECRET_HEADER),
	].map((value) => sha256(value.trim()));
	const secretHashes = secrets.map(sha256);
	let isPresented = false;
	for (const hash of presented) {
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

/** Hashes have the same length whatever was presented, as timingSafeEqual requires. */
function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
