/** What is asked of a state that fluctuates, by bath, whichever way it was found. */
import type { Estimate } from '../lindblad/estimate.js';
import type { EntropyReading } from './entropyProduction.js';
import type { BathFluctuations, Fluctuations } from './fluctuations.js';
import type { Current } from './relations.js';

/** Of a bath that has jumps; what is not known is null. */
export interface FluctuatingState {
  readonly baths: readonly string[];
  quanta(bath: string): Current | null;
  heat(bath: string): Current | null;
  entropyProduction(bath: string): EntropyReading;
  readonly totalEntropyProduction: Estimate | null;
  readonly clausius: number | null;
  fano(bath: string): number | null;
  uncertainty(bath: string): number | null;
  kineticUncertainty(bath: string): number | null;
}

/** Reads what was computed all at once. */
export function fluctuatingState(found: Fluctuations): FluctuatingState {
  const of = (name: string): BathFluctuations => {
    const bath = found.baths.find((one) => one.name === name);
    if (bath === undefined) throw new RangeError(`no bath that has jumps is called ${name}`);
    return bath;
  };
  return {
    baths: found.baths.map(({ name }) => name),
    quanta: (bath) => of(bath).quanta,
    heat: (bath) => of(bath).heat,
    entropyProduction: (bath) => of(bath).entropyProduction,
    totalEntropyProduction: found.entropyProduction,
    clausius: found.clausius,
    fano: (bath) => of(bath).quanta?.fano ?? null,
    uncertainty: (bath) => of(bath).quanta?.uncertainty ?? null,
    kineticUncertainty: (bath) => of(bath).quanta?.kineticUncertainty ?? null,
  };
}
