import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { download, downloadRows, openApp, quantities, useBrowser } from './page.js';

useBrowser();

const small = 'mapSize=33&mapXFrom=0.02&mapXTo=0.084&mapYFrom=2&mapYTo=6';

async function complete(page: Page, points: number): Promise<void> {
  await page.getByText(`${points} of ${points} points on cpu f64`).waitFor();
}

describe('the operation map', () => {
  test('holds the numbers of the command line at every kind of point', async () => {
    const page = await openApp(`map?${small}`);
    await complete(page, 33 * 33);
    const rows = await downloadRows(page, 'map as CSV');
    expect(rows).toHaveLength(33 * 33);
    expect(new Set(rows.map(({ operation }) => operation))).toEqual(
      new Set(['engine', 'accelerator', 'refrigerator']),
    );
    for (const at of [0, 500, 1088]) {
      const row = rows[at];
      const { heat, work, operation } = JSON.parse(
        qmill(['steady', '--json', '--beta2', row.beta2, '--B1', row.B1]).stdout,
      );
      expect(row.operation).toBe(operation);
      for (const [name, value] of [
        ['heat.Q1', heat.Q1],
        ['heat.Q2', heat.Q2],
        ['work.WQ', work.WQ],
      ]) {
        expect(Math.abs(Number(row[name]) - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value));
      }
    }
  });

  test('is the same on WebGPU in double-float, which is named', async () => {
    const page = await openApp(`map?${small}&backend=webgpu`);
    await page
      .getByText(/1089 of 1089 points on webgpu f64 as pairs of f32 \(\w+\), SwiftShader/)
      .waitFor();
    const onGpu = await downloadRows(page, 'map as CSV');
    const onCpu = await openApp(`map?${small}`);
    await complete(onCpu, 33 * 33);
    const rows = await downloadRows(onCpu, 'map as CSV');
    expect(onGpu).toHaveLength(rows.length);
    onGpu.forEach((row, at) => {
      const expected = rows[at];
      expect(row.operation).toBe(expected.operation);
      const largest = Math.max(
        ...['heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ'].map((n) => Math.abs(Number(expected[n]))),
      );
      for (const name of ['heat.Q1', 'heat.Q2', 'heat.Qr', 'work.WQ']) {
        expect(Math.abs(Number(row[name]) - Number(expected[name]))).toBeLessThan(1e-9 * largest);
      }
      const Lz = Number(expected['rotor.Lz']);
      expect(Math.abs(Number(row['rotor.Lz']) - Lz)).toBeLessThan(1e-9 * Math.max(1, Math.abs(Lz)));
    });
  });

  test('shows the numbers of the point that is pointed at, and takes it to the device', async () => {
    const page = await openApp(`map?${small}`);
    await complete(page, 33 * 33);
    const canvas = page.locator('canvas');
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('the map has no place');
    // The column in the middle, the row at a quarter from below.
    const position = { x: box.width / 2, y: 0.75 * box.height };
    await canvas.hover({ position });
    await page.getByTitle('About: heat flow from bath 2').waitFor();
    const pointed = page.locator('[data-pointed="heat.Q2"]');
    await pointed.waitFor();
    const { heat } = JSON.parse(
      qmill(['steady', '--json', '--beta2', '0.052', '--B1', '3']).stdout,
    );
    const shown = (await pointed.textContent())?.replace('−', '-').replace('×10⁻⁴', 'e-4');
    expect(Math.abs(Number(shown) - heat.Q2)).toBeLessThanOrEqual(1e-3 * Math.abs(heat.Q2));
    // Pinned, its numbers stay, and the map is cut there.
    await canvas.click({ position });
    await page.mouse.move(5, 5);
    await pointed.waitFor();
    expect((await pointed.textContent())?.replace('−', '-').replace('×10⁻⁴', 'e-4')).toBe(shown);
    const cut = await downloadRows(page, 'cut-beta2 as CSV');
    expect(cut).toHaveLength(33);
    expect(cut[16].beta2).toBe('0.052');
    expect(Math.abs(Number(cut[16]['heat.Q2']) - heat.Q2)).toBeLessThanOrEqual(
      1e-9 * Math.abs(heat.Q2),
    );
    expect(await downloadRows(page, 'cut-B1 as CSV')).toHaveLength(33);
    await page.getByRole('button', { name: 'Pinned point to the device' }).click();
    const numbers = await quantities(page);
    expect(await page.locator('#parameter-beta2').inputValue()).toBe('0.052');
    expect(Math.abs(numbers['heat.Q2'] - heat.Q2)).toBeLessThanOrEqual(1e-9 * Math.abs(heat.Q2));
    await page.goBack();
    await complete(page, 33 * 33);
  });

  test('a tap on a phone pins the point, and the map stays where it is', async () => {
    const page = await openApp(`map?${small}`, {
      viewport: { width: 375, height: 812 },
      hasTouch: true,
    });
    await complete(page, 33 * 33);
    const canvas = page.locator('canvas');
    await canvas.scrollIntoViewIfNeeded();
    const before = await canvas.boundingBox();
    await canvas.tap({ position: { x: 150, y: 100 } });
    await page.locator('.map .pin').waitFor();
    await page.getByTestId('cuts').waitFor();
    expect(await canvas.boundingBox()).toEqual(before);
    expect(page.url()).toContain('#map');
  });

  test('is zoomed, moved and brushed, and its whole range comes back', async () => {
    const page = await openApp(`map?${small}`);
    await complete(page, 33 * 33);
    const canvas = page.locator('canvas');
    const axis = async () => {
      const ids = ['mapX-From', 'mapX-To', 'mapY-From', 'mapY-To'];
      return await Promise.all(
        ids.map(async (id) => Number(await page.locator(`#${id}`).inputValue())),
      );
    };
    const changed = async (before: readonly number[]) => {
      await page.waitForFunction(
        (old) => document.querySelector<HTMLInputElement>('#mapX-From')?.value !== old,
        String(before[0]),
      );
      return await axis();
    };
    const whole = await axis();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('the map has no place');
    const at = (across: number, up: number) =>
      [box.x + across * box.width, box.y + (1 - up) * box.height] as const;

    // A part of it by dragging: from a quarter to three, from a half to the top.
    await page.mouse.move(...at(0.25, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.75, 0.999), { steps: 4 });
    await page.locator('.map .part').waitFor();
    await page.mouse.up();
    const part = await changed(whole);
    for (const [found, wanted] of [
      [part[0], 0.02 + 0.064 * 0.25],
      [part[1], 0.02 + 0.064 * 0.75],
      [part[2], 4],
      [part[3], 6],
    ]) {
      expect(Math.abs(found - wanted)).toBeLessThan(0.04 * wanted);
    }
    await complete(page, 33 * 33);

    // Ctrl and the wheel zoom, what is under the pointer stays there.
    await page.mouse.move(...at(0.5, 0.5));
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    const near = await changed(part);
    expect(near[1] - near[0]).toBeCloseTo((part[1] - part[0]) * Math.exp(-0.6), 5);
    expect((near[0] + near[1]) / 2).toBeCloseTo((part[0] + part[1]) / 2, 4);

    // With Shift it moves.
    await page.keyboard.down('Shift');
    await page.mouse.move(...at(0.5, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.75, 0.5), { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const moved = await changed(near);
    expect(moved[0]).toBeCloseTo(near[0] - 0.25 * (near[1] - near[0]), 4);
    expect(moved[1] - moved[0]).toBeCloseTo(near[1] - near[0], 5);

    await page.getByRole('button', { name: 'Zoom out' }).click();
    const out = await changed(moved);
    expect(out[1] - out[0]).toBeGreaterThan(1.9 * (moved[1] - moved[0]));
    await page.getByRole('button', { name: 'Whole range' }).click();
    expect((await changed(out)).slice(0, 2)).toEqual([0.001, 10]);
  });

  test('shows noise and uncertainty, too, with borders and lines of equal value', async () => {
    const page = await openApp(
      `map?${small.replace('mapSize=33', 'mapSize=17')}&mapShow=TUR.L&lmin=-20&lmax=40`,
    );
    await complete(page, 17 * 17);
    const rows = await downloadRows(page, 'map as CSV');
    const row = rows[40];
    const flags = ['--beta2', row.beta2, '--B1', row.B1, '--lmin', '-20', '--lmax', '40'];
    const { TUR_L } = JSON.parse(qmill(['fluctuations', '--json', ...flags]).stdout);
    expect(Math.abs(Number(row['TUR.L']) - TUR_L)).toBeLessThanOrEqual(1e-9 * TUR_L);
    for (const kind of ['borders', 'levels']) {
      const path = await page.locator(`.map .${kind}`).getAttribute('d');
      expect(path?.length, kind).toBeGreaterThan(50);
    }
    expect(row.operation).toMatch(/engine|accelerator|refrigerator|other/);
  });

  test('goes over the potential, whose points are solved in layers', async () => {
    const page = await openApp(
      'map?mapY=V&mapYFrom=0&mapYTo=2&lmin=-5&lmax=7&mapShow=rotor.cos&backend=webgpu&mapSize=16',
    );
    await complete(page, 16 * 16);
    const rows = await downloadRows(page, 'map as CSV');
    const row = rows[120];
    expect(Number(row.V)).toBeGreaterThan(0.5);
    const flags = ['--beta2', row.beta2, '--V', row.V, '--lmin', '-5', '--lmax', '7'];
    const { heat, rotor } = JSON.parse(qmill(['steady', '--json', ...flags]).stdout);
    for (const [name, value] of [
      ['heat.Q2', heat.Q2],
      ['rotor.cos', rotor.cos],
    ] as const) {
      expect(Math.abs(Number(row[name]) - value), name).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    }
    expect(rows[3]['rotor.cos']).toBe('0');
  });

  test('with a potential says how long it takes, has few points, and can be cancelled', async () => {
    const page = await openApp('map?V=1&mapSize=400');
    await page.getByText(/of 10000 points .* s left/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Compute' }).waitFor();
  });

  test('can be walked on by keys', async () => {
    const page = await openApp(`map?${small}`);
    await complete(page, 33 * 33);
    await page.locator('canvas').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await quantities(page);
    expect(await page.locator('#parameter-B1').inputValue()).toBe('4');
  });

  test('a newer one cancels what is under way, and the page answers meanwhile', async () => {
    const page = await openApp('map?mapSize=1024');
    await page.getByText(/of 1048576 points/).waitFor();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `map?${small}&chi=0.2`);
    await complete(page, 33 * 33);
    const rows = await downloadRows(page, 'map as CSV');
    const { heat } = JSON.parse(
      qmill(['steady', '--json', '--chi', '0.2', '--beta2', rows[0].beta2, '--B1', rows[0].B1])
        .stdout,
    );
    expect(Math.abs(Number(rows[0]['heat.Q2']) - heat.Q2)).toBeLessThanOrEqual(1e-9 * heat.Q2);
  });

  test('is cancelled, keeps what it has, and is computed when that is asked for', async () => {
    const page = await openApp('map?mapSize=1024');
    await page.getByText(/[1-9]\d* of 1048576 points/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const compute = page.getByRole('button', { name: 'Compute' });
    await compute.waitFor();
    const said = await page.getByTestId('map-progress').textContent();
    await page.waitForTimeout(500);
    expect(await page.getByTestId('map-progress').textContent()).toBe(said);
    await compute.click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
  });

  test('is of the device that the page says, left and come back to within a moment', async () => {
    const page = await openApp(`map?${small}`);
    await complete(page, 33 * 33);
    await page.evaluate(async (hash) => {
      location.hash = `map?${hash}`;
      await new Promise((resume) => setTimeout(resume, 60));
      location.hash = `device?${hash}`;
    }, `${small}&chi=0.6`);
    await quantities(page);
    await page.getByRole('link', { name: 'Map' }).click();
    await page.locator('.results[aria-busy=false] canvas').waitFor();
    await complete(page, 33 * 33);
    const rows = await downloadRows(page, 'map as CSV');
    const { heat } = JSON.parse(
      qmill(['steady', '--json', '--chi', '0.6', '--beta2', rows[0].beta2, '--B1', rows[0].B1])
        .stdout,
    );
    expect(Math.abs(Number(rows[0]['heat.Q2']) - heat.Q2)).toBeLessThanOrEqual(
      1e-9 * Math.abs(heat.Q2),
    );
  });

  test('takes a range beyond the one it has, whichever end is typed first', async () => {
    const page = await openApp(`map?${small}`);
    const end = async (which: string, text: string) => {
      await page.locator(`#mapX-${which}`).fill(text);
      await page.locator(`#mapX-${which}`).press('Enter');
    };
    await end('From', '0,5');
    await page.getByRole('alert').getByText('beta2: from 0.5 to 0.084 is no range').waitFor();
    await end('To', '1');
    await page.waitForFunction(() => /mapXFrom=0.5&mapXTo=1/.test(location.hash));
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await end('To', '0.1');
    await page.getByRole('alert').getByText('from 0.5 to 0.1 is no range').waitFor();
    await page.goBack();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.locator('#mapX-To').inputValue()).toBe('0.084');
  });

  test('downloads as a picture with the map in it', async () => {
    const page = await openApp(`map?${small}&mapShow=heat.Q2`);
    await complete(page, 33 * 33);
    const svg = (await download(page, 'map as SVG')).toString();
    expect(svg).toContain('data:image/png;base64,');
    expect(svg).toContain('β₂');
    const png = await download(page, 'map as PNG');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(20_000);
  });
});
