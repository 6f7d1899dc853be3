/** The page in Firefox, where one is installed: `FIREFOX` names it, or it is on the path. */
import { execFileSync } from 'node:child_process';
import { type Browser, firefox, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { PATIENCE, quantities, settled } from './page.js';

function installed(): string | null {
  for (const name of [process.env.FIREFOX ?? '', 'firefox', 'firefox-esr']) {
    if (name === '') continue;
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next one may be there.
    }
  }
  return null;
}

const program = installed();
const why = program === null ? ', which is not installed: Debian has it as firefox-esr' : '';

describe.skipIf(program === null)(`in Firefox${why}`, () => {
  let browser: Browser;
  const complaints: string[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    browser = await firefox.launch({ channel: 'moz-firefox', executablePath: program ?? '' });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(hash: string): Promise<Page> {
    const page = await browser.newPage();
    pages.push(page);
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${inject('appUrl')}#${hash}`);
    return page;
  }

  test.each([
    ['without a potential', '', []],
    ['with one', '?V=1&lmin=-5&lmax=7', ['--V', '1', '--lmin', '-5', '--lmax', '7']],
  ])('a device %s has the numbers of the command line', async (_, query, flags) => {
    const page = await open(`device${query}`);
    await page.locator('.curves svg.marks').waitFor();
    await settled(page);
    const found = await quantities(page);
    const { heat } = JSON.parse(qmill(['steady', '--json', ...flags]).stdout);
    for (const name of ['Q1', 'Q2', 'Qr']) {
      const error = Math.abs(found[`heat.${name}`] - heat[name]);
      expect(error, name).toBeLessThanOrEqual(1e-9 * Math.abs(heat[name]));
    }
  });

  test.each([
    ['map?mapSize=33', '.map .region'],
    ['fluctuations', 'section[aria-label="Noise spectrum"] svg.marks'],
    ['figures?figure=2', '.figures svg.marks'],
    ['evolution?until=10&lmin=-6&lmax=6&beside=trajectories', '[data-testid=beside]'],
    ['machines?machine=piston', 'section[aria-label=Ladder] svg.marks'],
  ])('%s is there', async (hash, drawn) => {
    const page = await open(hash);
    await page.locator(drawn).first().waitFor();
  });

  test('there is no WebGPU here, and the page says what to choose', async () => {
    const page = await open('device?backend=webgpu');
    await page.getByRole('alert').getByText('choose the CPU').waitFor();
  });
});
