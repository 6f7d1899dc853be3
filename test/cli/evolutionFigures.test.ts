import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { afterAll, describe, expect, test } from 'vitest';
import entries from '../reference/dynamics.json' with { type: 'json' };
import { qmill } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

const figure = (name: string) => {
  const out = join(folder, name);
  const { status, stdout } = qmill(['figure', name, '--caption', '--out', out]);
  expect(status).toBe(0);
  const read = (file: string) => readFileSync(join(out, file));
  return {
    stdout,
    svg: read(`figure${name}.svg`).toString(),
    png: read(`figure${name}.png`),
    rows: csvParse(read(`figure${name}.csv`).toString()),
    claims: csvParse(read('claims.csv').toString()),
  };
};

describe('figure 6', () => {
  const { rows, claims, svg, png } = figure('6');

  test('has the levels −5 … 10 at growing times, cut and not, with the steady state', () => {
    expect(rows).toHaveLength(8 * 16);
    const at = (t: number, l: number) => rows.find((r) => Number(r.t) === t && Number(r.l) === l)!;
    // dynamics.json's second device at t = 100, on a window that holds it.
    const [, { snapshots, populations_from_l: from }] = entries;
    const p = snapshots.find((s) => s.t === 100)!.p;
    expect(Number(at(100, 0).wide)).toBeCloseTo(p[0 - from], 10);
    expect(Number(at(100, 0).population)).toBeCloseTo(p[0 - from], 8);
    // Cut at l = 10 it piles up there; not cut it has left.
    expect(Number(at(1e6, 10).population)).toBeCloseTo(Number(at(1e6, 10).steady), 9);
    expect(Number(at(1e6, 10).population)).toBeGreaterThan(0.7);
    expect(Number(at(1e6, 10).wide)).toBeLessThan(1e-6);
  });

  test('says that the distribution leaves the window', () => {
    expect(svg).toContain('the distribution leaves the levels drawn');
    expect(svg).toContain('49 % on these levels');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  test('finds the paper’s claims', () => {
    expect(claims.map((c) => c.agrees)).toEqual(['true', 'true', 'true']);
  });
});

test('figure 7: with load the distribution stays and ends in the steady state', () => {
  const { rows, claims, svg } = figure('7');
  const last = rows.filter((r) => r.t === '1000000');
  for (const r of last) expect(Number(r.population)).toBeCloseTo(Number(r.steady), 10);
  expect(claims.map((c) => c.agrees)).toEqual(['true', 'true']);
  expect(svg).toContain('γ = 5×10⁻⁴');
});

test('figure 8: powers in time, and where the paper’s words do not hold', () => {
  const { rows, claims, svg } = figure('8');
  const [{ snapshots }] = entries;
  const reference = snapshots.find((s) => s.t === 20_000)!;
  const row = rows.find((r) => Number(r.t) === 20_000)!;
  expect(Number(row.kinetic)).toBeCloseTo(reference.Wkin, 10);
  expect(Number(row.net)).toBeCloseTo(reference.Wnet, 10);
  expect(Number(row.backAction)).toBeCloseTo(reference.QBA, 10);
  const agrees = Object.fromEntries(claims.map((c) => [c.claim, c.agrees]));
  expect(agrees['the net power quickly reaches a maximum before decreasing']).toBe('true');
  expect(agrees['the intrinsic power steadily decreases']).toBe('false');
  expect(agrees['the same on the window [-5, 10] that Figs. 6 and 7 draw']).toBe('true');
  expect(agrees['the intrinsic power tends to −Q_r']).toBe('true');
  expect(svg).toContain('time logarithmic');
});
