/**
 * Fluctuations of any machine in its steady state, in the sector of its populations: what each bath brings in, its
 * noise and covariances, cumulants, entropy production, and the uncertainty relations between them.
 */
import type { Estimate } from '../lindblad/estimate.js';
import type { Window } from '../operators/window.js';
import { type DynamicRequest, type Dynamics, dynamics, sectorSource } from './dynamics.js';
import type { EntropyReading } from './entropyProduction.js';
import type { CountedReading } from './fluctuatingState.js';
import { type FluctuatingDevice, FluctuationReading } from './reading.js';
import type { Current } from './relations.js';

/** A device with what its fluctuations are asked of. */
export interface FluctuationRequest extends FluctuatingDevice {
  /** How many cumulants of each bath's quanta; 2 are mean and noise alone. */
  readonly order: number;
  /** What has a frequency, a counting field or a time. */
  readonly asked?: DynamicRequest | undefined;
}

/** How a current's noise stands to its mean; null where nothing flows, or what it costs is not known. */
export interface Relations {
  /** noise/|mean| */
  readonly fano: number | null;
  /** noise · entropy production/mean², which is at least 2 in classical machines. */
  readonly uncertainty: number | null;
  /** noise · rate of all jumps/mean², which is at least 1 in classical machines. */
  readonly kineticUncertainty: number | null;
}

/** The counted quanta of a bath, positive into the machine. */
export interface CountedQuanta extends Current, Relations {
  /** From the first one, the mean, on. */
  readonly cumulants: readonly number[];
}

/** Heat of a bath, positive into the machine. */
export interface CountedHeat extends Current {
  /** From the first one, the mean, on. */
  readonly cumulants: readonly number[];
}

export interface BathFluctuations {
  readonly name: string;
  /** Null where its jumps change no conserved charge, or by amounts that are no multiples of one. */
  readonly quanta: CountedQuanta | null;
  /** Null where the energy that counts as heat is not diagonal. */
  readonly heat: CountedHeat | null;
  /** Jumps by time. */
  readonly activity: number;
  /** By Spohn. */
  readonly entropyProduction: EntropyReading;
}

export interface Fluctuations {
  readonly window: Window;
  readonly baths: readonly BathFluctuations[];
  /** Covariances of the quanta of two baths, each pair once. */
  readonly covariances: readonly {
    readonly baths: readonly [string, string];
    readonly covariance: Estimate;
  }[];
  readonly activity: number;
  /** Spohn's of all baths; null where that of one is not known. */
  readonly entropyProduction: Estimate | null;
  /** −Tr ρ ln ρ of the whole state; null where its density matrix is too large for that. */
  readonly entropy: number | null;
  /** −Σ βQ; null where a bath that has jumps has no temperature, or heat is not known. */
  readonly clausius: number | null;
  /** Where the state was solved, and how. */
  readonly space: 'sector' | 'band' | 'full';
  readonly method: 'elimination' | 'gmres';
  /** ‖𝓛ρ‖ and the same of the magnitudes of its terms. */
  readonly residual: number;
  readonly scale: number;
  /** Populations of the lowest and the highest level. */
  readonly edges: readonly [number, number];
  /** Null where it is not asked for. */
  readonly dynamics: Dynamics | null;
}

/** All of what a reading has, but what is asked of it at frequencies, fields and times. */
export function allOf(
  reading: CountedReading,
  order: number,
): Omit<Fluctuations, 'window' | 'space' | 'method' | 'residual' | 'scale' | 'edges' | 'dynamics'> {
  const { counted } = reading;
  return {
    baths: reading.baths.map((name): BathFluctuations => {
      const [quanta, heat] = [reading.quanta(name), reading.heat(name)];
      return {
        name,
        quanta: quanta && {
          ...quanta,
          fano: reading.fano(name),
          uncertainty: reading.uncertainty(name),
          kineticUncertainty: reading.kineticUncertainty(name),
          cumulants: reading.cumulants(name, order),
        },
        heat: heat && { ...heat, cumulants: reading.heatCumulants(name, order) },
        activity: reading.activity(name),
        entropyProduction: reading.entropyProduction(name),
      };
    }),
    covariances: counted.flatMap((a, i) =>
      counted.slice(i + 1).flatMap((b) => {
        const covariance = reading.covariance(a, b);
        return covariance === null ? [] : [{ baths: [a, b] as const, covariance }];
      }),
    ),
    activity: reading.totalActivity,
    entropyProduction: reading.totalEntropyProduction,
    entropy: reading.entropy,
    clausius: reading.clausius,
  };
}

/**
 * All of it.
 * @throws {NoSectorError | EigenbasisError} where there is no sector to solve in
 * @throws {NonUniqueSteadyStateError}
 */
export function fluctuations({ order, asked, ...device }: FluctuationRequest): Fluctuations {
  const reading = new FluctuationReading(device);
  return {
    window: device.window,
    ...allOf(reading, order),
    space: 'sector',
    method: 'elimination',
    ...reading.verdict,
    edges: reading.edges,
    dynamics: asked === undefined ? null : dynamics(sectorSource(reading), asked),
  };
}
