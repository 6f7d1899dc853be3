import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { download, downloadRows, openApp, quantities, settled, useBrowser } from './page.js';

useBrowser();

/** The command line's numbers, by the page's names. */
function commandLine(flags: readonly string[]): Record<string, number> {
  const r = JSON.parse(qmill(['steady', '--json', ...flags]).stdout);
  return {
    'heat.Q1': r.heat.Q1,
    'heat.Q2': r.heat.Q2,
    'heat.Qr': r.heat.Qr,
    'work.WQ': r.work.WQ,
    'rotor.Lz': r.rotor.Lz,
    'rotor.Lz2': r.rotor.Lz2,
    'power.intrinsic': r.power.intrinsic,
    'power.backAction': r.power.backAction,
    efficiency: r.efficiency,
    cop: r.cop,
    'ergotropy.total': r.ergotropy.total,
    'ergotropy.qubits': r.ergotropy.qubits,
    'ergotropy.rotor': r.ergotropy.rotor,
  };
}

function expectEqual(found: Record<string, number>, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    if (value === null) expect(found[name], name).toBeNaN();
    else expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  }
}

describe('one device', () => {
  test('its numbers are those of the command line', async () => {
    const page = await openApp();
    expectEqual(await quantities(page), commandLine([]));
    expect(await page.getByTestId('operation').textContent()).toBe('engine');
    expect(await page.getByTestId('validity').textContent()).toContain(
      'β_r/4I = 0.0225, J/2B = 0.125, |λ|/2B = 0.0125: doubtful, J/2B > 0.1',
    );
    expect(await page.getByTestId('backend').textContent()).toContain('cpu f64');
    await page.getByTestId('gpu').getByText('SwiftShader').waitFor();
    expect(await page.getByTestId('gpu').textContent()).toMatch(/f64 as pairs of f32 \(\w+\)/);
  });

  test('in the global model and on a window that is given, too', async () => {
    const page = await openApp(
      'device?model=global&g=0.5&beta2=0.02&chi=0.8&lmin=-30&lmax=60&edgeTolerance=1e-7',
    );
    const flags = '--model global --g 0.5 --beta2 0.02 --chi 0.8 --lmin -30 --lmax 60'.split(' ');
    expectEqual(await quantities(page), commandLine(flags));
  });

  test('a slider moves the numbers, by one entry of the history', async () => {
    const page = await openApp();
    await quantities(page);
    const before = await page.evaluate(() => history.length);
    const slider = page.locator('#slider-beta2');
    await slider.fill('480');
    await settled(page);
    const hash = await page.evaluate(() => location.hash);
    const beta2 = new URLSearchParams(hash.split('?')[1]).get('beta2');
    expect(beta2).not.toBeNull();
    expectEqual(await quantities(page), commandLine(['--beta2', String(beta2)]));
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await page.goBack();
    await settled(page);
    expectEqual(await quantities(page), commandLine([]));
  });

  test('a walk of a slider by keys is one entry of the history', async () => {
    const page = await openApp();
    await quantities(page);
    const before = await page.evaluate(() => history.length);
    await page.locator('#slider-chi').focus();
    for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.hash.includes('chi=0.0396'));
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await page.goBack();
    await page.waitForFunction(() => !location.hash.includes('chi'));
    expect(await page.locator('#parameter-chi').inputValue()).toBe('0');
  });

  test('in a potential a coarse answer comes first, marked, and then the steady state', async () => {
    const page = await openApp();
    await quantities(page);
    // What is shown while it is solved, as it comes.
    await page.evaluate(() => {
      const seen: { coarse: string; value: string; time: string; busy: string | null }[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const coarse = document.querySelector('[data-testid="coarse"]')?.textContent ?? '';
        const results = document.querySelector('#results');
        seen.push({
          coarse,
          value: document.querySelector('[data-quantity="heat.Q2"]')?.textContent ?? '',
          time: document.querySelector('[data-testid="milliseconds"]')?.textContent ?? '',
          busy: results?.getAttribute('aria-busy') ?? null,
        });
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const times: number[] = [];
    for (const V of ['1', '2', '1.5', '0.7', '1.2', '0.9']) {
      await page.evaluate(() => {
        (window as unknown as { seen: unknown[] }).seen.length = 0;
      });
      await page.locator('#parameter-V').fill(V);
      await page.locator('#parameter-V').press('Enter');
      await settled(page);
      const { 'heat.Q2': Q2 } = await quantities(page);
      const seen = await page.evaluate(
        () =>
          (
            window as unknown as {
              seen: { coarse: string; value: string; time: string; busy: string | null }[];
            }
          ).seen,
      );
      const first = seen.find(({ coarse }) => coarse !== '');
      if (first === undefined) throw new Error(`no coarse answer with V = ${V}`);
      expect(first.coarse).toMatch(/^Coarse: levels −\d+ to \d+, coherences up to \|δ\| = 4/);
      expect(first.busy).toBe('true');
      expect(first.value).toMatch(/^≈ /);
      const [digits, power] = first.value.slice(2).split('×10');
      const exponent = [...(power ?? '')].map((c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c) - 1).join('');
      const rough = Number(`${digits}e${exponent.replace('-1', '-') || 0}`);
      expect(Math.abs(rough - Q2)).toBeLessThan(0.1 * Math.abs(Q2));
      times.push(Number(/^coarse in (\d+) ms, solving on$/.exec(first.time)?.[1]));
    }
    expect(times.filter((time) => time > 0)).toHaveLength(times.length);

    // In phase space it is where its populations say.
    await page.locator('.wigner svg.marks').waitFor();
    const phaseSpace = await downloadRows(page, 'wigner as CSV');
    for (const { l, population } of (await downloadRows(page, 'rotor-populations as CSV')).slice(
      30,
      36,
    )) {
      const ofLevel = phaseSpace.filter((row) => row.l === l);
      expect(ofLevel).toHaveLength(144);
      const sum = ofLevel.reduce((total, { W }) => total + Number(W), 0);
      expect((2 * Math.PI * sum) / 144).toBeCloseTo(Number(population), 12);
    }
  });

  test('while another is solved, the numbers that are there look old', async () => {
    const page = await openApp('device?lmin=-4&lmax=4');
    await quantities(page);
    await page.evaluate(() => {
      location.hash = 'device?lmin=-20000&lmax=20000';
    });
    const results = page.locator('.results[aria-busy=true]').first();
    await results.waitFor();
    await page.waitForFunction(
      (element) => Number(getComputedStyle(element as Element).opacity) < 0.7,
      await results.elementHandle(),
    );
    await page.locator('.results[aria-busy=false]').first().waitFor();
  });

  test('a window of thousands of levels is drawn with few marks', async () => {
    const page = await openApp('device?lmax=5000&lmin=-5000');
    await quantities(page);
    await page.locator('.rotor svg.marks').waitFor();
    const marks = page.locator('.rotor svg.marks .mark-rect path');
    await marks.first().waitFor({ state: 'attached' });
    expect(await marks.count()).toBeLessThan(420);
    expect(await downloadRows(page, 'rotor-populations as CSV')).toHaveLength(10_001);
  });

  test('every state has its own title', async () => {
    const page = await openApp('device?chi=0.5');
    expect(await page.title()).toBe('Device: χ = 0.5 | quantum-mill');
    await page.getByRole('link', { name: 'Figures' }).click();
    await page.waitForFunction(() => document.title === 'Fig. 2 of the paper | quantum-mill');
  });

  test('an exact entry is taken as typed, and a wrong one is refused by name', async () => {
    const page = await openApp();
    const field = page.locator('#parameter-chi');
    await field.fill('0.123456789');
    await field.press('Enter');
    await settled(page);
    expectEqual(await quantities(page), commandLine(['--chi', '0.123456789']));
    await field.fill('1.5');
    await field.press('Enter');
    await page.getByText('chi = 1.5: must be a number with −1 < chi < 1').waitFor();
    expectEqual(await quantities(page), commandLine(['--chi', '0.123456789']));
  });

  test('entries are read as people write them, and what is no number is named', async () => {
    const page = await openApp();
    await quantities(page);
    const field = page.locator('#parameter-beta2');
    const enter = async (text: string) => {
      await field.fill(text);
      await field.press('Enter');
    };
    for (const [text, value] of [
      ['0,05', '0.05'],
      ['0.3*beta1', '0.03'],
      ['0.08/2', '0.04'],
    ]) {
      await enter(text);
      await page.waitForFunction(
        (beta2) => document.querySelector<HTMLInputElement>('#parameter-beta2')?.value === beta2,
        value,
      );
    }
    expect(page.url()).toContain('beta2=0.04');
    await page.locator('#parameter-chi').fill('−0,1');
    await page.locator('#parameter-chi').press('Enter');
    await page.waitForFunction(() => location.hash.includes('chi=-0.1'));
    await enter('abc');
    await page.getByRole('alert').getByText('beta2 = abc: must be a number > 0').waitFor();
    expect(await field.inputValue()).toBe('abc');
    await enter('0x10');
    await page.getByRole('alert').getByText('beta2 = 0x10').waitFor();
    expect(page.url()).toContain('beta2=0.04');
  });

  test('a refused entry goes with the device that it was typed for', async () => {
    const page = await openApp();
    await quantities(page);
    const field = page.locator('#parameter-B1');
    const refuse = async () => {
      await field.fill('0');
      await field.press('Enter');
      await page.getByText('B1 = 0: must be a number > 0').waitFor();
    };
    const gone = async (value: string) => {
      await page.getByText('B1 = 0: must be a number > 0').waitFor({ state: 'detached' });
      expect(await field.inputValue()).toBe(value);
    };
    await refuse();
    await page.getByLabel('Device of the paper').selectOption({ label: 'Fig. 7: with the load' });
    await gone('10');
    // Also where the new device has the same value.
    await refuse();
    await page
      .getByLabel('Device of the paper')
      .selectOption({ label: 'Fig. 6: no load, the rotor runs away' });
    await gone('10');
    await refuse();
    await page.evaluate(() => {
      location.hash = 'device?B1=3';
    });
    await gone('3');
    await refuse();
    await page.locator('#slider-B1').fill('500');
    await gone('10.05');
  });

  test('a window that is too small is warned about', async () => {
    const page = await openApp('device?lmin=-5&lmax=10');
    await page.getByRole('alert').getByText('Not converged').waitFor();
  });

  test('a preset is the device of its figure', async () => {
    const page = await openApp();
    await page.getByLabel('Device of the paper').selectOption({ label: 'Fig. 7: with the load' });
    await settled(page);
    const flags = '--B1 10 --B2 10 --beta2 0.02 --gamma 5e-4'.split(' ');
    expectEqual(await quantities(page), commandLine(flags));
  });
});

describe('the address', () => {
  test('a state survives the way through its address', async () => {
    const page = await openApp('device?beta2=0.08&chi=-0.25&lmin=-25&lmax=45&scale=log');
    const numbers = await quantities(page);
    const address = page.url();
    const again = await openApp(address.split('#')[1]);
    expect(await quantities(again)).toEqual(numbers);
    const rotor = again.getByRole('region', { name: 'Rotor' });
    expect(await rotor.getByLabel('logarithmic').isChecked()).toBe(true);
    await again.locator('.rotor svg.marks').waitFor();
    expect(await again.locator('#parameter-chi').inputValue()).toBe('-0.25');
  });

  test('one that is wrong is refused in one line that names the field', async () => {
    const page = await openApp('device?beta2=-1');
    await page.getByRole('alert').getByText('beta2 = -1: must be a number > 0').waitFor();
    const other = await openApp('evolution?until=-5&lmin=-4&lmax=4');
    await other.getByRole('alert').getByText('until = -5: must be a number > 0').waitFor();
    expect(await other.getByRole('link', { name: 'Evolution' }).getAttribute('aria-current')).toBe(
      'page',
    );
    const misspelt = await openApp('device?betta2=1');
    await misspelt.getByRole('alert').getByText("did you mean 'beta2'").waitFor();
  });
});

describe('downloads', () => {
  test('a plot as SVG, PNG and CSV', async () => {
    const page = await openApp();
    await quantities(page);
    for (const name of ['flows', 'rotor-populations']) {
      const svg = (await download(page, `${name} as SVG`)).toString();
      expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      const png = await download(page, `${name} as PNG`);
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeGreaterThan(900);
    }
    const rows = await downloadRows(page, 'rotor-populations as CSV');
    const { rotor, truncation } = JSON.parse(qmill(['steady', '--json']).stdout);
    expect(rows.map(({ l }) => Number(l))[0]).toBe(truncation.lmin);
    rows.forEach(({ population }, i) => {
      expect(Math.abs(Number(population) - rotor.populations[i])).toBeLessThan(1e-12);
    });
  });

  test('the parameters as YAML, which the command line reads', async () => {
    const page = await openApp(
      'device?model=global&g=0.5&beta2=0.02&chi=0.8&lmin=-30&lmax=60&edgeTolerance=1e-7',
    );
    const numbers = await quantities(page);
    const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
    const file = join(folder, 'device.yaml');
    const yaml = await download(page, 'Download');
    expect(yaml.toString()).toContain('edgeTolerance: 1e-7');
    writeFileSync(file, yaml);
    const expected = commandLine(['--config', file]);
    rmSync(folder, { recursive: true });
    expectEqual(numbers, expected);
  });
});

describe('for everyone', () => {
  test('nothing is wider than a phone, and every control has a name', async () => {
    const page = await openApp('', { viewport: { width: 360, height: 740 } });
    await quantities(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    // Text of plots is read where it is drawn.
    await page.locator('.rotor svg.marks text').first().waitFor();
    const heights = await page
      .locator('.rotor svg.marks text, .qubits svg.marks text, .flows svg text')
      .evaluateAll((texts) =>
        texts.map((text) => {
          const { a, b } = (text as SVGTextElement).getScreenCTM() ?? { a: 0, b: 0 };
          return Math.hypot(a, b) * Number.parseFloat(getComputedStyle(text).fontSize);
        }),
      );
    expect(heights.length).toBeGreaterThan(10);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(10);
    // The flows stay in view while the last slider is turned.
    await page.locator('#slider-V').scrollIntoViewIfNeeded();
    await page.locator('#slider-V').focus();
    const flows = await page.locator('.flows').boundingBox();
    expect(flows?.y).toBeGreaterThanOrEqual(0);
    const nameless = await page.locator('button, select, input, a').evaluateAll((controls) =>
      controls
        .filter((c) => {
          const labels = (c as HTMLInputElement).labels;
          const by = document.getElementById(c.getAttribute('aria-labelledby') ?? '');
          const text = `${c.textContent}${by?.textContent ?? ''}${c.getAttribute('aria-label') ?? ''}${[...(labels ?? [])].map((l) => l.textContent).join('')}`;
          return text.trim() === '';
        })
        .map((c) => c.outerHTML),
    );
    expect(nameless).toEqual([]);
  });

  test.each([
    ['numbers of a device that is pinned', 'device?pin=model%3Dlocal', '.numbers .pinned'],
    ['a first answer in a potential', 'device?V=5', '[data-coarse="true"]'],
    ['the progress of a figure', 'figures', '.study > .note'],
    ['that of collisions', 'evolution?beside=collisions&until=100', '.card.wide .study > .note'],
  ])('at 320 pixels there is room for %s', async (_, hash, what) => {
    const page = await openApp(hash, { viewport: { width: 320, height: 700 } });
    await page.locator(what).first().waitFor({ state: 'attached' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  test('every quantity of a device has its explanation, and each explanation its own id', async () => {
    const page = await openApp();
    await quantities(page);
    const ids = await page.locator('[popover]').evaluateAll((all) => all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(25);
    expect(new Set(ids).size).toBe(ids.length);
    for (const dt of await page.locator('.numbers dt').all()) {
      expect(await dt.locator('.explanation .equation').textContent()).toMatch(/Paper|Not part/);
    }
  });

  test('a quantity explains itself with its equation, by keyboard', async () => {
    const page = await openApp();
    await quantities(page);
    await page.getByTitle('About: heat flow from bath 1').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('Paper, Eq. (18), (19), (29)').first().waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    expect(await page.getByText('Paper, Eq. (18), (19), (29)').first().isVisible()).toBe(false);
  });

  test('light or dark as the system has it, or as chosen', async () => {
    const page = await openApp('', { colorScheme: 'dark' });
    const appearance = () => page.evaluate(() => document.documentElement.dataset.appearance);
    expect(await appearance()).toBe('dark');
    await page.getByLabel('Appearance').selectOption('light');
    expect(await appearance()).toBe('light');
    await page.reload();
    expect(await appearance()).toBe('light');
  });
});
