import type { Random } from './random';

const INITIALS = 'ABCDEFGHIJKLMNPRSTVW';

const FAMILY_NAMES = [
	'de Jong',
	'Jansen',
	'de Vries',
	'van den Berg',
	'Bakker',
	'van Dijk',
	'Visser',
	'Smit',
	'Meijer',
	'de Boer',
	'Mulder',
	'de Groot',
	'Bos',
	'Vos',
	'Peters',
	'Hendriks',
	'van Leeuwen',
	'Dekker',
	'Brouwer',
	'de Wit',
	'Dijkstra',
	'Smits',
	'de Graaf',
	'van der Meer',
	'Kok',
	'Jacobs',
	'van der Linden',
	'Yılmaz',
	'El Amrani',
	'Ramdin',
] as const;

/** Makes the name of an account's holder as a Dutch bank writes it, such as `S. van Dijk`. */
export function createHolderName(random: Random): string {
	const initials = Array.from(
		{ length: random.integer(1, 2) },
		() => `${random.pick([...INITIALS])}.`,
	).join('');
	return `${initials} ${random.pick(FAMILY_NAMES)}`;
}
