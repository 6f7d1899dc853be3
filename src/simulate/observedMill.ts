/** The paper's device as a function of its parameters. */

import { mill } from '../machine/mill.js';
import { device } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import {
  type DeviceParameters,
  deviceParameters,
  nearest,
  ParameterError,
  type Truncation,
} from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { fluctuatingReaders, once } from './fluctuatingReaders.js';
import { loadCodeFor, withAsked } from './loadObservables.js';
import { valuesOf } from './millSector.js';
import { differentiatedMill, millParameters, steadyInLayers } from './millSensitivity.js';
import { NAMED_OBSERVABLES, type ObservableName } from './observableRecords.js';
import { numberOf } from './observe.js';
import {
  checkEnd,
  known,
  type ObservedMachine,
  type ObservedPoint,
  parameterItself,
  widened,
} from './observedMachine.js';
import { windowVerdict } from './rotorTails.js';
import { type DifferentiatedMachine, differentialsOf, type Readers } from './sensitivity.js';
import { sharedCutoff } from './sharedCutoff.js';
import { SteadyReading } from './steadyReading.js';
import { verdictOf } from './verdict.js';

/** Observables of `sensitivity` that no steady state is printed with. */
const RATIOS = ['ratio.efficiency', 'ratio.cop'];
/** The relative error from which on another bath is tried. */
const ENOUGH = 1e-10;
const CURRENTS = { N1: 'bath1', N2: 'bath2', L: 'load' } as const;

/** The same with currents and noise by the names of observables. */
function withFluctuations(
  parameters: DeviceParameters,
  of: DifferentiatedMachine,
): DifferentiatedMachine {
  if (masterEquationOf(parameters).reach !== 'own') return of;
  const relations = Object.keys(CURRENTS).map((name) => `TUR.${name}`);
  return {
    ...of,
    readers: (machine, gap) => {
      const fluctuating = fluctuatingReaders(machine, CURRENTS);
      // Charges leave one current free: whichever bath it is counted at, its relation is one and the same number.
      const relation = once(() => leastLost(relations.map((name) => fluctuating[name])));
      return {
        ...of.readers(machine, gap),
        ...fluctuating,
        ...Object.fromEntries(relations.map((name) => [name, relation])),
      };
    },
  };
}

/** The first one that is known well enough, or the one that is known best. */
async function leastLost(readers: readonly Readers[string][]): Promise<Differential> {
  let best: Differential | undefined;
  for (const reader of readers) {
    const found = await reader();
    if (best === undefined || found.value.error < best.value.error) best = found;
    if (best.value.error <= ENOUGH * Math.abs(best.value.value)) break;
  }
  return best as Differential;
}

const isObservable = (name: string): name is ObservableName =>
  NAMED_OBSERVABLES.some((one) => one === name);

/** Ω as a number, which is held: a derivative would not know of it. */
function settled(parameters: DeviceParameters, truncation: Truncation): DeviceParameters {
  const { cutoff } = parameters;
  if (masterEquationOf(parameters).cutoff === null || typeof cutoff === 'number') return parameters;
  return { ...parameters, cutoff: sharedCutoff([parameters], truncation) };
}

export class ObservedMill implements ObservedMachine {
  readonly parameters: DeviceParameters;
  readonly values: Readonly<Record<string, number>>;
  readonly #names: readonly string[];

  constructor(
    given: DeviceParameters,
    private readonly truncation: Truncation,
  ) {
    this.parameters = settled(given, truncation);
    this.#names = millParameters(this.parameters);
    this.values = valuesOf(this.parameters, this.cutoff);
  }

  /** Ω, the same throughout; null in the local model. */
  get cutoff(): number | null {
    const { cutoff } = this.parameters;
    return typeof cutoff === 'number' && masterEquationOf(this.parameters).cutoff !== null
      ? cutoff
      : null;
  }

  /** The names that stand for something. @throws {ParameterError} for another one */
  check(field: string, name: string): void {
    const names = [...NAMED_OBSERVABLES, ...RATIOS, ...this.#names];
    if (names.includes(name)) return;
    const allowed = 'made of observables, as qmill steady has them, and parameters';
    throw new ParameterError(field, name, `${allowed}; did you mean ${nearest(name, names)}?`);
  }

  /** The ends of a range. @throws {ParameterError} */
  checkRange(name: string, ends: readonly number[]): void {
    if (!this.#names.includes(name)) {
      throw new ParameterError('over', name, `parameters among ${this.#names.join(', ')}`);
    }
    for (const end of ends) {
      deviceParameters({ ...this.parameters, [name]: end });
      checkEnd(mill, name, end);
    }
  }

  readonly wider = (window: Window): Window => widened(window);

  async at(
    varied: Readonly<Record<string, number>>,
    differentiated: boolean,
    window?: Window,
  ): Promise<ObservedPoint | null> {
    const parameters = deviceParameters({ ...this.parameters, ...varied });
    await loadCodeFor(NAMED_OBSERVABLES);
    const { truncation } = this;
    try {
      const state = await steadyInLayers(parameters, { ...truncation, ...window });
      const reading = new SteadyReading(state);
      const { device } = state;
      const solved = device.system.window;
      const held = windowVerdict(parameters, solved, reading.edges, truncation.edgeTolerance);
      const verdict = verdictOf(reading, 'f64');
      return {
        read: differentiated
          ? this.#differentiated(parameters, solved, device.cutoff)
          : (name) => this.#value(name, parameters, reading),
        window: solved,
        edges: reading.edges,
        relativeResidual: verdict.relativeResidual,
        problems: [...held.problems, ...verdict.problems],
      };
    } catch (error) {
      if (error instanceof NoSteadyStateError) return null;
      throw error;
    }
  }

  async #value(
    name: string,
    parameters: DeviceParameters,
    reading: SteadyReading,
  ): Promise<Differential | null> {
    const values: Readonly<Record<string, unknown>> = { ...parameters };
    if (this.#names.includes(name)) return parameterItself(name, Number(values[name]));
    if (!isObservable(name)) {
      const { system, cutoff } = reading.state.device;
      return this.#differentiated(parameters, system.window, cutoff)(name);
    }
    const state = await withAsked(reading.state, [name]);
    const value = numberOf(name, state === reading.state ? reading : new SteadyReading(state));
    return Number.isNaN(value) ? null : known(value);
  }

  #differentiated(parameters: DeviceParameters, window: Window, cutoff: number | null) {
    const system = () => device(parameters, window).system;
    const of = differentiatedMill(parameters, window, cutoff, system);
    const read = differentialsOf({
      ...withFluctuations(parameters, of),
      parameters: this.#names,
    });
    return async (name: string): Promise<Differential> =>
      this.#names.includes(name) ? parameterItself(name, of.request.values[name]) : read(name);
  }
}
