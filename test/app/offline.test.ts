/** Light to load, there without a network, small within another page, and fit to print. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import sirv from 'sirv';
import { expect, inject, test } from 'vitest';
import { newPage, openApp, quantities, useBrowser } from './page.js';

useBrowser();

const built = fileURLToPath(new URL('../../dist/app/', import.meta.url));
const compressed = (path: string): number => gzipSync(readFileSync(`${built}${path}`)).length;

/** Of the first visit until its first number, compressed, without what WebGPU needs. */
const MOST_BYTES = 260_000;

test('the first number comes with few bytes, and before what draws plots is asked for', async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('[data-quantity="heat.Q1"]') === null) return;
      observer.disconnect();
      Object.assign(window, { firstNumber: performance.timeOrigin + performance.now() });
    }).observe(document, { subtree: true, childList: true });
  });
  await page.goto(inject('appUrl'));
  await page.locator('.rotor svg.marks').waitFor();
  // The page and its workers say when they asked for what, all by one clock.
  const asked = () =>
    performance.getEntriesByType('resource').map(({ name, startTime }) => ({
      path: new URL(name).pathname.slice(1),
      at: performance.timeOrigin + startTime,
    }));
  const all = (
    await Promise.all([page, ...page.workers()].map((one) => one.evaluate(asked)))
  ).flat();
  const first = await page.evaluate(
    () => (window as unknown as { firstNumber: number }).firstNumber,
  );
  const before = new Set(all.filter(({ at }) => at < first).map(({ path }) => path));
  const paths = ['index.html', ...before].filter((path) => !path.endsWith('.wgsl'));
  const bytes = paths.map(compressed).reduce((sum, size) => sum + size, 0);
  expect(paths.filter((path) => path.includes('worker'))).not.toEqual([]);
  expect(paths.filter((path) => path.includes('steady'))).not.toEqual([]);
  expect(paths.filter((path) => path.includes('vega'))).toEqual([]);
  expect(all.filter(({ path }) => path.includes('vega'))).not.toEqual([]);
  expect(bytes, `${bytes}: ${paths.join()}`).toBeLessThanOrEqual(MOST_BYTES);
});

/** The scripts that one loads, and those that these load, at once or later. */
function loadedBy(entry: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const load = (name: string) => {
    if (found.has(name)) return;
    const text = readFileSync(`${built}assets/${name}`, 'utf8');
    found.set(name, text);
    for (const [, next] of text.matchAll(/(?:from|import\(?)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) {
      load(next);
    }
  };
  load(entry);
  return found;
}

test('no library is in two of the files that workers load', () => {
  const page = readdirSync(`${built}assets`).filter((name) => /^index-.*\.js$/.test(name));
  expect(page).toHaveLength(1);
  const started = [...loadedBy(page[0]).values()].flatMap((text) =>
    [...text.matchAll(/new URL\(`(worker-[^`]+\.js)`/g)].map(([, name]) => name),
  );
  expect(new Set(started).size).toBe(1);
  const sources = [...loadedBy(started[0]).values()];
  // What each says of itself, in words that no minifier touches.
  for (const words of ['too_big', 'Row index out of range', 'trunc_sat', '@else']) {
    expect(sources.filter((text) => text.includes(words)).length, words).toBe(1);
  }
});

test('what was visited once is there without a network, every view of it', async () => {
  const files = sirv(built);
  const server = createServer((request, response) =>
    files(request, response, () => {
      response.statusCode = 404;
      response.end();
    }),
  ).listen(0);
  const base = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const page = await newPage({ serviceWorkers: 'allow' });
  await page.goto(base);
  await quantities(page);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  server.closeAllConnections();
  server.close();
  await page.goto(`${base}?again#device?chi=0.3`);
  expect((await quantities(page))['heat.Q1']).not.toBeNaN();
  await page.locator('.rotor svg.marks').waitFor();
  await page.goto(`${base}#map?mapSize=17`);
  await page.getByText('289 of 289 points').waitFor();
  await page.goto(`${base}#evolution?until=10&lmin=-6&lmax=6`);
  await page.locator('section[aria-label="Against time"] svg.marks').waitFor();
});

test('within another page the results stand alone, with a link to all of it', async () => {
  const page = await newPage({ viewport: { width: 900, height: 600 } });
  await page.goto(`${inject('appUrl')}?embed=1#device?chi=0.3`);
  await quantities(page);
  expect(await page.locator('header').count()).toBe(0);
  expect(await page.locator('.parameters').isVisible()).toBe(false);
  const link = page.getByRole('link', { name: 'Device: χ = 0.3 | quantum-mill' });
  expect(await link.getAttribute('href')).toBe('/#device?chi=0.3');
});

test('on paper there are numbers and parameters, and no controls', async () => {
  const page = await openApp('device?chi=0.3', { colorScheme: 'dark' });
  await quantities(page);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('slider').count()).toBe(0);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'SVG' }).count()).toBe(0);
  expect(await page.locator('#parameter-chi').isVisible()).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
});
