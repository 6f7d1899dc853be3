/** What a machine's jumps count, as words that shaders/counting.wgsl reads: which elements there are, and of what. */
import type { CountingForm } from '../backend/batches.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import type { SectorWords } from '../lindblad/sectorWords.js';
import { bounds } from '../machine/range.js';
import type { PlacedGain } from './jumpPlaces.js';
import type { CounterPlace, FluctuationProgram } from './program.js';

const NEGATIVE = 2 ** 31;
/** What goes to a population: of an element of the equations, from one. */
const FLOW = 2 ** 30;
const GAINS = 2 ** 16;

/** Counters of which one is solved for: by the others it is told, too. */
export interface CountedTogether {
  /** Places among those of the program. */
  readonly counters: readonly number[];
  /** How many quanta of each are one of another's. */
  readonly multiples: readonly number[];
}

/** All quanta in one solution where they vary in proportion, and the heat of each of these baths in one of its own. */
export function countedTogether(
  { counters, quanta, multiples }: FluctuationProgram,
  baths: readonly string[],
): CountedTogether[] {
  const alone = (at: number): CountedTogether => ({ counters: [at], multiples: [1] });
  const heats = [...counters.keys()].filter(
    (at) => counters[at].kind === 'heat' && baths.includes(counters[at].bath),
  );
  const moving = quanta.flatMap((_, k) => (multiples?.[k] === 0 ? [] : [k]));
  const ofQuanta =
    multiples === null
      ? quanta.map(alone)
      : moving.length === 0
        ? []
        : [{ counters: moving.map((k) => quanta[k]), multiples: moving.map((k) => multiples[k]) }];
  return [...ofQuanta, ...heats.map(alone)];
}

const jumpsOf = ({ baths }: FluctuationProgram, { at }: CounterPlace) => baths[at].jumps;

/** The tables that are needed for them beside those of the equations. */
export const countedTables = (
  program: FluctuationProgram,
  solutions: readonly CountedTogether[],
): number[] => [
  ...new Set(
    solutions
      .flatMap(({ counters }) => counters.map((at) => program.counters[at]))
      .flatMap((counter) => jumpsOf(program, counter).tables(counter.which)),
  ),
];

/** The elements of the equations but for the diagonals of populations: what leaves one arrives elsewhere. */
function equationWords(sector: BoundSector, words: SectorWords): number[] {
  const { runs, siteWidth, sitePaired } = sector;
  return runs.flatMap(({ source, target, from, to, first, stride, count, sign, table }) => {
    const isFlow = from >= sitePaired && to >= sitePaired;
    if (isFlow && source === target && from === to) return [];
    const flags = (sign < 0 ? NEGATIVE : 0) + (isFlow ? FLOW : 0);
    return Array.from({ length: count }, (_, i) => [
      (source + i) * siteWidth + from,
      (target + i) * siteWidth + to + flags,
      words.numberOf(table, first + i * stride, sector),
    ]).flat();
  });
}

/** The tables that add up to a gain at a level. */
function gainsAt(gains: readonly PlacedGain[], i: number, size: number): number[] {
  const there = gains.filter(({ range }) => {
    const [first, end] = bounds(range, size);
    return i >= first && i < end;
  });
  const last = there.findLastIndex(({ kind }) => kind === 'set');
  return there.slice(Math.max(0, last)).map(({ table }) => table);
}

/** The elements of a bath's jumps, with what they count for a counter. */
function jumpWords(
  program: FluctuationProgram,
  counter: CounterPlace,
  sector: BoundSector,
  words: SectorWords,
): { readonly count: number; readonly elements: number[] } {
  const { runs, from, to, arriving } = jumpsOf(program, counter).placesOn(sector);
  const { size } = sector.window;
  const { which } = counter;
  const elements = runs.flatMap(({ ket, bra, apart, products, start, first, end }) =>
    Array.from({ length: end - first }, (_, k) => {
      const [i, e] = [first + k, start + k];
      const factors = products.flatMap(([left, right, sign]) => [
        words.numberOf(left, i, sector),
        words.numberOf(right, i + apart, sector) + (sign < 0 ? NEGATIVE : 0),
      ]);
      const gains = [
        ...gainsAt(ket.gains[which], i, size).map((table) => words.numberOf(table, i, sector)),
        ...gainsAt(bra.gains[which], i + apart, size).map((table) =>
          words.numberOf(table, i + apart, sector),
        ),
      ];
      return [
        from[e],
        to[e] + (e < arriving ? FLOW : 0),
        products.length + GAINS * gains.length,
        ...factors,
        ...gains,
      ];
    }).flat(),
  );
  return { count: from.length, elements };
}

const bitsOf = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0];

/** @param words with the tables that are needed */
export function countingForm(
  program: FluctuationProgram,
  solutions: readonly CountedTogether[],
  sector: BoundSector,
  words: SectorWords,
): CountingForm {
  const equations = equationWords(sector, words);
  const header = 2 + 2 * solutions.length;
  const counters = solutions.flatMap(({ counters, multiples }) =>
    counters.map((at, k) => ({
      ...jumpWords(program, program.counters[at], sector, words),
      square: multiples[k] ** 2,
    })),
  );
  const elementsAt = header + 3 * counters.length;
  let next = elementsAt;
  const places = counters.flatMap(({ count, elements, square }) => {
    const at = next;
    next += elements.length;
    return [at, count, bitsOf(square)];
  });
  let first = header;
  const groups = solutions.flatMap(({ counters: own }) => {
    const at = first;
    first += 3 * own.length;
    return [at, own.length];
  });
  const all = [
    ...[equations.length / 3, next, ...groups, ...places],
    ...counters.flatMap(({ elements }) => elements),
    ...equations,
  ];
  return { words: Uint32Array.from(all), solutions: solutions.length };
}
