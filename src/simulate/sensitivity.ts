/** Observables of a steady state with their derivatives by every parameter, whatever the machine. */
import type { Estimate } from '../lindblad/estimate.js';
import { getOrInsert } from '../maps.js';
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import {
  type Differentiable,
  derivativeBy,
  isLeftOut,
  MachineSensitivity,
  type SensitivityRequest,
} from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { gapInSector } from './gapSlopes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { LayeredSensitivity } from './layeredSensitivity.js';
import { isWithoutSector } from './millSector.js';
import type { SolvedInSector } from './sectorVerdict.js';

/** What is asked of a steady state, and how it is read. */
export type Readers = Readonly<Record<string, () => Differential | Promise<Differential>>>;

/** The derivative of an observable by one parameter. */
export interface Derivative extends Estimate {
  /** By how much the observable changes of itself where the parameter does: (θ/O) dO/dθ; null where O may be 0. */
  readonly elasticity: number | null;
}

export interface Sensitivities extends SolvedInSector {
  readonly window: Window;
  /** Ω of the spectral densities, which the derivatives hold; null where there is none. */
  readonly cutoff: number | null;
  readonly observables: Readonly<
    Record<
      string,
      Estimate & {
        /** By parameter; null where there is none, of which notes say why. */
        readonly by: Readonly<Record<string, Derivative | null>>;
      }
    >
  >;
  /**
   * The quantum Fisher information about each parameter; null where nothing has a derivative by it, and of all where no
   * charge that counts levels is conserved and the state has too many levels for its eigenvectors.
   */
  readonly fisherInformation: Readonly<Record<string, Estimate | null>>;
  /** Why observables, or derivatives by a parameter, are not there. */
  readonly notes: readonly string[];
}

/** A machine on a window, and what of its steady state has derivatives. */
export interface DifferentiatedMachine {
  readonly request: SensitivityRequest;
  /** The same with its eigenstates as numbers, where jumps are between these; by default `request`. */
  readonly asNumbers?: SensitivityRequest;
  /** The same device as operators. */
  readonly system: () => OpenSystem;
  /** By what there are derivatives. */
  readonly parameters: readonly string[];
  /** Ω, which they hold; null where there is none. */
  readonly cutoff: number | null;
  /** @param gap that of the generator */
  readers<Part>(machine: Differentiable<Part>, gap: Readers[string]): Readers;
}

/** What is told of a steady state beside its derivatives. */
interface SolvedMachine extends SolvedInSector {
  fisherInformation(parameter: string): Estimate | null | Promise<Estimate | null>;
  /** Observables that take a search of their own: there where they are asked for by name. */
  readonly costly?: readonly string[];
}

/** An observable, or why it has no derivatives; thrown where it is asked for by its name. */
async function readOne(
  name: string,
  reader: Readers[string],
  isChosen: boolean,
): Promise<Differential | string> {
  try {
    return await reader();
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    if (!isChosen) return error.message;
    throw new ParameterError('of', name, `an observable with derivatives: ${error.message}`);
  }
}

/** Null where no charge that counts levels is conserved, or jumps are numbers. */
function sectorOf(request: SensitivityRequest): MachineSensitivity | null {
  if (request.coupled) return null;
  try {
    return new MachineSensitivity(request);
  } catch (error) {
    if (isWithoutSector(error)) return null;
    throw error;
  }
}

const readersInSector = (of: DifferentiatedMachine, machine: MachineSensitivity): Readers =>
  of.readers(machine, () => gapInSector(machine, of.system(), of.asNumbers ?? of.request));

const readersInLayers = (of: DifferentiatedMachine, machine: LayeredSensitivity): Readers =>
  of.readers(machine, () => machine.gap());

/**
 * Reads observables with their derivatives by name, each when it is asked for. Factors of layers are not kept: each name
 * has them found again.
 * @throws {NoDerivativeError} where one has none
 */
export function differentialsOf(
  of: DifferentiatedMachine,
): (name: string) => Promise<Differential> {
  const { request, parameters } = of;
  const inSector = sectorOf(request);
  const readers = inSector && readersInSector(of, inSector);
  const readBy = async (known: Readers, name: string): Promise<Differential> => {
    if (!Object.hasOwn(known, name)) throw new NoDerivativeError(`${name} has none`);
    return known[name]();
  };
  return async (name) => {
    const { value, gradient } = await (readers === null
      ? LayeredSensitivity.with(request, (machine) => readBy(readersInLayers(of, machine), name))
      : readBy(readers, name));
    const by = parameters.map(
      (one) => [one, derivativeBy({ value, gradient }, one, request)] as const,
    );
    return { value, gradient: new Map(by) };
  };
}

/**
 * All of it, in its sector or in layers.
 * @param chosen names of observables; null for all
 * @param hooks told of solutions in layers, which they may stop
 * @throws {ParameterError} for an observable that is not there, and where layers come to no answer
 * @throws {NonUniqueSteadyStateError}
 */
export async function sensitivities(
  of: DifferentiatedMachine,
  chosen: readonly string[] | null,
  hooks: LayeredFluctuationHooks,
): Promise<Sensitivities> {
  const { request } = of;
  const inSector = sectorOf(request);
  if (inSector !== null) return read(of, inSector, readersInSector(of, inSector), chosen);
  const needs = chosen?.includes('gap') === true ? 'frequency' : 'inverse';
  try {
    return await LayeredSensitivity.with(
      request,
      (machine) => read(of, machine, readersInLayers(of, machine), chosen),
      hooks,
      needs,
    );
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    const { lmax } = request.window;
    throw new ParameterError('lmax', lmax, `another for derivatives: ${error.message}`);
  }
}

/** Of the chosen observables, or of all. @throws {ParameterError} for one that is not there */
async function read(
  { request, parameters, cutoff }: DifferentiatedMachine,
  machine: SolvedMachine,
  readers: Readers,
  chosen: readonly string[] | null,
): Promise<Sensitivities> {
  const names =
    chosen ?? Object.keys(readers).filter((name) => machine.costly?.includes(name) !== true);
  const unknown = names.find((name) => !Object.hasOwn(readers, name));
  if (unknown !== undefined) {
    throw new ParameterError('of', unknown, `one of ${Object.keys(readers).join(', ')}`);
  }
  const observables: Record<string, Sensitivities['observables'][string]> = {};
  const notes: string[] = [];
  /** What has no derivative, by why. */
  const missing = new Map<string, string[]>();
  for (const name of names) {
    const differential = await readOne(name, readers[name], chosen !== null);
    if (typeof differential === 'string') {
      notes.push(`no derivatives of ${name}: ${differential}`);
      continue;
    }
    const { value, error } = differential.value;
    // What may be 0 changes by no share of itself.
    const isKnown = Math.abs(value) > error;
    const by = parameters.map((key): [string, Derivative | null] => {
      const slope = derivativeBy(differential, key, request);
      if (typeof slope === 'string') {
        const why = `by ${key}: ${slope}`;
        getOrInsert(missing, why, () => []).push(name);
        return [key, null];
      }
      const elasticity = isKnown ? (request.values[key] * slope.value) / value : null;
      return [key, { ...slope, elasticity }];
    });
    observables[name] = { ...differential.value, by: Object.fromEntries(by) };
  }
  const all = Object.keys(observables).length;
  for (const [why, of] of missing) {
    notes.push(`no derivatives ${of.length === all ? '' : `of ${of.join(', ')} `}${why}`);
  }
  const information: Record<string, Estimate | null> = {};
  for (const name of parameters) {
    information[name] = isLeftOut(name, request) ? null : await machine.fisherInformation(name);
  }
  return {
    window: request.window,
    cutoff,
    observables,
    fisherInformation: information,
    notes,
    ...(machine.space === undefined ? {} : { space: machine.space, method: machine.method }),
    residual: machine.residual,
    scale: machine.scale,
    edges: machine.edges,
  };
}
