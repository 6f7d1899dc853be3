/** What stands on the page belongs together at every moment. */
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
