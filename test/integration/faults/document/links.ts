import type { Fault } from '../fault';

/** A link to the chapter of a fault. */
export function linkTo({ name }: Fault): string {
	return `[${name}](#${anchorOf(name)})`;
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
}
