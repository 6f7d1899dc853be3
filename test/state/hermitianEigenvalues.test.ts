/** Eigenvalues of dense Hermitian matrices: of spectra that are known, and against forty digits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullSpace } from '../../src/generator/classes.js';
import { rotorWindow } from '../../src/operators/window.js';
import { hermitianEigenvalues } from '../../src/state/hermitianEigenvalues.js';
import { InformationReading } from '../../src/state/information.js';
import { Parts } from '../../src/state/parts.js';
import { between } from '../support/arbitrary.js';
import { preciseEigenvalues } from '../support/preciseEigenvalues.js';

type Dense = { readonly re: Float64Array; readonly im: Float64Array };

/** A matrix from its elements on and below the diagonal. */
function hermitian(n: number, element: (i: number, j: number) => readonly [number, number]): Dense {
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [x, y] = element(i, j);
      re[i * n + j] = re[j * n + i] = x;
      im[i * n + j] = i === j ? 0 : y;
      im[j * n + i] = i === j ? 0 : -y;
    }
  }
  return { re, im };
}

test('of small matrices are those of forty digits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.oneof(between(-1, 1), fc.constant(0)), { minLength: 50, maxLength: 50 }),
      fc.constantFrom(1, 1e-6),
      (n, numbers, ratio) => {
        // Rows that are ever smaller, as populations far away are.
        const { re, im } = hermitian(n, (i, j) => {
          const size = ratio ** (i + j);
          return [numbers[i * n + j] * size, numbers[25 + i * n + j] * size];
        });
        const wanted = preciseEigenvalues({ n, re, im });
        const largest = Math.max(...wanted.map(Math.abs));
        const found = hermitianEigenvalues(n, re.slice(), im.slice());
        found.forEach((value, k) => {
          expect(Math.abs(value - wanted[k])).toBeLessThanOrEqual(4e-15 * largest);
        });
      },
    ),
  );
});

/** Hopping along a line with a phase: 2 cos(πk/(n + 1)). */
test.each([3, 50, 401])('of a line of %i sites are in closed form', (n) => {
  const phase = [Math.cos(0.7), Math.sin(0.7)] as const;
  const { re, im } = hermitian(n, (i, j) => (i === j + 1 ? phase : [0, 0]));
  const found = hermitianEigenvalues(n, re, im);
  found.forEach((value, k) => {
    expect(Math.abs(value - 2 * Math.cos((Math.PI * (n - k)) / (n + 1)))).toBeLessThan(1e-14 * n);
  });
});

test('of a reflected diagonal are that diagonal, equal ones too', () => {
  const n = 120;
  const values = Array.from({ length: n }, (_, k) => Math.floor(k / 3) - 7);
  const [u, v] = [0, 1].map((part) => Array.from({ length: n }, (_, k) => Math.sin(k * k + part)));
  const squared = u.reduce((sum, x, k) => sum + x * x + v[k] * v[k], 0);
  // Q = 1 − 2ww†/w†w, and Q D Q is D − 2(ww†D + Dww†)/w†w + 4 w(w†Dw)w†/(w†w)².
  const mean = u.reduce((sum, x, k) => sum + values[k] * (x * x + v[k] * v[k]), 0) / squared;
  const { re, im } = hermitian(n, (i, j) => {
    const factor = (4 * mean - 2 * values[i] - 2 * values[j]) / squared;
    const own = i === j ? values[i] : 0;
    return [own + factor * (u[i] * u[j] + v[i] * v[j]), factor * (v[i] * u[j] - u[i] * v[j])];
  });
  const found = hermitianEigenvalues(n, re, im);
  found.forEach((value, k) => {
    expect(Math.abs(value - values[k])).toBeLessThan(1e-12);
  });
});

test.each([1, -1])(
  'of populations that fall by hundreds of decades there are all, sorted %i',
  (sign) => {
    const n = 240;
    const numbers = (i: number, j: number) => Math.cos(3 * i * j + i + 2 * j);
    const place = (i: number) => (sign < 0 ? n - 1 - i : i);
    // Pairs of neighbours that nothing else connects, of trace 3p and determinant p²(2 − |x|²), and a faint hair between.
    const size = (i: number) => 10 ** -(1.3 * Math.floor(place(i) / 2));
    const { re, im } = hermitian(n, (i, j) => {
      if (i === j) return [size(i) * (1 + (place(i) % 2)), 0];
      if (Math.floor(place(i) / 2) === Math.floor(place(j) / 2))
        return [0.3 * size(i), 0.4 * size(i)];
      return [1e-30 * size(i) * size(j) * numbers(i, j), 0];
    });
    const found = hermitianEigenvalues(n, re, im);
    const wanted = Array.from({ length: n / 2 }, (_, k) => {
      const half = Math.sqrt(0.25 + 0.25);
      return [1.5 - half, 1.5 + half].map((x) => x * 10 ** (-1.3 * k));
    })
      .flat()
      .sort((a, b) => a - b);
    found.forEach((value, k) => {
      expect(Math.abs(value - wanted[k])).toBeLessThan(1e-15);
    });
  },
);

test('entropies of more than 320 states are known: of a pure state in a mixture', () => {
  const window = rotorWindow(-110, 109);
  const space = fullSpace({ states: 2, window });
  const n = 2 * window.size;
  const share = 0.3;
  const elements = new Float64Array(2 * space.size);
  // ψ ∝ 1 with a phase that turns along the ladder.
  for (const { ket, bra, delta, length, offset } of space.classes) {
    const angle = 0.4 * delta + 1.1 * (ket - bra);
    for (let p = offset; p < offset + length; p++) {
      elements[2 * p] = ((1 - share) * Math.cos(angle)) / n;
      elements[2 * p + 1] = ((1 - share) * Math.sin(angle)) / n;
      if (ket === bra && delta === 0) elements[2 * p] += share / n;
    }
  }
  const parts = new Parts([{ name: 'q', levels: 2 }], 'ladder');
  const rho = { space, elements };
  expect(new InformationReading(rho, parts, 320).entropy()).toBeNull();
  const found = new InformationReading(rho, parts, 640);
  const [large, small] = [1 - share + share / n, share / n];
  const wanted = -large * Math.log(large) - (n - 1) * small * Math.log(small);
  expect(found.entropy()).toBeCloseTo(wanted, 10);
  // A product of pure states, mixed with what is a product, too.
  const [one, other] = [1 - share / 2, share / 2];
  expect(found.entropy(['q'])).toBeCloseTo(-one * Math.log(one) - other * Math.log(other), 10);
});
