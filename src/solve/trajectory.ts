/**
 * Quantum trajectories (Monte Carlo wave functions; Dalibard, Castin and Mølmer): the state decays by the
 * effective Hamiltonian until its squared norm has fallen to a random number, then one of the jump operators
 * acts. Averages over trajectories of |ψ⟩⟨ψ| solve the master equation.
 */
import type { KetSystem } from '../generator/kets.js';
import { propagators } from './noJump.js';
import type { RandomStream } from './philox.js';

/** A squared norm this close, relatively, to the random number ends the search for a jump's time. */
const NORM_TOLERANCE = 1e-14;
const MOST_ITERATIONS = 200;
/** Stretches without a jump, of some microseconds each, from one place where a trajectory may be left to the next. */
const STRIDE = 64;

/** What an observer may look at; the state has the squared norm `norm`. */
export interface Observed {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** The components that may be different from 0. */
  readonly active: readonly number[];
  readonly norm: number;
  /** By bath: the jumps so far, and the energy they have brought in. */
  readonly jumps: Float64Array;
  readonly energy: Float64Array;
  /** By bath: the energy it brings in, per time, on average over what may happen next. */
  readonly rates: Float64Array;
}

/** Told of a jump: when it came, at which bath, and by which of all jump operators. */
export type OnJump = (t: number, bath: number, operator: number) => void;

/** Runs trajectories of one open system, one after the other. */
export class TrajectoryRunner {
  private readonly propagator;
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  /** The components of each block. */
  private readonly members: readonly (readonly number[])[];
  private active: readonly number[] = [];
  private blocks: number[] = [];
  /** A ψ by slots, and the slots that are in use. */
  private readonly slotRe: Float64Array;
  private readonly slotIm: Float64Array;
  private readonly inUse: Uint8Array;
  private slots: number[] = [];
  private readonly jumps: Float64Array;
  private readonly energy: Float64Array;
  private readonly rates: Float64Array;

  constructor(private readonly system: KetSystem) {
    this.propagator = propagators(system);
    this.members = system.blocks.map((block) => Array.from(block));
    this.re = new Float64Array(system.dimension);
    this.im = new Float64Array(system.dimension);
    const slots = system.jumps.targets.length;
    this.slotRe = new Float64Array(slots);
    this.slotIm = new Float64Array(slots);
    this.inUse = new Uint8Array(slots);
    this.jumps = new Float64Array(system.baths.length);
    this.energy = new Float64Array(system.baths.length);
    this.rates = new Float64Array(system.baths.length);
  }

  /** One trajectory, whole. */
  run(...how: Parameters<TrajectoryRunner['steps']>): void {
    for (const _ of this.steps(...how));
  }

  /**
   * One trajectory, in steps after each of which it may be left as it is.
   * @param initial the components of the normalised initial state that are not 0
   * @param times rising, from 0 on
   * @param observe called at each of them
   * @param onJump called at each jump
   */
  *steps(
    initial: readonly { readonly at: number; readonly re: number; readonly im: number }[],
    random: RandomStream,
    times: readonly number[],
    observe: (index: number, state: Observed) => void,
    onJump?: OnJump,
  ): Generator<void, void> {
    for (const c of this.active) this.set(c, 0, 0);
    for (const { at, re, im } of initial) this.set(at, re, im);
    this.activate(initial.map(({ at }) => at));
    this.jumps.fill(0);
    this.energy.fill(0);
    let t = 0;
    random.draw();
    let threshold = random.first;
    let count = 0;
    for (const [index, until] of times.entries()) {
      while (t < until) {
        const { length, jumped } = this.advance(until - t, threshold);
        // Without a jump on the way it is there, to the last digit.
        t = !jumped && length === until - t ? until : t + length;
        if (jumped) {
          const slot = this.jump(random.second);
          onJump?.(t, this.system.jumps.baths[slot], this.system.jumps.operators[slot]);
          random.draw();
          threshold = random.first;
        }
        if (++count % STRIDE === 0) yield;
      }
      this.fillSlots();
      this.fillRates();
      const { re, im, active, jumps, energy, rates } = this;
      observe(index, { re, im, active, norm: this.norm(), jumps, energy, rates });
    }
  }

  private set(c: number, re: number, im: number): void {
    this.re[c] = re;
    this.im[c] = im;
  }

  private activate(components: readonly number[]): void {
    const { blockOf } = this.system;
    const first = blockOf[components[0]];
    if (components.every((c) => blockOf[c] === first)) {
      this.blocks = [first];
      this.active = this.members[first];
    } else {
      this.blocks = [...new Set(components.map((c) => blockOf[c]))];
      this.active = this.blocks.flatMap((block) => this.members[block]);
    }
  }

  private norm(): number {
    let total = 0;
    for (const c of this.active) total += this.re[c] ** 2 + this.im[c] ** 2;
    return total;
  }

  /** −d‖ψ‖²/dt = ⟨ψ|Σ A†A|ψ⟩, from −2 Re⟨ψ|Gψ⟩. */
  private decay(): number {
    const { starts, columns, re, im } = this.system.generator;
    let total = 0;
    for (const c of this.active) {
      for (let e = starts[c]; e < starts[c + 1]; e++) {
        const d = columns[e];
        const a = this.re[c] * this.re[d] + this.im[c] * this.im[d];
        const b = this.re[c] * this.im[d] - this.im[c] * this.re[d];
        total -= 2 * (re[e] * a - im[e] * b);
      }
    }
    return total;
  }

  /**
   * Evolves without jump for at most `length`, or to where the squared norm falls to the threshold: then
   * `jumped` is true, and the jump is due.
   */
  private advance(length: number, threshold: number): { length: number; jumped: boolean } {
    const evolving = this.blocks.map((block) => this.propagator(block).prepare(this.re, this.im));
    const reach = evolving.reduce((least, part) => Math.min(least, part.reach), length);
    const evaluate = (s: number): number => {
      for (const part of evolving) part.evaluate(s, this.re, this.im);
      return this.norm();
    };
    const norm = this.norm();
    const first = (Math.log(norm / threshold) * norm) / this.decay();
    if (evaluate(reach) > threshold) return { length: reach, jumped: false };
    // ln ‖ψ‖² is close to a straight line: Newton's steps from where it is, kept in the bracket by halving.
    let [low, high] = [0, reach];
    const within = (s: number): number => (s > low && s < high ? s : (low + high) / 2);
    let s = within(first);
    for (let k = 0; k < MOST_ITERATIONS; k++) {
      const norm = evaluate(s);
      const excess = Math.log(norm / threshold);
      if (excess > 0) low = s;
      else high = s;
      const next = within(s + (excess * norm) / this.decay());
      if (Math.abs(excess) <= NORM_TOLERANCE || next <= low || next >= high) break;
      s = next;
    }
    evaluate(s);
    return { length: s, jumped: true };
  }

  /** Every A_jψ. */
  private fillSlots(): void {
    const { starts, re, im, slots } = this.system.jumps;
    for (const slot of this.slots) {
      this.slotRe[slot] = 0;
      this.slotIm[slot] = 0;
      this.inUse[slot] = 0;
    }
    this.slots.length = 0;
    for (const c of this.active) {
      const [x, y] = [this.re[c], this.im[c]];
      for (let e = starts[c]; e < starts[c + 1]; e++) {
        const slot = slots[e];
        if (this.inUse[slot] === 0) {
          this.inUse[slot] = 1;
          this.slots.push(slot);
        }
        this.slotRe[slot] += re[e] * x - im[e] * y;
        this.slotIm[slot] += re[e] * y + im[e] * x;
      }
    }
  }

  private weight(slot: number): number {
    return this.slotRe[slot] ** 2 + this.slotIm[slot] ** 2;
  }

  private fillRates(): void {
    const { baths, energies } = this.system.jumps;
    this.rates.fill(0);
    const norm = this.norm();
    for (const slot of this.slots) {
      this.rates[baths[slot]] += (this.weight(slot) * energies[slot]) / norm;
    }
  }

  /** One of the jumps, chosen by a number in (0, 1); returns a slot of it. */
  private jump(choice: number): number {
    const { operators, targets, baths, energies } = this.system.jumps;
    this.fillSlots();
    let total = 0;
    for (const slot of this.slots) total += this.weight(slot);
    let rest = choice * total;
    let chosen = this.slots[0];
    for (const slot of this.slots) {
      const weight = this.weight(slot);
      if (weight === 0) continue;
      chosen = slot;
      rest -= weight;
      if (rest < 0) break;
    }
    const operator = operators[chosen];
    let norm = 0;
    let gain = 0;
    for (const slot of this.slots) {
      if (operators[slot] !== operator) continue;
      norm += this.weight(slot);
      gain += this.weight(slot) * energies[slot];
    }
    this.jumps[baths[chosen]] += 1;
    this.energy[baths[chosen]] += gain / norm;
    for (const c of this.active) this.set(c, 0, 0);
    const root = Math.sqrt(norm);
    const reached: number[] = [];
    for (const slot of this.slots) {
      if (operators[slot] !== operator || this.weight(slot) === 0) continue;
      this.set(targets[slot], this.slotRe[slot] / root, this.slotIm[slot] / root);
      reached.push(targets[slot]);
    }
    this.activate(reached);
    return chosen;
  }
}
