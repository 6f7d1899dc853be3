import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLines } from '../../src/cli/plotRun.js';
import { readRun } from '../../src/cli/runFile.js';
import { cut, variableNamed } from '../../src/sweep/cut.js';
import { readResults } from '../../src/sweep/results.js';
import { qmill } from '../support/commandLine.js';
import { variable, workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

beforeAll(() => {
  const file = plan('plan.yaml', {
    axes: {
      'beta2/beta1': { linspace: { from: 0.8, to: 0.1, count: 8 } },
      B1: { logspace: { from: 2, to: 8, count: 6 } },
      chi: [-0.2, 0.4],
    },
    observables: ['heat', 'work.WQ', 'rotor.Lz', 'operation'],
    truncation: { lmin: -12, lmax: 18 },
    edgeTolerance: 0.5,
  });
  expect(qmill(['sweep', file, '--out', path('results')]).status).toBe(0);
});

const plot = (...flags: string[]) => {
  const out = path('plot.svg');
  const outcome = qmill(['plot', path('results'), '--out', out, ...flags]);
  return { ...outcome, svg: () => readFileSync(out, 'utf8') };
};

test('a cut has its axes ascending, the others at the nearest value', async () => {
  const results = await readResults(path('results'));
  const stored = await variable(path('results'), 'heat_Q2');
  const { axes, at, value } = cut(results, ['B1', 'beta2/beta1'], new Map([['chi', 0.3]]));
  expect(at).toEqual({ chi: 0.4 });
  expect(axes.map(({ name, isLogarithmic }) => [name, isLogarithmic])).toEqual([
    ['B1', true],
    ['beta2/beta1', false],
  ]);
  expect(axes[1].values[0]).toBe(0.1);
  const heat = variableNamed(results, 'heat.Q2');
  // beta2/beta1 falls in the store: the first of the axis is its last.
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 8; j++) expect(value(heat, i, j)).toBe(stored[((7 - j) * 6 + i) * 2 + 1]);
  }
});

describe('qmill plot', () => {
  test('draws the map of operations with lines of equal power', () => {
    const { status, stderr, svg } = plot('--at', 'chi=0.4', '--caption');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const text of [
      'engine',
      'refrigerator',
      'β₂/β₁',
      'B₁',
      'χ = 0.4',
      'dashed where negative',
    ]) {
      expect(svg()).toContain(text);
    }
  });

  test('draws lines along one axis, a panel for each unit', () => {
    const { stderr, svg } = plot(
      ...['--kind', 'lines', '--x', 'B1', '--at', 'beta2/beta1=0.3', '--caption'],
    );
    expect(stderr).toBe('drawn at chi = 0.4\n');
    for (const text of ['Q̇₁', 'Q̇₂', '(energy/time)', '(ħ)', 'β₂/β₁ = 0.3'])
      expect(svg()).toContain(text);
  });

  test('writes PDF, with its font', () => {
    const out = path('p.pdf');
    expect(qmill(['plot', path('results'), '--at', 'chi=0.4', '--out', out]).status).toBe(0);
    const pdf = readFileSync(out, 'latin1');
    expect(pdf).toMatch(/^%PDF-/);
    expect(pdf).toContain('DejaVuSans');
  });

  test('says where an axis is not cut at the value asked for', () => {
    expect(plot('--at', 'chi=0.3').stderr).toBe('drawn at chi = 0.4\n');
  });

  test('writes PNG', () => {
    expect(
      qmill(['plot', path('results'), '--show', 'heat.Q2', '--out', path('p.png')]).status,
    ).toBe(0);
    expect(readFileSync(path('p.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  test.each([
    [['--x', 'B3'], "unknown key 'B3': did you mean 'B1'?"],
    [['--show', 'heat.Q3'], "unknown key 'heat.Q3': did you mean 'heat.Q1'?"],
    [['--show', 'operation'], 'must be numbers'],
    [['--at', 'chi'], 'at = "chi": must be a list of axes with values'],
    [['--kind', 'pie'], 'kind = "pie": must be one of auto, lines, map'],
    [['--out', 'x.eps'], 'must be a file name that ends in .svg, .png, .pdf'],
  ])('%j is refused', (flags, message) => {
    const { status, stderr } = qmill(['plot', path('results'), ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('what fluctuates', () => {
  const asked = ['--frequency', '0.001,1', '--counting', '-0.5,0.5', '--counted', 'bath1'];
  const waiting = ['--waiting', 'bath1', '--tau', '0,0.5'];

  test.each(['.json', '.nc'])(
    'is drawn over frequencies, fields and times from %s',
    async (end) => {
      const file = path(`fluctuations${end}`);
      const { stdout } = qmill(['fluctuations', ...asked, ...waiting, '--json', '--out', file]);
      const { noiseSpectrum, largeDeviations, waitingTimes } = JSON.parse(stdout);
      const { stderr } = qmill(['plot', file, '--kind', 'pie']);
      expect(stderr).toContain('kind = "pie": must be one of auto, lines, map');
      const run = await readRun(file);
      const noise = runLines(run, {});
      expect(noise.x).toEqual({ name: 'ω', unit: '1/time', isLogarithmic: true });
      expect(noise.panels).toHaveLength(1);
      const [first] = noise.panels[0].curves;
      expect(first).toEqual({
        name: 'S N1',
        points: [0.001, 1].map((x, k) => ({ x, y: noiseSpectrum[k].noise.N1 })),
      });
      const deviations = runLines(run, { x: 'field' });
      expect(deviations.x).toEqual({ name: 'χ', unit: '1', isLogarithmic: false });
      expect(deviations.panels[0].curves).toEqual([
        {
          name: 'θ N1',
          points: [-0.5, 0.5].map((x, k) => ({ x, y: largeDeviations.N1[k].scgf })),
        },
      ]);
      const times = runLines(run, { x: 'time' });
      const shown = ['waitingTimes.distribution.density'];
      expect(runLines(run, { shown })).toEqual(times);
      expect(times.x).toEqual({ name: 'τ', unit: 'time', isLogarithmic: false });
      expect(times.panels[0].curves[0].points.map(({ y }) => y)).toEqual(
        waitingTimes.distribution.map(({ density }: { readonly density: number }) => density),
      );
    },
  );
});
