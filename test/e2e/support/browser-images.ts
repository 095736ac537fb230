import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const IMAGES_FOLDER = path.resolve(__dirname, '../../../docs/images');

/** What n8n reports in the corner of the page lies over other things. */
const NOTIFICATIONS_HIDDEN = '.el-notification { display: none !important }';

interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** How much of what is around something may be on its image, pixels. */
interface Margin {
	x: number;
	y: number;
}

const NO_MARGIN: Margin = { x: 0, y: 0 };

/** Whether this run writes the images: others leave them as they are. */
export function areImagesWanted(): boolean {
	return process.env['E2E_IMAGES'] === '1';
}

/**
 * Takes an image for README and docs, where E2E_IMAGES=1 is in the environment.
 *
 * @param name its file name without ".png"
 * @param shown what must be on it; the rest of the page is cut off
 */
export async function takeImage(
	page: Page,
	name: string,
	shown: Locator[],
	margin = NO_MARGIN,
): Promise<void> {
	if (!areImagesWanted()) return;
	const boxes: Rectangle[] = [];
	for (const locator of shown) {
		const box = await locator.boundingBox();
		if (box === null) throw new Error(`Part of the image "${name}" is not to be seen`);
		boxes.push(box);
	}
	await mkdir(IMAGES_FOLDER, { recursive: true });
	await page.screenshot({
		path: path.join(IMAGES_FOLDER, `${name}.png`),
		clip: around(boxes, margin, page.viewportSize() ?? { width: 0, height: 0 }),
		animations: 'disabled',
		caret: 'hide',
		style: NOTIFICATIONS_HIDDEN,
	});
}

/** Takes an image in the light and in the dark theme of n8n, "-light" and "-dark". */
export async function takeImageInBothThemes(
	page: Page,
	name: string,
	shown: Locator[],
	margin: Margin,
): Promise<void> {
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		await takeImage(page, `${name}-${colorScheme}`, shown, margin);
	}
}

function around(
	boxes: Rectangle[],
	margin: Margin,
	limits: { width: number; height: number },
): Rectangle {
	const left = Math.max(0, Math.min(...boxes.map(({ x }) => x)) - margin.x);
	const top = Math.max(0, Math.min(...boxes.map(({ y }) => y)) - margin.y);
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin.x;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin.y;
	return {
		x: left,
		y: top,
		width: Math.min(limits.width, right) - left,
		height: Math.min(limits.height, bottom) - top,
	};
}
