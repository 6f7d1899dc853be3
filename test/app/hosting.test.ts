import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { afterEach, expect, test } from 'vitest';
import { download, newPage, quantities, useBrowser } from './page.js';

useBrowser();

const built = fileURLToPath(new URL('../../dist/app/', import.meta.url));

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The built page on a host of its own; returns its address. */
async function host(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const files = sirv(built, {
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => {
    request.url = request.url?.replace(path, '/');
    files(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  }).listen(0);
  open.push(server);
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}${path}`;
}

test('under any path of any host, and nothing comes from elsewhere', async () => {
  const base = await host('/some/deep/path/');
  const page = await newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(base);
  await quantities(page);
  await page.getByTestId('gpu').getByText('SwiftShader').waitFor();
  await page.locator('.rotor svg.marks').waitFor();
  expect(asked.filter((url) => !url.startsWith(base))).toEqual([]);
  expect(asked.some((url) => url.endsWith('.wgsl'))).toBe(true);
});

/** No code out of strings, no styles in attributes, nothing from elsewhere. WebAssembly solves some devices. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

test('every view is whole under a strict content security policy', async () => {
  const base = await host('/', { 'Content-Security-Policy': POLICY });
  const page = await newPage();
  const show = (hash: string) => page.goto(`${base}#${hash}`);
  await show('device');
  await quantities(page);
  await page.locator('.rotor svg.marks .mark-rect path').first().waitFor({ state: 'attached' });
  await page.locator('.qubits svg.marks .mark-rect path').first().waitFor({ state: 'attached' });
  await page.getByTitle('About: power of the local baths').first().click();
  expect(await page.locator('.explanation:popover-open math').count()).toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await show('device?V=1&lmin=-4&lmax=4');
  await page.locator('[data-quantity="work.V"]').waitFor();
  await page.locator('.wigner svg.marks image').waitFor();
  await show('map?mapSize=17');
  await page.getByText('289 of 289 points').waitFor();
  await page.locator('.map .frame svg text').getByText('β₂').waitFor();
  expect((await download(page, 'map as PNG')).length).toBeGreaterThan(10_000);
  expect((await download(page, 'map as netCDF')).subarray(1, 4).toString()).toBe('HDF');
  await show('fluctuations?lmin=-20&lmax=40');
  await page.locator('section[aria-label="Noise spectrum"] svg.marks').waitFor();
  await show('figures?figure=2');
  await page.locator('.figures svg').getByText('refrigerator').waitFor();
  await show('rectification?model=global&g=0.5&beta2=0.02&chi=0.5');
  await page.locator('section[aria-label=Best] svg.marks').waitFor();
  await show('evolution?until=10&lmin=-6&lmax=6');
  await page.locator('section[aria-label="Against time"] svg.marks').waitFor();
  await show('machines?machine=piston');
  await page.locator('section[aria-label=Ladder] svg.marks').waitFor();
});

test('the built page has no Node module in it', () => {
  const scripts = readdirSync(`${built}assets`).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(2);
  for (const name of scripts) {
    expect(readFileSync(`${built}assets/${name}`, 'utf8')).not.toMatch(
      /(from|import\(|require\()\s*["'`](node:|fs|path|webgpu)/,
    );
  }
});
