/** Two-time correlations of a machine's operators, and their spectra. */
import { type InitialInput, initialState } from '../model/initial.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../model/parameters.js';
import { correlateAnywhere } from '../simulate/anyCorrelation.js';
import type { Correlations } from '../simulate/correlate.js';
import { machineSubject, millSubject } from '../simulate/spectralSubject.js';
import { readFrequencies, readTimes } from '../simulate/times.js';
import type { Times } from './inTime.js';
import { type MachineChoice, QuantumMachine, readMachine } from './machine.js';
import { checkOptions, readTruncation } from './running.js';

export interface CorrelateOptions<P extends string = string> extends MachineChoice<P> {
  /** The operator that acts first; by default the adjoint of the other. */
  readonly b?: string | undefined;
  /** Times from B to A, rising from 0 on. */
  readonly tau?: Times | undefined;
  /** Angular frequencies of the spectrum, rising; of the steady state alone. */
  readonly frequency?: Times | undefined;
  /** B at this time after the initial state, in place of the steady state. */
  readonly from?: number | undefined;
  /** Of a device, with `from`; a machine has its own. */
  readonly initial?: InitialInput | undefined;
}

const KNOWN = ['b', 'tau', 'frequency', 'from', 'initial'];

/**
 * ⟨A(t + τ)B(t)⟩ by the quantum regression theorem, and S(ω) = ∫ e^{−iωτ} ⟨δA(τ)δB⟩ dτ in the steady state, each with
 * an error. Operators are expressions as machine files have them, such as `exp(i*phi)` or `sp(q1)*sm(q2)`, or names
 * of observables. Times are in the inverse of the parameters' energy (ħ = k_B = 1).
 * Without a charge that counts levels, as with a potential, wide windows are solved in layers, and correlations in time
 * take as much longer as the last of the times is later.
 * @param of the parameters of a device, or a machine
 * @throws {ParameterError | UnknownKeyError | MachineError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 * @throws {WideSectorError} where no conserved charge keeps the sectors narrow, and layers are no way to it
 */
export async function correlate<P extends string = string>(
  of: DeviceInput | QuantumMachine<P>,
  a: string,
  given: CorrelateOptions<P> = {},
): Promise<Correlations> {
  checkOptions(given, KNOWN, of instanceof QuantumMachine);
  const { b, tau, frequency, from, initial, ...options } = given;
  const { subject, start } =
    of instanceof QuantumMachine ? ofMachine(of, options, initial) : ofDevice(of, options, initial);
  if (from === undefined) {
    if (initial !== undefined) throw new ParameterError('from', from, 'given with initial');
  } else if (!(from >= 0 && from < Infinity)) {
    throw new ParameterError('from', from, 'a number ≥ 0');
  } else if (frequency !== undefined) {
    throw new ParameterError('frequency', frequency, 'absent with from: it is of steady states');
  }
  return correlateAnywhere(subject, {
    a,
    b,
    tau: tau === undefined ? [] : readTimes(tau, 'tau'),
    frequency: frequency === undefined ? [] : readFrequencies(frequency),
    start: from === undefined ? null : { initial: start(), t: from },
  });
}

function ofMachine<P extends string>(
  of: QuantumMachine<P>,
  options: MachineChoice<P>,
  initial: InitialInput | undefined,
) {
  if (initial !== undefined) {
    throw new ParameterError('initial', initial, 'absent with a machine, which has its own');
  }
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  const subject = machineSubject(described, values, window, edgeTolerance);
  return { subject, start: subject.initial };
}

function ofDevice(
  device: DeviceInput,
  { truncation }: MachineChoice<string>,
  initial: InitialInput | undefined,
) {
  const parameters = deviceParameters(device);
  return {
    subject: millSubject(parameters, readTruncation(truncation)),
    start: () => initialState(parameters, initial),
  };
}
