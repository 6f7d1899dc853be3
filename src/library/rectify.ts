/** How well devices rectify. */
import { loadKernels } from '../lindblad/kernels.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../model/parameters.js';
import {
  type RectificationSearch,
  type Searched,
  searchBox,
  searchingRectification,
} from '../simulate/rectificationSearch.js';
import {
  angular,
  bothDirections,
  type DirectionPair,
  heat,
  withCutoffSettled,
} from '../simulate/rectify.js';
import type { Range } from '../simulate/search.js';
import type { AngularDefinition, Rectification } from '../thermo/rectification.js';
import { QuantumMachine } from './machine.js';
import {
  type MachineRectificationResult,
  type MachineRectifyOptions,
  rectifyMachine,
} from './ofMachines/rectify.js';
import {
  checkOptions,
  Pauses,
  type Provenance,
  type Running,
  readTruncation,
  type TruncationInput,
} from './running.js';

export interface RectificationProgress {
  /** Devices evaluated so far. */
  readonly evaluations: number;
}

export interface RectifyOptions extends Running<RectificationProgress> {
  readonly truncation?: TruncationInput | undefined;
  /** What a search varies: names, or ranges by name. Without it nothing is searched. */
  readonly over?: readonly Searched[] | Readonly<Partial<Record<Searched, Range>>> | undefined;
  /** Weights α of R against J in Γ_α; by default 0, 0.5 and 1. */
  readonly alpha?: readonly number[] | undefined;
  /** R_angular as printed (`signed`, the default), or of the magnitudes of ⟨L_z⟩. */
  readonly definition?: AngularDefinition | undefined;
}

export interface RectificationResult extends Provenance, DirectionPair {
  readonly definition: AngularDefinition;
  /** R and J of heat, Eqs. (38) to (40). */
  readonly heat: Rectification;
  /** R_angular and J_angular, Eqs. (42) and (43). */
  readonly angular: Rectification;
  /** Null where nothing was searched. */
  readonly search: RectificationSearch | null;
  readonly converged: boolean;
}

const DEFINITIONS: readonly AngularDefinition[] = ['signed', 'magnitude'];
const KNOWN = ['over', 'alpha', 'definition', 'signal', 'onProgress'];

/**
 * A device in both directions of heat, and the best of its kind: on the CPU, without potential.
 * @throws {ParameterError} for what is not allowed; at equal temperatures, and for λ = 0
 */
export function rectify(
  device?: DeviceInput,
  options?: RectifyOptions,
): Promise<RectificationResult>;
/**
 * A machine before and after two of its baths change places.
 * @throws {ParameterError} where no two baths can, and for equal values of what is exchanged
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 */
export function rectify<P extends string>(
  machine: QuantumMachine<P>,
  options?: MachineRectifyOptions<P>,
): Promise<MachineRectificationResult>;
export async function rectify<P extends string>(
  of: DeviceInput | QuantumMachine<P> = {},
  options: RectifyOptions | MachineRectifyOptions<P> = {},
): Promise<RectificationResult | MachineRectificationResult> {
  return of instanceof QuantumMachine
    ? rectifyMachine(of, options as MachineRectifyOptions<P>)
    : rectifyDevice(of, options as RectifyOptions);
}

async function rectifyDevice(
  device: DeviceInput,
  options: RectifyOptions,
): Promise<RectificationResult> {
  checkOptions(options, KNOWN, false);
  const { signal, onProgress, over, alpha = [0, 0.5, 1], definition = 'signed' } = options;
  if (!DEFINITIONS.includes(definition)) {
    throw new ParameterError('definition', definition, `one of ${DEFINITIONS.join(', ')}`);
  }
  const parameters = deviceParameters(device);
  const truncation = readTruncation(options.truncation);
  const pauses = new Pauses(signal);
  const settled = withCutoffSettled(parameters, truncation);
  const pair = bothDirections(settled, truncation);
  let search: RectificationSearch | null = null;
  if (over !== undefined) {
    const ranges: Readonly<Record<string, Range | undefined>> = Array.isArray(over)
      ? Object.fromEntries(over.map((name) => [name, undefined]))
      : over;
    const box = searchBox(ranges, parameters);
    await loadKernels();
    const of = { parameters, truncation, box, alphas: alpha, definition };
    const steps = searchingRectification(of);
    let step = steps.next();
    for (let evaluations = 1; !step.done; evaluations++) {
      onProgress?.({ evaluations });
      await pauses.between();
      step = steps.next();
    }
    search = step.value;
  }
  const { cutoff } = settled;
  return {
    ...pair,
    definition,
    heat: heat(pair, settled),
    angular: angular(pair, definition),
    search,
    converged: pair.forward.converged && pair.swapped.converged,
    ...pauses.onHost(parameters, typeof cutoff === 'number' ? cutoff : null),
  };
}
