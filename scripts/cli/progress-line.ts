import type { WriteStream } from 'node:tty';
import type { ReportProgress } from '../n8n';

/** Where a line cannot be overwritten, a running step is told of again after so long. */
const REPEAT_INTERVAL = 8_000;

/** Some terminals do not say how wide they are. */
const ASSUMED_COLUMNS = 80;

/**
 * Shows what is going on and since when, in one line on a terminal, else in a line now and then.
 */
export class ProgressLine {
	private message = '';
	private since = 0;
	private printedAt = 0;
	private timer: NodeJS.Timeout | undefined;

	constructor(private readonly output: WriteStream) {}

	/**
	 * Shows another message. What follows a colon is detail: a message that differs in nothing else
	 * is the same step, whose time goes on.
	 */
	readonly report: ReportProgress = (message) => {
		if (step(message) !== step(this.message)) {
			this.finishStep();
			this.since = Date.now();
			this.printedAt = 0;
		}
		this.message = message;
		this.timer ??= setInterval(() => this.print(), 1000);
		this.print();
	};

	/** Prints another line, above the one that is shown. */
	readonly note = (line: string): void => {
		if (this.message && this.output.isTTY) {
			this.output.clearLine(0);
			this.output.cursorTo(0);
		}
		this.output.write(`${line}\n`);
		if (this.message && this.output.isTTY) this.print();
	};

	/** Ends the line; other output may follow. */
	finish(): void {
		this.finishStep();
		clearInterval(this.timer);
		this.timer = undefined;
		this.message = '';
	}

	private finishStep(): void {
		if (this.message && this.output.isTTY) this.output.write('\n');
	}

	private print(): void {
		if (this.output.isTTY) {
			this.output.clearLine(0);
			this.output.cursorTo(0);
			this.output.write(this.line().slice(0, (this.output.columns || ASSUMED_COLUMNS) - 1));
		} else if (Date.now() - this.printedAt >= REPEAT_INTERVAL) {
			this.printedAt = Date.now();
			this.output.write(`${this.line()}\n`);
		}
	}

	private line(): string {
		const seconds = Math.floor((Date.now() - this.since) / 1000);
		return seconds === 0 ? this.message : `${this.message} (${seconds} s)`;
	}
}

function step(message: string): string {
	return message.split(':', 1)[0] ?? '';
}
