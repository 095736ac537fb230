import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { loadBuiltPackage, optionsOf, ROOT } from './support';

const { credential, share, trigger } = loadBuiltPackage();

/** The fields, and those in their collections. */
function withInner(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => [field, ...withInner(optionsOf(field).fields)]);
}

const SHARE_FIELDS = withInner(share.description.properties);
const TIME_FIELDS = SHARE_FIELDS.filter(({ type }) => type === 'dateTime');

it('each field for a time says that it is UTC', () => {
	expect(TIME_FIELDS.map(({ displayName }) => displayName)).toEqual([
		'Expiration Date (UTC)',
		'From Date (UTC)',
	]);
});

it('so does the hint under an expiration date', () => {
	const hints = TIME_FIELDS.filter(({ name }) => name === 'expirationDateUtc');
	for (const { hint } of hints) expect(hint).toMatch(/\bUTC, not local time\b/);
});

it('an example of a time to come is not past', () => {
	const past = TIME_FIELDS.filter(({ placeholder = '' }) => {
		return Date.parse(placeholder.replace('e.g. ', '')) < Date.now();
	});
	expect(past.map(({ name }) => name)).toEqual(['fromDate']);
});

it('no tooltip is longer than 200 characters', () => {
	const fields = [
		...SHARE_FIELDS,
		...withInner(trigger.description.properties),
		...credential.properties,
	];
	const tooltips = fields.flatMap(({ description, options = [] }) => [
		description ?? '',
		...options.map((option) => ('description' in option ? (option.description ?? '') : '')),
	]);
	expect(tooltips.length).toBeGreaterThan(100);
	expect(tooltips.filter((text) => text.length > 200)).toEqual([]);
});

/** What is written as a name and in single quotes in a built file, such as 'Max Retries'. */
function quotedNames(...names: string[]): string[] {
	const code = readFileSync(path.join(ROOT, 'dist/nodes', ...names), 'utf8');
	const texts = [...code.matchAll(/'(?=([A-Z][^'\n]*)')/g)].map(([, text = '']) => text);
	return texts.filter((text) => /[a-z]/.test(text) && !/ [a-z]/.test(text));
}

it('a field that a message of the share node names has that name in the editor', () => {
	const known = SHARE_FIELDS.map(({ displayName }) => displayName);
	const folder = 'EnableNowShare/operations';
	const files = readdirSync(path.join(ROOT, 'dist/nodes', folder));
	const named = files.flatMap((file) => quotedNames(folder, file));
	expect(named.length).toBeGreaterThan(20);
	expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

it('so has one that a message of the trigger names', () => {
	const known = withInner(trigger.description.properties).map(({ displayName }) => displayName);
	const named = quotedNames('EnableNowShareTrigger/settings.js');
	expect(named.length).toBeGreaterThan(4);
	expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
