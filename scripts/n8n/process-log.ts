import { waitFor, type WaitOptions } from './wait';

/** What a process has printed so far, on both of its outputs, in the order of arrival. */
export class ProcessLog {
	private printed = '';

	append(text: string): void {
		this.printed += text;
	}

	/** @returns everything printed so far */
	text(): string {
		return this.printed;
	}

	/** @returns the last lines printed, for an error message */
	tail(lines = 20): string {
		return this.printed.trimEnd().split('\n').slice(-lines).join('\n');
	}

	/**
	 * Waits until something is printed, or was printed before.
	 *
	 * @returns the match
	 * @throws Error when the time is up
	 */
	async waitFor(pattern: RegExp, options?: WaitOptions): Promise<RegExpMatchArray> {
		return waitFor(
			`${pattern} in the log`,
			() => this.printed.match(pattern) ?? undefined,
			options,
		);
	}
}
