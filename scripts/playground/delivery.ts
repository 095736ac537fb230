import type { Delivery } from '../../sandbox';

/** Of an answer's message. */
const MAX_LENGTH = 200;

/** An event that the sandbox sent and what it was answered, in one line. */
export function describeDelivery(delivery: Delivery): string {
	const { event } = delivery.body as { event?: unknown };
	return `${String(event)} → ${delivery.error ?? describeAnswer(delivery)}`;
}

function describeAnswer({ url, status, answer }: Delivery): string {
	if (status === 401) {
		return `401 webhook secret ${new URL(url).searchParams.has('secret') ? 'wrong' : 'missing'}`;
	}
	if (status !== null && status < 400) return String(status);
	return `${String(status)} ${messageIn(answer ?? '')}`.trim();
}

/** The message of an answer in JSON, else the beginning of its text. */
function messageIn(answer: string): string {
	let text = answer;
	try {
		const { message } = JSON.parse(answer) as { message?: unknown };
		if (typeof message === 'string') text = message;
	} catch {
		// Not JSON, or cut off.
	}
	return text.replace(/\s+/g, ' ').slice(0, MAX_LENGTH);
}
