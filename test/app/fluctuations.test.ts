/** The view of fluctuations: its numbers are those of the command line, and follow the sliders. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { downloadRows, openApp, useBrowser } from './page.js';

useBrowser();

const asked = (command: string) => JSON.parse(qmill(command.split(' ')).stdout);

const close = (found: number, expected: number, what: string) =>
  expect(Math.abs(found - expected), what).toBeLessThanOrEqual(1e-9 * Math.abs(expected));

const cards = (page: Page) => page.locator('.results.currents[aria-busy=false] td').first();

const ratesOf = (page: Page): Promise<number[]> =>
  page
    .locator('[data-mode]')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-rate'))));

async function shown(page: Page): Promise<Record<string, number>> {
  await cards(page).waitFor();
  const pairs = await page
    .locator('[data-quantity]')
    .evaluateAll((cells) =>
      cells.map((cell) => [cell.getAttribute('data-quantity'), cell.textContent] as const),
    );
  return Object.fromEntries(
    pairs.map(([name, text]) => [name, Number(text?.replaceAll('−', '-'))]),
  );
}

test.each([
  ['local', 'chi=0.3&beta2=0.06', '--chi 0.3 --beta2 0.06'],
  [
    'global',
    'model=global&lmin=-8&lmax=8&edgeTolerance=0.1',
    '--model global --lmin -8 --lmax 8 --edge-tolerance 0.1',
  ],
])('every number of a %s device is that of the command line', async (_, hash, flags) => {
  const page = await openApp(`fluctuations?${hash}`);
  const expected = asked(`fluctuations --json --order 4 ${flags}`);
  const found = await shown(page);
  const currents = { N1: 'N1', N2: 'N2', L: 'loadAngularMomentum' } as const;
  for (const [name, key] of Object.entries(currents)) {
    close(found[`currents.${name}`], expected.currents[key], `current ${name}`);
    close(found[`noise.${name}`], expected.noise[key], `noise ${name}`);
    close(found[`cumulant3.${name}`], expected.cumulants[key][2], `third cumulant ${name}`);
    close(found[`cumulant4.${name}`], expected.cumulants[key][3], `fourth cumulant ${name}`);
    for (const relation of ['fano', 'TUR', 'KUR']) {
      close(
        found[`${relation}.${name}`],
        expected[`${relation}_${name}`],
        `${relation} of ${name}`,
      );
    }
  }
  for (const pair of ['N1_N2', 'N1_L', 'N2_L']) {
    close(found[`noise.${pair}`], expected.noise[pair], pair);
  }
  for (const name of ['Q1', 'Q2', 'Qr']) {
    close(found[`heatNoise.${name}`], expected.heatNoise[name], `heat noise ${name}`);
  }
  for (const [name, value] of Object.entries<number>(expected.entropyProduction)) {
    close(found[`entropyProduction.${name}`], value, `entropy production ${name}`);
  }

  const { slowest } = asked(`modes --json ${flags}`);
  await page.locator('[data-mode]').first().waitFor();
  const rates = await ratesOf(page);
  expect(rates).toHaveLength(slowest.length);
  rates.forEach((rate, k) => {
    close(rate, -slowest[k][0], `rate ${k}`);
  });

  await page.locator('section[aria-label="Noise spectrum"] svg.marks').waitFor();
  const rows = await downloadRows(page, 'noise as CSV');
  expect(rows).toHaveLength(61);
  const some = [0, 25, 45, 60].map((at) => rows[at]);
  const omegas = some.map(({ omega }) => omega).join();
  const { noiseSpectrum } = asked(`fluctuations --json --frequency ${omegas} ${flags}`);
  some.forEach((row, k) => {
    for (const [name, key] of Object.entries(currents)) {
      close(Number(row[`noise.${name}`]), noiseSpectrum[k].noise[key], `${name} at ${row.omega}`);
    }
  });
});

test('they follow a slider', async () => {
  const page = await openApp('fluctuations?lmin=-20&lmax=40');
  const before = await shown(page);
  await page.locator('#parameter-lambda').fill('0.2');
  await page.locator('#parameter-lambda').press('Enter');
  await page
    .locator('[data-quantity="noise.L"]')
    .filter({ hasNotText: String(before['noise.L']) })
    .waitFor();
  const { noise } = asked('fluctuations --json --lambda 0.2 --lmin -20 --lmax 40');
  close((await shown(page))['noise.L'], noise.loadAngularMomentum, 'noise');
  await page.locator('.results.modes[aria-busy=false]').waitFor();
  await page.locator('#omegaTo').fill('1e-9');
  await page.locator('#omegaTo').press('Enter');
  await page.getByRole('alert').getByText('omega from 0.000001 to 1e-9 is no range').waitFor();
});

describe('with a potential', () => {
  const device = 'V=0.5&V2=0.2&chi=0.2';

  test('every number is that of the command line, on a window of few levels', async () => {
    const page = await openApp(`fluctuations?${device}&lmin=-2&lmax=2&edgeTolerance=0.9`);
    const flags = '--V 0.5 --V2 0.2 --chi 0.2 --lmin -2 --lmax 2 --edge-tolerance 0.9';
    const expected = asked(`fluctuations --json --order 4 ${flags}`);
    const found = await shown(page);
    for (const name of ['N1', 'N2']) {
      close(found[`currents.${name}`], expected.currents[name], `current ${name}`);
      close(found[`noise.${name}`], expected.noise[name], `noise ${name}`);
      close(found[`cumulant4.${name}`], expected.cumulants[name][3], `fourth cumulant ${name}`);
      close(found[`TUR.${name}`], expected[`TUR_${name}`], `TUR of ${name}`);
    }
    const spectrum = page.locator('section[aria-label="Noise spectrum"]');
    await spectrum.locator('svg.marks').waitFor();
    const rows = await downloadRows(page, 'noise as CSV');
    expect(rows).toHaveLength(61);
    const { omega } = rows[40];
    const { noiseSpectrum } = asked(`fluctuations --json --frequency ${omega} ${flags}`);
    close(Number(rows[40]['noise.N1']), noiseSpectrum[0].noise.N1, `N1 at ${omega}`);
    const { slowest } = asked(`modes --json ${flags}`);
    await page.locator('[data-mode]').first().waitFor();
    const rates = await ratesOf(page);
    expect(rates).toHaveLength(slowest.length);
    rates.forEach((rate, k) => {
      close(rate, -slowest[k][0], `rate ${k}`);
    });
  });

  test('of many levels, too', async () => {
    const page = await openApp(`fluctuations?${device}`);
    const expected = asked('fluctuations --json --order 4 --V 0.5 --V2 0.2 --chi 0.2');
    const found = await shown(page);
    close(found['noise.N1'], expected.noise.N1, 'noise');
    close(found['cumulant4.L'], expected.cumulants.loadAngularMomentum[3], 'fourth cumulant');
    const spectrum = page.locator('section[aria-label="Noise spectrum"]');
    await spectrum.getByText(/[1-9]\d* of 61 frequencies, about \d+ s left/).waitFor();
    expect(await spectrum.getByRole('alert').count()).toBe(0);
    // It takes minutes, and can be cancelled.
    await spectrum.getByRole('button', { name: 'Cancel' }).click();
    await spectrum.getByRole('button', { name: 'Compute' }).click();
    await spectrum.getByText(/\d+ of 61 frequencies/).waitFor();
  });
});

test('modes of a machine on a wide window say how far the search is, and can be cancelled', async () => {
  const page = await openApp('fluctuations?fluctuating=machine&machine=pendulum');
  const card = page.locator('section[aria-label="Modes"]');
  await card.getByText(/\d+ of 100 parts of the search/).waitFor();
  await card.getByRole('button', { name: 'Cancel' }).click();
  await card.getByRole('button', { name: 'Compute' }).click();
  await page.locator('[data-mode]').first().waitFor();
  await card.getByText('The first is the gap').waitFor();
  const { slowest } = asked('modes --machine pendulum --json');
  const rates = await ratesOf(page);
  expect(rates).toHaveLength(slowest.length);
  rates.forEach((rate, k) => {
    close(rate, -slowest[k][0], `rate ${k}`);
  });
});

test('where no mode is known to be the slowest it is said, and all others are told', async () => {
  const page = await openApp('fluctuations?fluctuating=machine&machine=transmon');
  // Its coherences turn too fast.
  const modes = page.locator('section[aria-label="Modes"]');
  await modes.getByText('so that the gap is not known').waitFor();
  expect(await modes.locator('[data-mode]').count()).toBe(6);
  const expected = asked('fluctuations --machine transmon --json --order 4');
  const found = await shown(page);
  close(found['noise.load'], expected.noise.load, 'noise');
  close(found['cumulant4.load'], expected.cumulants.load[3], 'fourth cumulant');
});

test('of a machine of the gallery, by the names of its baths', async () => {
  const page = await openApp(
    'fluctuations?fluctuating=machine&machine=single-level&omegaFrom=0.01&omegaTo=10',
  );
  const expected = asked('fluctuations --machine single-level --json --order 4 --frequency 10');
  const found = await shown(page);
  const baths = Object.keys(expected.currents);
  expect(baths.length).toBeGreaterThan(1);
  for (const bath of baths) {
    close(found[`currents.${bath}`], expected.currents[bath], bath);
    close(found[`noise.${bath}`], expected.noise[bath], bath);
    close(found[`cumulant4.${bath}`], expected.cumulants[bath][3], bath);
    close(found[`heatNoise.${bath}`], expected.heatNoise[bath], bath);
  }
  await page.locator('section[aria-label="Noise spectrum"] svg.marks').waitFor();
  const rows = await downloadRows(page, 'noise as CSV');
  const [at] = expected.noiseSpectrum;
  for (const bath of baths) {
    close(Number(rows[60][`noise.${bath}`]), at.noise[bath], `${bath} at ${at.omega}`);
  }
  const { sectors } = asked('modes --machine single-level --json');
  const rate = page.locator('[data-mode="0"]');
  close(Number(await rate.textContent()), sectors[0].modes[0].rate, 'slowest mode');
});

test('of a machine that conserves no charge of its levels noise at frequencies is known', async () => {
  const page = await openApp('machines?machine=piston');
  await page.getByRole('button', { name: 'What fluctuates in it' }).click();
  const spectrum = page.locator('section[aria-label="Noise spectrum"]');
  await spectrum.locator('svg.marks').waitFor();
  expect(await spectrum.getByRole('alert').count()).toBe(0);
});

test('what is not known of a machine is said by name', async () => {
  const page = await openApp('fluctuations?fluctuating=machine&machine=ladder-charging');
  const modes = page.locator('section[aria-label="Modes"]');
  expect(await modes.getByRole('alert').textContent()).toMatch(/not unique/);
});
