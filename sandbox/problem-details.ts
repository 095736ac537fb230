import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

/** What is wrong, by field; the names are those of ASP.NET Core, such as `ConsentIds[0]`. */
export type FieldErrors = Record<string, string[]>;

/** The body of an error, as ASP.NET Core writes it (RFC 9457). */
export interface ProblemDetails {
	type: string;
	title: string;
	status: number;
	traceId: string;
	detail?: string;
	errors?: FieldErrors;
}

/** The section of RFC 9110 that describes a status; ASP.NET Core names it as the type. */
const SECTIONS: Readonly<Record<number, string>> = {
	400: '15.5.1',
	401: '15.5.2',
	403: '15.5.4',
	404: '15.5.5',
	405: '15.5.6',
	406: '15.5.7',
	409: '15.5.10',
	410: '15.5.11',
	413: '15.5.14',
	415: '15.5.16',
	422: '15.5.21',
	500: '15.6.1',
	502: '15.6.3',
	503: '15.6.4',
	504: '15.6.5',
};

/** An answer to a request that cannot be fulfilled. */
export class Problem extends Error {
	/**
	 * @param status - The HTTP status
	 * @param details - What to say besides, and headers to send with it
	 */
	constructor(
		readonly status: number,
		readonly details: {
			detail?: string;
			errors?: FieldErrors;
			headers?: Record<string, string>;
		} = {},
	) {
		super(details.detail ?? STATUS_CODES[status] ?? String(status));
	}
}

/**
 * A 400 about one field.
 *
 * @param field - Its name in the style of ASP.NET Core
 * @param message - What is wrong with it
 */
export function fieldProblem(field: string, message: string): Problem {
	return new Problem(400, { errors: { [field]: [message] } });
}

/** Writes the body for a problem, with a trace id of its own. */
export function writeProblemDetails({ status, details }: Problem): ProblemDetails {
	const { detail, errors } = details;
	return {
		type: problemType(status),
		title: errors
			? 'One or more validation errors occurred.'
			: (STATUS_CODES[status] ?? 'An error occurred.'),
		status,
		...(detail !== undefined && { detail }),
		...(errors && { errors }),
		traceId: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
	};
}

function problemType(status: number): string {
	// 429 is in a document of its own.
	if (status === 429) return 'https://tools.ietf.org/html/rfc6585#section-4';
	return `https://tools.ietf.org/html/rfc9110#section-${SECTIONS[status] ?? '15'}`;
}
