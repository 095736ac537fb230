import { identifierKey } from './identifiers';
import { hasNextPage } from './pages';
import { getSharePage, PAGE_SIZE, type SharePage } from './sharePages';
import type { Share } from './shares';
import type { EnableNowApi } from './transport';

/** A page, and which of its shares had not been seen before. */
interface ReadPage extends SharePage {
	/** From 1. */
	number: number;
	isFirstNew: boolean;
	isLastNew: boolean;
}

/** How many pages are read side by side at most, whatever number of shares EnableNow tells. */
const MOST_PAGES_AT_ONCE = 2_000;

/**
 * All shares that EnableNow lists for the credential's app, read piece by piece: after the whole
 * list, only what has been added to it.
 *
 * It is read unfiltered, so that entries are added and never leave it. EnableNow sorts by date of
 * creation but does not say in which direction: that is learnt from where the first new ones
 * appear. How many shares there are comes with each page, and tells when all have been seen; where
 * that does not add up, the whole list is read again.
 */
export class ShareListing {
	private readonly seen = new Set<string>();
	/** Shares that were seen and not told, since the reading failed in which they were. */
	private untold: Share[] = [];
	private order: 'newestFirst' | 'oldestFirst' | undefined;

	constructor(private readonly api: EnableNowApi) {}

	/**
	 * Reads what has been added to the list since the last time; the first time, all of it.
	 *
	 * @returns the shares that had not been seen before; a change of one that had is not noticed
	 * @throws RequestFailure
	 */
	async readNew(): Promise<Share[]> {
		if (this.seen.size === 0) await this.readWhole();
		else await this.readOn();
		const shares = this.untold;
		this.untold = [];
		return shares;
	}

	/** Reads the whole list, its pages side by side. */
	private async readWhole(): Promise<void> {
		const { totalCount: count } = await this.readPage(1);
		if (count !== undefined && count <= MOST_PAGES_AT_ONCE * PAGE_SIZE) {
			const pageCount = Math.ceil(count / PAGE_SIZE);
			const numbers = Array.from({ length: pageCount }, (_page, index) => index + 1).slice(1);
			const pages = await Promise.all(numbers.map(async (number) => await this.readPage(number)));
			const isSteady = pages.every(({ totalCount }) => totalCount === count);
			if (isSteady && this.seen.size >= count) return;
		}
		// While the list grows, pages read side by side may miss a share. One after the other they do not.
		await this.readFrom(1);
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
			const { isWhole } = await this.readFrom(lastPage, isWrongPlace);
			if (isWhole && this.seen.size > seenBefore) this.order = 'oldestFirst';
			if (isWhole) return;
		}
		const { first } = await this.readFrom(1);
		if (this.seen.size > seenBefore) this.order = first.isFirstNew ? 'newestFirst' : 'oldestFirst';
	}

	/**
	 * Reads page after page until all has been seen that the list had at first.
	 *
	 * @param number - the first page, from 1
	 * @param isWrongPlace - whether a page shows that what is new is not here
	 */
	private async readFrom(
		number: number,
		isWrongPlace: (page: ReadPage) => boolean = () => false,
	): Promise<{ first: ReadPage; isWhole: boolean }> {
		const first = await this.readPage(number);
		const isWhole = () => first.totalCount !== undefined && this.seen.size >= first.totalCount;
		let page = first;
		while (!isWhole() && !isWrongPlace(page) && hasNextPage(page, number, PAGE_SIZE)) {
			const next = await this.readPage(++number);
			// A list that is given whole on every page would otherwise be read for ever.
			if (next.entries[0]?.id === page.entries[0]?.id) break;
			page = next;
		}
		return { first, isWhole: isWhole() };
	}

	private async readPage(number: number): Promise<ReadPage> {
		const page = await getSharePage(this.api, { page: number, pageSize: PAGE_SIZE });
		const fresh = page.entries.filter(({ id }) => this.noteSeen(identifierKey(id)));
		this.untold.push(...fresh);
		const isFresh = (share: Share | undefined) => share !== undefined && fresh.includes(share);
		return {
			...page,
			number,
			isFirstNew: isFresh(page.entries[0]),
			isLastNew: isFresh(page.entries.at(-1)),
		};
	}

	/** Whether it had not been seen. */
	private noteSeen(key: string): boolean {
		const isNew = !this.seen.has(key);
		this.seen.add(key);
		return isNew;
	}
}
