/** What the parts of a state know of each other: entropies, correlations, coherence, negativity. */
import type { DensityMatrix } from './densityMatrix.js';
import {
  blockEigenvalues,
  type HermitianBlock,
  hermitianBlocks,
  largestOrder,
} from './hermitianBlocks.js';
import type { Parts } from './parts.js';

/** p ln p, of which rounding may have left p below 0. */
const weighted = (p: number): number => (p > 0 ? p * Math.log(p) : 0);

/** What rounding of a dense eigensolver leaves of an eigenvalue, beside the largest element and by its order. */
const ROUNDING = 4 * Number.EPSILON;

/** The entropy of a spectrum. */
const entropyOf = (values: readonly number[]): number =>
  values.reduce((sum, p) => sum - weighted(p), 0);

/** Each number computed once, when it is first asked for; null where it takes the spectrum of too large a matrix. */
export class InformationReading {
  readonly #known = new Map<string, number | null>();
  readonly #blocks: readonly HermitianBlock[];

  /** @param most the order up to which dense spectra are computed */
  constructor(
    readonly rho: DensityMatrix,
    readonly parts: Parts,
    private readonly most: number,
  ) {
    this.#blocks = hermitianBlocks(rho);
  }

  #once(name: string, compute: () => number | null): number | null {
    let found = this.#known.get(name);
    if (found === undefined) {
      found = compute();
      this.#known.set(name, found);
    }
    return found;
  }

  #spectrum(blocks: readonly HermitianBlock[]): number[] | null {
    return largestOrder(blocks) > this.most ? null : blocks.flatMap(blockEigenvalues);
  }

  /** −Tr ρ ln ρ of some parts together. */
  entropy(names: readonly string[] = this.parts.names): number | null {
    const isAll = this.parts.names.every((name) => names.includes(name));
    return this.#once(`entropy ${names.join(' ')}`, () => {
      const blocks = isAll ? this.#blocks : hermitianBlocks(this.parts.reduced(this.rho, names));
      const values = this.#spectrum(blocks);
      return values && entropyOf(values);
    });
  }

  /** The entropy of the populations alone. */
  get diagonalEntropy(): number {
    return this.#blocks.reduce((sum, block) => sum + entropyOf(diagonal(block)), 0);
  }

  /** S(A) + S(B) − S(AB) of two sets of parts. */
  mutual(a: readonly string[], b: readonly string[]): number | null {
    const inOrder = this.parts.names.filter((name) => a.includes(name) || b.includes(name));
    return combined([1, this.entropy(a)], [1, this.entropy(b)], [-1, this.entropy(inOrder)]);
  }

  /** Σ S(part) − S: how far the state is from being the product of its parts. */
  get totalCorrelation(): number | null {
    return combined(...this.parts.names.map((name) => [1, this.entropy([name])] as const), [
      -1,
      this.entropy(),
    ]);
  }

  /** Σ |ρ_ij| off the diagonal. */
  get coherence(): number {
    return this.#blocks.reduce((sum, { members, re, im }) => {
      const order = members.length;
      let part = 0;
      for (let i = 0; i < order; i++) {
        for (let j = 0; j < order; j++) {
          if (i !== j) part += Math.hypot(re[i * order + j], im[i * order + j]);
        }
      }
      return sum + part;
    }, 0);
  }

  /** The entropy that the loss of all coherences would bring. */
  get relativeEntropyOfCoherence(): number | null {
    return this.#once('coherence', () => {
      if (largestOrder(this.#blocks) > this.most) return null;
      return this.#blocks.reduce(
        (sum, block) =>
          block.members.length === 1
            ? sum
            : sum + entropyOf(diagonal(block)) - entropyOf(blockEigenvalues(block)),
        0,
      );
    });
  }

  /** Minus the sum of the negative eigenvalues of the partial transpose: of one part with all others. */
  negativity(name: string): number | null {
    return this.#once(`negativity ${name}`, () => {
      const blocks = hermitianBlocks(this.parts.transposed(this.rho, name));
      if (largestOrder(blocks) > this.most) return null;
      return blocks.reduce((sum, block) => {
        const values = blockEigenvalues(block);
        const order = values.length;
        const least = order <= 2 ? 0 : ROUNDING * order * Math.max(...values.map(Math.abs));
        return values.reduce((part, x) => (x < -least ? part - x : part), sum);
      }, 0);
    });
  }
}

const diagonal = ({ members, re }: HermitianBlock): number[] =>
  members.map((_, i) => re[i * (members.length + 1)]);

/** Σ factor·number; null where one of them is not known. */
function combined(...terms: readonly (readonly [number, number | null])[]): number | null {
  let sum = 0;
  for (const [factor, value] of terms) {
    if (value === null) return null;
    sum += factor * value;
  }
  return sum;
}
