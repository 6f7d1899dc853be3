/** Means over quantum trajectories of a device, with their standard errors. */
import { type KetSystem, ketSystem } from '../generator/kets.js';
import { type Device, device } from '../model/device.js';
import type { InitialState } from '../model/initial.js';
import { QUBIT_STATES } from '../model/operator.js';
import type { DeviceParameters } from '../model/parameters.js';
import { rotorWindow, type Window } from '../model/window.js';
import { RandomStream } from '../solve/philox.js';
import { type Observed, TrajectoryRunner } from '../solve/trajectory.js';
import { ketSampler } from '../state/sampling.js';
import { heatEnergies } from '../thermo/heat.js';
import { type Estimate, estimate, type Moments, MomentsAccumulator } from './moments.js';

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

  /** The moments of the trajectories from `first` to `end` − 1, one set for each time. */
  moments(first: number, end: number): Moments[] {
    const { times, seed } = this.request;
    const { window } = this.device.system;
    const quantities = quantityCount(window);
    const gathered = times.map(() => new MomentsAccumulator(quantities));
    const sample = new Float64Array(quantities);
    for (let n = first; n < end; n++) {
      const random = new RandomStream(seed, n);
      random.draw();
      const ket = this.sampler(random.first, random.second);
      this.runner.run(ket, random, times, (index, state) => {
        sampleOf(window, state, sample);
        gathered[index].add(sample);
      });
    }
    return gathered.map((moments) => moments.moments());
  }
}

/** What the moments of one time mean. */
export function snapshotOfMoments(t: number, moments: Moments): TrajectorySnapshot {
  const of = (name: (typeof names)[number]) => estimate(moments, names.indexOf(name));
  return {
    t,
    heat: { Q1: of('Q1'), Q2: of('Q2'), Qr: of('Qr') },
    exchanged: { Q1: of('energy1'), Q2: of('energy2'), Qr: of('energyR') },
    jumps: { bath1: of('jumps1'), bath2: of('jumps2'), load: of('jumpsR') },
    rotor: {
      Lz: of('Lz'),
      Lz2: of('Lz2'),
      populations: Array.from({ length: moments.means.length - names.length }, (_, i) =>
        estimate(moments, names.length + i),
      ),
    },
    qubits: {
      populations: Array.from({ length: QUBIT_STATES }, (_, s) =>
        estimate(moments, names.indexOf('p00') + s),
      ),
    },
  };
}

/** The mean populations of the lowest and the highest level. */
export const edgeMeans = ({ means }: Moments): [number, number] => [
  means[names.length],
  means[means.length - 1],
];
