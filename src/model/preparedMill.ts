/**
 * What is prepared of the paper's machine, for its steady states to be found without deriving anything, and for many of
 * them without writing code that does not depend on which quantities are asked for.
 */
import { preparedSector } from '../lindblad/preparedSector.js';
import { sectorModule } from '../lindblad/sectorModule.js';
import { CompiledSector } from '../lindblad/sectorSolution.js';
import { activeMachine, activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import { tableLoopsCode } from '../machine/tableLoopsCode.js';
import { rotorWindow } from '../operators/window.js';
import { eliminations } from '../solve/eliminationKernel.js';
import { substitutions, substitutionsOfTwo } from '../solve/factorsKernel.js';
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

/** On windows with fewer levels code may be another one. */
const WINDOW = rotorWindow(-20, 40);

/** Code of WebAssembly that its steady states are solved by, by keys. */
export function writtenCode(): Record<string, Uint8Array> {
  const shaped = MODELS.flatMap((model) => {
    const values = valuesOf(deviceParameters({ model }), null);
    const { siteWidth, sitePaired, reaches } = CompiledSector.of(
      activeMachine(mill, values),
      masterEquations[model].of,
    ).bind(WINDOW).sector;
    const shape = { width: siteWidth, paired: sitePaired, reach: reaches };
    return [eliminations, substitutions, substitutionsOfTwo].map((modules) => modules.of(shape));
  });
  return Object.fromEntries(
    [tableLoopsCode, sectorModule, ...shaped].map(({ key, bytes }) => [key, bytes]),
  );
}
