/** Machines of files: the gallery, and one's own as it is written. */
import { expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { download, downloadRows, openApp, useBrowser } from './page.js';

useBrowser();

const number = (text: string | null): number => Number(text?.replaceAll('−', '-'));

test("a machine of the gallery has the command line's numbers, and says what it is", async () => {
  const page = await openApp('machines?machine=piston');
  await page.getByTestId('machine').waitFor();
  const r = JSON.parse(qmill(['steady', '--machine', 'piston', '--json']).stdout);
  for (const [bath, heat] of Object.entries<number>(r.heat)) {
    const found = number(await page.locator(`[data-heat="${bath}"]`).textContent());
    expect(Math.abs(found - heat), bath).toBeLessThanOrEqual(1e-9 * Math.abs(heat));
  }
  const rows = await downloadRows(page, 'ladder as CSV');
  rows.forEach(({ population }, k) => {
    expect(Math.abs(Number(population) - r.ladder.populations[k])).toBeLessThan(1e-12);
  });
  // Typeset, not as text.
  expect(await page.locator('section[aria-label=Hamiltonian] math').count()).toBeGreaterThan(1);
  expect((await download(page, 'Python with QuTiP')).toString()).toContain('import qutip');
});

test("one's own is solved as it is written, kept in the address, and its errors have their place", async () => {
  const page = await openApp('machines?machine=single-level');
  await page.getByTestId('machine').waitFor();
  const file = page.getByLabel('Its file, to change');
  const own = `name: one qubit
subsystems: {q: 2}
parameters:
  w: {default: 1, unit: energy, text: splitting}
  T: {default: 0.5, unit: energy, text: temperature}
hamiltonian:
  qubit: w*P(q, 1)
baths:
  only:
    temperature: T
    jumps: [sqrt(bose(w/T) + 1)*sm(q), sqrt(bose(w/T))*sp(q)]
`;
  await file.fill(own);
  await file.blur();
  await page.getByRole('heading', { name: 'one qubit' }).waitFor();
  // A qubit at one bath is in equilibrium: 1/(e^{w/T} + 1).
  const energy = page.getByRole('row', { name: 'energy qubit' }).getByRole('cell');
  expect(number(await energy.textContent())).toBeCloseTo(1 / (Math.exp(2) + 1), 11);
  const again = await openApp(page.url().split('#')[1]);
  await again.getByRole('heading', { name: 'one qubit' }).waitFor();
  expect(await again.getByLabel('Its file, to change').inputValue()).toBe(own);

  await file.fill(own.replace('w*P(q, 1)', 'w*P(p, 1)'));
  await page
    .getByRole('alert')
    .getByText(/machine\.yaml:7:\d+: .*'p'/)
    .waitFor();
});

test('one without a steady state says so, and what it is nevertheless', async () => {
  const page = await openApp('machines?machine=flywheel');
  await page.getByRole('alert').waitFor();
  await page.getByRole('heading', { name: 'flywheel that two qubits charge' }).waitFor();
});
