/** What formulas of machine files mean: the order of operations, and the operators of every ladder. */
import { describe, expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { Dense } from '../support/dense.js';
import { denseOperator } from '../support/generators.js';

/** Formulas on a ladder as matrices. */
function matrices(ladder: string, formulas: Readonly<Record<string, string>>) {
  const described = describedMachine(
    'm.yaml',
    [
      'name: formulas',
      'subsystems: {q: 2}',
      `ladder: ${ladder}`,
      'parameters: {x: 3, y: 0.5}',
      'hamiltonian: {h: x*y*sz(q)}',
      'observables:',
      ...Object.entries(formulas).map(([name, text]) => `  ${name}: ${text}`),
    ].join('\n'),
  );
  const { lmin, lmax } = described.ladder;
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  const { observables } = new MachineSystem(described).on(window, { x: 3, y: 0.5 });
  return (name: string): Dense => denseOperator(observables[name], 2);
}

const same = (a: Dense, b: Dense) =>
  expect(a.plus(b, -1).max()).toBeLessThan(1e-14 * (1 + a.max()));
const commutator = (a: Dense, b: Dense) => a.dot(b).plus(b.dot(a), -1);

const ROTOR = '{kind: rotor, window: [-3, 4]}';

describe('numbers', () => {
  test.each([
    ['-x^2', -9],
    ['2^-1', 0.5],
    ['2^3^0.5^0', 8],
    ['-2^2*-3', 12],
    ['x - 1 - 1', 1],
    ['x/2/3', 0.5],
    ['2*x^2/9', 2],
    ['1.5e1 + .5', 15.5],
    ['x^0.5^1', Math.sqrt(3)],
    ['(1 - y)^2', 0.25],
    ['sqrt(4*y^2)', 1],
    ['exp(i*pi)', -1],
    ['cos(pi/3)', 0.5],
    ['1/(1/i)*-i', 1],
    ['bose(y)', 1 / Math.expm1(0.5)],
    ['fermi(y)', 1 / (Math.exp(0.5) + 1)],
  ])('%s', (text, value) => {
    const of = matrices(ROTOR, { n: `${text} + 0*L` });
    same(of('n'), Dense.identity(16).times(value));
  });
});

test('operators keep their order, and hc adds the adjoint of what is before it', () => {
  const of = matrices(ROTOR, {
    a: 'sin(phi)*L',
    b: 'L*sin(phi)',
    c: 'sin(phi)',
    l: 'L',
    d: '2*i*sp(q)*exp(i*phi) + hc',
    e: '2*i*sp(q)*exp(i*phi) - 2*i*sm(q)*exp(-i*phi)',
    f: 'dag(sp(q)*exp(2*i*phi))',
    g: 'sm(q)*exp(-2*i*phi)',
    k: 'cos(phi + pi/2)',
    z: 'sz(q)',
    p: 'P(q, 1) - P(q, 0)',
    w: '-i*sx(q)*sy(q)',
  });
  same(of('a'), of('c').dot(of('l')));
  same(of('b'), of('l').dot(of('c')));
  expect(of('a').plus(of('b'), -1).max()).toBeGreaterThan(0.4);
  same(of('d'), of('e'));
  same(of('f'), of('g'));
  same(of('k'), of('c').times(-1));
  same(of('z'), of('p'));
  same(of('z'), of('w'));
});

describe('ladders', () => {
  test('an oscillator', () => {
    const of = matrices('{kind: oscillator, levels: 6}', { a: 'a', b: 'ad', n: 'n', r: 'sqrt(n)' });
    same(of('b').dot(of('a')), of('n'));
    same(of('b'), of('a').dagger());
    same(of('r').dot(of('r')), of('n'));
    // Cut off at the top alone.
    same(
      commutator(of('a'), of('b')),
      Dense.from(12, (i, j) => (i !== j ? 0 : i % 6 === 5 ? -5 : 1)),
    );
  });

  test.each([0.5, 1, 1.5, 3])('a spin %d', (spin) => {
    const of = matrices(`{kind: spin, spin: ${spin}}`, { x: 'Jx', y: 'Jy', z: 'Jz', p: 'Jp' });
    const [x, y, z] = ['x', 'y', 'z'].map(of);
    same(commutator(x, y), z.times(0, 1));
    same(of('p'), x.plus(y, 0, 1));
    const square = [x, y, z].map((j) => j.dot(j)).reduce((a, b) => a.plus(b));
    same(square, Dense.identity(square.n).times(spin * (spin + 1)));
  });

  test('a ring', () => {
    const of = matrices('{kind: ring, sites: 5}', { h: 'hop', x: 'site', p: 'hop^5' });
    same(of('h').dot(of('h').dagger()), Dense.identity(10));
    same(of('p'), Dense.identity(10));
    expect(of('x').re[4 * 10 + 4]).toBe(4);
  });

  test('a finite ladder', () => {
    const of = matrices('{kind: finite, levels: 4}', { u: 'up', d: 'down', n: 'n' });
    same(of('u').dagger(), of('d'));
    same(commutator(of('n'), of('u')), of('u'));
  });

  test('charges with an offset', () => {
    const of = matrices('{kind: charge, window: [-3, 3], offset: y/2}', {
      n: 'n',
      s: 'exp(i*phi)',
    });
    expect(of('n').re[0]).toBe(-3.25);
    same(commutator(of('n'), of('s')), of('s'));
  });
});
