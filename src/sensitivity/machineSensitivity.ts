/** What a machine does in its steady state, and how that changes with every parameter. */
import { sectorEdges } from '../fluctuations/sectorEdges.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { Way, WayPart } from '../lindblad/flowPlan.js';
import type { EquationOf } from '../lindblad/masterEquation.js';
import { type CompiledSector, compiledSector } from '../lindblad/sectorSolution.js';
import { type Expression, productOf } from '../machine/expression.js';
import { activeMachine, type CoupledBath, type Machine, switches } from '../machine/machine.js';
import type { Values } from '../machine/tape.js';
import { getOrInsert } from '../maps.js';
import type { Window } from '../operators/window.js';
import type { Differential } from './differential.js';
import { EntropyProgram } from './entropySensitivity.js';
import { fisherInformation } from './fisherInformation.js';
import { gapSensitivity } from './gapSensitivity.js';
import { currentAndNoise, NoiseProgram } from './noiseSensitivity.js';
import { type SteadySensitivity, steadySensitivity } from './steadySensitivity.js';

export interface SensitivityRequest {
  readonly machine: Machine;
  /** The master equation. */
  readonly of: EquationOf;
  readonly values: Values;
  readonly window: Window;
  /**
   * Baths of the machine, without terms that are left out, whose jumps are between eigenstates of all of H and numbers;
   * null where all jumps are those of `of`.
   */
  readonly coupled?: ((machine: Machine) => readonly CoupledBath[]) | null;
  /** Whether rounding may leave the state few digits without its baths telling, as of machines that are described. */
  readonly mayCancel?: boolean;
  /** Parameters whose terms are kept where they are 0, so that there are derivatives by them. */
  readonly kept?: readonly string[];
}

/** A machine in its steady state, whose means and flows can be differentiated: these are sums of parts. */
export interface Differentiable<Part> {
  /**
   * The flow of quantities into the machine by channels.
   * @param quantities names of energies, `free` for those of which heat consists, `total` for H, `level` for the ladder
   */
  flow(quantities: readonly string[], channels: readonly string[]): readonly Part[];
  /** The mean of a quantity. */
  mean(quantity: string): readonly Part[];
  /** A sum of means times a number of the device. */
  times(of: readonly Part[], by: Expression): readonly Part[];
  differential(of: readonly Part[]): Differential | Promise<Differential>;
  /** The mean of a bath's quanta, and its noise. @throws {NoDerivativeError} without quanta */
  currentAndNoise(bath: string): CurrentAndNoise | Promise<CurrentAndNoise>;
  /** Of all baths, by Spohn. @throws {NoDerivativeError} where it is not known */
  entropyProduction(): Differential | Promise<Differential>;
}

interface CurrentAndNoise {
  readonly current: Differential;
  readonly noise: Differential;
}

const noisePrograms = new WeakMap<CompiledSector, NoiseProgram>();
const entropyPrograms = new WeakMap<CompiledSector, EntropyProgram>();

/** The same in a sector; between two readings other devices may be put in. */
export class MachineSensitivity implements Differentiable<WayPart> {
  readonly #state: SteadySensitivity;
  readonly #compiled: CompiledSector;
  /** Makes the machine without the terms that are left out. */
  readonly #machine: () => Machine;
  readonly #of: EquationOf;

  /**
   * @throws {NoSectorError | EigenbasisError} where there is no sector to solve in
   * @throws {NonUniqueSteadyStateError}
   */
  constructor({ machine, of, values, window, kept = [], mayCancel = false }: SensitivityRequest) {
    const there = Object.fromEntries(kept.map((name) => [name, 1]));
    const present = { ...values, ...there };
    this.#compiled = compiledSector(machine, of, present);
    this.#machine = () => activeMachine(machine, present);
    this.#of = of;
    this.#state = steadySensitivity(this.#compiled, window, values, mayCancel);
  }

  /** With the device's numbers in the machine. */
  get state(): SteadySensitivity {
    this.#state.refill();
    return this.#state;
  }

  flow(quantities: readonly string[], channels: readonly string[]): Way {
    const { flows } = this.#compiled;
    return quantities.flatMap((name) =>
      channels.flatMap((channel) => this.state.best(flows.ways(name, channel))),
    );
  }

  mean(quantity: string): Way {
    const way = this.#compiled.flows.meanWay(quantity);
    if (way === null) throw new RangeError(`the mean of ${quantity} is not known`);
    return way;
  }

  times(way: Way, by: Expression): Way {
    return way.map((part) => ({ ...part, factor: productOf(part.factor, by) }));
  }

  differential(way: Way): Differential {
    return this.state.differential(way);
  }

  currentAndNoise(bath: string): CurrentAndNoise {
    const program = getOrInsert(
      noisePrograms,
      this.#compiled,
      () => new NoiseProgram(this.#compiled.program, this.#machine(), this.#of),
    );
    return currentAndNoise(this.state, program, bath);
  }

  entropyProduction(): Differential {
    const program = getOrInsert(
      entropyPrograms,
      this.#compiled,
      () => new EntropyProgram(this.#compiled, this.#machine(), this.#of),
    );
    return program.read(this.state);
  }

  /** The rate of the slowest mode of the sector next to 0. @throws {NoDerivativeError} where that has none */
  gap(): Differential {
    return gapSensitivity(this.state);
  }

  get residual(): number {
    return this.state.residual;
  }

  get scale(): number {
    return this.state.scale;
  }

  /** Populations of the lowest and the highest level. */
  get edges(): readonly [number, number] {
    const { sector, rho } = this.state;
    return sectorEdges(sector, rho);
  }

  /** The quantum Fisher information of the state about a parameter. */
  fisherInformation(parameter: string): Estimate {
    return fisherInformation(this.state, this.#compiled.pairs, parameter);
  }
}

/** Whether terms of a machine are left out because a parameter is 0, so that nothing is known of its derivatives. */
export const isLeftOut = (
  name: string,
  { machine, values, kept = [] }: Pick<SensitivityRequest, 'machine' | 'values' | 'kept'>,
): boolean =>
  values[name] === 0 &&
  switches(machine).includes(name) &&
  !kept.includes(name) &&
  termsOf(machine, values) < termsOf(machine, { ...values, [name]: 1 });

/** How many terms there are. */
function termsOf(machine: Machine, values: Values): number {
  const { energies, baths } = activeMachine(machine, values);
  const forms = [
    ...energies.map(({ operator }) => operator),
    ...baths.flatMap((bath) =>
      bath.kind === 'explicit' ? bath.jumps : [bath.coupling, ...bath.others],
    ),
  ];
  return forms.reduce((sum, form) => sum + form.length, 0);
}

const ZERO: Estimate = { value: 0, error: 0 };

const LEFT_OUT = 'it is 0, and leaves out terms';

/** The derivative by a parameter: 0 where nothing depends on it; why it has none, as where its terms are left out. */
export function derivativeBy(
  { gradient }: Differential,
  name: string,
  request: Pick<SensitivityRequest, 'machine' | 'values' | 'kept'>,
): Estimate | string {
  if (isLeftOut(name, request)) return LEFT_OUT;
  const found = gradient.get(name);
  if (found !== undefined) return found;
  // Of terms that are kept it has one only where that is known.
  const { machine, values } = request;
  return isLeftOut(name, { machine, values }) ? LEFT_OUT : ZERO;
}
