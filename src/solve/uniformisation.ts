/** e^{tL} of a generator that leaves every class to itself, as a generator of its own. */
import { type Coupling, coefficientsOf, type Generator } from '../generator/generator.js';
import { shiftCoupling } from '../generator/reducedMap.js';
import type { Table } from '../operators/operator.js';
import { zeros } from '../zeros.js';

/** The largest rate times time that one series takes; longer times are halved until they fit. */
const LARGEST_SERIES = 16;
/** What is this small changes no digit of a density matrix. */
const NEGLIGIBLE = 1e-22;

/**
 * e^{tL} for t ≥ 0, by uniformisation: with q the largest rate of leaving, e^{−qt} Σ_k (qt)^k/k! (1 + L/q)^k.
 * Between populations every term is positive, so that nothing cancels.
 * @throws {Error} for a generator with complex coefficients or couplings between classes
 */
export function classExponential(generator: Generator, t: number): Generator {
  const { space } = generator;
  const couplings: Coupling[] = [];
  space.classes.forEach((own, at) => {
    const n = own.length;
    const rates = classMatrix(generator, at);
    const matrix = exponential(rates, n, t);
    for (let shift = 1 - n; shift < n; shift++) {
      const table: Table = { re: zeros(space.window.size), im: null };
      let largest = 0;
      for (let p = Math.max(0, -shift); p < Math.min(n, n - shift); p++) {
        const value = matrix[(p + shift) * n + p];
        table.re[own.first + p] = value;
        largest = Math.max(largest, Math.abs(value));
      }
      if (largest <= NEGLIGIBLE) continue;
      couplings.push({
        sourceClass: at,
        targetClass: at,
        ...shiftCoupling(own, own, shift, table),
      });
    }
  });
  return { space, couplings };
}

/** The generator among the elements of one class, by rows. */
function classMatrix({ space, couplings }: Generator, at: number): Float64Array {
  const { offset, length: n } = space.classes[at];
  const matrix = new Float64Array(n * n);
  for (const coupling of couplings) {
    if (coupling.sourceClass !== at) continue;
    if (coupling.targetClass !== at) throw new Error('the generator couples classes');
    const { kind, re } = coefficientsOf(coupling);
    if (kind !== 'real') throw new Error('the generator is not real');
    for (let p = 0; p < coupling.count; p++) {
      const row = coupling.target + p - offset;
      matrix[row * n + coupling.source + p - offset] += re[p];
    }
  }
  return matrix;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
    }
  }
  return c;
}

function exponential(rates: Float64Array, n: number, t: number): Float64Array<ArrayBuffer> {
  let q = 0;
  for (let i = 0; i < n; i++) q = Math.max(q, -rates[i * n + i]);
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  if (q === 0) return identity;
  const halvings = Math.max(0, Math.ceil(Math.log2((q * t) / LARGEST_SERIES)));
  const x = (q * t) / 2 ** halvings;
  const step = rates.map((rate, at) => identity[at] + rate / q);
  let power: Float64Array<ArrayBuffer> = identity;
  let weight = Math.exp(-x);
  let result = identity.map((entry) => weight * entry);
  // Past the largest weight, at k = x, the rest is less than a geometric series.
  for (let k = 1; k <= x || weight > NEGLIGIBLE; k++) {
    power = product(step, power, n);
    weight *= x / k;
    for (let at = 0; at < result.length; at++) result[at] += weight * power[at];
  }
  for (let h = 0; h < halvings; h++) result = product(result, result, n);
  return result;
}
