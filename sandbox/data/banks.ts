/** A Dutch bank. */
export interface Bank {
	/** The key that a consent has as `providerKey`. */
	readonly providerKey: string;
	/** The bank's four letters in an IBAN, from the register of the Betaalvereniging. */
	readonly ibanCode: string;
}

/** Dutch banks; the provider keys are invented, since EnableNow's list is not public. */
export const BANKS: readonly Bank[] = [
	{ providerKey: 'ing', ibanCode: 'INGB' },
	{ providerKey: 'rabobank', ibanCode: 'RABO' },
	{ providerKey: 'abnamro', ibanCode: 'ABNA' },
	{ providerKey: 'sns', ibanCode: 'SNSB' },
	{ providerKey: 'asn', ibanCode: 'ASNB' },
	{ providerKey: 'regiobank', ibanCode: 'RBRB' },
	{ providerKey: 'bunq', ibanCode: 'BUNQ' },
	{ providerKey: 'triodos', ibanCode: 'TRIO' },
	{ providerKey: 'knab', ibanCode: 'KNAB' },
	{ providerKey: 'vanlanschot', ibanCode: 'FVLB' },
];
