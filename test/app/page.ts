/** Pages of the browser app, each watched for errors until it is closed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse, type DSVRowArray } from 'd3-dsv';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

/** Software rendering on a shared machine. */
export const PATIENCE = 60_000;

/** What Playwright says where it keeps a page from storing itself. */
const BLOCKED = 'Service Worker registration blocked by Playwright';

/** What a page's console and its uncaught errors say; a test ends with none. */
const complaints: string[] = [];
let browser: Browser;
const open: Page[] = [];

/** To be called once in each test file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.connect(inject('browserEndpoint'));
  });
  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
}

/** Keeps an eye on a page of whatever browser. */
export function watch(page: Page): Page {
  page.setDefaultTimeout(PATIENCE);
  page.on('console', (message) => {
    if (message.text() === BLOCKED) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A page that is left or closed gives up what it was loading.
    if (why !== 'net::ERR_ABORTED') complaints.push(`${why}: ${request.url()}`);
  });
  return page;
}

/** An empty page in a context of its own. It stores nothing for use offline, unless that is what is tested. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  const page = watch(await context.newPage());
  open.push(page);
  return page;
}

/** The app at `#hash`. */
export async function openApp(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await newPage(options);
  await openAt(page, hash);
  return page;
}

export async function openAt(page: Page, hash: string): Promise<void> {
  await page.goto(`${inject('appUrl')}${hash === '' ? '' : `#${hash}`}`);
}

/** What the button of that name downloads. */
export async function download(page: Page, button: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  const path = join(folder, 'file');
  await file.saveAs(path);
  const content = readFileSync(path);
  rmSync(folder, { recursive: true });
  return content;
}

/** The rows of a table that the button of that name downloads, below what it says of itself. */
export async function downloadRows(page: Page, button: string): Promise<DSVRowArray<string>> {
  const text = (await download(page, button)).toString();
  return csvParse(text.replace(/^#.*\n/gm, ''));
}

/** The numbers of the device's view, by the names they have there. */
export async function quantities(page: Page): Promise<Record<string, number>> {
  await page.locator('.results[aria-busy=false] [data-quantity="heat.Q1"]').waitFor();
  const pairs = await page
    .locator('[data-quantity]')
    .evaluateAll((cells) =>
      cells.map((cell) => [cell.getAttribute('data-quantity'), cell.textContent] as const),
    );
  return Object.fromEntries(
    pairs.map(([name, text]) => [name, Number(text?.replaceAll('−', '-'))]),
  );
}

/** Waits until the view shows the steady state of what was asked last. */
export const settled = (page: Page): Promise<void> =>
  page.locator('main[aria-busy=false]').waitFor();
