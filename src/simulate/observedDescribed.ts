/** A described machine as a function of its parameters. */
import { cpuBackend } from '../backend/cpu/backend.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { MachineError, suggestion } from '../machine/description/error.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { differentiatedMachine } from './describedSensitivity.js';
import { fluctuatingReaders } from './fluctuatingReaders.js';
import { askedNames, askedReader } from './machineAsked.js';
import { columnNames, columnsOf } from './machineColumns.js';
import { checkedValue, parameterOf } from './machineInputs.js';
import { type MachineReading, machineSteady } from './machineSteady.js';
import { MachineSystem } from './machineSystem.js';
import {
  checkEnd,
  known,
  type ObservedMachine,
  type ObservedPoint,
  parameterItself,
  widened,
} from './observedMachine.js';
import { UNASKED } from './route.js';
import { differentialsOf } from './sensitivity.js';

export class ObservedDescribed implements ObservedMachine {
  readonly #system: MachineSystem;
  readonly #names: readonly string[];

  constructor(
    private readonly described: DescribedMachine,
    readonly values: Values,
    private readonly window: Window,
    private readonly edgeTolerance: number,
  ) {
    this.#system = new MachineSystem(described);
    this.#names = described.parameters.map(({ name }) => name);
  }

  check(field: string, name: string): void {
    const { described } = this;
    const names = [...columnNames(described), ...askedNames(described), ...this.#names];
    if (names.includes(name)) return;
    const allowed = `made of what a sweep of ${described.name} records, and parameters`;
    throw new ParameterError(field, name, allowed + suggestion(name, names));
  }

  checkRange(name: string, ends: readonly number[]): void {
    const { described } = this;
    const parameter = parameterOf(described, name, 'over');
    for (const end of ends) {
      checkedValue(parameter, end);
      checkEnd(described.machine, name, end);
    }
  }

  wider(window: Window): Window | null {
    const { open, lmin } = this.described.ladder;
    if (!open.above) return null;
    const wide = widened(window);
    return open.below ? wide : { ...wide, lmin, size: wide.lmax - lmin + 1 };
  }

  async at(
    varied: Readonly<Record<string, number>>,
    differentiated: boolean,
    window: Window = this.window,
  ): Promise<ObservedPoint | null> {
    const values = { ...this.values, ...varied };
    const of = [this.#system, values, window] as const;
    try {
      const reading = await machineSteady(...of, UNASKED, this.edgeTolerance, cpuBackend());
      const { problems, relativeResidual, edges } = reading;
      return {
        read: differentiated
          ? this.#differentiated(values, window)
          : this.#valueOf(values, reading),
        window,
        edges: [edges.below ?? 0, edges.above ?? 0],
        relativeResidual,
        problems,
      };
    } catch (error) {
      if (error instanceof NoSteadyStateError || error instanceof MachineError) return null;
      throw error;
    }
  }

  #valueOf(values: Values, reading: MachineReading) {
    const asked = askedNames(this.described);
    const readAsked = askedReader(this.described, reading);
    return async (name: string): Promise<Differential | null> => {
      if (this.#names.includes(name)) return parameterItself(name, values[name]);
      const value = asked.includes(name) ? await readAsked(name) : columnsOf(reading)[name];
      return value === null || value === undefined || Number.isNaN(value) ? null : known(value);
    };
  }

  #differentiated(values: Values, window: Window) {
    const of = differentiatedMachine(this.#system, values, window);
    const currents = Object.fromEntries(this.described.baths.map(({ name }) => [name, name]));
    const read = differentialsOf({
      ...of,
      readers: (machine, gap) => ({
        ...of.readers(machine, gap),
        ...fluctuatingReaders(machine, currents),
      }),
    });
    return async (name: string): Promise<Differential> =>
      this.#names.includes(name)
        ? parameterItself(name, values[name])
        : read(READER_OF[name] ?? name.replace(/^energies\./, 'energy.'));
  }
}

/** What `sensitivity` calls otherwise than a sweep does. */
const READER_OF: Readonly<Record<string, string>> = { 'ladder.mean': 'ladder' };
