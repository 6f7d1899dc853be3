import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { downloadRows, openApp, useBrowser } from './page.js';

useBrowser();

const number = (text: string | null): number => Number(text?.replaceAll('−', '-'));

describe('rectification', () => {
  test('R, J, the optimum and the Pareto front are those of the command line', async () => {
    const page = await openApp('rectification?model=global&g=0.5&beta2=0.02&chi=0.5&alpha=0.5');
    await page.getByTestId('search').waitFor();
    const flags = 'rectify --beta2 0.02 --chi 0.5 --alpha 0.5 --json'.split(' ');
    const r = JSON.parse(qmill(flags).stdout);
    const shown = async (name: string) =>
      number(await page.locator(`[data-quantity="${name}"]`).textContent());
    const close = (found: number, expected: number) =>
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
    close(await shown('R'), r.heat.R);
    close(await shown('J'), r.heat.J);
    close(await shown('Rangular'), r.angular.signed.R);
    close(await shown('Jangular'), r.angular.signed.J);
    const best = r.best.find((b: { quantity: string }) => b.quantity === 'heat');
    close(number(await page.getByTestId('best').textContent()), best.Gamma);
    const front = await downloadRows(page, 'pareto as CSV');
    expect(front).toHaveLength(r.pareto.heat.length);
    close(Number(front[0].J), r.pareto.heat[0].heat.J);

    await page.getByRole('button', { name: 'Take these parameters' }).click();
    const chi = Number(await page.locator('#parameter-chi').inputValue());
    expect(chi).toBe(best.parameters.chi);
  });

  test('equal temperatures are refused by name', async () => {
    const page = await openApp('rectification?beta2=0.1');
    await page.getByRole('alert').getByText('beta2 = 0.1: must be different from beta1').waitFor();
  });
});

/** ⟨L_z⟩ at the start and at the end. */
async function evolutionOf(page: Page): Promise<readonly [number, number]> {
  const rows = await downloadRows(page, 'evolution as CSV');
  return [Number(rows[0].Lz), Number(rows[rows.length - 1].Lz)];
}

describe('evolution', () => {
  test('every time is that of the command line; it plays, and is scrubbed', async () => {
    const page = await openApp('evolution?until=400&times=linear&frame=50');
    await page.getByTestId('evolution').waitFor();
    expect(await page.getByTestId('time').textContent()).toBe('t = 200');
    const { snapshots } = JSON.parse(
      qmill(['evolve', '--times', '200,400', '--rtol', '1e-10', '--json']).stdout,
    );
    const shown = async (name: string) =>
      number(await page.locator(`[data-quantity="${name}"]`).textContent());
    for (const [name, value] of Object.entries<number>(snapshots[0].heat)) {
      expect(Math.abs((await shown(`heat.${name}`)) - value)).toBeLessThanOrEqual(
        1e-9 * Math.abs(value),
      );
    }
    const rows = await downloadRows(page, 'evolution as CSV');
    expect(rows).toHaveLength(101);
    expect(Math.abs(Number(rows[100].Lz) - snapshots[1].rotor.Lz)).toBeLessThanOrEqual(
      1e-9 * Math.abs(snapshots[1].rotor.Lz),
    );

    await page.getByLabel('time', { exact: true }).fill('90');
    expect(await page.getByTestId('time').textContent()).toBe('t = 360');
    expect(page.url()).toContain('frame=90');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByTestId('time').getByText('t = 400').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(page.url()).toContain('frame=100');
  });

  test('at logarithmic times, too', async () => {
    const page = await openApp('evolution?until=1000&lmin=-12&lmax=12&frame=50');
    await page.getByTestId('evolution').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.locator('section[aria-label="Against time"] svg.marks').waitFor();
    // What is there stays while something newer is computed: the page does not jump.
    const before = await page.locator('[data-quantity="rotor.Lz"]').textContent();
    await page.getByLabel('Until t').fill('200000');
    await page.getByLabel('Until t').press('Enter');
    await page.locator('.results[aria-busy=true] [data-quantity="rotor.Lz"]').waitFor();
    await page.locator('.results[aria-busy=false] [data-quantity="rotor.Lz"]').waitFor();
    expect(await page.locator('[data-quantity="rotor.Lz"]').textContent()).not.toBe(before);
  });

  test('a packet is at φ = 0 at the start', async () => {
    const page = await openApp('evolution?until=0.5&times=linear&rotor=packet&lmin=-8&lmax=8');
    await page.getByTestId('evolution').waitFor();
    const rows = await downloadRows(page, 'angle as CSV');
    const density = rows.map((row) => Number(row.density));
    expect(density.indexOf(Math.max(...density))).toBe((rows.length - 1) / 2);
    const mean = density.slice(0, -1).reduce((a, b) => a + b, 0) / (density.length - 1);
    expect(mean * 2 * Math.PI).toBeCloseTo(1, 9);
  });

  test('trajectories stand beside it with the means and bars of the command line', async () => {
    const page = await openApp('evolution?until=20&times=linear&series=flows&lmin=-8&lmax=8');
    await page.getByTestId('evolution').waitFor();
    await page.getByLabel('Shown beside it').selectOption('trajectories');
    await page.getByTestId('beside').getByText('100 trajectories of the seed 0').waitFor();
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const workers = cores > 1 ? 'cpu f64, 2 workers' : 'cpu f64, 1 worker';
    expect(await page.getByTestId('beside').textContent()).toContain(workers);
    const rows = await downloadRows(page, 'beside as CSV');
    expect(rows.map(({ t }) => Number(t))).toEqual(Array.from({ length: 21 }, (_, k) => k));
    // Bars reckon with the levels that are seen at any of the times.
    const times = rows.map(({ t }) => t).join();
    const flags = '--lmin -8 --lmax 8 --count 100 --seed 0 --json --times'.split(' ');
    const { snapshots } = JSON.parse(qmill(['trajectories', ...flags, times]).stdout);
    const last = snapshots[20];
    for (const [column, { mean, error }] of [
      ['Lz', last.rotor.Lz],
      ['Q1', last.heat.Q1],
      ['Q2', last.heat.Q2],
    ] as const) {
      expect(Number(rows[20][column])).toBeCloseTo(mean, 10);
      expect(Number(rows[20][`${column}_error`])).toBeCloseTo(error, 10);
    }
    const [first, second] = await evolutionOf(page);
    expect(Math.abs(Number(rows[20].Lz) - second)).toBeLessThan(3 * Number(rows[20].Lz_error));
    expect(first).not.toBe(second);
  });

  test('collisions do so exactly, and too many are refused by name', async () => {
    const page = await openApp(
      'evolution?beta1=1&beta2=0.5&until=2&times=linear&lmin=-4&lmax=4&beside=collisions&tau=0.1',
    );
    await page.getByTestId('beside').getByText('20 collisions of τ = 0.1').waitFor();
    const rows = await downloadRows(page, 'beside as CSV');
    expect(rows).toHaveLength(20);
    const device = '--beta1 1 --beta2 0.5 --lmin -4 --lmax 4'.split(' ');
    const flags = [...device, ...'--collisions 20 --tau 0.1 --json'.split(' ')];
    const { collisions } = JSON.parse(qmill(['collide', ...flags]).stdout);
    for (const name of ['t', 'Lz', 'Q1', 'Q2', 'Qr', 'WQ']) {
      expect(Number(rows[19][name]), name).toBeCloseTo(collisions[19][name], 10);
    }
    await page.getByLabel('Duration τ of a collision').fill('1e-6');
    await page.getByLabel('Duration τ of a collision').press('Enter');
    await page.getByRole('alert').getByText('until = 2: must be from tau to 100000 tau').waitFor();
  });
});
