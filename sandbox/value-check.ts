/** Which values something that came from outside can have. */
export interface ValueCheck {
	allows: (value: unknown) => boolean;
	/** What it has to be, to go on with after "has to be". */
	meaning: string;
	/** Whether it must not be absent. */
	required?: true;
}

/** Any value. */
export const ANYTHING: ValueCheck = { allows: () => true, meaning: 'any value' };

/** A text, an empty one too. */
export const TEXT: ValueCheck = {
	allows: (value) => typeof value === 'string',
	meaning: 'a text',
};

/** An object in JSON's sense. */
export const OBJECT: ValueCheck = { allows: isObject, meaning: 'an object' };

/** An object whose values are texts. */
export const TEXTS: ValueCheck = {
	allows: (value) => isObject(value) && Object.values(value).every(TEXT.allows),
	meaning: 'an object of texts',
};

/** How many, or which one, counted from 1. */
export const COUNT: ValueCheck = wholeNumber(1);

/** A duration. */
export const MILLISECONDS: ValueCheck = {
	allows: (value) => typeof value === 'number' && value >= 0,
	meaning: 'milliseconds, at least 0',
};

/** A whole number, both limits included. */
export function wholeNumber(minimum: number, maximum = Infinity): ValueCheck {
	const limits =
		maximum === Infinity
			? `, at least ${String(minimum)}`
			: ` from ${String(minimum)} to ${String(maximum)}`;
	return {
		allows: (value) =>
			Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
		meaning: `a whole number${limits}`,
	};
}

/** One of some words. */
export function oneOf(choices: readonly string[]): ValueCheck {
	return {
		allows: (value) => choices.some((choice) => choice === value),
		meaning: `one of ${choices.join(', ')}`,
	};
}

/** The same, but it must not be absent. */
export function required(check: ValueCheck): ValueCheck {
	return { ...check, required: true };
}

/** Whether a value is an object in JSON's sense: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Checks the values of an object that came from outside. A name that there is not is refused, since
 * a misspelt one would go unnoticed.
 *
 * @param values - Values by name; undefined is absent
 * @param checks - What each name stands for can be
 * @param what - What a name names, such as `setting`
 * @throws Error that says which value is wrong and what it can be
 */
export function checkValues(
	values: object,
	checks: Readonly<Record<string, ValueCheck>>,
	what: string,
): void {
	const given = new Map<string, unknown>(Object.entries(values));
	for (const name of given.keys()) {
		if (Object.hasOwn(checks, name)) continue;
		throw new Error(`There is no ${what} "${name}"; there are ${Object.keys(checks).join(', ')}`);
	}
	for (const [name, check] of Object.entries(checks)) {
		const value = given.get(name);
		if (value === undefined ? !check.required : check.allows(value)) continue;
		throw new Error(`${name} has to be ${check.meaning}, not ${JSON.stringify(value)}`);
	}
}
