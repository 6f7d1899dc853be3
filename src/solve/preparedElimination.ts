/** Null vectors by prepared code of matrices that have none of their own: to the same bits. */
import { instanceOn, preparedModule } from '../writtenCode.js';
import { DONE, type EliminationShape } from './eliminationShape.js';
import { shapeKey } from './shapedModules.js';

/** By which code for eliminations is prepared. */
export const ELIMINATION = 'elimination';

/** As eliminationKernel.ts writes it; addresses and sizes in bytes. */
export interface EliminationCode {
  readonly solve: (
    entries: number,
    x: number,
    sites: number,
    centre: number,
    isTogether: number,
  ) => number;
  readonly normalise: (
    x: number,
    end: number,
    width: number,
    paired: number,
    far: number,
  ) => number;
}

/** As BlockTridiagonal has it. */
interface Matrix extends EliminationShape {
  readonly sites: number;
  readonly centre: number;
  readonly entries: Float64Array;
}

const NUMBER = 8;
const PAGE = 1 << 16;
/** Engines optimise what runs along more of them. */
const MOST_SITES = 1024;

/** Code for a shape, with memory that each matrix is copied to. */
export class PreparedElimination {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #code: EliminationCode;

  constructor(
    module: WebAssembly.Module,
    private readonly shape: EliminationShape,
  ) {
    this.#code = instanceOn<EliminationCode>(module, this.#memory);
  }

  /** As `EliminationKernel` has it, until the next one. */
  nullVector({ sites, centre, entries }: Matrix, far: number): Float64Array | null {
    const { width, paired } = this.shape;
    const from = entries.byteLength;
    const count = sites * width;
    // Behind an odd number of unknowns there is room for one more.
    const missing = from + NUMBER * (count + 1) - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    const { buffer } = this.#memory;
    new Float64Array(buffer, 0, entries.length).set(entries);
    const x = new Float64Array(buffer, from, count);
    const { solve, normalise } = this.#code;
    // Not together: that is twice as much code, to be compiled for a single matrix.
    if (solve(0, from, sites, centre, 0) !== DONE) return null;
    const end = from + x.byteLength;
    return normalise(from, end, NUMBER * width, NUMBER * paired, far) === 1 ? x : null;
  }
}

const known = new Map<string, PreparedElimination | null>();

/**
 * The null vector of a matrix with populations that sum to 1, until the next one is asked for.
 * @param far the largest that a population may be where the last of the centre is 1
 * @returns null where no code is prepared for the shape, one is larger, or there is a population that cannot reach the
 * others
 */
export function preparedNullVector(matrix: Matrix, far: number): Float64Array | null {
  if (matrix.sites > MOST_SITES) return null;
  const key = shapeKey(ELIMINATION, matrix);
  let found = known.get(key);
  if (found === undefined) {
    const module = preparedModule(key);
    const { width, paired, reach } = matrix;
    found = module && new PreparedElimination(module, { width, paired, reach });
    known.set(key, found);
  }
  return found?.nullVector(matrix, far) ?? null;
}
