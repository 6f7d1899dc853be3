/** Nothing moves under the reader's eyes or fingers: layout shifts, as browsers measure them. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { newPage, openAt, quantities, settled, useBrowser } from './page.js';

useBrowser();

/** What the browser's makers call good is 0.1. */
const MOST = 0.05;
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 812 };

interface Shift {
  readonly value: number;
  readonly what: string;
}

async function watched(hash: string, viewport: typeof WIDE): Promise<Page> {
  const page = await newPage({ viewport });
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number;
          sources: { node?: Element }[];
        };
        const what = sources.map(({ node }) => `${node?.nodeName} ${node?.className}`).join(', ');
        shifts.push({ value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await openAt(page, hash);
  return page;
}

async function expectStill(page: Page): Promise<void> {
  const shifts = await page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  expect(sum, JSON.stringify(shifts)).toBeLessThanOrEqual(MOST);
}

const views: readonly (readonly [string, string])[] = [
  ['device', '.rotor svg.marks'],
  ['map?mapSize=33', '.map .frame svg'],
  ['fluctuations', 'section[aria-label="Noise spectrum"] svg.marks'],
  ['figures', '.figures svg.marks'],
  ['rectification?model=global&g=0.5&beta2=0.02&chi=0.5', 'section[aria-label=Best] svg.marks'],
  ['evolution?until=10&lmin=-6&lmax=6', 'section[aria-label="Against time"] svg.marks'],
  ['machines?machine=piston', 'section[aria-label=Ladder] svg.marks'],
  ['performance', 'section[aria-label=Performance]'],
];

describe.each([
  ['a wide page', WIDE],
  ['a phone', PHONE],
] as const)('%s', (_, viewport) => {
  test.each(views)('%s loads without moving', async (hash, drawn) => {
    const page = await watched(hash, viewport);
    await page.locator(drawn).waitFor({ state: 'attached' });
    await page.waitForTimeout(500);
    await expectStill(page);
  });

  test.each([
    // Through engine, accelerator and refrigerator, and through every number of digits.
    ['beta2', [300, 369, 415, 418, 440, 461, 480, 555, 700, 900]],
    ['lambda', [1, 50, 100, 333, 500, 777, 1000]],
    ['chi', [0, 100, 333, 500, 777, 1000]],
  ] as const)('turning %s moves no control and no number', async (name, positions) => {
    const page = await watched('', viewport);
    await quantities(page);
    await page.locator('.qubits svg.marks').waitFor({ state: 'attached' });
    const slider = page.locator(`#slider-${name}`);
    await slider.scrollIntoViewIfNeeded();
    const seen = new Set<string | null>();
    const top = async () => (await slider.boundingBox())?.y;
    const before = await top();
    for (const position of positions) {
      await slider.evaluate((input: HTMLInputElement, value) => {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }, position);
      await page.waitForTimeout(50);
      await settled(page);
      seen.add(await page.getByTestId('operation').textContent());
      expect(await top()).toBe(before);
    }
    if (name === 'beta2') {
      expect([...seen]).toEqual(expect.arrayContaining(['engine', 'accelerator', 'refrigerator']));
    }
    await expectStill(page);
  });
});
