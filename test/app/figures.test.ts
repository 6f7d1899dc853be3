import { describe, expect, test } from 'vitest';
import { FIGURE_RATIOS } from '../../src/app/content/figures.js';
import { qmill } from '../support/commandLine.js';
import { download, downloadRows, openApp, useBrowser } from './page.js';

useBrowser();

describe("the paper's figures", () => {
  test('Fig. 2, computed in the page: its numbers, its claims, its picture', async () => {
    const page = await openApp('figures');
    await page.getByTestId('figure-provenance').getByText('cpu f64').waitFor();
    const row = (await downloadRows(page, 'figure2 as CSV'))[150];
    const { heat, work } = JSON.parse(
      qmill(['steady', '--json', '--beta2', String(0.1 * Number(row.ratio))]).stdout,
    );
    expect(Math.abs(Number(row.Q2) - heat.Q2)).toBeLessThanOrEqual(1e-9 * heat.Q2);
    expect(Math.abs(Number(row.WQ) - work.WQ)).toBeLessThanOrEqual(1e-9 * Math.abs(work.WQ));
    const claim = (text: string) => page.getByRole('row').filter({ hasText: text }).textContent();
    expect(await claim('engine for β2/β1 < 0.43')).toMatch(/0\.43424.*agrees$/);
    expect(await claim('accelerator up to 0.54')).toMatch(/0\.50388.*does not agree$/);
    await page.locator('.figures svg').getByText('refrigerator').waitFor();
    expect((await download(page, 'figure2 as SVG')).toString()).toContain('efficiency η');
    // All of it is seen: nothing is cut off above the downloads.
    const picture = await page.locator('.figures svg.marks').boundingBox();
    const place = await page.locator('.figures .scrolling').first().boundingBox();
    expect((picture?.y ?? 0) + (picture?.height ?? 0)).toBeLessThanOrEqual(
      (place?.y ?? 0) + (place?.height ?? 0) + 1,
    );
    await page.getByTitle('About: efficiency').click();
    await page.getByText('Paper, Eq. (36)').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');

    // Drawn from the same points: there at once.
    await page.getByRole('button', { name: 'Fig. 3' }).click();
    await page.locator('.figures svg').getByText('two qubits').first().waitFor();
    expect(page.url()).toContain('figure=3');
    await page.goBack();
    await page.locator('.figures svg').getByText('refrigerator').waitFor();
  });

  test.each([
    ['page', 1280],
    ['phone', 360],
  ] as const)(
    'each fills the place that is kept for it on a %s, and nothing scrolls sideways',
    async (on, width) => {
      const page = await openApp('figures', { viewport: { width, height: 800 } });
      for (const figure of ['2', '6', '7', '8']) {
        await page.getByRole('button', { name: `Fig. ${figure}` }).click();
        await page
          .getByRole('img', { name: `Figure ${figure} of` })
          .locator('svg.marks')
          .waitFor();
        // The drawing of the figure before stays until this one is drawn.
        const apart = () =>
          page.evaluate((ratio) => {
            const { width, height } = (document.querySelector('svg.marks') as SVGSVGElement).viewBox
              .baseVal;
            return Math.abs(width / height / ratio - 1);
          }, FIGURE_RATIOS[figure][on]);
        await expect.poll(apart, { message: figure, timeout: 30_000 }).toBeLessThan(0.01);
        const wide = await page.evaluate(() => {
          const all = [document.documentElement, ...document.querySelectorAll('.figures *')];
          const isWide = (e: Element) =>
            !e.classList.contains('hidden') &&
            e.clientWidth > 0 &&
            e.scrollWidth > e.clientWidth + 1 &&
            getComputedStyle(e).overflowX !== 'visible';
          return all.filter(isWide).map((e) => `${e.tagName}.${e.className}`);
        });
        expect(wide).toEqual([]);
      }
    },
  );

  test('one that takes long is counted, and can be cancelled', async () => {
    const page = await openApp('figures?figure=4');
    await page.getByText(/\d+ of \d+ points/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/\d+ of \d+ points/).waitFor({ state: 'detached' });
    await page.getByText('Cancelled.').waitFor();
    await page.getByRole('button', { name: 'Compute' }).click();
    await page.getByText(/\d+ of \d+ points/).waitFor();
    await page.getByRole('button', { name: 'Fig. 2' }).click();
    await page.getByTestId('figure-provenance').waitFor();
  });
});
