/** What shaders/band.wgsl needs to know of a coupled band. */
import type { CoupledBand } from '../../generator/coupledBand.js';
import type { EliminatedBand } from '../cpu/bandFactors.js';

/** A level of a band on a device. */
export interface BandLevel {
  readonly level: number;
  /** Its unknowns, in the device's order: its populations first. */
  readonly begin: number;
  readonly end: number;
  /** How many of them are populations; 0 in the middle, where their sum is not conserved. */
  readonly populations: number;
}

/** The levels of the lower and of the upper side that a step is about; the last step is the middle's. */
export type Step = readonly [BandLevel | null, BandLevel | null];

export const WORDS_PER_ROW = 4;

export interface BandLayout {
  readonly steps: readonly Step[];
  /** Unknowns of the largest level. */
  readonly widest: number;
  /** By unknown in the device's order, the band's own. */
  readonly unknowns: Int32Array;
  /** Four words an unknown, and one for the end: place, mirror, first coupling outwards, and inwards. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** A column and, as the bits of a float32, a value. */
  readonly couplings: Uint32Array<ArrayBuffer>;
}

/** @param middle the level that is eliminated last */
export function bandLayout(band: CoupledBand, middle: number): BandLayout {
  const { start, places, parts, mirrors } = band;
  const count = start.length - 1;
  const unknowns = new Int32Array(places.length);
  const levels = Array.from({ length: count }, (_, s): BandLevel => {
    const [begin, end] = [start[s], start[s + 1]];
    const own = Array.from({ length: end - begin }, (_, i) => begin + i);
    const isPopulation = (i: number) => mirrors[i] < 0;
    const populations = own.filter(isPopulation);
    unknowns.set([...populations, ...own.filter((i) => !isPopulation(i))], begin);
    return { level: s, begin, end, populations: s === middle ? 0 : populations.length };
  });
  const position = new Int32Array(places.length);
  unknowns.forEach((own, i) => {
    position[own] = i;
  });

  const steps: Step[] = [];
  // The shorter side starts later.
  for (let away = Math.max(middle, count - 1 - middle); away > 0; away--) {
    steps.push([levels[middle - away] ?? null, levels[middle + away] ?? null]);
  }
  steps.push([levels[middle], null]);

  const rows = new Int32Array((places.length + 1) * WORDS_PER_ROW);
  const columns: number[] = [];
  const values: number[] = [];
  for (const { level, begin, end } of levels) {
    for (let i = begin; i < end; i++) {
      const own = unknowns[i];
      const neighbours = coupled(band, own, begin, end);
      const isOuter = (j: number) => (j < begin ? level <= middle : level >= middle);
      const push = ([column, value]: readonly [number, number]) => {
        columns.push(position[column]);
        values.push(value);
      };
      const outer = columns.length;
      neighbours.filter(([j]) => isOuter(j)).forEach(push);
      const inner = columns.length;
      neighbours.filter(([j]) => !isOuter(j)).forEach(push);
      const mirror = mirrors[own] < 0 ? -1 : 2 * mirrors[own] + parts[own];
      rows.set([2 * places[own] + parts[own], mirror, outer, inner], i * WORDS_PER_ROW);
    }
  }
  rows.set([0, 0, columns.length, columns.length], places.length * WORDS_PER_ROW);
  const couplings = new Uint32Array(2 * columns.length);
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  columns.forEach((column, k) => {
    couplings[2 * k] = column;
    couplings[2 * k + 1] = bits[k];
  });
  const widest = Math.max(...levels.map(({ begin, end }) => end - begin));
  return { steps, widest, unknowns, rows, couplings };
}

/** A row's columns in other levels and their values, each once. */
function coupled(
  { rowStart, columns, values }: CoupledBand,
  row: number,
  begin: number,
  end: number,
): [number, number][] {
  const found = new Map<number, number>();
  for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
    const j = columns[k];
    if (j < begin || j >= end) found.set(j, (found.get(j) ?? 0) + values[k]);
  }
  return [...found];
}

/** Rows of a level's factors, in whole quads. */
const rowsOf = ({ begin, end }: BandLevel): number => 4 * Math.ceil((end - begin) / 4);

/** Float32 numbers that a level's factors take on a device. */
export const numbersOf = (level: BandLevel | null): number =>
  level === null ? 0 : rowsOf(level) * (level.end - level.begin + 1);

/**
 * A level's factors, column by column: S⁻¹ = W + v 1ᵀ, with 1ᵀ the sum over the populations, first W, then v.
 * What a level takes long to pass on is in v; W, in which nothing is large, knows only of differences.
 */
export function encodeFactors(
  level: BandLevel,
  { unknowns }: BandLayout,
  { inverses }: EliminatedBand,
  out: Float32Array,
  at: number,
): void {
  const inverse = inverses[level.level];
  const { begin, end, populations } = level;
  const padded = Math.sqrt(inverse.length);
  const height = rowsOf(level);
  for (let i = begin; i < end; i++) {
    const row = (unknowns[i] - begin) * padded - begin;
    let shared = 0;
    for (let j = begin; j < begin + populations; j++) {
      shared += inverse[row + unknowns[j]] / populations;
    }
    for (let j = begin; j < end; j++) {
      const rest = j < begin + populations ? shared : 0;
      out[at + (j - begin) * height + i - begin] = inverse[row + unknowns[j]] - rest;
    }
    out[at + (end - begin) * height + i - begin] = shared;
  }
}
