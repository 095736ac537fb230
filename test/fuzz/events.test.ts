import fc from 'fast-check';

import { presentsSecret } from '../../nodes/EnableNowShareTrigger/webhook/secret';
import { parseEvents } from '../../nodes/EnableNowShareTrigger/webhook/parseEvents';
import { decide, type Rules } from '../../nodes/EnableNowShareTrigger/webhook/decision';
import type { LookUpResult } from '../../nodes/EnableNowShareTrigger/webhook/lookUp';
import { identifiers, jsonValues, texts, values } from './support/arbitraries';
import { property } from './support/cases';

const JSON_TYPE = 'application/json';
const GUID = /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/;

const names = fc.oneof(
	fc.constantFrom('databridge.share.created', 'databridge.share.updated', '*', 'a.b', '__proto__'),
	texts,
);

const events = fc.record({ event: fc.oneof(names, jsonValues), data: jsonValues });

/** What could arrive as JSON: more often such as looks like an event. */
const bodies = fc.oneof(
	jsonValues,
	events,
	fc.array(fc.oneof({ weight: 4, arbitrary: events }, jsonValues), { maxLength: 4 }),
);

property('any body is an event or several, each whole and untouched', bodies, (body) => {
	const before = JSON.stringify(body);
	const parsed = parseEvents(JSON_TYPE, body);
	expect(JSON.stringify(body)).toBe(before);
	const entries: unknown[] = Array.isArray(body) && body.length > 0 ? body : [body];
	expect(parsed).toHaveLength(entries.length);
	for (const [index, event] of parsed.entries()) {
		if ('problem' in event) {
			expect(event.problem).toMatch(/^The (event|request) .*\.$/);
			continue;
		}
		const entry = entries[index] as { event: unknown; data: unknown };
		expect(event.name).toBe(entry.event);
		expect(event.data).toBe(entry.data);
		if (event.shareId === null) continue;
		expect(event.shareId).toMatch(GUID);
		expect(JSON.stringify(entry.data)).toContain(event.shareId);
	}
});

property(
	'only what is JSON by its content type is read',
	fc.tuple(values, bodies),
	([type, body]) => {
		const isRead = parseEvents(type, body).some((event) => !('problem' in event));
		if (isRead) expect(type).toMatch(/json/i);
	},
);

const places = fc.constantFrom(
	(id: unknown) => id,
	(id: unknown) => ({ shareId: id }),
	(id: unknown) => ({ id }),
	(id: unknown) => ({ share: id }),
	(id: unknown) => ({ share: { id } }),
);

property(
	'a share is found in each of its places, whatever else is there',
	fc.tuple(identifiers, places, fc.dictionary(texts, jsonValues)),
	([id, place, others]) => {
		const data = place(` ${id}\n`);
		const rest = Object.entries(others).filter(
			([key]) => !['shareId', 'id', 'share'].includes(key),
		);
		const isObject = typeof data === 'object';
		const whole: unknown = isObject ? { ...Object.fromEntries(rest), ...data } : data;
		const [event] = parseEvents(JSON_TYPE, { event: 'databridge.share.created', data: whole });
		expect(event).toMatchObject({ shareId: id });
	},
);

const results: fc.Arbitrary<LookUpResult> = fc.oneof(
	texts.map((reason) => ({ outcome: 'denied' as const, reason })),
	texts.map((reason) => ({ outcome: 'unavailable' as const, reason })),
	jsonValues.map((share) => ({ outcome: 'found' as const, share: share as never })),
);

property(
	'a stranger never gets an event about a share in that EnableNow does not confirm',
	fc.tuple(bodies, results, fc.constantFrom<'emit' | 'reject'>('emit', 'reject')),
	async ([body, result, onLookupUnavailable]) => {
		const rules: Rules = {
			selection: ['databridge.share.created', 'databridge.share.updated'],
			lookUp: async () => await Promise.resolve(result),
			onLookupUnavailable,
			isSecretPresented: false,
			receivedAt: new Date(0),
		};
		for (const event of parseEvents(JSON_TYPE, body)) {
			const { status, item = null } = (await decide(event, rules)) ?? {};
			if (status !== 200 || item === null) continue;
			expect(item.verified).toBe(result.outcome === 'found');
			expect(item.reason === null).toBe(item.verified);
			if (result.outcome === 'unavailable') expect(onLookupUnavailable).toBe('emit');
			else expect(result.outcome).toBe('found');
		}
	},
);

const secrets = fc
	.string({ unit: 'grapheme', minLength: 1 })
	.map((text) => text.replace(/[\s,]/g, ''))
	.filter((text) => text !== '' && !/\p{Cs}/u.test(text));

property(
	'a secret is presented by who knows it, beside whatever else is sent',
	fc.tuple(secrets, fc.array(secrets), fc.array(texts), fc.nat({ max: 3 })),
	([secret, others, noise, form]) => {
		const valid = [...others, secret];
		const forms: Array<[unknown, unknown]> = [
			[{ secret }, {}],
			[{ secret: [...noise, secret] }, { 'x-webhook-secret': 'other' }],
			[{ secret: noise }, { 'x-webhook-secret': secret }],
			[null, { 'x-webhook-secret': ['other', secret] }],
		];
		const [query, headers] = forms[form]!;
		expect(presentsSecret(valid, query, headers)).toBe(true);
	},
);

/** All texts within a value, and what they become in a header. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string') {
		const parts = [value, ...value.split(',').map((part) => part.trim())];
		return parts.flatMap((part) => [part, Buffer.from(part, 'latin1').toString('utf8')]);
	}
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsIn);
}

property(
	'nobody presents a secret that is not there, to the letter',
	fc.tuple(fc.array(secrets), values, values),
	([valid, query, headers]) => {
		const isPresented = presentsSecret(valid, query, headers);
		if (isPresented) {
			const presented = [...textsIn(query), ...textsIn(headers)];
			expect(valid.some((secret) => presented.includes(secret))).toBe(true);
		}
	},
);

property(
	'without a secret nobody presents one',
	fc.tuple(values, values, texts),
	([query, headers, text]) => {
		expect(presentsSecret([], query, headers)).toBe(false);
		expect(presentsSecret([], { secret: text }, { 'x-webhook-secret': text })).toBe(false);
	},
);

property(
	'a damaged secret is none',
	fc.tuple(secrets, texts, fc.nat(), fc.constantFrom('query', 'header')),
	([secret, added, position, place]) => {
		const at = position % (secret.length + 1);
		const wrong = secret.slice(0, at) + added + secret.slice(at);
		const isSame = textsIn(wrong).includes(secret);
		const query = place === 'query' ? { secret: wrong } : {};
		const headers = place === 'header' ? { 'x-webhook-secret': wrong } : {};
		if (!isSame) expect(presentsSecret([secret], query, headers)).toBe(false);
	},
);
