import type { Locator, Page } from 'playwright-core';

/** n8n marks the parts of its editor for its own tests; those marks outlive its class names. */
export function testId(scope: Page | Locator, id: string): Locator {
	return scope.locator(`[data-test-id="${id}"]`);
}

/** The text of a label, with or without the star of a required field. */
export function labelText(label: string): RegExp {
	return new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?\\s*$`);
}

/** Chooses from a drop-down that is open. */
export async function chooseOption(page: Page, name: string): Promise<void> {
	// Some have a description, which is part of their accessible name.
	const option = page.getByRole('option').filter({ has: page.getByText(name, { exact: true }) });
	await option.locator('visible=true').click();
}
