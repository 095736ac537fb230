import { readFile } from 'node:fs/promises';

/** As Linux numbers them. */
const LISTENING = '0A';
const TIME_WAIT = '06';

/** How many connections the server on a port of 127.0.0.1 holds, as Linux tells it. */
export async function openConnections(port: number): Promise<number> {
	const lines = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
	const hexadecimalPort = port.toString(16).toUpperCase().padStart(4, '0');
	return lines.filter((line) => {
		const [, local = '', , state = ''] = line.trim().split(/\s+/);
		return local.endsWith(`:${hexadecimalPort}`) && ![LISTENING, TIME_WAIT].includes(state);
	}).length;
}
