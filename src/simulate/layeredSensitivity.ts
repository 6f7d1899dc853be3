/**
 * Derivatives of what is read off the steady state of a machine that conserves no charge which counts levels, between
 * bare states: each number takes one more solution, with the transposed equations, by the factors that the state has
 * been found with.
 */
import { cpuBackend } from '../backend/cpu/backend.js';
import { adjointAction, joined } from '../lindblad/adjointAction.js';
import type { EquationForm } from '../lindblad/equation.js';
import { localEquation } from '../lindblad/masterEquation.js';
import { quantitiesOf } from '../lindblad/sectorQuantities.js';
import { OperatorSet } from '../machine/evaluateOperator.js';
import { type Expression, parametersOf } from '../machine/expression.js';
import { activeMachine } from '../machine/machine.js';
import { type OperatorForm, scale, sum, type Term } from '../machine/operatorForm.js';
import { type Numbers, Tape, type Values } from '../machine/tape.js';
import { type Slope, TapeSlopes } from '../machine/tapeSlopes.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import { HermitianBand } from '../sensitivity/hermitianBand.js';
import type { Differentiable, SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import {
  addHamiltonian,
  addJump,
  addMean,
  type KnownBand,
  type PlacedForm,
  placedForm,
} from '../sensitivity/operatorSlopes.js';
import { type DensityMatrix, rotorPopulations } from '../state/densityMatrix.js';
import { matrixOf } from '../state/spectrum.js';
import type { LayeredInverse } from './layeredInverse.js';
import type { LayeredSteady } from './layeredSteady.js';
import { steadyStateOf } from './systemSteady.js';
import { withInverse } from './withInverse.js';

const EPSILON = 2 ** -53;

const NOTHING: Slope = { value: 0, error: 0 };

const known = (value: DensityMatrix, correction: DensityMatrix): KnownBand => ({
  value: HermitianBand.of(value),
  correction: HermitianBand.of(correction),
});

/** A jump as a form with places on a tape, and as numbers. */
interface Jump {
  readonly form: PlacedForm;
  readonly operator: Operator;
}

/** A jump that is not there because a parameter is 0: its rate is in proportion to that, and its numbers are those at 1. */
interface AbsentJump extends Jump {
  readonly name: string;
  readonly values: Values;
}

/** A machine's operators on a window: as numbers, and as what these are made of. */
class MachineOperators {
  readonly equation: EquationForm;
  readonly quantities: Readonly<Record<string, OperatorForm>>;
  readonly system: OpenSystem;
  readonly hamiltonian: PlacedForm;
  readonly jumps: readonly Jump[];
  readonly absent: readonly AbsentJump[];
  readonly tape = new Tape();
  readonly window: Window;
  readonly #values: Values;

  constructor({ machine, values, window, kept = [] }: SensitivityRequest) {
    const there = Object.fromEntries(kept.map((name) => [name, 1]));
    const active = activeMachine(machine, { ...values, ...there });
    this.window = window;
    this.#values = values;
    this.equation = localEquation(active).equation;
    this.quantities = Object.fromEntries(
      Object.entries(quantitiesOf(active, null)).map(([name, { bare }]) => [name, bare ?? []]),
    );
    const { states, hamiltonian, dissipators } = this.equation;
    const off = kept.filter((name) => values[name] === 0);
    const present = dissipators.map(({ jumps }) =>
      jumps.filter((form) => off.every((name) => !isOff(form, name))),
    );
    const operators = present.map((own) => own.map((form) => this.operator(form)));
    this.system = {
      states,
      window,
      hamiltonian: this.operator(hamiltonian),
      jumps: Object.fromEntries(
        dissipators.map(({ name }, b) => [name, { operators: operators[b], resolved: [] }]),
      ),
    };
    this.hamiltonian = placedForm(this.tape, hamiltonian);
    this.jumps = present.flatMap((own, b) =>
      own.map((form, k) => ({
        form: placedForm(this.tape, form),
        operator: operators[b][k],
      })),
    );
    const jumps = dissipators.flatMap((dissipator) => dissipator.jumps);
    this.absent = off.flatMap((name) => {
      const there = { ...values, [name]: 1 };
      return jumps
        .filter((form) => isOff(form, name))
        .map((form) => ({
          name,
          values: there,
          form: placedForm(this.tape, form),
          operator: this.operator(form, there),
        }));
    });
  }

  operator(form: OperatorForm, values = this.#values): Operator {
    return new OperatorSet({ form }).evaluate(this.window, values)('form');
  }

  /** Those of all that is on the tape by now. */
  numbers(values = this.#values): Numbers {
    const { lmin, size } = this.window;
    const numbers = this.tape.numbers(lmin, size, false);
    numbers.fill(values);
    return numbers;
  }

  value(name: string): number {
    return this.#values[name];
  }
}

/** Whether all that a jump does is left out where a parameter is 0. */
const isOff = (jump: OperatorForm, name: string): boolean =>
  jump.every(({ f }) => [f.re, f.im].some((part) => parametersOf(part).has(name)));

/** A steady state in layers, while its factors are there. */
export class LayeredSensitivity implements Differentiable<Term> {
  readonly #rho: KnownBand;
  readonly space: 'band' | 'full';
  readonly method = 'gmres';
  readonly edges: readonly [number, number];
  readonly residual: number;
  readonly scale: number;

  private constructor(
    private readonly operators: MachineOperators,
    private readonly inverse: LayeredInverse,
    private readonly steady: LayeredSteady,
    correction: DensityMatrix,
  ) {
    const { rho, residual, floor, dmax } = steady;
    this.space = dmax === null ? 'full' : 'band';
    this.#rho = known(inverse.state, correction);
    const populations = rotorPopulations(rho);
    this.edges = [populations[0], populations[populations.length - 1]];
    this.residual = residual;
    this.scale = floor / EPSILON;
  }

  /**
   * What is made of a machine while the factors of its state are there.
   * @throws {NonUniqueSteadyStateError}
   * @throws {NoDerivativeError} where layers come to no answer
   */
  static async with<T>(
    request: SensitivityRequest,
    use: (machine: LayeredSensitivity) => Promise<T>,
  ): Promise<T> {
    const operators = new MachineOperators(request);
    const { system } = operators;
    const found = await withInverse(system, {}, async ({ steady }, inverse) => {
      const correction = await inverse.stateCorrection();
      return { of: await use(new LayeredSensitivity(operators, inverse, steady, correction)) };
    });
    if (found !== null) return found.of;
    // It tells where there is no unique state.
    await steadyStateOf(system, { space: 'auto', method: 'auto' }, cpuBackend());
    throw new NoDerivativeError('solving it in layers comes to no answer');
  }

  flow(quantities: readonly string[], channels: readonly string[]): readonly Term[] {
    const { equation, quantities: all } = this.operators;
    return quantities.flatMap((name) =>
      channels.flatMap((channel) => {
        const at = equation.dissipators.findIndex((one) => one.name === channel);
        if (at < 0 && channel !== 'hamiltonian') throw new RangeError(`no channel ${channel}`);
        return adjointAction(equation, at + 1, all[name]);
      }),
    );
  }

  mean(quantity: string): readonly Term[] {
    return this.operators.quantities[quantity];
  }

  times(of: readonly Term[], by: Expression): readonly Term[] {
    return scale(of, by);
  }

  async differential(of: readonly Term[]): Promise<Differential> {
    const { operators, inverse } = this;
    const { tape, window, system } = operators;
    const x = joined(sum(of));
    const own = placedForm(tape, x);
    const read = await inverse.adjointOf(matrixOf(operators.operator(x), system.states));
    const z = known(read.adjoint, read.correction);
    const slopesAt = (values?: Values) =>
      new TapeSlopes(tape, operators.numbers(values), window.lmin, window.size);
    const slopes = slopesAt();
    addMean(slopes, own, 1, this.#rho);
    addHamiltonian(slopes, operators.hamiltonian, -1, this.#rho, z);
    for (const { form, operator } of operators.jumps) {
      addJump(slopes, form, operator, -1, this.#rho, z);
    }
    const found = slopes.byParameter();
    // A root of the rate is in their numbers, which has no derivative at 0; the rate itself has.
    for (const { name, form, operator, values } of operators.absent) {
      const there = slopesAt(values);
      addJump(there, form, operator, -1, this.#rho, z);
      const before = found.get(name) ?? NOTHING;
      const added = there.byParameter().get(name) ?? NOTHING;
      found.set(name, { value: before.value + added.value, error: before.error + added.error });
    }
    // Elements beyond the layers are as small beside the outermost ones as these beside all.
    const beyond = read.leftOut * (this.steady.edge ?? 0);
    const gradient = new Map(
      [...found].map(([name, { value, error }]) => {
        const size = Math.abs(operators.value(name)) || 1;
        return [name, { value, error: error + beyond / size }];
      }),
    );
    return { value: read.mean, gradient };
  }

  currentAndNoise(): never {
    throw new NoDerivativeError('it has none without a charge that counts levels');
  }

  entropyProduction(): never {
    throw new NoDerivativeError('it has none without a charge that counts levels');
  }
}
