/** Spectra of correlations in layers: against all elements at once, the sector, and sum rules. */
import { describe, expect, test } from 'vitest';
import { adjoint, type Complex } from '../../src/operators/operator.js';
import { correlateAnywhere, correlateInLayers } from '../../src/simulate/anyCorrelation.js';
import { correlate } from '../../src/simulate/correlate.js';
import { readOperator } from '../../src/simulate/formulas.js';
import { CORRELATED, NEAR_REST, subjectOn } from '../support/layers.js';

const apart = (a: Complex, b: Complex): number => Math.hypot(a.re - b.re, a.im - b.im);
const sizeOf = ({ re, im }: Complex): number => Math.hypot(re, im);

async function inLayers(
  subject: ReturnType<typeof subjectOn>,
  a: string,
  b: string | undefined,
  frequencies: readonly number[],
) {
  const read = (of: string) =>
    readOperator('A', of, subject.system.window, subject.operators, subject.formulas);
  const second = b === undefined ? adjoint(read(a)) : read(b);
  const asked = { tau: [], frequency: frequencies, start: null };
  const found = await correlateInLayers(subject.system, read(a), second, asked);
  if (found === null) throw new Error('it is not found in layers');
  return found.spectra;
}

const FREQUENCIES = [-3, -1e-3, 0, 0.2, 1.6, 1e3];

test.each(CORRELATED)(
  '%s with %s in %j: as all elements at once have it',
  async (a, b, potential) => {
    const subject = subjectOn({ ...NEAR_REST, ...potential }, -2, 2);
    const request = { a, b, tau: [], frequency: FREQUENCIES, start: null };
    const wanted = correlate(subject, request).frequencies;
    const found = await inLayers(subject, a, b, FREQUENCIES);
    const largest = Math.max(...wanted.map(({ spectrum }) => sizeOf(spectrum)));
    for (const [k, { spectrum }] of wanted.entries()) {
      const label = `at ${FREQUENCIES[k]}`;
      expect(apart(found[k], spectrum), label).toBeLessThanOrEqual(found[k].error + spectrum.error);
      expect(apart(found[k], spectrum), label).toBeLessThan(1e-9 * largest);
      expect(found[k].error, label).toBeLessThan(1e-8 * largest);
    }
  },
);

describe('on a wide window', () => {
  test('next to no potential it is what sectors have', async () => {
    const frequency = [-0.4, 0, 2];
    for (const [a, b] of [
      ['cos(phi)', undefined],
      ['cos(phi)', 'L*cos(phi)'],
    ] as const) {
      const request = { a, b, tau: [], frequency, start: null };
      const wanted = correlate(subjectOn(NEAR_REST, -20, 20), request);
      const found = await correlateAnywhere(
        subjectOn({ ...NEAR_REST, V: 1e-11 }, -20, 20),
        request,
      );
      expect(found.problems).toEqual(wanted.problems);
      for (const [k, { spectrum, omega }] of found.frequencies.entries()) {
        const other = wanted.frequencies[k].spectrum;
        expect(apart(spectrum, other), `${a} at ${omega}`).toBeLessThan(
          1e-8 * Math.max(1, sizeOf(other)),
        );
      }
    }
  });

  test('a wider one has the same, and no operator a negative spectrum', async () => {
    // Whose rotor has no populations far out.
    const input = { V: 1 };
    for (const of of ['Lz', 'exp(i*phi)', 'sp(q1)']) {
      const request = { a: of, tau: [], frequency: [-0.7, 0, 0.7], start: null };
      const found = await correlateAnywhere(subjectOn(input, -32, 32), request);
      const wider = await correlateAnywhere(subjectOn(input, -36, 38), request);
      for (const [k, { spectrum }] of found.frequencies.entries()) {
        const other = wider.frequencies[k].spectrum;
        expect(apart(spectrum, other)).toBeLessThanOrEqual(spectrum.error + other.error);
        expect(spectrum.re).toBeGreaterThan(1e4 * spectrum.error);
        expect(spectrum.im).toBe(0);
      }
    }
  });
});
