/**
 * A page that is used for hours: nothing is held on to, and nothing is said to the console. `npm run test:endurance`
 * takes the GPU away twenty times.
 */
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { openApp, quantities, settled, useBrowser, watch } from './page.js';

useBrowser();

const LOSSES = Number(process.env.QMILL_LOSSES ?? 4);

interface Held {
  readonly nodes: number;
  readonly listeners: number;
}

/**
 * What the page holds on to once its garbage is collected. Ends of channels to workers are let go of by finalizers, which
 * run some time after a collection: so it is collected until nothing more goes.
 */
async function held(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async (): Promise<Held> => {
    await session.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(500);
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) =>
      metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { nodes: of('Nodes'), listeners: of('JSEventListeners') };
  };
  let found = await read();
  for (;;) {
    const now = await read();
    if (!(now.nodes < found.nodes || now.listeners < found.listeners)) break;
    found = now;
  }
  await session.detach();
  return found;
}

/** Of what is there anyway: ticks of axes come and go with what they show. */
const SLACK = 1.1;

/** @param changes after which what each left behind, had it left one thing, would be as many */
function expectNoMore(after: Held, before: Held, changes: number): void {
  expect(after.nodes).toBeLessThanOrEqual(SLACK * before.nodes);
  expect(after.listeners).toBeLessThan(before.listeners + changes / 2);
}

test('five hundred changes leave nothing behind', async () => {
  const page = await openApp('device?lmin=-20&lmax=40');
  await page.locator('.curves svg.marks').waitFor();
  const change = (from: number, to: number) =>
    page.evaluate(
      async ([first, last]) => {
        for (let i = first; i < last; i++) {
          const name = ['beta2', 'chi', 'lambda'][i % 3];
          const slider = document.querySelector<HTMLInputElement>(`#slider-${name}`);
          if (slider === null) throw new Error(`no slider of ${name}`);
          slider.value = String(300 + ((37 * i) % 400));
          slider.dispatchEvent(new Event(i % 10 === 0 ? 'change' : 'input', { bubbles: true }));
          await new Promise((resume) => setTimeout(resume, 20));
        }
      },
      [from, to] as const,
    );
  const still = async () => {
    await settled(page);
    await page.locator('.curves .results[aria-busy=false]').waitFor();
    await page.waitForTimeout(300);
  };
  await change(0, 100);
  await still();
  const before = await held(page);
  await change(100, 600);
  await still();
  expectNoMore(await held(page), before, 500);
});

test('fifty changes of the view leave nothing behind', async () => {
  const page = await openApp('device?lmin=-8&lmax=8&mapSize=17&until=10');
  await quantities(page);
  const round = [
    'map',
    'fluctuations',
    'figures',
    'rectification',
    'evolution',
    'machines',
    'performance',
  ];
  const go = (views: readonly string[]) =>
    page.evaluate(async (names) => {
      const isShown = (name: string) =>
        document.querySelector('nav a[aria-current=page]')?.textContent?.toLowerCase() === name;
      for (const name of names) {
        location.hash = location.hash.replace(/#[a-z]+/, `#${name}`);
        while (!isShown(name)) await new Promise((resume) => setTimeout(resume, 20));
        // Long enough for what it shows to be begun, and drawn where it is there.
        await new Promise((resume) => setTimeout(resume, 150));
      }
    }, views);
  const rest = async () => {
    await go(['device']);
    await quantities(page);
    await page.locator('.curves svg.marks').waitFor();
    await page.waitForTimeout(500);
  };
  await go(round);
  await rest();
  const before = await held(page);
  for (let turn = 0; turn < 8; turn++) await go(round);
  await rest();
  expectNoMore(await held(page), before, 57);
});

describe('a GPU that is lost again and again', () => {
  test('is opened as often, and the page solves on', async () => {
    const server = await launchBrowser(true);
    const browser: Browser = await chromium.connect(server.wsEndpoint());
    try {
      const page = watch(await browser.newPage());
      await page.goto(`${inject('appUrl')}#device?backend=webgpu`);
      const { 'heat.Q2': first } = await quantities(page);
      const session = await browser.newBrowserCDPSession();
      for (let loss = 1; loss <= LOSSES; loss++) {
        await session.send('Browser.crashGpuProcess');
        await page
          .getByTestId('gpu')
          .getByText(`lost ${loss} time${loss === 1 ? '' : 's'}, opened again`)
          .waitFor();
      }
      await page.locator('#parameter-chi').fill('0.5');
      await page.locator('#parameter-chi').press('Enter');
      await settled(page);
      expect((await quantities(page))['heat.Q2']).not.toBe(first);
      expect(await page.getByTestId('backend').textContent()).toContain('webgpu');
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
