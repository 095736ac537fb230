import type { SANDBOX_CUSTOMERS } from '../../../sandbox';
import type { Bench } from './bench';
import type { Duration, Fault, StruckRequests } from './fault';

/** What a person sees in the end, in words that fit into a table. */
export interface Finding {
	/** Whether it did what it is there for, as if nothing had been wrong. */
	isWell: boolean;
	outcome: string;
	/** What is said, by the name of the place where it is said. */
	texts: Readonly<Record<string, string>>;
	/** The names of the texts of which one must say what to do; none where all is well. */
	adviceIn: readonly string[];
	/** Whether it says that a share may have been made all the same. */
	isInDoubt: boolean;
	/** All that n8n keeps or shows of it, to look for secrets in. */
	record: unknown;
}

/** Something of the nodes that asks EnableNow: a column of the matrix. */
export interface Subject {
	/** What the report calls it. */
	name: string;
	/** Whose credential it has. */
	app: keyof typeof SANDBOX_CUSTOMERS;
	/** Whether the credential has a webhook secret, and the event presents it. */
	hasWebhookSecret?: true;
	/** The token that is stored with the credential; one that EnableNow takes if absent. */
	storedToken?: 'none' | 'revoked';
	/** The requests that go wrong. */
	struck: readonly StruckRequests[];
	/** The longest time that it may take, in milliseconds, on a machine that is busy. */
	longest: number;
	/** Whether it waits so long for a late answer that `npm test` leaves that out. */
	isPatient?: true;
	/** What has to be said of any fault, where it cannot be told which one it was. */
	message?: RegExp;
	/** Whether it mostly waits, so that many of it may be under way at once. */
	isWaiting: boolean;
	/** Whether its time may be over before it has tried again. */
	isInHurry: boolean;
	/** Whether it tries again what goes wrong, so that a fault which strikes once may be healed. */
	triesAgain(fault: Fault): boolean;
	/** How many requests it may make at most, those for tokens not counted. */
	mostRequests(fault: Fault): number;
	/** Whether it is there to make a share. */
	makesShare: boolean;
	/** Whether it has to say that a share may have been made, where it fails. */
	isInDoubt(fault: Fault): boolean;
	/** What has to come of a fault that lasts. */
	outcomeOf(fault: Fault): string;
	/** Does it, while a fault lasts or strikes once. */
	run(bench: Bench, duration: Duration): Promise<Finding>;
}
