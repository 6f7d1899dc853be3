/** What every run has in common: how it is told to end, and what its result says of itself. */
import type { z } from 'zod';
import type { Precision } from '../backend/backend.js';
import { Breath } from '../breath.js';
import {
  type DeviceParameters,
  nearest,
  ParameterError,
  truncation,
  type truncationSchema,
  UnknownKeyError,
} from '../model/parameters.js';
import { version } from '../version.js';

/** The window of rotor levels that is asked for; by itself one that grows until it holds the device. */
export type TruncationInput = z.input<typeof truncationSchema>;

export interface Running<Progress> {
  /** Ends the run: its promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, in the run's own thread. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What the iterations of a steady state have come to. */
export interface SteadyProgress {
  readonly iterations: number;
  /** ‖𝓛ρ‖ so far. */
  readonly residual: number;
}

/** Where a result comes from. */
export interface Provenance {
  /** Complete: those that were not given are at their defaults. */
  readonly parameters: DeviceParameters;
  /** Ω of the global model in units of energy; null in the local one. */
  readonly cutoff: number | null;
  readonly backend: {
    readonly name: string;
    /** The GPU; null on the CPU. */
    readonly adapter: string | null;
    /** Of the answer. */
    readonly precision: Precision;
  };
  /** Of quantum-mill. */
  readonly version: string;
  readonly seconds: number;
}

/** Where a machine's result comes from. */
export interface MachineProvenance extends Pick<Provenance, 'backend' | 'version' | 'seconds'> {
  /** Complete: those that were not given are at the machine's defaults. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Between two steps of a run. */
export class Pauses {
  private readonly breath = new Breath();
  private readonly begin = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
  }

  /** Lets events in when it is time. @throws the signal's reason where the run shall end */
  async between(): Promise<void> {
    await this.breath.taken();
    this.signal?.throwIfAborted();
  }

  /** Between two iterations: tells how far they are. */
  iterating(onProgress: ((progress: SteadyProgress) => void) | undefined) {
    return async (iterations: number, residual: number): Promise<boolean> => {
      onProgress?.({ iterations, residual });
      await this.between();
      return true;
    };
  }

  /** Since the run began. */
  get seconds(): number {
    return (performance.now() - this.begin) / 1e3;
  }

  /** What a result of the CPU says of itself. */
  onHost(parameters: DeviceParameters, cutoff: number | null): Provenance {
    const host = { name: 'cpu', adapter: null, precision: 'f64' } as const;
    return this.provenance(parameters, cutoff, host);
  }

  /** What a result says of itself. */
  provenance(
    parameters: DeviceParameters,
    cutoff: number | null,
    backend: Provenance['backend'],
  ): Provenance {
    return { parameters, cutoff, ...this.computedBy(backend) };
  }

  /** What computed, and how long it took. */
  computedBy({ name, adapter, precision }: Provenance['backend']) {
    return { backend: { name, adapter, precision }, version, seconds: this.seconds };
  }
}

export const readTruncation = (input: TruncationInput | undefined) => truncation(input ?? {});

/** Options that say what is chosen of a machine, and have no meaning for the paper's device. */
const OF_MACHINES = ['parameters', 'model'];

/**
 * Refuses options that nothing would be done with.
 * @param known those that devices and machines have
 * @throws {UnknownKeyError | ParameterError}
 */
export function checkOptions(options: object, known: readonly string[], isMachine: boolean): void {
  const all = ['truncation', ...known, ...(isMachine ? OF_MACHINES : [])];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || all.includes(name)) continue;
    if (OF_MACHINES.includes(name)) {
      throw new ParameterError(name, value, 'absent but with a machine');
    }
    throw new UnknownKeyError(name, nearest(name, all), all);
  }
}
