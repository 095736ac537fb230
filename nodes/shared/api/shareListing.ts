import { identifierKey } from '../input/identifiers';
import { hasNextPage } from './pages';
import { getSharePage, PAGE_SIZE, type SharePage } from './sharePages';
import type { Share } from './shares';
import type { EnableNowClient } from './client';

/** In which direction EnableNow sorts the list by date of creation. */
export type ListOrder = 'newestFirst' | 'oldestFirst';

/** The shares of the list that have been read, by `identifierKey`. */
export interface SeenShares {
	readonly size: number;
	has(key: string): boolean;
	add(key: string): unknown;
	clear(): void;
}

/** A page, and which of its shares had not been seen before. */
interface ReadPage extends SharePage {
	/** From 1. */
	number: number;
	fresh: Share[];
	isFirstNew: boolean;
	isLastNew: boolean;
}

/** How many pages are read side by side at most, whatever number of shares EnableNow tells. */
const MOST_PAGES_AT_ONCE = 2_000;

/**
 * All shares that EnableNow lists for the credential's app, read piece by piece: after the whole
 * list, only what has been added to it.
 *
 * It is read unfiltered, so that entries are added and do not leave it. EnableNow sorts by date of
 * creation but does not say in which direction: that is learnt from where the first new ones
 * appear. How many shares there are comes with each page, and tells when all have been seen; where
 * that does not add up, the whole list is read again.
 */
export class ShareListing {
	/** Pages with shares that were not seen before and have not been told yet. */
	private untold: ReadPage[] = [];

	/**
	 * @param seen - the shares that an earlier reading came to; it is kept up to date
	 * @param order - the direction, where an earlier reading learnt it
	 */
	constructor(
		private readonly api: EnableNowClient,
		private readonly seen: SeenShares = new Set<string>(),
		private order?: ListOrder,
	) {}

	/** The direction, once it is known. */
	get learntOrder(): ListOrder | undefined {
		return this.order;
	}

	/**
	 * Reads what has been added to the list since the last time; the first time, all of it.
	 *
	 * @returns the shares that had not been seen before, in EnableNow's order; a change of one that
	 *   had is not noticed
	 * @throws RequestError
	 */
	async readNew(): Promise<Share[]> {
		if (this.seen.size === 0) await this.readWhole();
		else await this.readOn();
		const pages = this.untold.sort((one, other) => one.number - other.number);
		this.untold = [];
		return pages.flatMap(({ fresh }) => fresh);
	}

	/**
	 * Reads the whole list, whatever has been read before.
	 *
	 * @returns all shares that EnableNow lists, in its order
	 * @throws RequestError
	 */
	async readAll(): Promise<Share[]> {
		const shares = await this.readWhole();
		this.untold = [];
		this.forgetAllBut(shares);
		return shares;
	}

	/** Reads the whole list, its pages side by side where it is known how many there are. */
	private async readWhole(): Promise<Share[]> {
		const first = await this.readPage(1);
		const count = first.totalCount;
		if (count !== undefined && count <= MOST_PAGES_AT_ONCE * PAGE_SIZE) {
			const pageCount = Math.ceil(count / PAGE_SIZE);
			const numbers = Array.from({ length: pageCount }, (_page, index) => index + 1).slice(1);
			const others = await Promise.all(numbers.map(async (number) => await this.readPage(number)));
			const shares = sharesOf([first, ...others]);
			const isSteady = others.every(({ totalCount }) => totalCount === count);
			if (isSteady && shares.length >= count) return shares;
		}
		// While the list grows, pages read side by side may miss a share. One after the other they do not.
		return sharesOf((await this.readFrom(1, () => false)).pages);
	}

	/** Reads what is new: at the end of the list, unless it is known to be in front, or found there. */
	private async readOn(): Promise<void> {
		const seenBefore = this.seen.size;
		// The page of the last share seen; one after it is asked for only where EnableNow tells of more.
		const lastPage = Math.ceil(seenBefore / PAGE_SIZE);
		if (this.order !== 'newestFirst' && lastPage > 1) {
			const isFull = seenBefore % PAGE_SIZE === 0;
			// At the end of a list that begins with the oldest, nothing follows on a new share but others.
			const isWrongPlace = ({ isLastNew, number }: ReadPage) =>
				!isLastNew && !(isFull && number === lastPage);
			const { first, isWhole } = await this.readFrom(lastPage, this.isWhole, isWrongPlace);
			if (isShorterThan(first, seenBefore)) return await this.readAgain();
			if (isWhole && this.seen.size > seenBefore) this.order = 'oldestFirst';
			if (isWhole) return;
		}
		const { first } = await this.readFrom(1, this.isWhole);
		if (isShorterThan(first, seenBefore)) return await this.readAgain();
		if (this.seen.size > seenBefore) this.order = first.isFirstNew ? 'newestFirst' : 'oldestFirst';
	}

	/** Counts no longer tell what is new where shares have left the list. */
	private async readAgain(): Promise<void> {
		this.forgetAllBut(await this.readWhole());
	}

	private forgetAllBut(shares: Share[]): void {
		this.seen.clear();
		for (const { id } of shares) this.seen.add(identifierKey(id));
	}

	private readonly isWhole = (count: number | undefined): boolean =>
		count !== undefined && this.seen.size >= count;

	/**
	 * Reads page after page until all has been seen that the list had at first.
	 *
	 * @param number - the first page, from 1
	 * @param isWhole - whether all has been seen, by how many shares the first page tells of
	 * @param isWrongPlace - whether a page shows that what is new is not here
	 */
	private async readFrom(
		number: number,
		isWhole: (count: number | undefined) => boolean,
		isWrongPlace: (page: ReadPage) => boolean = () => false,
	): Promise<{ first: ReadPage; pages: ReadPage[]; isWhole: boolean }> {
		const first = await this.readPage(number);
		const pages = [first];
		let page = first;
		while (
			!isWhole(first.totalCount) &&
			!isWrongPlace(page) &&
			hasNextPage(page, number, PAGE_SIZE)
		) {
			const next = await this.readPage(++number);
			// A list that is given whole on every page would otherwise be read for ever. In one that grows
			// in front, a page may just repeat the one before.
			const hasGrown = (next.totalCount ?? 0) > (page.totalCount ?? 0);
			if (next.entries[0]?.id === page.entries[0]?.id && !hasGrown) break;
			pages.push(next);
			page = next;
		}
		return { first, pages, isWhole: isWhole(first.totalCount) };
	}

	private async readPage(number: number): Promise<ReadPage> {
		const page = await getSharePage(this.api, { page: number, pageSize: PAGE_SIZE });
		const fresh = page.entries.filter(({ id }) => this.noteSeen(identifierKey(id)));
		const isFresh = (share: Share | undefined) => share !== undefined && fresh.includes(share);
		const read = {
			...page,
			number,
			fresh,
			isFirstNew: isFresh(page.entries[0]),
			isLastNew: isFresh(page.entries.at(-1)),
		};
		if (fresh.length > 0) this.untold.push(read);
		return read;
	}

	/** Whether it had not been seen. */
	private noteSeen(key: string): boolean {
		const isNew = !this.seen.has(key);
		this.seen.add(key);
		return isNew;
	}
}

function isShorterThan({ totalCount }: ReadPage, count: number): boolean {
	return totalCount !== undefined && totalCount < count;
}

/** The shares of pages that were read at about the same time, each once. */
function sharesOf(pages: ReadPage[]): Share[] {
	const shares = new Map<string, Share>();
	for (const { entries } of pages) {
		for (const share of entries) shares.set(identifierKey(share.id), share);
	}
	return [...shares.values()];
}
