/**
 * What fluctuates in one device's steady state, each number computed when it is first asked for: of noise alone no
 * entropy is computed, and all of it is from one factorisation.
 */
import type { Estimate } from '../lindblad/estimate.js';
import { type BoundSector, RELATIVE } from '../lindblad/sectorProgram.js';
import {
  type BoundMachine,
  type CompiledSector,
  compiledSector,
} from '../lindblad/sectorSolution.js';
import type { Window } from '../operators/window.js';
import { ConservingFactors } from '../solve/conservingFactors.js';
import { CountedElsewhere, type CountedState } from './countedElsewhere.js';
import { type Counter, CountingStatistics, type Statistics } from './counting.js';
import type { EntropyReading } from './entropyProduction.js';
import { CountedReading } from './fluctuatingState.js';
import type { JumpElements } from './jumpElements.js';
import { type FluctuatingMachine, type FluctuationProgram, programOf } from './program.js';
import { Quanta, scaled } from './quanta.js';
import type { Current } from './relations.js';
import { sectorEdges } from './sectorEdges.js';
import { StateReading } from './stateReading.js';

/** A device on a window, with its baths' temperatures. */
export interface FluctuatingDevice extends FluctuatingMachine {
  readonly window: Window;
  /** By bath its inverse temperature; null where it has none. */
  readonly betas: Readonly<Record<string, number | null>>;
}

/** A counter, and what it counts of which bath. */
export interface BathCounter extends Counter {
  readonly kind: 'quanta' | 'heat';
  readonly bath: string;
}

/** A steady state with what is counted in it. */
export interface SolvedSector {
  readonly sector: BoundSector;
  readonly rho: Float64Array;
  readonly counters: readonly BathCounter[];
  /** How far each population may be off, relative to itself. */
  readonly relative: number;
}

export class FluctuationReading extends CountedReading {
  readonly baths: readonly string[];
  readonly counted: readonly string[];
  readonly #program: FluctuationProgram;
  readonly #compiled: CompiledSector;
  readonly #bound: BoundMachine;
  readonly #sector: BoundSector;
  #madeElements: readonly JumpElements[] | null = null;
  #madeQuanta: Quanta | null = null;
  readonly #known = new Map<string, unknown>();
  /** Which filling of the sector's numbers is this device's. */
  #filled = -1;

  /**
   * @param known what another machine has counted: the rest is solved for when it is asked for
   * @throws {NoSectorError | EigenbasisError} where there is no sector to solve in
   * @throws {NonUniqueSteadyStateError}
   */
  constructor(
    readonly device: FluctuatingDevice,
    private readonly known: CountedState | null = null,
  ) {
    super();
    const { machine, of, values, window } = device;
    this.#compiled = compiledSector(machine, of, values);
    this.#program = programOf(this.#compiled, device);
    const { baths, counted } = this.#program;
    this.baths = baths.map(({ name }) => name);
    this.counted = counted;
    this.#bound = this.#compiled.on(window);
    this.#sector = this.#bound.sector;
    if (known === null) this.#factors;
  }

  protected get betas(): FluctuatingDevice['betas'] {
    return this.device.betas;
  }

  /** With them it is known that the state is unique. */
  get #factors(): ConservingFactors {
    const sector = this.#sector;
    return this.#once('factors', () =>
      ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt()),
    );
  }

  get #elements(): readonly JumpElements[] {
    this.#madeElements ??= this.#program.baths.map(({ jumps }) => jumps.on(this.#sector));
    return this.#madeElements;
  }

  /** Computed once, with this device's numbers in the sector. */
  #once<T>(name: string, compute: () => T): T {
    if (!this.#known.has(name)) {
      this.#refill();
      this.#known.set(name, compute());
    }
    return this.#known.get(name) as T;
  }

  #refill(): void {
    const { numbers } = this.#sector;
    if (numbers.device === this.#filled) return;
    numbers.fill(this.device.values);
    this.#filled = numbers.device;
  }

  get #rho(): Float64Array {
    return this.#factors.nullVector;
  }

  #at(bath: string): number {
    const at = this.baths.indexOf(bath);
    if (at < 0) throw new RangeError(`no bath that has jumps is called ${bath}`);
    return at;
  }

  get #ownStatistics(): CountingStatistics {
    const found = this.#once('statistics', () => {
      const { counters, relative } = this.solved;
      return new CountingStatistics(this.#sector, this.#factors, counters, relative);
    });
    // It computes with this device's numbers in the sector.
    this.#refill();
    return found;
  }

  get #statistics(): Statistics {
    const { known } = this;
    return known === null
      ? this.#ownStatistics
      : new CountedElsewhere(known, () => this.#ownStatistics);
  }

  /** What further numbers are made of, this device's being in the sector. */
  get solved(): SolvedSector {
    const found = this.#once('solved', (): SolvedSector => {
      const counters = this.#program.counters.map(({ kind, bath, at, which }) => {
        return { kind, bath, elements: this.#elements[at], which };
      });
      const relative = RELATIVE + this.#bound.lostIn(this.#rho);
      return { sector: this.#sector, rho: this.#rho, counters, relative };
    });
    this.#refill();
    return found;
  }

  /** The elements of a bath's jumps. */
  jumpsOf(bath: string): JumpElements {
    return this.#elements[this.#at(bath)];
  }

  get #quanta(): Quanta {
    const { quanta, multiples } = this.#program;
    this.#madeQuanta ??= new Quanta(this.#statistics, quanta, multiples);
    // What it computes it does with this device's numbers in the sector.
    if (this.known === null) this.#refill();
    return this.#madeQuanta;
  }

  quanta(bath: string): Current | null {
    const at = this.counted.indexOf(bath);
    if (at < 0) return null;
    const found = this.#quanta;
    return { mean: found.mean(at), noise: found.covariance(at, at) };
  }

  covariance(first: string, second: string): Estimate | null {
    const [a, b] = [this.counted.indexOf(first), this.counted.indexOf(second)];
    return a < 0 || b < 0 ? null : this.#quanta.covariance(a, b);
  }

  cumulants(bath: string, order: number): number[] {
    const at = this.counted.indexOf(bath);
    if (at < 0) return [];
    return this.#once(`cumulants ${bath} ${order}`, () => this.#quanta.cumulants(at, order));
  }

  /** Null where the energy that counts as heat is not diagonal. */
  heat(bath: string): Current | null {
    const b = this.#at(bath);
    if (!this.#program.baths[b].hasHeat) return null;
    return this.#once(`heat ${bath}`, () => {
      const current = this.quanta(bath);
      const ratio = current === null ? null : heatOfQuantum(this.#elements[b]);
      if (current !== null && ratio !== null) {
        return { mean: scaled(current.mean, ratio), noise: scaled(current.noise, ratio ** 2) };
      }
      const [statistics, at] = [this.#statistics, this.#heatCounter(bath)];
      return { mean: statistics.mean(at), noise: statistics.covariance(at, at) };
    });
  }

  heatCumulants(bath: string, order: number): number[] {
    const heat = this.heat(bath);
    if (heat === null) return [];
    const known = [heat.mean.value, heat.noise.value].slice(0, order);
    if (order <= 2) return known;
    return this.#once(`heat cumulants ${bath} ${order}`, () => {
      const ratio =
        this.quanta(bath) === null ? null : heatOfQuantum(this.#elements[this.#at(bath)]);
      const higher =
        ratio === null
          ? this.#statistics.cumulants(this.#heatCounter(bath), order)
          : this.cumulants(bath, order).map((c, k) => c * ratio ** (k + 1));
      return [...known, ...higher.slice(2)];
    });
  }

  #heatCounter(bath: string): number {
    return this.#program.counters.findIndex((one) => one.kind === 'heat' && one.bath === bath);
  }

  activity(bath: string): number {
    const b = this.#at(bath);
    const known = this.known?.activities?.[b];
    if (known !== undefined) return known.value;
    return this.#once(`activity ${bath}`, () => this.#elements[b].rate(this.#rho));
  }

  get #state(): StateReading {
    return this.#once('state', () => {
      const x = this.#rho;
      const between = () => this.#bound.stateOf(this.device.values, x).elements;
      const state = { x, errors: null };
      return new StateReading(this.#program, this.device, this.#sector, state, between);
    });
  }

  get entropy(): number {
    return this.#once('entropy', () => this.#state.entropy);
  }

  entropyProduction(bath: string): EntropyReading {
    return this.#once(`entropy production ${bath}`, () => {
      const b = this.#at(bath);
      const found = this.known?.entropies?.[b] ?? this.#state.entropyProduction(b);
      return { value: found.value, error: found.error, reason: found.reason };
    });
  }

  /** ‖𝓛ρ‖, and the same of the magnitudes of its terms. */
  get verdict(): { readonly residual: number; readonly scale: number } {
    return this.#once('verdict', () => {
      const { y, magnitudes } = this.#sector.derivative(this.#rho);
      return { residual: this.#sector.norm(y), scale: this.#sector.norm(magnitudes) };
    });
  }

  /** Populations of the lowest and the highest level. */
  get edges(): readonly [number, number] {
    return sectorEdges(this.#sector, this.#rho);
  }
}

/** w_heat/w_quanta where every jump's heat is that many times its quanta; null where it is not. */
export function heatOfQuantum(elements: JumpElements): number | null {
  const [quanta, heat] = [elements.weight(0), elements.weight(1)];
  const first = quanta.findIndex((w) => w !== 0);
  if (first < 0) return null;
  const ratio = heat[first] / quanta[first];
  const isConstant = quanta.every(
    (w, e) => Math.abs(heat[e] - ratio * w) <= 16 * Number.EPSILON * Math.abs(heat[e]),
  );
  return isConstant ? ratio : null;
}
