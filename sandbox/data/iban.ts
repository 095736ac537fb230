import type { Random } from './random';

/** A Dutch account number in its two forms. */
export interface AccountNumber {
	/** ISO 13616: NL, two check digits, the bank's code, ten digits. */
	iban: string;
	/** The same without country and check digits. */
	bban: string;
}

/**
 * Makes a Dutch account number whose check digits are right.
 *
 * @param random - Where the digits come from
 * @param ibanCode - The bank's four letters
 */
export function createAccountNumber(random: Random, ibanCode: string): AccountNumber {
	const digits = createElevenProofDigits(random);
	const bban = `${ibanCode}${digits}`;
	return { iban: `NL${checkDigits('NL', bban)}${bban}`, bban };
}

/**
 * Ten digits that pass the Dutch eleven-proof: the digits times 10, 9, … 1 add up to a multiple of
 * eleven. The last digit makes the sum fit, which fails when it would have to be ten.
 */
function createElevenProofDigits(random: Random): string {
	for (;;) {
		const digits = [0, ...Array.from({ length: 8 }, () => random.integer(0, 9))];
		const sum = digits.reduce((total, digit, position) => total + digit * (10 - position), 0);
		const last = (11 - (sum % 11)) % 11;
		if (last < 10) return [...digits, last].join('');
	}
}

/** The check digits of ISO 13616: 98 less the number modulo 97, country and zeros at the end. */
function checkDigits(country: string, bban: string): string {
	const number = [...`${bban}${country}00`].map((character) => parseInt(character, 36)).join('');
	return (98n - (BigInt(number) % 97n)).toString().padStart(2, '0');
}
