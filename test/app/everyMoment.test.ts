/** What stands on the page belongs together at every moment, and is never too much to draw. */
import { expect, test } from 'vitest';
import { openApp, quantities, settled, useBrowser } from './page.js';

useBrowser();

test('in a potential no number stands unmarked beside parameters that it is not of', async () => {
  const page = await openApp('device?V=1&lmin=-20&lmax=20');
  await settled(page);
  const { 'heat.Q2': before } = await quantities(page);
  const seen = await page.evaluate(async () => {
    const moments: { V: string; value: string; busy: boolean; opacity: number }[] = [];
    const field = document.querySelector<HTMLInputElement>('#parameter-V');
    const results = document.querySelector('#results');
    if (field === null || results === null) throw new Error('no device is shown');
    location.hash = 'device?V=2&lmin=-20&lmax=20';
    for (;;) {
      await new Promise(requestAnimationFrame);
      const value = document.querySelector('[data-quantity="heat.Q2"]')?.textContent ?? '';
      const busy = results.getAttribute('aria-busy') === 'true';
      moments.push({
        V: field.value,
        value,
        busy,
        opacity: Number(getComputedStyle(results).opacity),
      });
      if (field.value === '2' && !busy) return moments;
    }
  });
  const { 'heat.Q2': after } = await quantities(page);
  expect(after).not.toBe(before);
  const isOf = (number: number) => (moment: { value: string }) =>
    Number(moment.value.replaceAll('−', '-')) === number;
  const old = seen.filter(({ V }) => V === '2').filter(isOf(before));
  expect(old.filter(({ busy }) => !busy)).toEqual([]);
  // Of the rest those are marked that are coarse.
  const rest = seen.filter(({ V }) => V === '2').filter((moment) => !isOf(before)(moment));
  expect(rest.filter((m) => !m.value.startsWith('≈') && !isOf(after)(m))).toEqual([]);
  expect(seen.at(-1)?.opacity).toBeGreaterThan(0.5);
});

test('a window of a hundred thousand levels is drawn with few marks, and the page answers', async () => {
  const page = await openApp('device?lmin=-10&lmax=20');
  await page.locator('.rotor svg.marks').waitFor();
  await settled(page);
  const { longest, whole } = await page.evaluate(async () => {
    location.hash = 'device?lmin=-10&lmax=100000';
    const begin = performance.now();
    let [last, gap, hasBegun] = [begin, 0, false];
    for (;;) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
      const busy = document.querySelector('main')?.getAttribute('aria-busy') === 'true';
      hasBegun ||= busy;
      if (hasBegun && !busy && now > begin + 2000) return { longest: gap, whole: now - begin };
    }
  });
  // A frozen page had no moment for 38 seconds: all of the time, on whatever machine.
  expect(longest).toBeLessThan(whole / 2);
  expect(await page.locator('.rotor svg.marks .mark-rect path').count()).toBeLessThan(420);
  expect(await page.locator('body *').count()).toBeLessThan(10_000);
});
