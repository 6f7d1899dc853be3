import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { qmill } from '../support/commandLine.js';
import { newPage, openApp, openAt, quantities, settled, useBrowser, watch } from './page.js';

useBrowser();

interface Reference {
  readonly parameters: { readonly V: number };
  readonly heat: { readonly Q1: number; readonly Q2: number; readonly Qr: number };
  readonly work: { readonly WQ: number };
  readonly Lz: number;
  readonly Lz2: number;
}
const references: Reference[] = JSON.parse(
  readFileSync(new URL('../reference/potential.json', import.meta.url), 'utf8'),
);
const reference = references.find(({ parameters }) => parameters.V === 1);
if (reference === undefined) throw new Error('no reference for V = 1');

/** The device of the reference values, which no backend solves directly. */
const potential = 'device?V=1&lmin=-8&lmax=12';

async function expectReference(page: Page): Promise<void> {
  await page.locator('[data-quantity="work.V"]').waitFor();
  await settled(page);
  const found = await quantities(page);
  const { heat, work, Lz, Lz2 } = reference as Reference;
  const expected = {
    'heat.Q1': heat.Q1,
    'heat.Q2': heat.Q2,
    'heat.Qr': heat.Qr,
    'work.WQ': work.WQ,
    'rotor.Lz': Lz,
    'rotor.Lz2': Lz2,
  };
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  }
}

/** A browser of its own, for what would disturb other tests. */
async function withBrowser(gpu: boolean, use: (browser: Browser) => Promise<void>): Promise<void> {
  const server = await launchBrowser(gpu);
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    await use(browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function openIn(browser: Browser, hash = ''): Promise<Page> {
  const page = watch(await browser.newPage());
  await page.goto(`${inject('appUrl')}#${hash}`);
  return page;
}

describe('a device with a potential', () => {
  test.each([
    ['cpu', 'cpu f64, band'],
    ['webgpu', 'webgpu f32, refined to f64, band'],
    ['gpujs', 'gpujs f32, refined to f64, band'],
  ])('has the same reference values on %s, which is named', async (backend, named) => {
    const page = await openApp(`${potential}&backend=${backend}`);
    await expectReference(page);
    expect(await page.getByTestId('backend').textContent()).toContain(named);
  });

  test('a newer request ends one that takes long', async () => {
    const page = await openApp('device?V=4&lmin=-60&lmax=60&backend=webgpu');
    await page.getByTestId('milliseconds').getByText('solving').waitFor();
    await page.waitForTimeout(1000);
    await page.evaluate(() => {
      location.hash = 'device?beta2=0.08';
    });
    await settled(page);
    const { heat } = JSON.parse(qmill(['steady', '--json', '--beta2', '0.08']).stdout);
    const { 'heat.Q2': Q2 } = await quantities(page);
    expect(Math.abs(Q2 - heat.Q2)).toBeLessThanOrEqual(1e-9 * Math.abs(heat.Q2));
  });

  test('without one WebGPU solves directly, too, in double-float; gpu.js is refused', async () => {
    const page = await openApp('device?backend=webgpu');
    const { heat, work, rotor } = JSON.parse(qmill(['steady', '--json']).stdout);
    const found = await quantities(page);
    for (const [name, value] of Object.entries<number>({
      'heat.Q1': heat.Q1,
      'heat.Q2': heat.Q2,
      'heat.Qr': heat.Qr,
      'work.WQ': work.WQ,
      'rotor.Lz': rotor.Lz,
      'rotor.Lz2': rotor.Lz2,
    })) {
      expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    }
    expect(await page.getByTestId('backend').textContent()).toContain(
      'webgpu f64 as pairs of f32, sector, direct',
    );
    const refused = await openApp('device?backend=gpujs');
    await refused.getByRole('alert').getByText('backend = "gpujs": must be \'cpu\'').waitFor();
  });
});

test('what computes is chosen in the views that obey it, the others say so; a time is told by its own view alone', async () => {
  const page = await openApp('device?backend=webgpu&lmin=-8&lmax=8&until=10&mapSize=17');
  await quantities(page);
  for (const [view, obeys] of [
    ['Map', true],
    ['Fluctuations', false],
    ['Figures', false],
    ['Rectification', false],
    ['Evolution', false],
    ['Machines', false],
    ['Performance', true],
    ['Device', true],
  ] as const) {
    await page.getByRole('link', { name: view }).click();
    await page.locator('nav a[aria-current=page]').getByText(view).waitFor();
    await page.getByText('loading', { exact: true }).waitFor({ state: 'detached' });
    const chosen = obeys && view !== 'Performance';
    expect(await page.getByLabel('What computes').count(), view).toBe(chosen ? 1 : 0);
    expect(await page.getByTestId('on-the-cpu').count(), view).toBe(obeys ? 0 : 1);
    expect(await page.getByTestId('milliseconds').count(), view).toBe(view === 'Device' ? 1 : 0);
  }
});

test('a map says why it is not by gpu.js', async () => {
  const page = await openApp('map?backend=gpujs&mapSize=17');
  await page.getByText('gpu.js, WebGL2 has no batches of devices').waitFor();
  await page.getByTestId('map-progress').getByText('289 of 289 points on cpu f64').waitFor();
});

test('without WebGL 2 the page speaks of this browser', async () => {
  const page = await newPage();
  // What a browser says that has none.
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const none = 'OffscreenCanvas.prototype.getContext = () => null;';
    await route.fulfill({ response, body: `${none}${await response.text()}` });
  });
  await openAt(page, `${potential}&backend=gpujs`);
  await page.getByRole('alert').getByText('this browser offers no WebGL 2').waitFor();
  // The page may be loading another worker still.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

describe('without WebGPU', () => {
  test('the CPU solves, and gpu.js on WebGL2 where it is chosen; WebGPU is refused', async () => {
    await withBrowser(false, async (browser) => {
      const page = await openIn(browser);
      const { heat } = JSON.parse(qmill(['steady', '--json']).stdout);
      const { 'heat.Q2': Q2 } = await quantities(page);
      expect(Math.abs(Q2 - heat.Q2)).toBeLessThanOrEqual(1e-9 * heat.Q2);
      expect(await page.getByTestId('backend').textContent()).toContain('cpu f64');
      await page.getByTestId('gpu').getByText('no WebGPU').waitFor();

      const webgl = await openIn(browser, `${potential}&backend=gpujs`);
      await expectReference(webgl);
      expect(await webgl.getByTestId('backend').textContent()).toContain('gpujs f32');

      const refused = await openIn(browser, `${potential}&backend=webgpu`);
      await refused.getByRole('alert').getByText('no WebGPU adapter').waitFor();
      const map = await openIn(browser, 'map?backend=webgpu&mapSize=17');
      await map.getByRole('alert').getByText('no WebGPU adapter').waitFor();
      for (const page of [refused, map]) {
        expect(await page.getByRole('alert').textContent()).not.toMatch(/Debian|--backend/);
      }
    });
  });
});

describe('a GPU that is lost', () => {
  test('is opened again, the page says so, and solves on', async () => {
    await withBrowser(true, async (browser) => {
      const page = await openIn(browser, `${potential.replace('V=1', 'V=0.1')}&backend=webgpu`);
      await page.locator('[data-quantity="work.V"]').waitFor();
      // A coarse answer is the CPU's.
      await settled(page);
      // Waited for beforehand: a fast GPU has solved it by the time that is asked.
      const solving = page.getByTestId('milliseconds').getByText('solving').waitFor();
      await page.locator('#parameter-V').fill('1');
      await page.locator('#parameter-V').press('Enter');
      await solving;
      // The device is lost in the middle of this solution.
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess');
      await page.getByTestId('gpu').getByText('lost 1 time, opened again').waitFor();
      await expectReference(page);
      expect(await page.getByTestId('backend').textContent()).toContain('webgpu f32');
    });
  });
});
