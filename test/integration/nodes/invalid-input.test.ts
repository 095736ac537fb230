import type { INodeParameters } from 'n8n-workflow';

import {
	ACCOUNT_ID,
	CONSENT_ID,
	CREATE,
	CREATE_BODY,
	OTHER_CONSENT_ID,
	UNKNOWN_ID,
} from '../support/examples';
import { TestBed } from '../support/test-bed';
import { errorOf, locator } from '../support/workflows';

const bed = TestBed.prepare();

const GET: INodeParameters = { operation: 'get', shareId: locator(UNKNOWN_ID) };
const GET_MANY: INodeParameters = { operation: 'getAll' };
const UPDATE: INodeParameters = {
	operation: 'update',
	shareId: locator(UNKNOWN_ID),
	expirationDateUtc: '2030-04-30T12:00:00',
};

/** What n8n's editor makes of a choice that the list of another credential does not begin with. */
const HIDDEN = { __rl: true, mode: 'list', cachedResultName: '', cachedResultUrl: '' };

const AN_IDENTIFIER = /^An identifier looks like af86536d-34e3-4ebc-6c64-08db56ccef25\. Give one; /;
const A_TIME = /^Enter a date and time such as .* or an expression such as/;

const CASES: Array<[string, INodeParameters, string, RegExp]> = [
	[
		'no receiver',
		{ ...CREATE, clientId: ' ' },
		"'Share With (Client ID)' is empty",
		/^Enter the client ID/,
	],
	[
		'a receiver with a character that nobody sees',
		{ ...CREATE, clientId: 'en-app\u200b-ref-002' },
		`'Share With (Client ID)' is "en-app[U+200B]-ref-002", which contains invisible characters`,
		/^Give it without them: "en-app-ref-002"/,
	],
	[
		'a filter with a character that nobody sees',
		{ ...GET_MANY, filters: { clientId: 'en-app\u00ad-ref-002' } },
		`'Receiving App (Client ID)' is "en-app[U+00AD]-ref-002", which contains invisible characters`,
		/^Give it without them/,
	],
	[
		'a receiver that is no text',
		{ ...CREATE, clientId: '={{ ({ id: 1 }) }}' },
		`'Share With (Client ID)' must be text, but it is {"id":1}`,
		/^Enter text in 'Share With \(Client ID\)'/,
	],
	[
		'no identifier at all',
		{ ...CREATE, consentIds: locator('', 'list') },
		'There is nothing to share: no consent, account or analysis is given',
		/^Give at least one identifier in 'Consents', 'Accounts' or 'Analyses'/,
	],
	[
		'an expression that gives nothing',
		{ ...CREATE, consentIds: locator('={{ $json.missing }}') },
		'There is nothing to share: no consent, account or analysis is given',
		/If they come from an expression, check that it gives a value for this item/,
	],
	[
		'a consent that is none',
		{ ...CREATE, consentIds: locator('abc') },
		`'Consents' contains "abc", which is not an EnableNow identifier`,
		AN_IDENTIFIER,
	],
	[
		'one bad account among good ones',
		{ ...CREATE, accountIds: locator(`${CONSENT_ID},NL91ABNA0417164300`) },
		`'Accounts' contains "NL91ABNA0417164300", which is not an EnableNow identifier`,
		AN_IDENTIFIER,
	],
	[
		'an analysis that is a number',
		{ ...CREATE, analysisIds: locator('={{ 4711 }}') },
		"'Analyses' contains 4711, which is not an EnableNow identifier",
		AN_IDENTIFIER,
	],
	[
		'an object without an identifier',
		{ ...CREATE, accountIds: locator('={{ [{ iban: "x" }] }}') },
		`'Accounts' contains {"iban":"x"}, which is not an EnableNow identifier`,
		AN_IDENTIFIER,
	],
	[
		'a broken JSON array',
		{ ...CREATE, consentIds: locator(`["${CONSENT_ID}"`) },
		`'Consents' begins with [ but is not a valid JSON array: "["${CONSENT_ID}""`,
		/^Write the identifiers in quotes/,
	],
	[
		'no expiration',
		{ ...CREATE, expirationDateUtc: '={{ "" }}' },
		"'Expiration Date (UTC)' is empty",
		A_TIME,
	],
	[
		'an expiration that is none',
		{ ...CREATE, expirationDateUtc: 'next week' },
		`'Expiration Date (UTC)' is "next week", which is not a date and time`,
		A_TIME,
	],
	[
		'a day that does not exist',
		{ ...CREATE, expirationDateUtc: '2030-02-30' },
		`'Expiration Date (UTC)' is "2030-02-30", which is not a date and time`,
		A_TIME,
	],
	[
		'an expiration in seconds',
		{ ...CREATE, expirationDateUtc: '={{ 1903780800 }}' },
		"'Expiration Date (UTC)' is the number 1903780800, which could mean seconds (2030-04-30T12:00:00Z), milliseconds (1970-01-23T00:49:40Z) or a spreadsheet's day number (out of range)",
		/^If it means seconds, give 2030-04-30T12:00:00Z instead\. .*\{\{ DateTime\.fromSeconds\(1903780800\) \}\}/,
	],
	[
		'an expiration in milliseconds',
		{ ...CREATE, expirationDateUtc: '={{ 1903780800000 }}' },
		"'Expiration Date (UTC)' is the number 1903780800000, which could mean seconds (out of range), milliseconds (2030-04-30T12:00:00Z) or a spreadsheet's day number (out of range)",
		/^If it means milliseconds, give 2030-04-30T12:00:00Z instead\. .*\{\{ DateTime\.fromMillis\(1903780800000\) \}\}/,
	],
	[
		"a spreadsheet's date",
		{ ...UPDATE, expirationDateUtc: '={{ 46142.5 }}' },
		"'Expiration Date (UTC)' is the number 46142.5, which could mean seconds (1970-01-01T12:49:02Z), milliseconds (1970-01-01T00:00:46Z) or a spreadsheet's day number (2026-04-30T12:00:00Z)",
		/^If it means a spreadsheet's day number, give 2026-04-30T12:00:00Z instead\. .*\{\{ DateTime\.fromSeconds\(Math\.round\(\(46142\.5 - 25569\) \* 86400\)\) \}\}/,
	],
	[
		'an invalid Date',
		{ ...UPDATE, expirationDateUtc: '={{ new Date("nonsense") }}' },
		"'Expiration Date (UTC)' is an invalid Date, made from something that is not a date and time",
		A_TIME,
	],
	[
		'a letter of Cyrillic in a consent',
		{ ...CREATE, consentIds: locator(`а${CONSENT_ID.slice(1)}`) },
		`'Consents' contains "а[U+0430]${CONSENT_ID.slice(1)}", which is not an EnableNow identifier`,
		AN_IDENTIFIER,
	],
	[
		'an invalid DateTime',
		{ ...CREATE, expirationDateUtc: '={{ DateTime.fromISO("nonsense") }}' },
		"'Expiration Date (UTC)' is an invalid DateTime (unparsable: the input \"nonsense\" can't be parsed as ISO 8601)",
		A_TIME,
	],
	[
		'an expiration that is past',
		{ ...CREATE, expirationDateUtc: '2020-04-30T14:00:00+02:00' },
		"'Expiration Date (UTC)' is 2020-04-30T12:00:00Z, which is already past",
		/^Choose a time in the future/,
	],
	[
		'a reference that is no text',
		{ ...CREATE, additionalFields: { reference: '={{ [1] }}' } },
		"'Reference' must be text, but it is [1]",
		/^Enter text in 'Reference'/,
	],
	[
		'no share to get',
		{ ...GET, shareId: locator('={{ "" }}') },
		"'Share' is empty",
		/^Give one identifier, which looks like .* list in 'Share'/,
	],
	[
		'two shares to get',
		{ ...GET, shareId: locator(`${CONSENT_ID},${OTHER_CONSENT_ID}`) },
		"'Share' holds 2 identifiers, but takes one",
		/^Give each item one identifier\. The Split Out node/,
	],
	[
		'a path for a share',
		{ ...GET, shareId: locator('../cfa/accounts') },
		`'Share' contains "../cfa/accounts", which is not an EnableNow identifier`,
		AN_IDENTIFIER,
	],
	[
		'no share to update',
		{ ...UPDATE, shareId: locator('={{ undefined }}') },
		"'Share' is empty",
		/./,
	],
	[
		'an update without time',
		{ ...UPDATE, expirationDateUtc: '={{ null }}' },
		"'Expiration Date (UTC)' is empty",
		A_TIME,
	],
	[
		'no limit',
		{ ...GET_MANY, limit: 0 },
		"'Limit' is 0, which is not a whole number above 0",
		/such as 30/,
	],
	[
		'a limit that is no number',
		{ ...GET_MANY, limit: '={{ "many" }}' },
		`'Limit' is "many", which is not a whole number above 0`,
		/such as 30/,
	],
	[
		'a time that is no whole number',
		{ ...CREATE, expirationMode: 'duration', expirationAmount: 1.5 },
		"'Expires After' is 1.5, which is not a whole number above 0",
		/such as 30/,
	],
	[
		'a time that is too long for a date',
		{ ...CREATE, expirationMode: 'duration', expirationAmount: 100_000, expirationUnit: 'months' },
		"'Expires After' is 100000 months, which ends after the year 9999",
		/^Enter a shorter time\.$/,
	],
	[
		'a filter that is no choice',
		{ ...GET_MANY, filters: { status: '={{ "soon" }}' } },
		"'Status' is not a valid choice",
		/any, active, expired/,
	],
	[
		'a time-out out of bounds',
		{ ...GET, options: { timeout: 0 } },
		"'Timeout' must be between 1 and 600 seconds",
		/^Correct 'Timeout'/,
	],
	[
		'a time-out that JavaScript would take for 1',
		{ ...GET, options: { timeout: '={{ true }}' } },
		"'Timeout' must be between 1 and 600 seconds",
		/^Correct 'Timeout'/,
	],
	[
		'retries that JavaScript would take for none',
		{ ...GET, options: { maxRetries: '={{ [] }}' } },
		"'Max Retries' must be between 0 and 100",
		/^Correct 'Max Retries'/,
	],
	[
		'a Prevent Duplicates that would be overlooked',
		{ ...CREATE, options: { preventDuplicates: '={{ 1 }}' } },
		"'Prevent Duplicates' must be true or false, but it is 1",
		/^Enter true or false\.$/,
	],
	[
		'an account that the editor no longer shows, beside a consent',
		{ ...CREATE, accountIds: { ...HIDDEN, value: ACCOUNT_ID } },
		`'Accounts' looks empty, but holds "${ACCOUNT_ID}", which was chosen with another credential`,
		/^Choose again in 'Accounts', or empty it: /,
	],
	[
		'a share that the editor no longer shows',
		{ ...GET, shareId: { ...HIDDEN, value: UNKNOWN_ID } },
		`'Share' looks empty, but holds "${UNKNOWN_ID}", which was chosen with another credential`,
		/^Choose again in 'Share', or empty it: /,
	],
	[
		'a Return All that would be overlooked',
		{ ...GET_MANY, returnAll: '={{ "yes" }}' },
		`'Return All' must be true or false, but it is "yes"`,
		/^Enter true or false\.$/,
	],
];

describe('nothing is sent, and the message names field, value and item', () => {
	it.each(CASES)('%s', async (_name, parameters, message, description) => {
		const run = await bed.runShare(parameters);
		expect(errorOf(run).message).toBe(message);
		expect(errorOf(run).description).toMatch(description);
		expect(errorOf(run)).toMatchObject({ name: 'NodeOperationError', context: { itemIndex: 0 } });
		expect(await bed.admin.requests()).toEqual([]);
	});
});

it('names the item that is at fault', async () => {
	const run = await bed.runShare(
		{ ...CREATE, consentIds: locator('={{ $json.id }}') },
		{ items: [{ id: CONSENT_ID }, { id: CONSENT_ID }, { id: 'wrong' }] },
	);
	expect(errorOf(run)).toMatchObject({
		message: `'Consents' contains "wrong", which is not an EnableNow identifier [item 2]`,
		context: { itemIndex: 2 },
	});
});

it.each([
	['', /^The credential's 'Base URL' is empty/, /^Open the credential and enter an address/],
	[
		'ftp://x.example',
		/"ftp:\/\/x\.example", which is not an http or https/,
		/^Open the credential/,
	],
	[
		'https://user:secret-of-a-gateway@x.example',
		/contains more than an address/,
		/leave user name/,
	],
	[
		'https://x.example/?key=secret-of-a-gateway',
		/contains more than an address/,
		/leave user name/,
	],
])('says of the base URL "%s" what is wrong with it', async (baseUrl, message, description) => {
	bed.saveCredential('sharer', { baseUrl });
	const run = await bed.runShare(CREATE);
	expect(errorOf(run).message).toMatch(message);
	expect(errorOf(run).message).not.toMatch('secret-of-a-gateway');
	expect(errorOf(run).description).toMatch(description);
});

it('leaves the webhook secret to the trigger', async () => {
	bed.saveCredential('sharer', { webhookSecret: '={{ undefined }}' });
	await bed.runShare(CREATE);
	expect(await bed.admin.shares()).toHaveLength(1);
});

it('tolerates a slash at the end of the base URL', async () => {
	bed.saveCredential('sharer', { baseUrl: `${bed.sandbox.url}/` });
	await bed.runShare(CREATE);
	expect(await bed.admin.shares()).toHaveLength(1);
});

it.each([
	['named like something of every object', 'constructor', '"constructor"'],
	['a list', ['create'], '["create"]'],
	['an object that is no text', { toString: 1 }, '{"toString":1}'],
])('refuses an operation that is %s', async (_name, operation, named) => {
	const run = await bed.runShare({ ...CREATE, operation });
	expect(errorOf(run)).toMatchObject({
		name: 'NodeOperationError',
		message: `There is no operation ${named} for the resource share`,
		context: { itemIndex: 0 },
	});
	expect(await bed.admin.requests()).toEqual([]);
});

it('takes expressions that give nothing for fields that nobody set', async () => {
	const nothing = '={{ null }}';
	const options = { maxRetries: nothing, timeout: '={{ "" }}', preventDuplicates: nothing };
	const run = await bed.runShare({ ...CREATE, additionalFields: { reference: nothing }, options });
	expect(run.status).toBe('success');
	expect(await bed.createBodies()).toEqual([CREATE_BODY]);
});
