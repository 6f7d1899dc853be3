/** What is prepared of the paper's machine, for its steady states to be found without deriving anything. */
import { preparedSector } from '../lindblad/preparedSector.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import { valuesOf } from './device.js';
import { deviceOperators } from './deviceOperators.js';
import { MODELS, type Model, masterEquations } from './masterEquations/registry.js';
import { deviceParameters } from './parameters.js';
import { type MillRecord, preparedKey, writtenRecord } from './preparedRecords.js';

/** The record of devices with the default's terms. */
export function preparedMill(model: Model): { readonly key: string; readonly record: MillRecord } {
  const values = valuesOf(deviceParameters({ model }), null);
  const equation = masterEquations[model];
  const key = preparedKey(equation.name, activityKey(mill, values));
  const sector = preparedSector(activeMachine(mill, values), equation.of);
  return { key, record: { sector, operators: deviceOperators(equation, values) } };
}

/** Texts by their keys. */
export const writtenMill = (): Record<string, string> =>
  Object.fromEntries(
    MODELS.map((model) => {
      const { key, record } = preparedMill(model);
      return [key, writtenRecord(record)];
    }),
  );
