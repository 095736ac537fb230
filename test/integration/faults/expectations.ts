import { expectNoSecrets } from '../support/secrecy';
import type { Cell } from './cell';

/** How a next step begins, or what it names: something that a person can do. */
const NEXT_STEP =
	/\b(Check|Choose|Correct|Get the share|Look|Open|Run|Share fewer|Remove it|Test the credential|Update this package)\b/;

/** n8n fetches tokens, so a token may be asked for once more where the first request failed. */
const MOST_TOKEN_REQUESTS = 2;

/** What has to hold in every cell of the matrix. */
export function expectToHold(cell: Cell): void {
	expect(cell.elapsed).toBeLessThan(cell.subject.longest);
	expectExplanation(cell);
	expectNoSecrets(cell.finding.record, cell.secrets);
	expectFewRequests(cell);
	expectTruthAboutShares(cell);
	expectNothingElsewhere(cell);
	expectOutcome(cell);
}

/** A fault that strikes once is healed, where something is tried again. */
function expectOutcome({ subject, fault, duration, finding }: Cell): void {
	if (duration === 'once') expect(finding).toMatchObject({ isWell: true });
	else expect(finding.outcome).toBe(subject.outcomeOf(fault));
}

/** It says what happened, and what to do. */
function expectExplanation({ subject, fault, finding: { isWell, texts, adviceIn } }: Cell): void {
	if (isWell) return;
	expect(Object.values(texts).join(' ')).toMatch(subject.message ?? fault.message);
	expect(adviceIn).not.toEqual([]);
	for (const text of Object.values(texts)) expect(text).toMatch(/\w/);
	expect(new Set(Object.values(texts)).size).toBe(Object.keys(texts).length);
	for (const place of adviceIn) expect(texts[place]).toMatch(NEXT_STEP);
}

function expectFewRequests({ subject, fault, requests, tokenRequests }: Cell): void {
	expect(requests).toBeLessThanOrEqual(subject.mostRequests(fault));
	expect(tokenRequests).toBeLessThanOrEqual(MOST_TOKEN_REQUESTS);
}

/** At most one share for an item; and what is said of it is so. */
function expectTruthAboutShares({ subject, fault, finding, sharesMade }: Cell): void {
	const { isWell, isInDoubt } = finding;
	if (isWell) expect(sharesMade).toBe(subject.makesShare ? 1 : 0);
	else {
		expect(isInDoubt).toBe(subject.isInDoubt(fault));
		expect(sharesMade).toBeLessThanOrEqual(isInDoubt ? 1 : 0);
	}
}

/**
 * Nothing follows a redirect but n8n itself, when it fetches a token: its OAuth client has no setting
 * against that. It has no token to send along then.
 */
function expectNothingElsewhere({ subject, elsewhere, secrets }: Cell): void {
	if (subject.storedToken === undefined) expect(elsewhere).toEqual([]);
	const tokens = secrets.filter((secret) => !secret.includes('secret'));
	for (const { authorization, body } of elsewhere) {
		expect(authorization).toBeUndefined();
		expect(tokens.filter((token) => body.includes(token))).toEqual([]);
	}
}
