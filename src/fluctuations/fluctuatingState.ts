/** What is asked of a state that fluctuates, by bath, whichever way it was found. */
import type { Estimate } from '../lindblad/estimate.js';
import type { EntropyReading } from './entropyProduction.js';
import { type Current, clausiusOf, costRelation, fanoOf } from './relations.js';

/**
 * What has to be known of a state that fluctuates: noise of quanta, their means, and the noise of heat; how often it
 * jumps; the entropy that all baths produce, or each of them.
 */
export type Asked = 'noise' | 'means' | 'heat' | 'activity' | 'entropy' | 'entropies';

/** What observables are read off; what is not known is null. */
export type FluctuatingState = Pick<
  CountedReading,
  | 'baths'
  | 'quanta'
  | 'heat'
  | 'entropyProduction'
  | 'totalEntropyProduction'
  | 'clausius'
  | 'fano'
  | 'uncertainty'
  | 'kineticUncertainty'
>;

const ZERO: Estimate = { value: 0, error: 0 };

/** Of a state what is counted, however that is done, and all that follows from it. */
export abstract class CountedReading {
  /** Of baths that have jumps, in the machine's order. */
  abstract readonly baths: readonly string[];
  /** Those of them whose quanta are counted. */
  abstract readonly counted: readonly string[];
  /** −Tr ρ ln ρ of the whole state; null where its density matrix is too large for that. */
  abstract readonly entropy: number | null;
  /** By bath its inverse temperature; null where it has none. */
  protected abstract readonly betas: Readonly<Record<string, number | null>>;

  /** The current of a bath's quanta, positive into the machine; null where they are not counted. */
  abstract quanta(bath: string): Current | null;
  /** The heat of a bath; null where it is not counted. */
  abstract heat(bath: string): Current | null;
  /** Cumulants of a bath's quanta by time, the mean being the first; none where they are not counted. */
  abstract cumulants(bath: string, order: number): readonly number[];
  /** The same of its heat. */
  abstract heatCumulants(bath: string, order: number): readonly number[];
  /** The zero-frequency covariance of the quanta of two baths; null where one of them is not counted. */
  abstract covariance(first: string, second: string): Estimate | null;
  /** Jumps of a bath by time. */
  abstract activity(bath: string): number;
  /** The entropy that a bath produces, by Spohn. */
  abstract entropyProduction(bath: string): EntropyReading;

  get totalActivity(): number {
    return this.baths.reduce((total, bath) => total + this.activity(bath), 0);
  }

  /** Of all baths; null where that of one is not known. */
  get totalEntropyProduction(): Estimate | null {
    return this.baths.reduce((total: Estimate | null, bath) => {
      const { value, error } = this.entropyProduction(bath);
      if (total === null || value === null || error === null) return null;
      return { value: total.value + value, error: total.error + error };
    }, ZERO);
  }

  /** −Σ βQ; null where a bath that has jumps has no temperature, or heat is not known. */
  get clausius(): number | null {
    return clausiusOf(this.baths, this.betas, (bath) => this.heat(bath));
  }

  /** noise/|mean| of a bath's quanta; null where nothing flows, or they are not counted. */
  fano(bath: string): number | null {
    return fanoOf(this.quanta(bath));
  }

  /** noise · entropy production/mean², which is at least 2 in classical machines; null where it is not known. */
  uncertainty(bath: string): number | null {
    return costRelation(this.quanta(bath), () => this.totalEntropyProduction?.value ?? null);
  }

  /** noise · rate of all jumps/mean², which is at least 1 in classical machines. */
  kineticUncertainty(bath: string): number | null {
    return costRelation(this.quanta(bath), () => this.totalActivity);
  }
}
