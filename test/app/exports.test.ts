/** Every file carries where it comes from, and what is copied computes the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import h5wasm, { type Dataset } from 'h5wasm/node';
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { download, downloadRows, openApp, quantities, useBrowser } from './page.js';

useBrowser();

test('tables, drawings and pictures say parameters, version and address', async () => {
  const page = await openApp('device?chi=0.3');
  await quantities(page);
  const said = [
    /program: quantum-mill \d/,
    /chi=0\.3/,
    /computed by: cpu f64/,
    /#device\?chi=0\.3/,
  ];
  const csv = (await download(page, 'flows as CSV')).toString();
  const svg = (await download(page, 'rotor-populations as SVG')).toString();
  for (const pattern of said) {
    expect(csv).toMatch(pattern);
    expect(svg).toMatch(pattern);
  }
  expect(csv).toMatch(/^# value \[energy\/time\]: /m);
  expect(svg).toMatch(/<metadata>[^<]*<\/metadata>/);
  const png = (await download(page, 'flows as PNG')).toString('latin1');
  expect(png).toContain('quantum-mill');
  expect(png).toContain('#device?chi=0.3');
  expect(png).toContain('pHYs');
});

test('a map as netCDF has the numbers of its table, on its axes', async () => {
  const page = await openApp('map?mapSize=16');
  await page.getByText('256 of 256 points').waitFor();
  const rows = await downloadRows(page, 'map as CSV');
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  const path = join(folder, 'map.nc');
  writeFileSync(path, await download(page, 'map as netCDF'));
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'r');
  try {
    expect(String(file.attrs.program.value)).toMatch(/^quantum-mill \d/);
    expect(String(file.attrs.address.value)).toContain('mapSize=16');
    const of = (name: string) => file.get(name) as Dataset;
    expect(of('heat.Q2').shape).toEqual([16, 16]);
    const [Q2, beta2, B1] = ['heat.Q2', 'beta2', 'B1'].map(
      (name) => of(name).value as Float64Array,
    );
    for (const at of [0, 17, 255]) {
      expect(Q2[at]).toBe(Number(rows[at]['heat.Q2']));
      expect(beta2[at % 16]).toBe(Number(rows[at].beta2));
      expect(B1[Math.floor(at / 16)]).toBe(Number(rows[at].B1));
    }
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
});

test('the command line of a device gives its numbers', async () => {
  const page = await openApp('device?beta2=0.07&lmin=-20&lmax=40');
  const { 'heat.Q2': Q2 } = await quantities(page);
  await page.getByLabel('Take along as').selectOption('command line');
  const [, ...words] = (await download(page, 'Download')).toString().trim().split(' ');
  const { heat } = JSON.parse(qmill([...words, '--json']).stdout);
  expect(Math.abs(Q2 - heat.Q2)).toBeLessThanOrEqual(1e-9 * Math.abs(heat.Q2));
});

test('copies the address and the text', async () => {
  const page = await openApp('device?chi=0.3');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await quantities(page);
  await page.getByRole('button', { name: 'Copy address' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  await page.getByLabel('Take along as').selectOption('BibTeX of the paper');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('2304.08122');
});
