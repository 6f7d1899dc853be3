/**
 * The density matrix that a linear map leaves as it is, on a Hermitian sector whose populations are
 * conserved: (M − 1)ρ = 0 with Tr ρ = 1.
 *
 * Eliminated as Markov chains are by Grassmann, Taksar and Heyman: the pivot of a population is minus the
 * sum of the other populations' entries in its column, never the difference of two numbers near 1. From
 * both ends of the window towards the centre; coherences, as pairs (Re, Im), before the level they belong to.
 */
import { apply } from '../generator/apply.js';
import type { Space } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import { NonUniqueSteadyStateError } from './conservingElimination.js';

/** One real unknown: a population, or the real or imaginary part of a coherence and its conjugate. */
interface Unknown {
  readonly kind: 'population' | 're' | 'im';
  /** Its place in a vector of the space, in complex numbers, and that of its conjugate. */
  readonly at: number;
  readonly conjugate: number;
  readonly distance: number;
}

/** Every unknown, in the order of elimination. */
function unknownsOf(space: Space, centre: number): Unknown[] {
  const unknowns: Unknown[] = [];
  // Later classes first: of two qubits |00⟩, which no cold empties, goes last.
  for (let c = space.classes.length - 1; c >= 0; c--) {
    const { ket, bra, delta, first, length, offset } = space.classes[c];
    const partner = space.find(bra, ket, -delta);
    if (partner < 0)
      throw new Error('a Hermitian space holds the conjugate of each of its classes');
    // Of two conjugate classes one is kept.
    if (partner < c) continue;
    const other = space.classes[partner].offset;
    for (let p = 0; p < length; p++) {
      const level = first + p;
      const distance = Math.max(Math.abs(level - centre), Math.abs(level - delta - centre));
      const place = { at: offset + p, conjugate: other + p, distance };
      if (partner === c) unknowns.push({ kind: 'population', ...place });
      else unknowns.push({ kind: 're', ...place }, { kind: 'im', ...place });
    }
  }
  const late = ({ kind }: Unknown): number => (kind === 'population' ? 1 : 0);
  return unknowns.sort((a, b) => b.distance - a.distance || late(a) - late(b));
}

/** M − 1 among the unknowns, by rows. */
function matrixOf(space: Space, unknowns: readonly Unknown[], maps: readonly Generator[]) {
  const n = unknowns.length;
  const a = new Float64Array(n * n);
  unknowns.forEach(({ kind, at, conjugate }, column) => {
    let x = new Float64Array(2 * space.size);
    if (kind === 'im') {
      x[2 * at + 1] = 1;
      x[2 * conjugate + 1] = -1;
    } else {
      x[2 * at] = 1;
      x[2 * conjugate] = 1;
    }
    for (const map of maps) x = Float64Array.from(apply(map, x));
    unknowns.forEach((row, i) => {
      a[i * n + column] = x[2 * row.at + (row.kind === 'im' ? 1 : 0)];
    });
    a[column * n + column] -= 1;
  });
  return a;
}

/** rows[i] −= factor · rows[k], from column `begin` on. */
function subtractRow(
  a: Float64Array,
  n: number,
  i: number,
  k: number,
  factor: number,
  begin: number,
): void {
  if (factor === 0) return;
  for (let j = begin; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
}

/**
 * The fixed point of the maps, applied one after the other.
 * @param centre the index of a level that holds much of the population
 * @returns a vector of the maps' space
 * @throws {NonUniqueSteadyStateError}
 */
export function fixedPoint(maps: readonly Generator[], centre: number): Float64Array {
  const { space } = maps[0];
  const unknowns = unknownsOf(space, centre);
  const n = unknowns.length;
  const a = matrixOf(space, unknowns, maps);
  const isPopulation = unknowns.map(({ kind }) => kind === 'population');
  const steps: { k: number; pair: boolean }[] = [];
  for (let k = 0; k < n - 1; k++) {
    const pair = !isPopulation[k];
    steps.push({ k, pair });
    if (pair) {
      const [p, q, r, s] = [
        a[k * n + k],
        a[k * n + k + 1],
        a[(k + 1) * n + k],
        a[(k + 1) * n + k + 1],
      ];
      const determinant = p * s - q * r;
      for (let i = k + 2; i < n; i++) {
        const [u, v] = [a[i * n + k], a[i * n + k + 1]];
        if (u === 0 && v === 0) continue;
        subtractRow(a, n, i, k, (u * s - v * r) / determinant, k + 2);
        subtractRow(a, n, i, k + 1, (v * p - u * q) / determinant, k + 2);
      }
      k++;
    } else {
      let leaving = 0;
      for (let i = k + 1; i < n; i++) if (isPopulation[i]) leaving += a[i * n + k];
      if (!(leaving > 0)) {
        throw new NonUniqueSteadyStateError(
          'the steady state of the collisions is not unique: some populations never reach the others',
        );
      }
      a[k * n + k] = -leaving;
      for (let i = k + 1; i < n; i++) subtractRow(a, n, i, k, a[i * n + k] / -leaving, k + 1);
    }
  }
  const x = new Float64Array(n);
  x[n - 1] = 1;
  const remainder = (row: number, begin: number): number => {
    let sum = 0;
    for (let j = begin; j < n; j++) sum -= a[row * n + j] * x[j];
    return sum;
  };
  for (const { k, pair } of steps.reverse()) {
    if (pair) {
      const [p, q, r, s] = [
        a[k * n + k],
        a[k * n + k + 1],
        a[(k + 1) * n + k],
        a[(k + 1) * n + k + 1],
      ];
      const [u, v] = [remainder(k, k + 2), remainder(k + 1, k + 2)];
      x[k] = (u * s - v * q) / (p * s - q * r);
      x[k + 1] = (v * p - u * r) / (p * s - q * r);
    } else {
      x[k] = remainder(k, k + 1) / a[k * n + k];
    }
  }
  return normalised(space, unknowns, x);
}

function normalised(space: Space, unknowns: readonly Unknown[], x: Float64Array): Float64Array {
  let trace = 0;
  unknowns.forEach(({ kind }, i) => {
    if (kind === 'population') trace += x[i];
  });
  const elements = new Float64Array(2 * space.size);
  unknowns.forEach(({ kind, at, conjugate }, i) => {
    const value = x[i] / trace;
    const part = kind === 'im' ? 1 : 0;
    elements[2 * conjugate + part] = kind === 'im' ? -value : value;
    elements[2 * at + part] = value;
  });
  return elements;
}
