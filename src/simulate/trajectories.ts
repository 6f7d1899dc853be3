/** Means over quantum trajectories of a device, with error bars. */
import { type KetSystem, ketSystem } from '../generator/kets.js';
import { type Device, device } from '../model/device.js';
import type { DeviceParameters } from '../model/parameters.js';
import { QUBIT_STATES } from '../operators/operator.js';
import { rotorWindow, type Window } from '../operators/window.js';
import type { InitialState } from '../state/initialState.js';
import { heatEnergies } from '../thermo/heat.js';
import type { Estimate, Moments } from './moments.js';
import { TrajectorySet } from './unravelling.js';

/** What a trajectory depends on, besides its number. Plain data: it is sent to threads. */
export interface TrajectoryRequest {
  readonly parameters: DeviceParameters;
  readonly lmin: number;
  readonly lmax: number;
  readonly initial: InitialState;
  /** Rising, from 0 on. */
  readonly times: readonly number[];
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
}

/** Means over trajectories at one time. */
export interface TrajectorySnapshot {
  readonly t: number;
  /** Heat flows, Eqs. (18), (21), (29), of the state at this time. */
  readonly heat: { readonly Q1: Estimate; readonly Q2: Estimate; readonly Qr: Estimate };
  /** The heat that the jumps until this time have brought in, from each bath. */
  readonly exchanged: { readonly Q1: Estimate; readonly Q2: Estimate; readonly Qr: Estimate };
  /** The jumps until this time. */
  readonly jumps: {
    readonly bath1: Estimate;
    readonly bath2: Estimate;
    readonly load: Estimate;
  };
  readonly rotor: {
    readonly Lz: Estimate;
    readonly Lz2: Estimate;
    readonly populations: readonly Estimate[];
  };
  readonly qubits: { readonly populations: readonly Estimate[] };
}

/** A device on state vectors, its jumps counted in heat. */
export const deviceKets = (built: Device): KetSystem =>
  ketSystem(built.system, heatEnergies(built));

/** Runs a device's trajectories. */
export class Trajectories extends TrajectorySet {
  readonly device: Device;

  constructor({ parameters, lmin, lmax, initial, times, seed }: TrajectoryRequest) {
    const built = device(parameters, rotorWindow(lmin, lmax));
    const { energies } = built;
    super({
      kets: deviceKets(built),
      states: QUBIT_STATES,
      quantity: levelsOf(built.system.window),
      operators: [],
      stored: [energies.qubit1, energies.qubit2, energies.kinetic].map((energy) => [energy]),
      initial,
      times,
      seed,
    });
    this.device = built;
  }

  /** What moments mean, a set of them for each time. */
  snapshots(moments: readonly Moments[]): TrajectorySnapshot[] {
    return this.estimates(moments).map(({ t, rates, exchanged, jumps, ...rest }) => ({
      t,
      heat: flows(rates),
      exchanged: flows(exchanged),
      jumps: { bath1: jumps[0], bath2: jumps[1], load: jumps[2] },
      rotor: { Lz: rest.mean, Lz2: rest.meanSquare, populations: rest.levels },
      qubits: { populations: rest.states },
    }));
  }
}

const flows = ([Q1, Q2, Qr]: readonly Estimate[]) => ({ Q1, Q2, Qr });

const levelsOf = ({ lmin, size }: Window): number[] =>
  Array.from({ length: size }, (_, i) => lmin + i);
