/** Puts texts one after the other, with a full stop where one does not end with a mark of its own. */
export function joinSentences(...texts: string[]): string {
	const last = texts.length - 1;
	return texts
		.map((text, index) => (index === last || /[.!?…]$/.test(text) ? text : `${text}.`))
		.join(' ');
}
