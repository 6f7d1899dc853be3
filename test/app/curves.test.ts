/** Curves over a parameter, the device that is pinned, and the way back. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { downloadRows, openApp, quantities, settled, useBrowser } from './page.js';

useBrowser();

const steady = (...flags: string[]) => JSON.parse(qmill(['steady', '--json', ...flags]).stdout);

const curvesOf = async (page: Page) => {
  await page.locator('.curves .results[aria-busy=false] svg.marks').waitFor();
  return await downloadRows(page, 'curves as CSV');
};

test('curves are the numbers of the command line, follow the sliders, and lead to a point', async () => {
  const page = await openApp('device?chi=0.2');
  const rows = await curvesOf(page);
  expect(rows).toHaveLength(60);
  for (const row of [rows[10], rows[40]]) {
    const { heat, work, operation } = steady('--chi', '0.2', '--beta2', row.beta2);
    expect(row.operation).toBe(operation);
    const found = [row['heat.Q1'], row['heat.Q2'], row['heat.Qr'], row['work.WQ']].map(Number);
    [heat.Q1, heat.Q2, heat.Qr, work.WQ].forEach((value, k) => {
      expect(Math.abs(found[k] - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    });
  }
  // What the axis varies leaves the curves as they are; anything else does not.
  await page.locator('#slider-beta2').fill('480');
  await settled(page);
  expect(await curvesOf(page)).toEqual(rows);
  await page.locator('#slider-lambda').fill('500');
  await settled(page);
  const other = await curvesOf(page);
  expect(other[10]['heat.Q1']).not.toBe(rows[10]['heat.Q1']);

  const box = await page.locator('.curves svg.marks').boundingBox();
  if (box === null) throw new Error('the curves have no place');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await settled(page);
  const beta2 = await page.locator('#parameter-beta2').inputValue();
  expect(Number(beta2)).toBeGreaterThan(0.045);
  expect(Number(beta2)).toBeLessThan(0.065);
  expect(page.url()).toContain(`beta2=${beta2}`);
});

test('any number of a device over any parameter', async () => {
  const page = await openApp(
    'device?curve=chi&curveFrom=0&curveTo=0.9&curveShow=rotor.Lz&lmin=-20&lmax=40',
  );
  const rows = await curvesOf(page);
  const { rotor } = steady('--chi', rows[30].chi, '--lmin', '-20', '--lmax', '40');
  expect(Math.abs(Number(rows[30]['rotor.Lz']) - rotor.Lz)).toBeLessThanOrEqual(
    1e-9 * Math.abs(rotor.Lz),
  );
  await page.locator('.curves svg').getByText('⟨L_z⟩').first().waitFor();
});

test('with a potential points come one after the other, and can be cancelled', async () => {
  const page = await openApp('device?V=1&lmin=-5&lmax=7&curveShow=rotor.cos');
  await page
    .getByTestId('curve-time')
    .getByText(/^60 points in/)
    .waitFor();
  const rows = await curvesOf(page);
  expect(rows).toHaveLength(60);
  const flags = ['--V', '1', '--beta2', rows[20].beta2, '--lmin', '-5', '--lmax', '7'];
  const { rotor } = steady(...flags);
  expect(Math.abs(Number(rows[20]['rotor.cos']) - rotor.cos)).toBeLessThanOrEqual(
    1e-9 * Math.abs(rotor.cos),
  );
  // So large that it is still under way.
  await page.locator('#window-lmax').fill('60');
  await page.locator('#window-lmax').press('Enter');
  const line = page.getByTestId('curve-time');
  await line.getByRole('button', { name: 'Cancel' }).click();
  await line.getByRole('button', { name: 'Compute' }).waitFor();
});

test('a device that is pinned stays beside, and so it does in the address', async () => {
  const page = await openApp();
  const first = await quantities(page);
  await page.getByRole('button', { name: 'Pin this device' }).click();
  await page.locator('#parameter-beta2').fill('0.06');
  await page.locator('#parameter-beta2').press('Enter');
  await settled(page);
  const beside = page.locator('[data-pinned="heat.Q2"]');
  const digits = String(first['heat.Q2']);
  await beside.getByText(digits).waitFor();
  expect(await beside.textContent()).toMatch(/pinned .*, difference −/);
  const again = await openApp(page.url().split('#')[1]);
  await again.locator('[data-pinned="heat.Q2"]').getByText(digits).waitFor();
  await again.getByRole('button', { name: 'Unpin' }).click();
  await again.locator('[data-pinned]').first().waitFor({ state: 'detached' });
});

test('the other model stands beside in one click', async () => {
  const page = await openApp('device?B1=3');
  const local = await quantities(page);
  await page.getByRole('button', { name: 'Beside it: the semi-global model' }).click();
  await page.locator('[data-pinned="heat.Q2"]').getByText(String(local['heat.Q2'])).waitFor();
  await settled(page);
  const { heat } = steady('--model', 'global', '--B1', '3');
  const { 'heat.Q2': Q2 } = await quantities(page);
  expect(Math.abs(Q2 - heat.Q2)).toBeLessThanOrEqual(1e-9 * Math.abs(heat.Q2));
});

test('undo, redo and reset', async () => {
  const page = await openApp();
  await quantities(page);
  const chi = page.locator('#parameter-chi');
  const [undo, redo, reset] = ['Undo', 'Redo', 'Reset'].map((name) =>
    page.getByRole('button', { name, exact: true }),
  );
  const shows = (value: string) =>
    page.waitForFunction(
      (text) => document.querySelector<HTMLInputElement>('#parameter-chi')?.value === text,
      value,
    );
  expect(await undo.isDisabled()).toBe(true);
  for (const value of ['0.1', '0.2']) {
    await chi.fill(value);
    await chi.press('Enter');
    await shows(value);
  }
  await undo.click();
  await shows('0.1');
  await undo.click();
  await shows('0');
  expect(await undo.isDisabled()).toBe(true);
  await redo.click();
  await shows('0.1');
  await page.getByRole('link', { name: 'Map' }).click();
  await page.getByRole('link', { name: 'Device' }).click();
  await quantities(page);
  expect(await redo.isDisabled()).toBe(true);
  await reset.click();
  await shows('0');
  await undo.click();
  await shows('0.1');
});
