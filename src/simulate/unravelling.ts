/** Means over quantum trajectories of any open system, with error bars. */
import { entriesOf, type KetSystem } from '../generator/kets.js';
import type { Operator } from '../operators/operator.js';
import { RandomStream } from '../solve/philox.js';
import { type Observed, type OnJump, TrajectoryRunner } from '../solve/trajectory.js';
import type { InitialState } from '../state/initialState.js';
import { ketSampler } from '../state/sampling.js';
import { type Estimate, estimate, type Moments, MomentsAccumulator } from './moments.js';
import { type BathRange, bathRanges, operatorRange, type Range } from './trajectoryRanges.js';

/** What is unravelled, and what is read off each trajectory. */
export interface Unravelling {
  readonly kets: KetSystem;
  /** States of the subsystems together. */
  readonly states: number;
  /** The ladder's quantity, such as L_z, by level of the window. */
  readonly quantity: ArrayLike<number>;
  /** Hermitian operators whose means are gathered. */
  readonly operators: readonly Operator[];
  /** By bath: diagonal energies by whose changes its heat is bounded over long times. */
  readonly stored: readonly (readonly Operator[])[];
  readonly initial: InitialState;
  /** Rising, from 0 on. */
  readonly times: readonly number[];
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
}

/** Means at one time. Of baths, by their places. */
export interface UnravelledMeans {
  readonly t: number;
  /** The energy that a bath brings in per time, of the state at this time. */
  readonly rates: readonly Estimate[];
  /** The energy that the jumps until this time have brought in. */
  readonly exchanged: readonly Estimate[];
  /** The jumps until this time. */
  readonly jumps: readonly Estimate[];
  /** The ladder's quantity, its square, and the populations of the levels. */
  readonly mean: Estimate;
  readonly meanSquare: Estimate;
  readonly levels: readonly Estimate[];
  readonly states: readonly Estimate[];
  readonly operators: readonly Estimate[];
}

/** A Hermitian operator's mean in state vectors. */
class OperatorMean {
  private readonly starts: Int32Array;
  private readonly targets: Int32Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(dimension: number, operator: Operator) {
    const entries = entriesOf(operator).sort((a, b) => a.source - b.source);
    this.starts = new Int32Array(dimension + 1);
    for (const { source } of entries) this.starts[source + 1]++;
    for (let c = 0; c < dimension; c++) this.starts[c + 1] += this.starts[c];
    this.targets = Int32Array.from(entries, ({ target }) => target);
    this.re = Float64Array.from(entries, ({ re }) => re);
    this.im = Float64Array.from(entries, ({ im }) => im);
  }

  of({ re, im, active, norm }: Observed): number {
    let total = 0;
    for (const c of active) {
      for (let e = this.starts[c]; e < this.starts[c + 1]; e++) {
        const d = this.targets[e];
        total += this.re[e] * (re[d] * re[c] + im[d] * im[c]);
        total -= this.im[e] * (re[d] * im[c] - im[d] * re[c]);
      }
    }
    return total / norm;
  }
}

/** Which quantity of a trajectory stands where: of baths, the ladder, states, operators, and levels at the end. */
class Quantities {
  readonly ladder: number;
  readonly states: number;
  readonly operators: number;
  readonly levels: number;
  readonly count: number;

  constructor({
    kets: { baths, window },
    states,
    operators,
  }: Pick<Unravelling, 'kets' | 'states' | 'operators'>) {
    this.ladder = 3 * baths.length;
    this.states = this.ladder + 2;
    this.operators = this.states + states;
    this.levels = this.operators + operators.length;
    this.count = this.levels + window.size;
  }
}

/** Reads off a trajectory its own value of each quantity. */
export class TrajectoryReader {
  private readonly places: Quantities;
  private readonly means: readonly OperatorMean[];

  constructor(private readonly unravelling: Unravelling) {
    const { kets, operators } = unravelling;
    this.places = new Quantities(unravelling);
    this.means = operators.map((one) => new OperatorMean(kets.dimension, one));
  }

  get count(): number {
    return this.places.count;
  }

  read(state: Observed, out: Float64Array): void {
    const { kets, quantity } = this.unravelling;
    const { size } = kets.window;
    const { ladder, states, operators, levels } = this.places;
    const { re, im, active, norm, jumps, energy, rates } = state;
    out.fill(0);
    for (let b = 0; b < rates.length; b++) {
      out[b] = rates[b];
      out[rates.length + b] = energy[b];
      out[2 * rates.length + b] = jumps[b];
    }
    for (const c of active) {
      const weight = (re[c] ** 2 + im[c] ** 2) / norm;
      const level = c % size;
      const l = quantity[level];
      out[ladder] += weight * l;
      out[ladder + 1] += weight * l * l;
      out[states + Math.floor(c / size)] += weight;
      out[levels + level] += weight;
    }
    this.means.forEach((mean, k) => {
      out[operators + k] = mean.of(state);
    });
  }
}

/** A jump of a trajectory. */
export interface TrajectoryJump {
  readonly t: number;
  readonly bath: string;
  /** Its place among the bath's jumps that there are, from 0. */
  readonly jump: number;
}

/** The moments of some trajectories, at each time. */
class TrajectoryChunk {
  private readonly gathered: readonly MomentsAccumulator[];
  /** Of the trajectory that is on its way, by time. */
  readonly samples: readonly Float64Array[];

  /** @param from those that are in it */
  constructor(times: number, quantities: number, from?: readonly Moments[]) {
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

/** Runs trajectories by their numbers; whatever runs them, each is the same. */
export class TrajectorySet {
  private readonly runner: TrajectoryRunner;
  private readonly reader: TrajectoryReader;
  private readonly sampler: ReturnType<typeof ketSampler>;

  constructor(readonly unravelling: Unravelling) {
    this.runner = new TrajectoryRunner(unravelling.kets);
    this.reader = new TrajectoryReader(unravelling);
    this.sampler = ketSampler(unravelling.initial, unravelling.kets.window);
  }

  /** How a state between two jumps is known. */
  get method(): string {
    return this.closedForm ? 'trajectories, closed form' : 'trajectories, Taylor series';
  }

  /** The most jumps per time, of any state on the window. */
  get jumpRate(): number {
    const { kets } = this.unravelling;
    const { lmin, lmax } = kets.window;
    const baths = bathRanges(
      kets,
      kets.baths.map(() => []),
      [lmin, lmax],
    );
    return baths.reduce((sum, { jumps }) => sum + jumps, 0);
  }

  /** Whether every block of the effective Hamiltonian has one or two states: no series is cut then. */
  get closedForm(): boolean {
    return this.unravelling.kets.blocks.every(({ length }) => length <= 2);
  }

  /** How many quantities of a trajectory are gathered beside the populations of levels. */
  get otherQuantities(): number {
    return this.reader.count - this.unravelling.kets.window.size;
  }

  /** A chunk of no trajectories, or of those that are in it. */
  chunk(from?: readonly Moments[]): TrajectoryChunk {
    return new TrajectoryChunk(this.unravelling.times.length, this.reader.count, from);
  }

  /** The moments of the trajectories from `first` to `end` − 1, one set for each time. */
  moments(first: number, end: number): Moments[] {
    const chunk = this.chunk();
    for (const _ of this.run(first, end, chunk));
    return chunk.moments();
  }

  /**
   * Adds the trajectories from `first` to `end` − 1 to a chunk, each when it is whole, in steps after each of which
   * the rest may be left.
   */
  *run(first: number, end: number, chunk: TrajectoryChunk): Generator<void, void> {
    const { times } = this.unravelling;
    for (let n = first; n < end; n++) {
      yield* this.steps(n, times, (index, state) => {
        this.reader.read(state, chunk.samples[index]);
      });
      chunk.add();
    }
  }

  /** One trajectory's jumps, each by its bath and its place among those of the bath; up to the last of the times. */
  jumps(n: number): TrajectoryJump[] {
    const { kets, times } = this.unravelling;
    const first = kets.baths.map((_, b) =>
      kets.jumps.operators.reduce(
        (least, one, slot) => (kets.jumps.baths[slot] === b ? Math.min(least, one) : least),
        Number.POSITIVE_INFINITY,
      ),
    );
    const found: TrajectoryJump[] = [];
    const ignore = () => {};
    const steps = this.steps(n, times, ignore, (t, b, operator) => {
      found.push({ t, bath: kets.baths[b], jump: operator - first[b] });
    });
    for (const _ of steps);
    return found;
  }

  private *steps(
    n: number,
    times: readonly number[],
    observe: (index: number, state: Observed) => void,
    onJump?: OnJump,
  ): Generator<void, void> {
    const random = new RandomStream(this.unravelling.seed, n);
    random.draw();
    const ket = this.sampler(random.first, random.second);
    yield* this.runner.steps(ket, random, times, observe, onJump);
  }

  /**
   * What moments mean, a set of them for each time. Their error bars reckon with a trajectory that none of them
   * is: as far off as the system allows on the levels that were seen, and one beyond.
   */
  estimates(moments: readonly Moments[]): UnravelledMeans[] {
    const { kets, times, operators, stored } = this.unravelling;
    const levels = this.seenLevels(moments);
    const ranges = operators.map((one) => operatorRange(kets, one, levels));
    const baths = bathRanges(kets, stored, levels);
    return times.map((t, i) => this.estimatesAt(t, moments[i], levels, baths, ranges));
  }

  /** The levels between the lowest and the highest that trajectories were on at the times, and one more each way. */
  private seenLevels(moments: readonly Moments[]): Range {
    const { kets, initial } = this.unravelling;
    const { lmin, lmax, size } = kets.window;
    const { rotor } = initial;
    const { count } = moments[0];
    const populations =
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
    see(populations, rotor.lowest);
    for (const { means } of moments) see(means.subarray(means.length - size), lmin);
    return [Math.max(lmin, low - 1), Math.min(lmax, high + 1)];
  }

  private estimatesAt(
    t: number,
    moments: Moments,
    [low, high]: Range,
    baths: readonly BathRange[],
    ranges: readonly Range[],
  ): UnravelledMeans {
    const { kets, quantity, states } = this.unravelling;
    const places = new Quantities(this.unravelling);
    const at = (place: number, range: Range) => estimate(moments, place, range);
    const probabilities = (first: number, count: number) =>
      Array.from({ length: count }, (_, k) => at(first + k, [0, 1]));
    const { lmin, size } = kets.window;
    const seen = Array.from(quantity).slice(low - lmin, high - lmin + 1);
    const span: Range = [Math.min(...seen), Math.max(...seen)];
    return {
      t,
      rates: baths.map(({ heat }, b) => at(b, heat)),
      exchanged: baths.map((bath, b) => at(baths.length + b, exchangedBy(t, bath))),
      jumps: baths.map(({ jumps }, b) => at(2 * baths.length + b, [0, t * jumps + 1])),
      mean: at(places.ladder, span),
      meanSquare: at(places.ladder + 1, [0, Math.max(span[0] ** 2, span[1] ** 2)]),
      levels: probabilities(places.levels, size),
      states: probabilities(places.states, states),
      operators: ranges.map((range, k) => at(places.operators + k, range)),
    };
  }
}

/** Of one trajectory; a level with less of it has not been seen. */
const SMALLEST_SHARE = 1e-6;

/** Between what the energy lies that the jumps until a time bring in. */
const exchangedBy = (t: number, { heat, passedOn, quantum }: BathRange): Range => [
  Math.max(t * heat[0], ...passedOn.map(({ range, stored }) => t * range[0] - stored)) - quantum,
  Math.min(t * heat[1], ...passedOn.map(({ range, stored }) => t * range[1] + stored)) + quantum,
];

/** The mean populations of the lowest and the highest level of a window of `size` levels. */
export const edgeMeans = ({ means }: Moments, size: number): [number, number] => [
  means[means.length - size],
  means[means.length - 1],
];
