import type { OtherRequest } from '../support/other-server';
import { Bench } from './bench';
import type { Duration, Fault } from './fault';
import { normalised } from './normalised';
import type { Finding, Subject } from './subject';
import type { Surroundings } from './surroundings';

/** One subject under one fault, and what came of it. */
export interface Cell {
	subject: Subject;
	fault: Fault;
	duration: Duration;
	/** With texts that are the same in every run. */
	finding: Finding;
	/** How long it took, in milliseconds. */
	elapsed: number;
	/** How many requests reached EnableNow, those for tokens not counted. */
	requests: number;
	/** How many requests for tokens did. */
	tokenRequests: number;
	/** How many shares were made. */
	sharesMade: number;
	/** What arrived at the other host that a redirect names. */
	elsewhere: OtherRequest[];
	/** All that must not be found anywhere. */
	secrets: string[];
}

/** Lets a fault strike a subject. */
export async function runCell(
	surroundings: Surroundings,
	subject: Subject,
	fault: Fault,
	duration: Duration,
): Promise<Cell> {
	const bench = await Bench.open(surroundings, subject, fault);
	try {
		await fault.strike(bench, subject.struck, duration);
		const { admin } = bench.sandbox;
		const before = await requestsOf(bench);
		const started = Date.now();
		const finding = await subject.run(bench, duration);
		const elapsed = Date.now() - started;
		const after = await requestsOf(bench);
		await admin.idle();
		return {
			subject,
			fault,
			duration,
			finding: { ...finding, texts: normalised(finding.texts, bench) },
			elapsed,
			requests: after.others - before.others,
			tokenRequests: after.forTokens - before.forTokens,
			sharesMade: (await bench.newShares()).length,
			elsewhere: bench.requestsElsewhere(),
			secrets: await bench.secrets(),
		};
	} finally {
		bench.close();
	}
}

async function requestsOf({ sandbox }: Bench): Promise<{ forTokens: number; others: number }> {
	const requests = await sandbox.admin.requests();
	const forTokens = requests.filter(({ path }) => path === '/cfa/connect/token').length;
	return { forTokens, others: requests.length - forTokens };
}
