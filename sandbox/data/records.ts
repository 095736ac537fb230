/** The documented states of a consent. */
export type ConsentStatus =
	| 'INITIALIZED'
	| 'AUTHENTICATING'
	| 'AUTHENTICATED'
	| 'UPDATING'
	| 'UPDATED'
	| 'FAILING'
	| 'INVALIDATED'
	| 'ERROR'
	| 'TIMEDOUT';

/** A consent of an end user, as EnableNow keeps it; times are UTC. */
export interface ConsentRecord {
	readonly id: string;
	readonly userId: string;
	readonly externalUserId: string;
	readonly status: ConsentStatus;
	readonly providerKey: string;
	readonly dateStatusUpdated: Date;
	readonly dateRequested: Date;
	readonly dateExpire: Date | null;
	readonly dateTransactionsUpdated: Date | null;
	readonly errors: readonly string[];
}

/** A bank account that a consent gives access to. */
export interface AccountRecord {
	readonly id: string;
	readonly consentId: string;
	readonly userId: string;
	readonly externalUserId: string;
	readonly iban: string;
	readonly bban: string;
	readonly accountHolder: string;
	readonly providerAccountId: string;
	readonly currency: string;
	readonly accountBalance: number;
}

/** The states of an analysis; EnableNow documents the first and the third. */
export type AnalysisStatus = 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED';

/** An analysis of one or more accounts; times are UTC. */
export interface AnalysisRecord {
	readonly id: string;
	readonly reference: string | null;
	readonly created: Date;
	readonly finishedAt: Date | null;
	readonly status: AnalysisStatus;
	readonly engine: string;
	readonly profile: string;
	readonly accountIds: readonly string[];
	/** The first and the last moment that the analysis looks at. */
	readonly dateFrom: Date;
	readonly dateTo: Date;
}

/** What an app has of its own; consents and analyses newest first. */
export interface CustomerData {
	readonly consents: readonly ConsentRecord[];
	readonly accounts: readonly AccountRecord[];
	readonly analyses: readonly AnalysisRecord[];
}
