import { formsOf, type SecretForm } from './secret-forms';

/** How much of what stands before and after a secret is shown, in bytes. */
const SURROUNDINGS = 80;

/** Something that must not be found but where it belongs. */
export interface Secret {
	/** What it is, e.g. "client secret"; a finding names it so. */
	name: string;
	value: string;
}

/** A text in which to look. */
export interface Place {
	/** Where it is, e.g. "log file n8n.log". */
	name: string;
	content: Buffer | string;
}

/** A secret where it should not be. */
export interface Finding {
	secret: string;
	place: string;
	form: string;
	/** What stands around it, with the secret itself taken out. */
	context: string;
}

/** Looks for secrets in all their forms. */
export class SecretFinder {
	private readonly wanted: Array<{ secret: Secret; forms: SecretForm[] }>;

	constructor(secrets: readonly Secret[]) {
		this.wanted = secrets.map((secret) => ({ secret, forms: formsOf(secret.value) }));
	}

	/** The secrets that are in these places; each at most once for each place. */
	find(places: Iterable<Place>): Finding[] {
		const findings: Finding[] = [];
		for (const { name, content } of places) {
			const bytes = typeof content === 'string' ? Buffer.from(content) : content;
			for (const { secret, forms } of this.wanted) {
				const finding = findForm(bytes, forms);
				if (finding) findings.push({ secret: secret.name, place: name, ...finding });
			}
		}
		return findings;
	}
}

function findForm(
	content: Buffer,
	forms: SecretForm[],
): Pick<Finding, 'context' | 'form'> | undefined {
	for (const { name, bytes } of forms) {
		const at = content.indexOf(bytes);
		if (at < 0) continue;
		const before = content.subarray(Math.max(0, at - SURROUNDINGS), at);
		const after = content.subarray(at + bytes.length, at + bytes.length + SURROUNDINGS);
		return { form: name, context: `${before.toString()}[here]${after.toString()}` };
	}
	return undefined;
}
