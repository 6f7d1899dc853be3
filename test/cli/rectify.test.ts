import { describe, expect, test } from 'vitest';
import { deviceParameters } from '../../src/model/parameters.js';
import {
  type Sample,
  searchedSoFar,
  searchRectification,
} from '../../src/simulate/rectificationSearch.js';
import { qmill } from '../support/commandLine.js';

const window = ['--lmin', '-30', '--lmax', '60'];

describe('qmill rectify --json', () => {
  const { status, stdout } = qmill(['rectify', '--json', '--alpha', '0,1', ...window]);
  const report = JSON.parse(stdout);

  test('gives both directions, both definitions, the optima and the Pareto fronts', () => {
    expect(status).toBe(0);
    expect(report).toMatchObject({
      model: 'global',
      definition: 'signed',
      backend: { name: 'cpu', precision: 'f64' },
      solver: { space: 'sector', method: 'direct' },
    });
    expect(report.cutoff).toBe(20);
    expect(report.best).toHaveLength(4);
    expect(report.pareto.heat.length).toBeGreaterThan(10);
    expect(report.angular.magnitude.R).toBeLessThanOrEqual(1);
    expect(report.angular.R).toBe(report.angular.signed.R);
  });

  test('the directions are what steady finds before and after the swap', () => {
    const steady = (beta1: string, beta2: string) =>
      JSON.parse(
        qmill([
          ...['steady', '--model', 'global', '--g', '0.5', '--cutoff', String(report.cutoff)],
          ...['--beta1', beta1, '--beta2', beta2, '--json', ...window],
        ]).stdout,
      );
    const near = (found: number, wanted: number) =>
      expect(Math.abs(found - wanted)).toBeLessThan(1e-11 * Math.abs(wanted));
    const [before, after] = [steady('0.1', '0.02'), steady('0.02', '0.1')];
    near(report.forward.Q2, before.heat.Q2);
    near(report.swapped.Q1, after.heat.Q1);
    near(report.swapped.Lz, after.rotor.Lz);
    const [a, b] = [before.heat.Q2, after.heat.Q1];
    near(report.heat.R, Math.abs((a - b) / (a + b)));
    near(report.heat.J, Math.max(Math.abs(a), Math.abs(b)) / (0.1 * 0.25));
  });
});

describe('bad input is refused in one line that says what is allowed', () => {
  test.each([
    [['--chi', '1'], 'chi = 1: must be a number with −1 < chi < 1'],
    [['--chi', '-1.5'], 'chi = -1.5: must be'],
    [['--alpha', '0,1.5'], 'alpha = 1.5: must be a number with 0 ≤ alpha ≤ 1'],
    [['--alpha', ''], 'alpha = NaN: must be'],
    [['--cutoff', '0'], 'cutoff = 0: must be max-bohr'],
    [['--cutoff', '-2'], 'cutoff = -2: must be max-bohr'],
    [['--beta2', '0.1'], 'beta2 = 0.1: must be different from beta1'],
    [['--lambda', '0'], 'lambda = 0: must be different from 0'],
    [['--V', '1'], 'V = 1: must be 0 for rectification: with a potential'],
    [['--over', 'mass'], 'over = "mass": must be a list of parameters among beta1'],
    [['--over', 'B1=3:2'], 'over = "B1=3:2": must be B1=FROM:TO with FROM < TO'],
    [['--over', 'chi=1'], 'over = "chi=1": must be NAME or NAME=FROM:TO'],
    [['--over', 'chi,g=a:b'], 'over = "g=a:b": must be NAME or NAME=FROM:TO'],
    [['--over', 'chi=-2:0'], 'chi = -2: must be'],
    [['--over', 'gamma', '--gamma', '0'], 'over = "gamma": must be gamma=FROM:TO'],
    [['--definition', 'absolute'], 'definition = "absolute": must be one of signed, magnitude'],
  ])('%j', (flags, message) => {
    const { status, stdout, stderr } = qmill(['rectify', ...flags]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

describe('Ctrl-C', () => {
  const parameters = deviceParameters({ model: 'local', beta2: 0.02 });
  const truncation = { lmin: -8, lmax: 14, edgeTolerance: 0.5 };
  const alphas = [0, 0.5, 1];
  const box = { chi: { from: -0.9, to: 0.9 }, B1: { from: 1, to: 20 } };

  test('leaves the best of the devices that were evaluated', () => {
    const samples: Sample[] = [];
    const chi = { chi: box.chi };
    const whole = searchRectification(
      parameters,
      truncation,
      chi,
      alphas,
      'magnitude',
      (_, sample) => samples.push(sample),
    );
    expect(searchedSoFar(parameters, truncation, alphas, samples)).toEqual(whole);
    const part = searchedSoFar(parameters, truncation, alphas, samples.slice(0, 9));
    expect(part.evaluations).toBe(9);
    part.best.forEach(({ Gamma }, i) => {
      expect(Gamma).toBeLessThanOrEqual(whole.best[i].Gamma);
    });
  });

  test('is heard while the search goes on', async () => {
    const compiled = '../../dist/cli/watchedSearch.js';
    const { watchedSearch }: typeof import('../../src/cli/watchedSearch.js') = await import(
      compiled
    );
    const request = { parameters, truncation, box, alphas, definition: 'magnitude' as const };
    setTimeout(() => process.emit('SIGINT'), 100);
    const outcome = await watchedSearch(request);
    expect(outcome?.complete).toBe(false);
    expect(outcome?.search.best).toHaveLength(6);
    expect(outcome?.search.evaluations).toBeGreaterThan(0);
  });
});
