/** Halves of longer secrets are looked for too: what cuts a text off leaves a part of it. */
const SHORTEST_HALVED = 24;

/** How often JSON may be within JSON. */
const JSON_LEVELS = 3;

/** A text under which a secret, or a part of it, could be found. */
export interface SecretForm {
	/** How it is written, for a finding. */
	name: string;
	bytes: Buffer;
}

/** All forms in which a secret could stand in a log, a database, a URL or a request. */
export function formsOf(secret: string): SecretForm[] {
	const forms = piecesOf(secret).flatMap(formsOfPiece);
	const distinct = new Map<string, SecretForm>();
	for (const form of forms) {
		const key = form.bytes.toString('hex');
		if (!distinct.has(key)) distinct.set(key, form);
	}
	return [...distinct.values()];
}

function piecesOf(secret: string): string[] {
	const characters = [...secret];
	if (characters.length < SHORTEST_HALVED) return [secret];
	const middle = Math.floor(characters.length / 2);
	return [characters.slice(0, middle), characters.slice(middle)].map((half) => half.join(''));
}

function formsOfPiece(piece: string): SecretForm[] {
	const bytes = Buffer.from(piece);
	const texts: Array<[string, string]> = [
		['as it is', piece],
		// As Node reads the bytes of a header.
		['UTF-8 read as Latin-1', bytes.toString('latin1')],
		...inUrls(piece),
		...inJson(piece),
		['in HTML', inHtml(piece)],
		...inBase64(bytes),
		['in hexadecimal digits', bytes.toString('hex')],
		['in hexadecimal digits', bytes.toString('hex').toUpperCase()],
	];
	return texts.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
}

function inUrls(piece: string): Array<[string, string]> {
	const encoded = encodeURIComponent(piece);
	const form = new URLSearchParams({ x: piece }).toString().slice('x='.length);
	const strict = encoded.replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	const once = [encoded, form, strict, encodeURI(piece)];
	return [...once, ...once.map(lowerCaseEscapes), ...once.map(encodeURIComponent)].map((text) => [
		'in a URL or a form',
		text,
	]);
}

function lowerCaseEscapes(text: string): string {
	return text.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase());
}

function inJson(piece: string): Array<[string, string]> {
	const asciiOnly = (toCase: (digits: string) => string): string =>
		JSON.stringify(piece)
			.slice(1, -1)
			.replace(
				/[^\0-\x7f]/g,
				(unit) => `\\u${toCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`,
			);
	const starts = [
		piece,
		asciiOnly((digits) => digits),
		asciiOnly((digits) => digits.toUpperCase()),
	];
	return starts.flatMap((start) => {
		const levels = [start];
		while (levels.length <= JSON_LEVELS) {
			levels.push(JSON.stringify(levels.at(-1)).slice(1, -1));
		}
		return levels.map((text): [string, string] => ['in JSON', text]);
	});
}

function inHtml(piece: string): string {
	const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
	return piece.replace(/[&<>"]/g, (character) => `&${entities[character]};`);
}

/** What of the Base64 of a longer text depends on the piece alone, wherever it begins in it. */
function inBase64(bytes: Buffer): Array<[string, string]> {
	return [0, 1, 2].flatMap((before): Array<[string, string]> => {
		const all = Buffer.concat([Buffer.alloc(before), bytes]);
		const first = Math.ceil((before * 8) / 6);
		const text = all.toString('base64').slice(first, Math.floor((all.length * 8) / 6));
		return [
			['in Base64', text],
			['in Base64', text.replaceAll('+', '-').replaceAll('/', '_')],
		];
	});
}
