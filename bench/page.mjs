/**
 * How quick and how steady the page is, in a real Chromium, as JSON:
 *
 *   npm run build && node bench/page.mjs
 *
 * Times depend on what else the machine does; counts of nodes, listeners and errors do not.
 */
import { startPage } from './browser.mjs';

const WIDE = { width: 1280, height: 900 };
/** N = 61. */
const WINDOW = 'lmin=-20&lmax=40';

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const round = (value) => Number(value.toPrecision(3));
const share = (numbers, p) => [...numbers].sort((a, b) => a - b)[Math.floor(p * numbers.length)];
const spread = (numbers) => ({
  median: round(median(numbers)),
  p90: round(share(numbers, 0.9)),
});

const { address, browser, close } = await startPage();
const errors = [];

async function open(hash) {
  const context = await browser.newContext({ viewport: WIDE, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.addInitScript(() => {
    window.tasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await page.goto(`${address}#${hash}`);
  return page;
}

const settled = (page) => page.locator('main[aria-busy=false]').waitFor();
const turn = (page, name, position) =>
  page.locator(`#slider-${name}`).evaluate((input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, position);

/** Turns a slider and waits until the curves of that device are there, with a mark at both ends of it. */
const turnForCurves = (page, name, position) =>
  page.evaluate(
    ([id, value]) =>
      new Promise((resolve) => {
        const results = document.querySelector('.curves .results');
        const slider = document.querySelector(`#slider-${id}`);
        let busy = false;
        new MutationObserver((_, observer) => {
          if (results.getAttribute('aria-busy') === 'true') busy = true;
          else if (busy) {
            observer.disconnect();
            performance.mark('curves-there');
            resolve();
          }
        }).observe(results, { attributeFilter: ['aria-busy'] });
        performance.mark('curves-asked');
        slider.value = String(value);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }),
    [name, position],
  );

/**
 * What each of the curves took, from the slider on: by the clock, and in processor time of the page's thread and of
 * the busiest worker together. That is what a machine with nothing else to do would need, at most.
 */
function timesOfCurves(events) {
  const marks = events.filter(({ cat }) => cat?.includes('blink.user_timing'));
  const begins = marks.filter(({ name }) => name === 'curves-asked').map(({ ts }) => ts);
  const ends = marks.filter(({ name }) => name === 'curves-there').map(({ ts }) => ts);
  const threads = new Map(
    events
      .filter(({ name }) => name === 'thread_name')
      .map(({ pid, tid, args }) => [`${pid} ${tid}`, args.name]),
  );
  return begins.map((begin, i) => {
    const spent = new Map();
    for (const { ph, ts, dur = 0, tdur = 0, pid, tid, cat } of events) {
      if (ph !== 'X' || !cat.includes('toplevel') || ts + dur < begin || ts > ends[i]) continue;
      spent.set(`${pid} ${tid}`, (spent.get(`${pid} ${tid}`) ?? 0) + tdur / 1e3);
    }
    const most = (named) =>
      Math.max(0, ...[...spent].filter(([id]) => named(threads.get(id))).map(([, ms]) => ms));
    return {
      clock: (ends[i] - begin) / 1e3,
      page: most((name) => name === 'CrRendererMain'),
      worker: most((name) => name?.startsWith('DedicatedWorker')),
    };
  });
}

/** What the page holds on to, after its garbage is collected. */
async function held(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  await session.detach();
  return {
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    heapMB: round(of('JSHeapUsedSize') / 1e6),
  };
}

async function slider() {
  const page = await open(`device?${WINDOW}`);
  await page.locator('.curves svg.marks').waitFor();
  const computing = [];
  const drawn = [];
  const step = async (position) => {
    const before = await page.getByTestId('milliseconds').textContent();
    const begin = performance.now();
    await turn(page, 'beta2', position);
    await settled(page);
    drawn.push(performance.now() - begin);
    const text = await page.getByTestId('milliseconds').textContent();
    if (text !== before) computing.push(Number.parseFloat(text));
  };
  // What is compiled when it is first used is not turned on.
  for (let i = 0; i < 30; i++) await step(300 + 5 * i);
  computing.length = 0;
  drawn.length = 0;
  await page.evaluate(() => {
    window.tasks.length = 0;
  });
  for (let i = 0; i < 100; i++) await step(300 + 4 * i);
  // The first are compiled while they run.
  for (let i = 0; i < 20; i++) await turnForCurves(page, 'chi', 505 + 5 * i);
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', '__metadata'] });
  for (let i = 0; i < 60; i++) await turnForCurves(page, 'chi', 610 + 5 * i);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const curves = timesOfCurves(traceEvents);
  const tasks = await page.evaluate(() => window.tasks);
  await page.context().close();
  return {
    computingMs: spread(computing),
    toNumbersMs: spread(drawn),
    curvesMs: spread(curves.map(({ clock }) => clock)),
    curvesProcessorMs: {
      page: spread(curves.map(({ page }) => page)),
      worker: spread(curves.map(({ worker }) => worker)),
      together: spread(curves.map(({ page, worker }) => page + worker)),
    },
    tasksOver50ms: tasks.length,
    longestTaskMs: tasks.length === 0 ? null : Math.max(...tasks),
  };
}

async function map() {
  const page = await open('map?mapSize=400');
  const progress = page.getByTestId('map-progress');
  await progress.getByText('160000 of 160000 points').waitFor({ timeout: 300_000 });
  const text = await progress.textContent();
  await page.context().close();
  return text;
}

async function changes() {
  const page = await open(`device?${WINDOW}`);
  await page.locator('.curves svg.marks').waitFor();
  const change = async (i) => {
    await turn(page, ['beta2', 'chi', 'lambda'][i % 3], 300 + ((37 * i) % 400));
    await settled(page);
  };
  for (let i = 0; i < 50; i++) await change(i);
  const before = await held(page);
  for (let i = 0; i < 500; i++) await change(i);
  const after = await held(page);
  await page.context().close();
  return { before, after };
}

async function views() {
  const page = await open('device');
  const names = [
    'Map',
    'Fluctuations',
    'Figures',
    'Rectification',
    'Evolution',
    'Machines',
    'Performance',
    'Device',
  ];
  const go = async (i) => {
    await page.getByRole('link', { name: names[i % names.length] }).click();
    await page.locator('#results').waitFor();
    await page.waitForTimeout(300);
  };
  for (let i = 0; i < names.length; i++) await go(i);
  const before = await held(page);
  for (let i = 0; i < 7 * names.length; i++) await go(i);
  const after = await held(page);
  await page.context().close();
  return { before, after };
}

const measures = { slider, map, changes, views };
const wanted = process.argv.slice(2);
const found = {};
for (const [name, measure] of Object.entries(measures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  found[name] = await measure();
  process.stderr.write(`${name}: ${JSON.stringify(found[name])}\n`);
}
process.stdout.write(`${JSON.stringify({ ...found, errors }, null, 2)}\n`);
await close();
