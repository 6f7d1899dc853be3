/** Every file carries where it comes from, and what is copied computes the same. */
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { download, openApp, quantities, useBrowser } from './page.js';

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
