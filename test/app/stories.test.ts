/** Stories set the device as one reads, and leave it to the reader. */
import { expect, test } from 'vitest';
import { openApp, quantities, settled, useBrowser } from './page.js';

useBrowser();

test('a story goes step by step, back, and ends; its place is in the address', async () => {
  const page = await openApp();
  await quantities(page);
  const operation = (name: string) => page.getByTestId('operation').getByText(name).waitFor();
  await page.getByRole('button', { name: 'Make it an engine' }).click();
  await operation('refrigerator');
  const next = page.getByRole('button', { name: 'Next' });
  await next.click();
  await operation('accelerator');
  await next.click();
  await operation('engine');
  const again = await openApp(page.url().split('#')[1]);
  await again.getByText('3 of 4').waitFor();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await operation('accelerator');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Make it an engine' }).waitFor();
  await settled(page);
  // What was told last stays.
  expect(await page.locator('#parameter-beta2').inputValue()).toBe('0.047');
});
