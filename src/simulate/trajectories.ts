/** Means over quantum trajectories of a device, with error bars. */
import { type KetSystem, ketSystem } from '../generator/kets.js';
import { type Device, device } from '../model/device.js';
import type { DeviceParameters } from '../model/parameters.js';
import { QUBIT_STATES } from '../operators/operator.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { RandomStream } from '../solve/philox.js';
import { type Observed, TrajectoryRunner } from '../solve/trajectory.js';
import type { InitialState } from '../state/initialState.js';
import { ketSampler } from '../state/sampling.js';
import { heatEnergies } from '../thermo/heat.js';
import { type Estimate, estimate, type Moments, MomentsAccumulator } from './moments.js';
import { type BathRange, bathRanges, type Range } from './trajectoryRanges.js';

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

/** The quantities of one time, in the order they are gathered in; the rotor's populations follow. */
const names = [
  ...['Q1', 'Q2', 'Qr', 'energy1', 'energy2', 'energyR', 'jumps1', 'jumps2', 'jumpsR'],
  ...['Lz', 'Lz2', 'p00', 'p01', 'p10', 'p11'],
] as const;

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

/** The number of quantities that are gathered at a time. */
export const quantityCount = ({ size }: Window): number => names.length + size;

/** A trajectory's own value of each quantity. */
export function sampleOf(window: Window, state: Observed, out: Float64Array): void {
  const { re, im, active, norm, jumps, energy, rates } = state;
  out.fill(0);
  for (let b = 0; b < 3; b++) {
    out[b] = rates[b];
    out[3 + b] = energy[b];
    out[6 + b] = jumps[b];
  }
  for (const c of active) {
    const weight = (re[c] ** 2 + im[c] ** 2) / norm;
    const level = c % window.size;
    const l = window.lmin + level;
    out[9] += weight * l;
    out[10] += weight * l * l;
    out[11 + Math.floor(c / window.size)] += weight;
    out[names.length + level] += weight;
  }
}

/** A device on state vectors, its jumps counted in heat. */
export const deviceKets = (built: Device): KetSystem =>
  ketSystem(built.system, heatEnergies(built));

/** The moments of some trajectories, at each time. */
export class TrajectoryChunk {
  private readonly gathered: readonly MomentsAccumulator[];
  /** Of the trajectory that is on its way, by time. */
  readonly samples: readonly Float64Array[];

  /** @param from those that are in it */
  constructor(times: number, window: Window, from?: readonly Moments[]) {
    const quantities = quantityCount(window);
    const all = Array.from({ length: times });
    this.gathered = all.map((_, i) => new MomentsAccumulator(quantities, from?.[i]));
    this.samples = all.map(() => new Float64Array(quantities));
  }

  /** Takes the samples of a trajectory that is whole. */
  add(): void {
    this.gathered.forEach((moments, i) => {
      moments.add(this.samples[i]);
    });
  }

  moments(): Moments[] {
    return this.gathered.map((moments) => moments.moments());
  }
}

/** Runs trajectories of one request by their numbers; whatever runs them, each is the same. */
export class Trajectories {
  readonly device: Device;
  private readonly system: KetSystem;
  private readonly runner: TrajectoryRunner;
  private readonly sampler: ReturnType<typeof ketSampler>;

  constructor(private readonly request: TrajectoryRequest) {
    const window = rotorWindow(request.lmin, request.lmax);
    this.device = device(request.parameters, window);
    this.system = deviceKets(this.device);
    this.runner = new TrajectoryRunner(this.system);
    this.sampler = ketSampler(request.initial, window);
  }

  /** Whether every block of the effective Hamiltonian has one or two states: no series is cut then. */
  get closedForm(): boolean {
    return this.system.blocks.every(({ length }) => length <= 2);
  }

  /**
   * What moments mean, a set of them for each time. Their error bars reckon with a trajectory that none of them
   * is: as far off as the device allows on the levels that were seen, and one beyond.
   */
  snapshots(moments: readonly Moments[]): TrajectorySnapshot[] {
    const { initial, times } = this.request;
    const levels = seenLevels(this.device.system.window, initial, moments);
    const baths = bathRanges(this.device, this.system, levels);
    return times.map((t, i) => snapshotOfMoments(t, moments[i], levels, baths));
  }

  /** The moments of the trajectories from `first` to `end` − 1, one set for each time. */
  moments(first: number, end: number): Moments[] {
    const chunk = new TrajectoryChunk(this.request.times.length, this.device.system.window);
    for (const _ of this.run(first, end, chunk));
    return chunk.moments();
  }

  /**
   * Adds the trajectories from `first` to `end` − 1 to a chunk, each when it is whole, in steps after each of which
   * the rest may be left.
   */
  *run(first: number, end: number, chunk: TrajectoryChunk): Generator<void, void> {
    const { times, seed } = this.request;
    const { window } = this.device.system;
    for (let n = first; n < end; n++) {
      const random = new RandomStream(seed, n);
      random.draw();
      const ket = this.sampler(random.first, random.second);
      yield* this.runner.steps(ket, random, times, (index, state) => {
        sampleOf(window, state, chunk.samples[index]);
      });
      chunk.add();
    }
  }
}

/** Of one trajectory; a level with less of it has not been seen. */
const SMALLEST_SHARE = 1e-6;

/** The levels between the lowest and the highest that trajectories were on at the times, and one more on each side. */
function seenLevels(
  { lmin, lmax }: Window,
  { rotor }: InitialState,
  moments: readonly Moments[],
): Range {
  const { count } = moments[0];
  const initial =
    'populations' in rotor
      ? rotor.populations
      : rotor.amplitudes.map(({ re, im }) => re * re + im * im);
  let [low, high] = [lmax, lmin];
  const see = (shares: ArrayLike<number>, lowest: number) => {
    for (let i = 0; i < shares.length; i++) {
      if (!(shares[i] * count > SMALLEST_SHARE)) continue;
      low = Math.min(low, lowest + i);
      high = Math.max(high, lowest + i);
    }
  };
  see(initial, rotor.lowest);
  for (const { means } of moments) see(means.subarray(names.length), lmin);
  return [Math.max(lmin, low - 1), Math.min(lmax, high + 1)];
}

/**
 * Between what each quantity lies at a time.
 * @param levels those that the rotor may be on
 */
function rangesAt(
  t: number,
  [lmin, lmax]: Range,
  baths: readonly BathRange[],
): Record<(typeof names)[number], Range> {
  const [energy1, energy2, energyR] = baths.map(
    ({ heat, passedOn, stored, quantum }): Range => [
      Math.max(t * heat[0], t * passedOn[0] - stored) - quantum,
      Math.min(t * heat[1], t * passedOn[1] + stored) + quantum,
    ],
  );
  const [jumps1, jumps2, jumpsR] = baths.map(({ jumps }): Range => [0, t * jumps + 1]);
  const [Q1, Q2, Qr] = baths.map(({ heat }) => heat);
  const probability = [0, 1] as const;
  return {
    ...{ Q1, Q2, Qr, energy1, energy2, energyR, jumps1, jumps2, jumpsR },
    Lz: [lmin, lmax],
    Lz2: [0, Math.max(lmin * lmin, lmax * lmax)],
    ...{ p00: probability, p01: probability, p10: probability, p11: probability },
  };
}

/** What the moments of one time mean. */
function snapshotOfMoments(
  t: number,
  moments: Moments,
  levels: Range,
  baths: readonly BathRange[],
): TrajectorySnapshot {
  const ranges = rangesAt(t, levels, baths);
  const of = (name: (typeof names)[number]) => estimate(moments, names.indexOf(name), ranges[name]);
  return {
    t,
    heat: { Q1: of('Q1'), Q2: of('Q2'), Qr: of('Qr') },
    exchanged: { Q1: of('energy1'), Q2: of('energy2'), Qr: of('energyR') },
    jumps: { bath1: of('jumps1'), bath2: of('jumps2'), load: of('jumpsR') },
    rotor: {
      Lz: of('Lz'),
      Lz2: of('Lz2'),
      populations: Array.from({ length: moments.means.length - names.length }, (_, i) =>
        estimate(moments, names.length + i, [0, 1]),
      ),
    },
    qubits: {
      populations: Array.from({ length: QUBIT_STATES }, (_, s) =>
        estimate(moments, names.indexOf('p00') + s, [0, 1]),
      ),
    },
  };
}

/** The mean populations of the lowest and the highest level. */
export const edgeMeans = ({ means }: Moments): [number, number] => [
  means[names.length],
  means[means.length - 1],
];
