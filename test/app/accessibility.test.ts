/** Every view in both appearances by axe's rules, and what those do not see. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openApp, quantities, useBrowser } from './page.js';

useBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const views: readonly (readonly [string, string])[] = [
  ['device', '.rotor svg.marks'],
  ['device?V=1&lmin=-4&lmax=4&beta9=1', '.rotor svg.marks'],
  ['map?mapSize=33', '.map .region'],
  ['fluctuations', 'section[aria-label="Noise spectrum"] svg.marks'],
  [
    'fluctuations?fluctuating=machine&machine=single-level',
    'section[aria-label="Noise spectrum"] svg.marks',
  ],
  ['figures?figure=2', '.figures svg.marks'],
  ['rectification?model=global&g=0.5&beta2=0.02&chi=0.5', 'section[aria-label=Best] svg.marks'],
  ['evolution?until=10&lmin=-6&lmax=6', 'section[aria-label="Against time"] svg.marks'],
  ['machines?machine=piston', 'section[aria-label=Ladder] svg.marks'],
  ['performance', 'section[aria-label=Performance]'],
];

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found, passes } = await page.evaluate(
    (): Promise<AxeResults> =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }),
  );
  expect(passes.length).toBeGreaterThan(15);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

// Appearances share a page: to load it and to compute takes most of the time.
test.each(views)(
  '%s breaks no rule in the light appearance, nor in the dark one',
  async (hash, drawn) => {
    const page = await openApp(hash, { colorScheme: 'light' });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-appearance=${colorScheme}]`).waitFor();
      await page.locator(drawn).first().waitFor({ state: 'attached' });
      expect(await violations(page), colorScheme).toEqual([]);
    }
  },
);

test('a plot is one picture with a name, and not a name for each of its marks', async () => {
  const page = await openApp();
  await page.locator('.rotor svg.marks').waitFor();
  await page.getByRole('img', { name: "Populations of the rotor's levels" }).waitFor();
  await page.getByRole('img', { name: 'Populations of the two qubits' }).waitFor();
  expect(await page.getByRole('graphics-symbol' as 'img').count()).toBe(0);
});

test('a slider and its number have the name of their parameter', async () => {
  const page = await openApp();
  const name = /inverse temperature of bath 2/;
  await page.getByRole('slider', { name }).waitFor();
  await page.getByRole('textbox', { name }).waitFor();
});

test('the first stop skips the controls', async () => {
  for (const view of ['device', 'map?mapSize=17', 'figures', 'evolution', 'performance']) {
    const page = await openApp(view);
    if (view === 'device') await quantities(page);
    await page.locator('#results').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('results');
    expect(page.url()).toContain(view.split('?')[0]);
  }
});
