/**
 * Derivatives of what is read off the steady state of a machine that conserves no charge which counts levels, or whose
 * jumps are numbers: each takes one more solution, with the transposed equations, by the factors that the state has been
 * found with.
 */
import { hasSector, type Symmetry } from '../generator/symmetry.js';
import { adjointAction, joined } from '../lindblad/adjointAction.js';
import type { Estimate } from '../lindblad/estimate.js';
import { type Expression, negative } from '../machine/expression.js';
import { type OperatorForm, scale, sum, type Term } from '../machine/operatorForm.js';
import { type Differential, total } from '../sensitivity/differential.js';
import type { Differentiable, SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { type KnownBand, placedForm } from '../sensitivity/operatorSlopes.js';
import { type DensityMatrix, rotorEdges } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { matrixOf } from '../state/spectrum.js';
import { entropyProduction } from './layeredEntropySlopes.js';
import { gapInLayers } from './layeredGapSlopes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { LayeredInformation } from './layeredInformation.js';
import { added, type LayeredInverse } from './layeredInverse.js';
import { currentAndNoise } from './layeredNoiseSlopes.js';
import { known, LayeredSlopes, SAFETY, type StateInLayers } from './layeredSlopes.js';
import type { SolvedLayers } from './layeredSteady.js';
import { MachineOperators } from './machineOperators.js';
import { entropyOfMixed, isMixed } from './mixedEntropySlopes.js';
import { requireSteadyState } from './systemSteady.js';
import { withInverse } from './withInverse.js';

const EPSILON = 2 ** -53;

/** What a bath between eigenstates does to a quantity, which has no form. */
interface Between {
  readonly bath: string;
  readonly quantity: OperatorForm;
}

type Part = Term | Between;

const besides = (x: DensityMatrix, off: readonly DensityMatrix[]): DensityMatrix[] =>
  off.map((one) => added(x, one));

/** Tr[XY] of Hermitian ones. */
function overlap(x: DensityMatrix, y: DensityMatrix): number {
  return x.elements.reduce((sum, value, i) => sum + value * y.elements[i], 0);
}

const isTerm = (part: Part): part is Term => !('bath' in part);

/** A steady state in layers, while its factors are there. */
export class LayeredSensitivity implements Differentiable<Part> {
  readonly #state: StateInLayers;
  /** What the state is off by, by rounding and in cases of what eigenstates may be off by. */
  readonly #apart: {
    readonly rounded: DensityMatrix;
    readonly moved: readonly DensityMatrix[];
    readonly rho: KnownBand;
  };
  #information: LayeredInformation | undefined;
  readonly costly = ['gap'];
  readonly space: 'sector' | 'band' | 'full';
  readonly method = 'gmres';
  readonly edges: readonly [number, number];
  readonly residual: number;
  readonly scale: number;

  private constructor(
    private readonly operators: MachineOperators,
    private readonly solved: SolvedLayers,
    private readonly inverse: LayeredInverse,
    private readonly onSearch: (share: number) => Promise<boolean>,
    symmetry: Symmetry,
    rounded: DensityMatrix,
    moved: readonly DensityMatrix[],
  ) {
    const { steady } = solved;
    const { rho, residual, floor, dmax } = steady;
    this.space = hasSector(symmetry) ? 'sector' : dmax === null ? 'full' : 'band';
    const { state } = inverse;
    const correction = added(rounded, moved[0]);
    this.#state = {
      ...{ operators, inverse, symmetry, correction, edge: steady.edge ?? 0 },
      rho: known(state, correction),
    };
    this.#apart = { rounded, moved, rho: known(state, rounded, besides(state, moved)) };
    this.edges = rotorEdges(rho);
    this.residual = residual;
    this.scale = floor / EPSILON;
  }

  /**
   * What is made of a machine while the factors of its state are there.
   * @param needs what takes most memory of it: a frequency, where the gap is asked for
   * @throws {NonUniqueSteadyStateError}
   * @throws {NoDerivativeError} where layers come to no answer
   * @throws {ParameterError} where it takes more memory than there is
   * @throws {StoppedError}
   */
  static async with<T>(
    request: SensitivityRequest,
    use: (machine: LayeredSensitivity) => Promise<T>,
    hooks: LayeredFluctuationHooks = {},
    needs: 'inverse' | 'frequency' = 'inverse',
  ): Promise<T> {
    const onSearch = async (share: number) => (await hooks.onSearch?.(share)) ?? true;
    const operators = new MachineOperators(request);
    const { system, eigenstates } = operators;
    const make = async (solved: SolvedLayers, inverse: LayeredInverse, symmetry: Symmetry) => {
      inverse.disturbances = eigenstates?.disturbances ?? [];
      const rounded = await inverse.stateCorrection();
      const moved = await inverse.stateDisturbed();
      const of = [operators, solved, inverse, onSearch, symmetry, rounded, moved] as const;
      return { of: await use(new LayeredSensitivity(...of)) };
    };
    const found = await withInverse(system, hooks, needs, make, eigenstates !== null);
    if (found !== null) return found.of;
    await requireSteadyState(system, hooks);
    throw new NoDerivativeError('solving it in layers comes to no answer');
  }

  flow(quantities: readonly string[], channels: readonly string[]): readonly Part[] {
    const { equation, quantities: all, eigenstates } = this.operators;
    return quantities.flatMap((name) =>
      channels.flatMap((channel): readonly Part[] => {
        const at = equation.dissipators.findIndex((one) => one.name === channel);
        if (at < 0 && channel !== 'hamiltonian') throw new RangeError(`no channel ${channel}`);
        const own = adjointAction(equation, at + 1, all[name]);
        return eigenstates?.has(channel) ? [...own, { bath: channel, quantity: all[name] }] : own;
      }),
    );
  }

  mean(quantity: string): readonly Part[] {
    return this.operators.quantities[quantity];
  }

  times(of: readonly Part[], by: Expression): readonly Part[] {
    return of.flatMap((part): readonly Part[] =>
      isTerm(part) ? scale([part], by) : [{ ...part, quantity: scale(part.quantity, by) }],
    );
  }

  async differential(of: readonly Part[]): Promise<Differential> {
    const { operators, inverse } = this;
    const { edge } = this.#state;
    const { rho, rounded, moved } = this.#apart;
    const { tape, eigenstates, system } = operators;
    const x = joined(sum(of.filter(isTerm)));
    const own = placedForm(tape, x);
    const between = of.flatMap((part) => {
      if (isTerm(part) || eigenstates === null) return [];
      const quantity = operators.operator(part.quantity);
      return [{ ...part, quantity, form: placedForm(tape, part.quantity), eigenstates }];
    });
    const { space } = inverse.state;
    const zero = (): DensityMatrix => ({ space, elements: new Float64Array(2 * space.size) });
    const matrix = embedded(matrixOf(operators.operator(x), system.states), space);
    // What the row is off by in each of them.
    const disturbed = moved.map(zero);
    let lost = 0;
    const acting = between.map(({ bath, quantity, form, eigenstates }) => {
      const observed = embedded(matrixOf(quantity, system.states), space);
      const made = eigenstates.dissipated(bath, observed, true);
      made.elements.forEach((value, i) => {
        matrix.elements[i] += value;
      });
      disturbed.forEach(({ elements }, which) => {
        const other = eigenstates.dissipatedBeside(which, bath, observed, true).elements;
        for (let i = 0; i < elements.length; i++) elements[i] += other[i] - made.elements[i];
      });
      lost += eigenstates.lostIn(bath, quantity, rho.value);
      const image = known(
        eigenstates.dissipated(bath, inverse.state),
        eigenstates.dissipated(bath, rounded),
        besides(inverse.state, moved).map((state, which) =>
          eigenstates.dissipatedBeside(which, bath, state),
        ),
      );
      return {
        bath,
        form,
        image,
        observed: known(
          observed,
          zero(),
          moved.map(() => observed),
        ),
      };
    });
    const read = await inverse.adjointOf(matrix, { disturbed });
    const slopes = new LayeredSlopes(operators);
    slopes.addMean(own, 1, rho);
    for (const { bath, form, image, observed } of acting) {
      slopes.addMean(form, 1, image);
      slopes.addEigenstates(1, rho, observed, [bath]);
    }
    const adjoint = known(read.adjoint, read.rounded, besides(read.adjoint, read.disturbed));
    slopes.addGenerator(-1, rho, adjoint);
    const { value, error } = read.mean;
    const beside = moved.map((one, which) =>
      Math.abs(overlap(matrix, one) + overlap(disturbed[which], inverse.state)),
    );
    lost += SAFETY * Math.max(0, ...beside);
    // Elements beyond the layers are as small beside the outermost ones as these beside all.
    return {
      value: { value, error: error + lost },
      gradient: slopes.gradient(read.leftOut * edge),
    };
  }

  currentAndNoise(bath: string) {
    return currentAndNoise(this.#state, bath);
  }

  /** The gap of the generator. @throws {NoDerivativeError | Ended} */
  gap(): Promise<Differential> {
    return gapInLayers(this.#state, this.solved, this.onSearch);
  }

  async entropyProduction(): Promise<Differential> {
    const { eigenstates, absent } = this.operators;
    const own = await entropyProduction(this.#state);
    if (eigenstates === null) return own;
    const isOfBoth = ({ name }: { readonly name: string }) => isMixed(this.#state, name);
    const heats = eigenstates.baths
      .filter((bath) => !isOfBoth(bath))
      .flatMap(({ name, beta }) => this.times(this.flow(['total'], [name]), negative(beta)));
    const parts = [own, await this.differential(heats)];
    for (const { name } of eigenstates.baths.filter(isOfBoth)) {
      parts.push(await entropyOfMixed(this.#state, this.#apart, name));
    }
    const { value, gradient } = total(parts);
    // What leaves another state than Gibbs' alone with them is not known.
    const unknown = absent.map(
      ({ name, bath }) => [name, `what ${bath} leaves alone with it is not known`] as const,
    );
    return { value, gradient: new Map([...gradient, ...unknown]) };
  }

  /** Null where the state has too many levels for its eigenvectors, and where nothing has a derivative by it. */
  fisherInformation(parameter: string): Promise<Estimate | null> {
    this.#information ??= new LayeredInformation(this.#state);
    return this.#information.about(parameter);
  }
}
