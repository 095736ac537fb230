import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './raw-request';

/** What of an answer is kept, in characters. */
const KEPT_TEXT = 20_000;

/** What a connection came to. */
export interface Exchange {
	/** Of each answer, in their order. */
	statuses: number[];
	/** The answers as text, cut off where they are long. */
	text: string;
	/** Whether n8n had not closed the connection when the time was up. */
	isLeftOpen: boolean;
}

/**
 * Opens a connection to a port of 127.0.0.1, goes through the steps, and waits until the other side
 * has closed it.
 *
 * @param patience for how long to wait after the last step, in milliseconds
 */
export async function exchange(port: number, steps: Step[], patience: number): Promise<Exchange> {
	const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
	let text = '';
	socket.setEncoding('latin1');
	socket.on('data', (piece: string) => {
		if (text.length < KEPT_TEXT) text += piece;
	});
	// The connection that is cut off is one of the things that are tried; it is closed thereafter.
	socket.on('error', () => undefined);
	const closed = new Promise<'closed'>((resolve) => {
		socket.once('close', () => resolve('closed'));
		socket.once('end', () => socket.end());
	});
	await play(socket, steps);
	const timeIsUp = new AbortController();
	const ending = await Promise.race([
		closed,
		sleep(patience, 'open' as const, { signal: timeIsUp.signal }),
	]);
	timeIsUp.abort();
	// Not an orderly end: what does not look at its connection would not see it.
	if (ending === 'open') socket.resetAndDestroy();
	return { statuses: statusesIn(text), text, isLeftOpen: ending === 'open' };
}

async function play(socket: Socket, steps: Step[]): Promise<void> {
	for (const step of steps) {
		if (socket.destroyed) return;
		if ('send' in step) socket.write(step.send);
		else if ('pause' in step) await sleep(step.pause);
		else if (step.then === 'halfClose') socket.end();
		else await reset(socket);
	}
}

/** What was written before has to be under way, or nothing of it would arrive. */
async function reset(socket: Socket): Promise<void> {
	await new Promise<void>((resolve) => socket.write('', () => resolve()));
	socket.resetAndDestroy();
}

/** No answer of n8n repeats the beginning of one. */
function statusesIn(text: string): number[] {
	return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
