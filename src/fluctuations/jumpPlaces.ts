/** Where the elements of a bath's jumps are in a sector, whatever the device. */
import { type CountedCode, codeFor } from '../lindblad/countedCode.js';
import type { ElementRun, Elements } from '../lindblad/countedElements.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { bounds, type Range } from '../machine/range.js';

export interface Amplitude {
  /** Places of real and imaginary part among the tape's tables; −1 where it is 0. */
  readonly re: number;
  readonly im: number;
  /** By counter. */
  readonly gains: readonly (readonly PlacedGain[])[];
}

/** What is added on some levels, or what it is there. */
export interface PlacedGain {
  readonly kind: 'add' | 'set';
  readonly range: Range;
  readonly table: number;
}

/** One number of each element of a pair of terms: which part of the coefficient goes where. */
export interface Share {
  readonly row: number;
  readonly column: number;
  readonly part: 're' | 'im';
  readonly sign: 1 | -1;
}

export interface JumpBand {
  readonly ket: Amplitude;
  readonly bra: Amplitude;
  readonly apart: number;
  readonly range: Range;
  /** Offsets of the charges of source and target, by the ket's level. */
  readonly leaves: number;
  readonly arrives: number;
  readonly shares: readonly Share[];
}

/** A share of a band on a window. */
interface Run extends ElementRun, Pick<JumpBand, 'ket' | 'bra'> {}

/** Of two tables, with its sign. */
type Product = ElementRun['products'][number];

/** The products that make up the real part of (a + ib)(c − id), or the imaginary one. */
function productsOf({ ket, bra }: JumpBand, { part, sign }: Share): readonly Product[] {
  const products: readonly Product[] =
    part === 're'
      ? [
          [ket.re, bra.re, sign],
          [ket.im, bra.im, sign],
        ]
      : [
          [ket.im, bra.re, sign],
          [ket.re, bra.im, -sign],
        ];
  return products.filter(([left, right]) => left >= 0 && right >= 0);
}

/** On a window. */
export interface Places extends Elements {
  readonly runs: readonly Run[];
  /** By counter what each element counts, where no device changes it; once it is known. */
  readonly constant: Map<number, Float64Array>;
  readonly arrives: Uint8Array;
  readonly code: CountedCode;
}

export function placesOf(bands: readonly JumpBand[], sector: BoundSector): Places {
  const runs: Run[] = [];
  const [from, to, arrives]: [number[], number[], number[]] = [[], [], []];
  const { paired } = sector.program;
  const add = (areArriving: boolean) => {
    for (const band of bands) {
      const { ket, bra, apart, range, leaves, arrives: arrival, shares } = band;
      const [first, end] = bounds(range, sector.window.size);
      for (const share of shares) {
        const { row, column } = share;
        if (end <= first || row >= paired !== areArriving) continue;
        const products = productsOf(band, share);
        runs.push({ ket, bra, apart, products, start: from.length, first, end });
        for (let i = first; i < end; i++) {
          from.push(sector.index(i + leaves, column));
          to.push(sector.index(i + arrival, row));
          arrives.push(areArriving ? 1 : 0);
        }
      }
    }
  };
  add(true);
  const arriving = from.length;
  add(false);
  const elements = { runs, from: Int32Array.from(from), to: Int32Array.from(to), arriving };
  return {
    ...elements,
    constant: new Map(),
    arrives: Uint8Array.from(arrives),
    code: codeFor(elements, sector),
  };
}
