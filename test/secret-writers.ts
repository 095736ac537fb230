const asciiOnly = (text: string, toCase = (digits: string): string => digits): string =>
	text.replace(
		/[^\0-\x7f]/g,
		(unit) => `\\u${toCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`,
	);

/** How somebody who repeats what was sent may write a secret of it. */
export const SECRET_WRITERS: ReadonlyArray<[name: string, write: (secret: string) => string]> = [
	['as it is', (secret: string): string => secret],
	['in a form', (secret: string): string => new URLSearchParams({ secret }).toString()],
	['in a URL', (secret: string): string => encodeURIComponent(secret)],
	[
		'in a URL, in lower case',
		(secret: string): string =>
			encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
	],
	['in JSON', (secret: string): string => JSON.stringify({ secret })],
	['in JSON that is ASCII', (secret: string): string => asciiOnly(JSON.stringify({ secret }))],
	[
		'in JSON that is ASCII, as .NET writes it',
		(secret: string): string =>
			asciiOnly(JSON.stringify({ secret }), (digits) => digits.toUpperCase()),
	],
];
