import { identifierKey } from '../../shared/input/identifiers';
import type { Share } from '../../shared/api/shares';
import { SHARE_UPDATED } from '../description';
import type { TriggerItem } from '../webhook/decision';
import { emissionKeyOf, endOf, updatedKey } from './emissionKey';
import { FingerprintMap, fingerprintOf, Fingerprints, pairOf } from './fingerprints';
import { MOST_EVENTS, MOST_SHARES, type StoredMemory } from './storedMemory';

/** Fingerprints of what is remembered, of each kind; the oldest first. */
export interface Fingerprinted {
	/** The shares that need no catch-up any more. */
	listed: string[];
	/** The events that were executed. */
	emitted: string[];
	/** When shares end: pairs of a share and its end. */
	ends: string[];
	/** Whether the list had been read once, so that what it held then is among this or stored before. */
	hasBaseline: boolean;
}

/** A part that tells of nothing. */
export const NOTHING: Fingerprinted = { listed: [], emitted: [], ends: [], hasBaseline: false };

/**
 * What a running trigger remembers: which shares EnableNow listed, which events were executed or are
 * being executed, and when shares end. A share that was listed when the trigger was first activated
 * needs no catch-up, but an event about it may still come: that is why these are two things.
 */
export class Memory {
	/** Whether the list has been read once. */
	hasBaseline: boolean;
	/** Whether that, and what it held, is stored for sure. */
	isBaselineStored: boolean;
	/** Whether a share for the receiver was ever in the list. */
	hasMatched: boolean;

	private readonly listed: Fingerprints;
	private readonly emitted: Fingerprints;
	private readonly ends: FingerprintMap;

	/** The events that are being executed, by key, numbered in the order in which they began. */
	private readonly underWay = new Map<string, number>();
	private begun = 0;

	/** The last event that told of a share's end, by share; only while events are being executed. */
	private readonly lastTold = new Map<string, number>();

	/** What may not have been stored. */
	private notStored: Omit<Fingerprinted, 'hasBaseline'> = { listed: [], emitted: [], ends: [] };

	/**
	 * @param app - the EnableNow, the app and the receiver that it is about
	 * @param stored - what n8n has stored about the same
	 */
	constructor(
		readonly app: string,
		stored?: StoredMemory,
	) {
		// A share that was forgotten would be taken for a new one by the next reading.
		this.listed = new Fingerprints(Number.POSITIVE_INFINITY, stored?.listed);
		this.emitted = new Fingerprints(MOST_EVENTS, stored?.emitted);
		this.ends = new FingerprintMap(Number.POSITIVE_INFINITY, stored?.ends);
		this.hasBaseline = stored?.hasBaseline === true;
		this.isBaselineStored = this.hasBaseline;
		this.hasMatched = stored?.hasMatched === true;
	}

	/**
	 * Whether an item is about an event that was executed, or is being executed. An update to an earlier
	 * end is another event, if the share has had a different end since.
	 */
	isRepetition(item: TriggerItem): boolean {
		const key = emissionKeyOf(item);
		const { event, share } = item;
		if (key === undefined || share === null) return false;
		const isLast = event !== SHARE_UPDATED || this.hasEnd(share);
		return this.isUnderWay(key) || (isLast && this.emitted.has(key));
	}

	/**
	 * Whether an item that was found to be missed, or that n8n could not execute, has become about an
	 * event that was executed, or is being executed.
	 */
	isToldMeanwhile(item: TriggerItem): boolean {
		const { event, share, source } = item;
		if (event !== SHARE_UPDATED || source !== 'catchUp' || share === null) {
			return this.isRepetition(item);
		}
		// An end that was told of long ago may have been set again.
		return this.isUnderWay(updatedKey(share.id, endOf(share))) || this.hasEnd(share);
	}

	/** Whether an event was executed, or is being executed. */
	isKnown(key: string): boolean {
		return this.isUnderWay(key) || this.emitted.has(key);
	}

	/** Whether an event is being executed: only when that is over is it sure to have been. */
	isUnderWay(key: string): boolean {
		return this.underWay.has(key);
	}

	/** Whether any event is being executed, or waits for its turn. */
	get isAnyUnderWay(): boolean {
		return this.underWay.size > 0;
	}

	/** Takes note that an execution with these items is about to start. */
	begin(items: TriggerItem[]): void {
		for (const { key } of eventsOf(items)) this.underWay.set(key, ++this.begun);
	}

	/** Takes note that n8n could not carry out an execution with these items. */
	cancel(items: TriggerItem[]): void {
		for (const { key } of eventsOf(items)) this.underWay.delete(key);
	}

	/** Takes note that an execution with these items is over. */
	end(items: TriggerItem[]): void {
		for (const { key, share, isFromList } of eventsOf(items)) {
			this.tellEnd(share, this.underWay.get(key) ?? ++this.begun);
			this.underWay.delete(key);
			this.emitted.add(key);
			this.notStored.emitted.push(fingerprintOf(key));
			if (isFromList) this.addListed(share);
		}
		if (this.underWay.size === 0) this.lastTold.clear();
	}

	/** Of two events about a share, the one that began later knows its end, however long each took. */
	private tellEnd(share: Share, number: number): void {
		const id = identifierKey(share.id);
		if (number < (this.lastTold.get(id) ?? 0)) return;
		this.lastTold.set(id, number);
		this.setEnd(share);
	}

	/** What {@link end} remembers of these items. */
	fingerprintsOf(items: TriggerItem[]): Fingerprinted {
		const events = eventsOf(items);
		return {
			listed: events
				.filter(({ isFromList }) => isFromList)
				.map(({ share }) => fingerprintOf(identifierKey(share.id))),
			emitted: events.map(({ key }) => fingerprintOf(key)),
			ends: events.map(({ share }) => pairOf(identifierKey(share.id), endOf(share))),
			hasBaseline: this.hasBaseline,
		};
	}

	/** Takes note that a share of the list needs no catch-up any more. */
	addListed(share: Share): void {
		if (this.isListed(share)) return;
		const key = identifierKey(share.id);
		this.listed.add(key);
		this.notStored.listed.push(fingerprintOf(key));
	}

	/** Whether a share of the list needs no catch-up any more, unless its end changes. */
	isListed({ id }: Share): boolean {
		return this.listed.has(identifierKey(id));
	}

	/** Takes note of when a share ends. */
	setEnd(share: Share): void {
		if (this.hasEnd(share)) return;
		const key = identifierKey(share.id);
		if (this.ends.has(key)) this.forgetUnstoredEnd(key);
		this.ends.set(key, endOf(share));
		this.notStored.ends.push(pairOf(key, endOf(share)));
	}

	/** An earlier end that is stored later would take the place of the last one. */
	private forgetUnstoredEnd(key: string): void {
		const fingerprint = fingerprintOf(key);
		const ends = this.notStored.ends.filter((pair) => !pair.startsWith(fingerprint));
		this.notStored = { ...this.notStored, ends };
	}

	/** Whether it is known when a share ended. */
	isEndKnown({ id }: Share): boolean {
		return this.ends.has(identifierKey(id));
	}

	/** Whether a share ends when it did, as far as that is known. */
	hasEnd(share: Share): boolean {
		return this.ends.matches(identifierKey(share.id), endOf(share));
	}

	/** The shares of the list, for a reading that goes on from there. */
	listedShares(): Fingerprints {
		return new Fingerprints(Number.POSITIVE_INFINITY, this.listed.packed);
	}

	/** Whether events would be executed again, or be lost, if this process ended now. */
	get mustBeStored(): boolean {
		return this.notStored.emitted.length > 0 || this.hasBaseline !== this.isBaselineStored;
	}

	/** How many shares of the list would be read again if this process ended now. */
	get unstoredShareCount(): number {
		return this.notStored.listed.length;
	}

	/**
	 * What may not have been stored.
	 *
	 * @param usualMost - how many of each kind at most; all of it as long as the baseline is not stored,
	 *   since without it a part would say that the list was read, and not what it held
	 */
	unstored(usualMost = Number.POSITIVE_INFINITY): Fingerprinted {
		const most = this.hasBaseline === this.isBaselineStored ? usualMost : Number.POSITIVE_INFINITY;
		return {
			...mapped(this.notStored, (fingerprints) => fingerprints.slice(0, most)),
			hasBaseline: this.hasBaseline,
		};
	}

	/** Takes note that a part was stored for sure. */
	markStored(part: Fingerprinted): void {
		this.isBaselineStored ||= part.hasBaseline;
		const stored = new Set([...part.listed, ...part.emitted, ...part.ends]);
		this.notStored = mapped(this.notStored, (fingerprints) =>
			fingerprints.filter((fingerprint) => !stored.has(fingerprint)),
		);
	}

	/** All that is remembered, in the form in which n8n stores it; of many shares the last ones. */
	whole(): StoredMemory {
		return {
			...this.packed({ ...NOTHING, hasBaseline: this.hasBaseline }),
			listed: this.listed.packedLast(MOST_SHARES),
			emitted: this.emitted.packed,
			ends: this.ends.packedLast(MOST_SHARES),
		};
	}

	/** A part in the form in which n8n stores it. */
	packed({ listed, emitted, ends, hasBaseline }: Fingerprinted): StoredMemory {
		return {
			app: this.app,
			listed: listed.join(''),
			emitted: emitted.join(''),
			ends: ends.join(''),
			hasBaseline,
			hasMatched: this.hasMatched,
		};
	}
}

/** Two parts as one. */
export function joined(one: Fingerprinted, other: Fingerprinted): Fingerprinted {
	return {
		listed: [...one.listed, ...other.listed],
		emitted: [...one.emitted, ...other.emitted],
		ends: [...one.ends, ...other.ends],
		hasBaseline: one.hasBaseline && other.hasBaseline,
	};
}

function mapped(
	{ listed, emitted, ends }: Omit<Fingerprinted, 'hasBaseline'>,
	change: (fingerprints: string[]) => string[],
): Omit<Fingerprinted, 'hasBaseline'> {
	return { listed: change(listed), emitted: change(emitted), ends: change(ends) };
}

/** The items that EnableNow confirmed, by what they are known again. */
function eventsOf(items: TriggerItem[]): Array<{ key: string; share: Share; isFromList: boolean }> {
	return items.flatMap((item) => {
		const key = emissionKeyOf(item);
		const { share, source } = item;
		return key === undefined || share === null
			? []
			: [{ key, share, isFromList: source === 'catchUp' }];
	});
}
