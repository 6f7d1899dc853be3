import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { csvParse } from 'd3-dsv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../src/version.js';
import { noAdapter, qmill, qmillProcess } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The last chunk of each type. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    chunks.set(png.subarray(at + 4, at + 8).toString('latin1'), png.subarray(at + 8, end));
  }
  return chunks;
}

describe('qmill figure 2, on a machine without an adapter', () => {
  let stdout = '';
  beforeAll(() => {
    const outcome = qmillProcess(
      ['figure', '2', '--caption', '--out', join(folder, 'out')],
      noAdapter,
    );
    expect(outcome.status).toBe(0);
    stdout = outcome.stdout;
  });
  const read = (name: string) => readFileSync(join(folder, 'out', name));

  test('writes the picture in every format, the data, and the claims', () => {
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'claims.csv',
      'figure2.csv',
      'figure2.json',
      'figure2.pdf',
      'figure2.png',
      'figure2.svg',
    ]);
    expect(read('figure2.svg').toString()).toMatch(/^<svg/);
    expect(read('figure2.png').subarray(1, 4).toString()).toBe('PNG');
    expect(read('figure2.pdf').subarray(0, 5).toString()).toBe('%PDF-');
    for (const name of readdirSync(join(folder, 'out'))) {
      expect(stdout).toContain(join(folder, 'out', name));
    }
  });

  test('the picture names the curves, the regimes and the parameters', () => {
    const svg = read('figure2.svg').toString();
    for (const text of ['engine', 'accelerator', 'refrigerator', 'COP', 'β₂/β₁', 'λ = 0.1']) {
      expect(svg).toContain(text);
    }
  });

  test('the PNG says how large it prints and where it comes from', () => {
    const chunks = chunksOf(read('figure2.png'));
    // 300 dots an inch.
    expect(chunks.get('pHYs')).toEqual(Buffer.from([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1]));
    // Not compressed, in no particular language: units and symbols are beyond Latin-1.
    const [keyword, ...others] = chunks.get('iTXt')!.toString('utf8').split('\0');
    const json = others.pop()!;
    expect([keyword, ...others]).toEqual(['Description', '', '', '', '']);
    expect(JSON.parse(json)).toMatchObject({ figure: '2', version, parameters: { B2: 10, I: 1 } });
  });

  test('the JSON has what is the same at every point, and what varies', () => {
    const { parameters, varied } = JSON.parse(read('figure2.json').toString());
    expect(parameters).not.toHaveProperty('beta2');
    expect(varied.beta2.count).toBe(400);
    expect(varied.beta2.to).toBeCloseTo(0.09, 12);
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
    expect(reversal).toMatchObject({ verdict: 'does not agree', tolerance: '± 0.01' });
    expect(stdout).toContain('DOES NOT AGREE');
  });

  test('claims are also held against each other, and against what is neglected', () => {
    const claims = csvParse(read('claims.csv').toString());
    const found = (words: string) => claims.find(({ claim }) => claim.includes(words));
    expect(Number(found('at the border to the accelerator')?.found)).toBeLessThan(1e-12);
    expect(found('at the border to the accelerator')?.agrees).toBe('false');
    expect(Number(found('over Carnot')?.found)).toBeCloseTo(0.593, 3);
    expect(Number(found('negligible')?.found)).toBeCloseTo(1.74e-8, 10);
    expect(Number(found('near the thermal state')?.found)).toBeCloseTo(2.7e-5, 6);
    for (const { agrees, verdict } of claims) expect(agrees).toBe(String(verdict === 'agrees'));
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

describe('a figure at other parameters, in another style', () => {
  const out = join(folder, 'changed');
  let stdout = '';
  beforeAll(() => {
    const outcome = qmill([
      ...['figure', '2', '--I', '5', '--out', out],
      ...['--column', 'single', '--font', 'serif'],
    ]);
    expect(outcome.status).toBe(0);
    stdout = outcome.stdout;
  });

  test('is computed at them, without the claims about the paper’s', () => {
    const row = csvParse(readFileSync(join(out, 'figure2.csv'), 'utf8'))[150];
    const beta2 = 0.1 * Number(row.ratio);
    const device = ['--beta2', String(beta2), '--I', '5', '--json'];
    expect(Number(row.Q1)).toBe(JSON.parse(qmill(['steady', ...device]).stdout).heat.Q1);
    expect(readdirSync(out)).not.toContain('claims.csv');
    expect(stdout).toContain("The paper's claims are about its own parameters");
    expect(JSON.parse(readFileSync(join(out, 'figure2.json'), 'utf8')).parameters.I).toBe(5);
  });

  test('is as wide as a column, in that typeface, with its scripts set and no caption', () => {
    const svg = readFileSync(join(out, 'figure2.svg'), 'utf8');
    expect(svg).toMatch(/^<svg[^>]* width="86mm" height="[\d.]+mm"/);
    expect(svg).toContain('font-family="DejaVu Serif, serif"');
    expect(svg).toMatch(/Ẇ<\/tspan><tspan dy="-[\d.]+" font-size="[\d.]+px">\(Q\)<\/tspan>/);
    expect(svg).not.toContain('λ = 0.1');
    const png = readFileSync(join(out, 'figure2.png'));
    expect(png.readUInt32BE(16)).toBe(Math.round((300 * 86) / 25.4));
  });
});

test.each([
  [
    ['2', '--beta2', '0.05'],
    'beta2 = 0.05: must be absent for Fig. 2 and Fig. 3, which chooses it',
  ],
  [['4', '--chi', '0.5'], 'chi = 0.5: must be absent for Fig. 4 and Fig. 5'],
  [['2', '--I', '0'], 'I = 0: must be'],
  [['2', '--column', 'triple'], 'column = "triple": must be one of single, double'],
  [['2', '--width', '3'], 'width = "3": must be a number of millimetres from 60 to 400'],
  [['2', '--font', 'comic'], 'font = "comic": must be one of sans, serif'],
])('figure %j is refused', (flags, message) => {
  const { status, stdout, stderr } = qmill(['figure', ...flags, '--out', folder]);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
