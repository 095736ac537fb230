import type { FaultRule } from '../../../sandbox';
import type { Bench } from './bench';

/** The requests of a subject that a fault strikes. */
export type StruckRequests = Pick<FaultRule, 'match' | 'nth'>;

/** How long a fault lasts: for every request that it is meant for, or only for the first one. */
export type Duration = 'lasting' | 'once';

/** Something that goes wrong between n8n and EnableNow: a row of the matrix. */
export interface Fault {
	/** The heading of its chapter in the report. */
	name: string;
	/** What happens, in a sentence. */
	explanation: string;
	/** For how long it can be brought about. */
	durations: readonly Duration[];
	/**
	 * What can be known of the work, from what comes back. `notDone`: it was surely not carried out.
	 * `unknown`: it may have been.
	 */
	work: 'notDone' | 'unknown';
	/** Whether EnableNow did carry it out. Nothing that comes back may tell. */
	isCarriedOut?: boolean;
	/** What has to be said of it, wherever a person is told. */
	message: RegExp;
	/** Whether it stands for its kind in `npm test`, which does not run the others. */
	isSample?: boolean;
	/** Which requests the nodes may send again, by README's table of what is sent again. */
	sentAgain: 'all' | 'allButCreate' | 'none';
	/** The status of EnableNow's answer, where there is one that says what is wrong. */
	status?: number;
	/** Whether no answer comes before patience is over. */
	isTimeOut: boolean;
	/** Whether it keeps the machine busy, so that others would have to wait. */
	isHeavy?: boolean;
	/** Brings it about. */
	strike(bench: Bench, struck: readonly StruckRequests[], duration: Duration): Promise<void>;
}
