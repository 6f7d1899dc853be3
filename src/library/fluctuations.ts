/** What fluctuates in steady states. */
import type { Fluctuations } from '../fluctuations/fluctuations.js';
import { type DeviceInput, deviceParameters } from '../model/parameters.js';
import { checkedOrder } from '../simulate/cumulantOrder.js';
import { dynamicsError, readDynamics } from '../simulate/dynamicRequest.js';
import { machineFluctuationsOf } from '../simulate/machineFluctuations.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { millFluctuationsOf } from '../simulate/steadyFluctuations.js';
import type { Times } from './inTime.js';
import { type MachineChoice, QuantumMachine, readMachine } from './machine.js';
import { checkOptions, readTruncation, type TruncationInput } from './running.js';

export interface FluctuationOptions {
  readonly truncation?: TruncationInput | undefined;
  /** How many cumulants of each current, 1 to 10; by default 2. */
  readonly order?: number | undefined;
  /** Angular frequencies of the noise: `dynamics.noise` is at each of them. */
  readonly frequency?: Times | undefined;
  /** Counting fields, at which there are `dynamics.largeDeviations`. */
  readonly counting?: Times | undefined;
  /**
   * With `counting`, what counts: `bath1` for its quanta, `heat:bath1`, or two together as `bath1+heat:load`, for
   * `dynamics.jointDeviations`; by default the quanta of each bath.
   */
  readonly counted?: string | undefined;
  /** Baths, as `load` or `bath1,load:in`: how long it takes from one of their jumps to the next. */
  readonly waiting?: string | undefined;
  /** With `waiting`, the times at which its probability is wanted. */
  readonly tau?: Times | undefined;
}

const KNOWN = ['order', 'frequency', 'counting', 'counted', 'waiting', 'tau'];

/** Mean and noise alone. */
const ORDER = 2;

/**
 * What each bath of a device brings in its steady state, and how much that fluctuates: currents with their
 * zero-frequency noise and cumulants, covariances, heat, entropy production, and the uncertainty relations between them.
 * Rates are per time, positive into the device; each estimate has its error.
 * @param device its parameters; those that are absent are at their defaults
 * @throws {ParameterError | UnknownKeyError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 */
export function fluctuations(
  device?: DeviceInput,
  options?: FluctuationOptions,
): Promise<Fluctuations>;
/**
 * The same of a machine.
 * @throws {ParameterError} where it conserves no charge that counts levels, and its window has too many of them
 */
export function fluctuations<P extends string>(
  machine: QuantumMachine<P>,
  options?: FluctuationOptions & MachineChoice<P>,
): Promise<Fluctuations>;
export async function fluctuations<P extends string>(
  of: DeviceInput | QuantumMachine<P> = {},
  options: FluctuationOptions & MachineChoice<P> = {},
): Promise<Fluctuations> {
  checkOptions(options, KNOWN, of instanceof QuantumMachine);
  const order = checkedOrder(options.order ?? ORDER);
  const asked = readDynamics(options);
  try {
    if (!(of instanceof QuantumMachine)) {
      const truncation = readTruncation(options.truncation);
      const parameters = deviceParameters(of);
      const { cutoff: _, ...found } = await millFluctuationsOf(
        parameters,
        truncation,
        order,
        asked,
      );
      return found;
    }
    const { described, values, window } = readMachine(of, options);
    const { betas } = new MachineSystem(described).on(window, values);
    const request = { order, asked };
    return await machineFluctuationsOf(described, values, window, betas, request);
  } catch (error) {
    throw dynamicsError(error, options);
  }
}
