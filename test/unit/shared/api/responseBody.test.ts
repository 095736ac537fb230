import { Readable } from 'node:stream';
import { readBody } from '../../../../nodes/shared/api/responseBody';

const MEBIBYTE = 1024 * 1024;

const never = new AbortController().signal;

describe('reading', () => {
	test.each<[string, Buffer[], string]>([
		['one part', [Buffer.from('{"data":1}')], '{"data":1}'],
		['several parts', [Buffer.from('{"da'), Buffer.from('ta":1}')], '{"data":1}'],
		['no part', [], ''],
		['a byte order mark first', [Buffer.from('\uFEFF{"data":1}')], '{"data":1}'],
		['bytes that are no UTF-8', [Buffer.from([0x22, 0xff, 0x22])], '"\uFFFD"'],
		['a character split over two parts', [Buffer.from([0xc3]), Buffer.from([0xa9])], 'é'],
	])('%s', async (_case, parts, expected) => {
		expect(await readBody(Readable.from(parts), never)).toBe(expected);
	});

	test.each<[string, unknown, string]>([
		['a text stays as it is', 'text', 'text'],
		['nothing is empty', undefined, ''],
		['null is empty', null, ''],
		['an object that is no stream is empty', { data: 1 }, ''],
	])('%s', async (_case, body, expected) => {
		expect(await readBody(body, never)).toBe(expected);
	});

	test('20 MiB are read', async () => {
		const parts = Array.from({ length: 20 }, () => Buffer.alloc(MEBIBYTE, 'x'));
		expect((await readBody(Readable.from(parts), never)).length).toBe(20 * MEBIBYTE);
	});

	test('a byte more is refused, and no more is fetched', async () => {
		let fetched = 0;
		function* parts(): Generator<Buffer> {
			yield Buffer.alloc(1);
			while (fetched < 30) {
				fetched += 1;
				yield Buffer.alloc(MEBIBYTE);
			}
		}
		const stream = Readable.from(parts(), { highWaterMark: 1 });
		await expect(readBody(stream, never)).rejects.toMatchObject({
			outcome: 'unknown',
			message: expect.stringContaining('larger than 20 MiB') as string,
		});
		expect(stream.destroyed).toBe(true);
		expect(fetched).toBeLessThan(25);
	});

	test('a stream that breaks is an error, not a short answer', async () => {
		const stream = new Readable({ read: () => undefined });
		stream.push('{"data"');
		const reading = readBody(stream, never);
		stream.destroy(new Error('socket hang up'));
		await expect(reading).rejects.toThrow('socket hang up');
	});

	test('when the time is over the stream is let go of', async () => {
		const stream = new Readable({ read: () => undefined });
		stream.push('{"data"');
		const abort = new AbortController();
		const reading = readBody(stream, abort.signal);
		abort.abort();
		await expect(reading).rejects.toThrow();
		expect(stream.destroyed).toBe(true);
	});

	test('when the time was over before, the stream is let go of too', async () => {
		const stream = new Readable({ read: () => undefined });
		const reading = readBody(stream, AbortSignal.abort()).catch(() => 'not read');
		await new Promise((resolve) => setImmediate(resolve));
		const wasLetGo = stream.destroyed;
		stream.destroy();
		await reading;
		expect(wasLetGo).toBe(true);
	});

	test('a stream that was read holds on to nothing', async () => {
		const stream = Readable.from([Buffer.from('{}')]);
		const abort = new AbortController();
		const removed = jest.spyOn(abort.signal, 'removeEventListener');
		await readBody(stream, abort.signal);
		expect(stream.destroyed).toBe(true);
		expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
	});
});
