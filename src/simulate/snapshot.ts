/** What is read off a state at one time of an evolution. */
import type { Lindbladian } from '../generator/lindbladian.js';
import type { Device } from '../model/device.js';
import { angleDensity } from '../state/angle.js';
import {
  type DensityMatrix,
  hermiticityError,
  qubitPopulations,
  rotorPopulations,
  trace,
} from '../state/densityMatrix.js';
import { eigenvalues } from '../state/spectrum.js';
import { type Ergotropies, ergotropies } from '../thermo/ergotropy.js';
import { type HeatFlows, heatFlows } from '../thermo/heat.js';
import { type RotorPower, rotorPower } from '../thermo/power.js';
import { channelRates } from '../thermo/rates.js';
import { energyRate, firstLaw, type WorkFlows, workFlows } from '../thermo/work.js';
import type { StateObservables } from './observableRecords.js';
import { observeState } from './observe.js';

/** Flows are energy per time, positive into the system. */
export interface Snapshot extends Omit<StateObservables, 'rotor' | 'qubits'> {
  readonly t: number;
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  /** U̇_S = Tr[H_S ρ̇]. */
  readonly dU: number;
  /** U̇_S minus all heat and work, Eqs. (26) and (28), and the same without the small Ẇ^(r). */
  readonly firstLaw: number;
  readonly firstLawWithoutWr: number;
  readonly rotor: StateObservables['rotor'] & {
    readonly populations: readonly number[];
    /** P(φ) at φ = 2πk/n, k = 0 … n − 1, where angles were asked for. */
    readonly angle?: readonly number[];
  };
  readonly qubits: StateObservables['qubits'] & { readonly populations: readonly number[] };
  readonly power: RotorPower;
  readonly ergotropy: Ergotropies;
  /** |Tr ρ − 1|, the largest |ρ − ρ†|, and the smallest eigenvalue of ρ, which is 0 up to its errors. */
  readonly traceError: number;
  readonly hermiticityError: number;
  readonly smallestEigenvalue: number;
  /** Populations of the lowest and the highest level of the window. */
  readonly edgeLow: number;
  readonly edgeHigh: number;
}

/** @param angles at how many angles P(φ) is wanted */
export function snapshotOf(
  built: Device,
  generator: Lindbladian,
  rho: DensityMatrix,
  t: number,
  angles: number,
): Snapshot {
  const rates = channelRates(generator, rho);
  const heat = heatFlows(built, rates);
  const work = workFlows(built, rates);
  const dU = energyRate(built, rates);
  const laws = firstLaw(dU, heat, work);
  const seen = observeState(rho);
  const populations = rotorPopulations(rho);
  const spectrum = eigenvalues(rho);
  return {
    t,
    heat,
    work,
    dU,
    firstLaw: laws.residual,
    firstLawWithoutWr: laws.withoutWr,
    ...seen,
    rotor: {
      ...seen.rotor,
      populations: Array.from(populations),
      ...(angles === 0 ? {} : { angle: Array.from(angleDensity(rho, angles)) }),
    },
    qubits: { ...seen.qubits, populations: qubitPopulations(rho) },
    power: rotorPower(built, rates, seen.rotor.Lz),
    ergotropy: ergotropies(built, rho, { spectrum }),
    traceError: Math.abs(trace(rho) - 1),
    hermiticityError: hermiticityError(rho),
    smallestEigenvalue: spectrum.reduce((least, x) => Math.min(least, x)),
    edgeLow: populations[0],
    edgeHigh: populations[populations.length - 1],
  };
}
