/** What a backend may have beside vectors: steady states, and trajectories, of many machines at once. */
import type { KetPair } from '../generator/ketPairs.js';
import type { Precision } from './backend.js';

/** How a chain went; `off-centre` only where moving the centre did not help. */
export type Verdict = 'solved' | 'closed' | 'off-centre';

/** What is computed, as src/machine/tapeWords.ts writes it down. */
export interface TapeCode {
  readonly words: Uint32Array<ArrayBuffer>;
  /** Where each pass begins, and how many of the lowest and as many of the highest levels it computes. */
  readonly passes: readonly { readonly first: number; readonly edge: number }[];
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Tables that there must be room for. */
  readonly slots: number;
  /** Numbers of each device. */
  readonly count: number;
}

/** What is counted in the null vectors of chains. */
export interface CountingForm {
  /** Which elements there are, as src/fluctuations/countingWords.ts writes it down. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Noises of each chain. */
  readonly solutions: number;
}

/** Chains of one shape, whose entries are computed from the numbers of each. */
export interface ChainForm {
  readonly tape: TapeCode;
  /** Tables that are the same for all of them. */
  readonly given: Float64Array;
  /** Which entries there are, as src/lindblad/sectorWords.ts writes it down. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Of a table. */
  readonly levels: number;
  readonly sites: number;
  /** Unknowns of a site, and how many of them are in pairs. */
  readonly width: number;
  readonly paired: number;
  /** Null where nothing is. */
  readonly counting: CountingForm | null;
}

export interface ChainBatch {
  readonly count: number;
  /** By chain, the site that is eliminated last at first. */
  readonly centres: readonly number[];
  /** The nearest site that may be so. */
  nearest(site: number): number;
  /** Puts down the numbers of a chain, its lowest level first. */
  pack(chain: number, out: Float64Array): void;
  /**
   * Called with the null vector of each chain that is solved, as soon as it is there; without it they stay on the device.
   * @param unknowns unknown u of site s at s·width + u, not normalised: memory of its own
   */
  read?(chain: number, unknowns: Float64Array): void;
  /** Where something is counted, how far each number of a chain's equations may be off, relative to itself. */
  readonly unit?: (chain: number) => number;
}

/** A mean and a noise, with what either may be off by. */
export interface CountedOnChain {
  /** Of which of the solution's counters. */
  readonly counter: number;
  readonly mean: number;
  readonly meanError: number;
  readonly noise: number;
  readonly noiseError: number;
}

export interface ChainSolutions {
  readonly verdicts: readonly Verdict[];
  /** By chain, of each solution; empty where nothing is counted. */
  readonly counted: readonly (readonly CountedOnChain[])[];
}

/** Null vectors of chains of one shape. */
export interface Chains {
  /** @throws {OutOfDeviceMemoryError} where a few chains do not fit */
  solve(batch: ChainBatch): Promise<ChainSolutions>;
  release(): void;
}

/** Makes chains of a shape ready to be solved. @throws {PrecisionError} */
export type OpenChains = (precision: Precision, form: ChainForm) => Promise<Chains>;

/** Where a trajectory is. */
export interface PairState {
  block: number;
  /** Re ψ0, Im ψ0, Re ψ1, Im ψ1; not normalised. */
  readonly psi: Float64Array;
  /** By bath, since the start. */
  readonly energy: Float64Array;
  readonly jumps: Float64Array;
}

/** How a trajectory starts: in a component of a block, with the first of its stream's numbers. */
export interface PairStart {
  readonly stream: number;
  readonly block: number;
  readonly position: number;
  /** The squared norm at which the first jump is due, and the number that chooses it. */
  readonly threshold: number;
  readonly choice: number;
  /** Draws so far. */
  readonly draws: number;
}

/** Trajectories of states of two components at most: many at once. */
export interface PairTrajectories {
  /** The most that run at once. */
  readonly capacity: number;
  /**
   * Runs trajectories from time 0.
   * @param seed a whole number from 0 to 2⁵³ − 1
   * @param times rising, from 0 on
   * @param observe called with every trajectory's state at each time
   */
  run(
    starts: readonly PairStart[],
    seed: number,
    times: readonly number[],
    observe: (index: number, states: Iterable<PairState>) => void,
  ): Promise<void>;
  release(): void;
}

/** Makes an open system's pairs of components ready to run. */
export type OpenTrajectories = (pairs: readonly KetPair[]) => Promise<PairTrajectories>;
