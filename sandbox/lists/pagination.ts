/** Where in a list a page is, as EnableNow says it. */
export interface Pagination {
	page: number;
	size: number;
	totalCount: number;
	totalPages: number;
}

/**
 * Cuts a page out of a list. A page after the last one is empty.
 *
 * @param list - The whole list
 * @param page - The page, from 1
 * @param size - Items per page
 */
export function paginate<Item>(
	list: readonly Item[],
	page: number,
	size: number,
): { items: Item[]; pagination: Pagination } {
	return {
		items: list.slice((page - 1) * size, page * size),
		pagination: {
			page,
			size,
			totalCount: list.length,
			totalPages: Math.ceil(list.length / size),
		},
	};
}
