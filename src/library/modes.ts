/** How devices relax. */
import type { Charge } from '../generator/symmetry.js';
import { type DeviceInput, deviceParameters, ParameterError } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { conservedCharges, modesByCharge } from '../simulate/anyModes.js';
import { checkedModes, DEFAULT_MODES } from '../simulate/modesCount.js';
import { machineSubject, millSubject, type SpectralSubject } from '../simulate/spectralSubject.js';
import { isNeutral } from '../spectrum/chargeSectors.js';
import { type Mode, type SectorModes, surelySlowest } from '../spectrum/modes.js';
import { rotorEdges } from '../state/densityMatrix.js';
import { type MachineChoice, QuantumMachine, readMachine } from './machine.js';
import {
  checkOptions,
  Pauses,
  type Running,
  readTruncation,
  type TruncationInput,
} from './running.js';

/** What a run has come to. */
export interface ModesProgress {
  /** Charges whose modes are found, and how many there are in all. */
  readonly done: number;
  readonly count: number;
}

export interface ModesOptions extends Running<ModesProgress> {
  readonly truncation?: TruncationInput | undefined;
  /** Modes of each charge, 1 to 200; by default 6. */
  readonly count?: number | undefined;
  /** Of which elements: ket less bra in each conserved charge. By default those of the populations, all 0. */
  readonly charges?: readonly (readonly number[])[] | undefined;
  /** Where modes are looked for; by default at the frequency of the slowest element. */
  readonly frequency?: number | undefined;
}

const KNOWN = ['count', 'charges', 'frequency', 'signal', 'onProgress'];

export interface ModesResult {
  readonly window: Window;
  /** The charges that are conserved: a number for each state, and one by which a level counts. */
  readonly charges: readonly Charge[];
  /** The slowest mode of the populations, by which the steady state is reached; null where it is not asked for. */
  readonly gap: Mode | null;
  readonly sectors: readonly SectorModes[];
  /** Populations of the lowest and the highest level. */
  readonly edges: readonly [number, number];
}

/**
 * The slowest modes of a device: rates and frequencies of the eigenvalues of its generator, with errors, conditions
 * and what they are like. A signal is heard between two charges,
 * and between products on a wide window without a charge that counts levels, which is solved in layers.
 * @param device its parameters, with a potential on a window of few levels; those that are absent are at their defaults
 * @throws {ParameterError | UnknownKeyError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 */
export function modes(device?: DeviceInput, options?: ModesOptions): Promise<ModesResult>;
/** The same of a machine. @throws {WideSectorError} where its blocks are too wide to be eliminated, and layers are no way to it */
export function modes<P extends string>(
  machine: QuantumMachine<P>,
  options?: ModesOptions & MachineChoice<P>,
): Promise<ModesResult>;
export async function modes<P extends string>(
  of: DeviceInput | QuantumMachine<P> = {},
  options: ModesOptions & MachineChoice<P> = {},
): Promise<ModesResult> {
  checkOptions(options, KNOWN, of instanceof QuantumMachine);
  const { count: asked = DEFAULT_MODES, charges, frequency, signal, onProgress } = options;
  const count = checkedModes(asked);
  const pauses = new Pauses(signal);
  const { system, operators } = subjectOf(of, options);
  await pauses.between();
  const conserved = conservedCharges(system);
  const wanted = (charges ?? [conserved.map(() => 0)]).map((charge) => fitting(charge, conserved));
  const going = async () => {
    await pauses.between();
    return true;
  };
  const found = await modesByCharge(
    system,
    { count, wanted, observables: operators, frequency },
    { onIteration: going, onFactorisation: going, onSearch: going },
  );
  const sectors: SectorModes[] = [];
  for (const charge of wanted) {
    await pauses.between();
    sectors.push(found.of(charge)?.modes ?? refused(charge, conserved));
    onProgress?.({ done: sectors.length, count: wanted.length });
  }
  const neutral = sectors.find(({ charge }) => isNeutral(charge));
  return {
    window: system.window,
    charges: conserved,
    gap: neutral === undefined || surelySlowest(neutral) === 0 ? null : neutral.modes[0],
    sectors,
    edges: rotorEdges(found.steady),
  };
}

type Numbers = readonly number[];

const refused = (charge: Numbers, { length }: readonly Charge[]): never => {
  const allowed = `${length} integers, one for each conserved charge, that elements of the state have`;
  throw new ParameterError('charges', charge.join(','), allowed);
};

/** @throws {ParameterError} */
function fitting(charge: Numbers, charges: readonly Charge[]): Numbers {
  const fits = charge.length === charges.length && charge.every(Number.isInteger);
  return fits ? charge : refused(charge, charges);
}

function subjectOf<P extends string>(
  of: DeviceInput | QuantumMachine<P>,
  options: ModesOptions & MachineChoice<P>,
): SpectralSubject {
  if (!(of instanceof QuantumMachine)) {
    return millSubject(deviceParameters(of), readTruncation(options.truncation));
  }
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  return machineSubject(described, values, window, edgeTolerance);
}
