import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noAdapter, qmill } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('qmill figure 2, on a machine without an adapter', () => {
  let stdout = '';
  beforeAll(() => {
    const outcome = qmill(['figure', '2', '--out', join(folder, 'out')], noAdapter);
    expect(outcome.status).toBe(0);
    stdout = outcome.stdout;
  });
  const read = (name: string) => readFileSync(join(folder, 'out', name));

  test('writes the picture in both formats, the data, and the claims', () => {
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'claims.csv',
      'figure2.csv',
      'figure2.json',
      'figure2.png',
      'figure2.svg',
    ]);
    expect(read('figure2.svg').toString()).toMatch(/^<svg/);
    expect(read('figure2.png').subarray(1, 4).toString()).toBe('PNG');
    for (const name of readdirSync(join(folder, 'out'))) {
      expect(stdout).toContain(join(folder, 'out', name));
    }
  });

  test('the picture names the curves, the regimes and the parameters', () => {
    const svg = read('figure2.svg').toString();
    for (const text of ['engine', 'accelerator', 'refrigerator', 'Carnot', 'β₂/β₁', 'λ = 0.1']) {
      expect(svg).toContain(text);
    }
  });

  test('the CSV holds every digit of what steady computes', () => {
    const rows = csvParse(read('figure2.csv').toString());
    expect(rows).toHaveLength(400);
    const row = rows[150];
    const beta2 = 0.1 * Number(row.ratio);
    const { heat, work } = JSON.parse(qmill(['steady', '--beta2', String(beta2), '--json']).stdout);
    expect(Number(row.Q1)).toBe(heat.Q1);
    expect(Number(row.WQ)).toBe(work.WQ);
  });

  test('the claims table gives the paper’s number and the one found, agreeing or not', () => {
    const claims = csvParse(read('claims.csv').toString());
    const found = Object.fromEntries(claims.map((c) => [c.claim, c]));
    expect(found['engine for β2/β1 < 0.43']).toMatchObject({ paper: '0.43', agrees: 'true' });
    expect(Number(found['engine for β2/β1 < 0.43'].found)).toBeCloseTo(0.43424, 4);
    const reversal = found['accelerator up to 0.54, refrigerator above'];
    expect(reversal).toMatchObject({ paper: '0.54', agrees: 'false' });
    expect(Number(reversal.found)).toBeCloseTo(0.50388, 4);
    expect(stdout).toContain('DOES NOT AGREE');
  });
});

test('an unknown figure is refused with the ones there are', () => {
  const { status, stderr } = qmill(['figure', '12', '--out', folder]);
  expect(status).toBe(2);
  expect(stderr).toContain('figure = "12": must be one of 2, 3');
});

test('a folder that cannot be made is refused', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const { status, stderr } = qmill(['figure', '3', '--out', join(file, 'inside')]);
  expect(status).toBe(2);
  expect(stderr).toContain('must be a folder that can be written');
});
