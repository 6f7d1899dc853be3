/** How far a trajectory can go on some levels of the ladder: between which numbers its quantities lie. */
import { entriesOf, type KetSystem } from '../generator/kets.js';
import { getOrInsert } from '../maps.js';
import type { Operator } from '../operators/operator.js';

/** The least and the greatest value. */
export type Range = readonly [number, number];

/** What a bath can do at most, in any state on the levels. */
export interface BathRange {
  /** The heat that it brings in per time. */
  readonly heat: Range;
  /** The most jumps per time. */
  readonly jumps: number;
  /** The heat per time but for changes of an energy that is stored; and how far that can change. */
  readonly passedOn: readonly { readonly range: Range; readonly stored: number }[];
  /** The largest energy that one jump brings in or takes out. */
  readonly quantum: number;
}

/** A Hermitian matrix on some components. */
class HermitianRange {
  private readonly rows = new Map<number, Map<number, [number, number]>>();

  constructor(private readonly holds: (component: number) => boolean) {}

  add(row: number, column: number, re: number, im: number): void {
    if (!this.holds(row) || !this.holds(column)) return;
    const entries = getOrInsert(this.rows, row, () => new Map());
    const [a, b] = entries.get(column) ?? [0, 0];
    entries.set(column, [a + re, b + im]);
  }

  /** What holds all of its eigenvalues, by Gershgorin's circles. */
  range(): Range {
    let [low, high] = [0, 0];
    for (const [row, entries] of this.rows) {
      const centre = entries.get(row)?.[0] ?? 0;
      let radius = 0;
      for (const [column, [re, im]] of entries) {
        if (column !== row) radius += Math.hypot(re, im);
      }
      low = Math.min(low, centre - radius);
      high = Math.max(high, centre + radius);
    }
    return [low, high];
  }
}

interface Amplitude {
  readonly source: number;
  readonly re: number;
  readonly im: number;
}

/** By slot: the amplitudes that lead to it. */
function amplitudesOf({ jumps, dimension }: KetSystem): Amplitude[][] {
  const { starts, slots, re, im, energies } = jumps;
  const bySlot: Amplitude[][] = Array.from(energies, () => []);
  for (let c = 0; c < dimension; c++) {
    for (let e = starts[c]; e < starts[c + 1]; e++) {
      bySlot[slots[e]].push({ source: c, re: re[e], im: im[e] });
    }
  }
  return bySlot;
}

/** Each ⟨c|A†|target⟩⟨target|A|d⟩ of a slot. */
function eachPair(
  amplitudes: readonly Amplitude[],
  use: (row: number, column: number, re: number, im: number) => void,
): void {
  for (const a of amplitudes) {
    for (const b of amplitudes) {
      use(a.source, b.source, a.re * b.re + a.im * b.im, a.re * b.im - a.im * b.re);
    }
  }
}

function diagonalOf(dimension: number, operator: Operator): Float64Array {
  const values = new Float64Array(dimension);
  for (const { source, target, re } of entriesOf(operator)) {
    if (source === target) values[source] += re;
  }
  return values;
}

/** Which components are on the levels from `low` to `high`. */
const onLevels =
  ({ window: { lmin, size } }: KetSystem, [low, high]: Range) =>
  (component: number): boolean => {
    const l = lmin + (component % size);
    return l >= low && l <= high;
  };

/** Between what a Hermitian operator's mean lies on the levels. */
export function operatorRange(system: KetSystem, operator: Operator, levels: Range): Range {
  const matrix = new HermitianRange(onLevels(system, levels));
  for (const { source, target, re, im } of entriesOf(operator)) matrix.add(target, source, re, im);
  return matrix.range();
}

/**
 * The ranges of the baths, by their place, on the levels from `low` to `high`. A bath's heat is
 * ⟨h⟩ = ⟨h − 𝓛†X⟩ + d⟨X⟩/dt for any X: with X = 2B n of its qubit, or the rotor's energy, what it can bring in over
 * long times is what the system can pass on, not what an excitation could be refilled with again and again.
 * @param stored by bath, each diagonal X to look at
 */
export function bathRanges(
  system: KetSystem,
  stored: readonly (readonly Operator[])[],
  levels: Range,
): BathRange[] {
  const { jumps, dimension } = system;
  const holds = onLevels(system, levels);
  const bySlot = amplitudesOf(system);
  return system.baths.map((_, bath) => {
    const heat = new HermitianRange(holds);
    const rate = new HermitianRange(holds);
    let quantum = 0;
    bySlot.forEach((amplitudes, slot) => {
      if (jumps.baths[slot] !== bath) return;
      const epsilon = jumps.energies[slot];
      if (amplitudes.some(({ source }) => holds(source))) {
        quantum = Math.max(quantum, Math.abs(epsilon));
      }
      eachPair(amplitudes, (c, d, re, im) => {
        heat.add(c, d, epsilon * re, epsilon * im);
        rate.add(c, d, re, im);
      });
    });
    return {
      heat: heat.range(),
      jumps: rate.range()[1],
      passedOn: stored[bath].map((x) =>
        passedOnBy(system, bySlot, bath, diagonalOf(dimension, x), holds),
      ),
      quantum,
    };
  });
}

/** What a bath brings in beside d⟨X⟩/dt of a diagonal X. */
function passedOnBy(
  { dimension, jumps, generator }: KetSystem,
  bySlot: readonly (readonly Amplitude[])[],
  bath: number,
  x: Float64Array,
  holds: (component: number) => boolean,
): BathRange['passedOn'][number] {
  const matrix = new HermitianRange(holds);
  bySlot.forEach((amplitudes, slot) => {
    const epsilon = jumps.baths[slot] === bath ? jumps.energies[slot] : 0;
    const reached = x[jumps.targets[slot]];
    eachPair(amplitudes, (c, d, re, im) => {
      // 𝓛†X = i[H, X] + Σ_j (A†XA − ½{A†A, X})
      const gain = epsilon - (reached - (x[c] + x[d]) / 2);
      matrix.add(c, d, gain * re, gain * im);
    });
  });
  // −i[H, X], by −iH = (G − G†)/2 of the generator G.
  const { starts, columns, re, im } = generator;
  for (let c = 0; c < dimension; c++) {
    for (let e = starts[c]; e < starts[c + 1]; e++) {
      const d = columns[e];
      const difference = (x[d] - x[c]) / 2;
      matrix.add(c, d, difference * re[e], difference * im[e]);
      matrix.add(d, c, difference * re[e], -difference * im[e]);
    }
  }
  const inside = Array.from(x).filter((_value, c) => holds(c));
  const [least, most] = inside.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { range: matrix.range(), stored: most - least };
}
