/** What is prepared of the paper's machine, for its steady states to be found without deriving anything. */
import { preparedSector, writtenRecord } from '../lindblad/preparedSector.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import { valuesOf } from '../model/device.js';
import { MODELS, type Model, masterEquations } from '../model/masterEquations/registry.js';
import { deviceParameters } from '../model/parameters.js';
import { preparedKey } from './preparedRecords.js';

/** The record of a device with the default's terms. */
export function preparedMill(model: Model) {
  const values = valuesOf(deviceParameters({ model }), null);
  const record = preparedSector(activeMachine(mill, values), masterEquations[model].of);
  return { key: preparedKey(model, activityKey(mill, values)), record };
}

/** Texts by their keys. */
export const writtenMill = (): Record<string, string> =>
  Object.fromEntries(
    MODELS.map((model) => {
      const { key, record } = preparedMill(model);
      return [key, writtenRecord(record)];
    }),
  );
