/** What modes and correlations are asked of: the paper's device, or another machine, as operators on a window. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { OpenEnds } from '../machine/description/ladder.js';
import type { Values } from '../machine/tape.js';
import { type Device, device, requireLevels } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Window } from '../operators/window.js';
import type { NamedOperator } from '../spectrum/modes.js';
import type { InitialState } from '../state/initialState.js';
import { WITHOUT_END } from './edgeProblems.js';
import { type Formulas, millFormulas } from './formulas.js';
import { machineInitial } from './machineInitial.js';
import { MachineSystem } from './machineSystem.js';
import { machineOperators, millOperators } from './namedOperators.js';
import { startWindow } from './solveSteady.js';
import { steadyState } from './steady.js';

export interface SpectralSubject {
  readonly name: string;
  readonly system: OpenSystem;
  readonly operators: readonly NamedOperator[];
  readonly formulas: Formulas;
  /** Ω of the paper's machine in the global model; null elsewhere. */
  readonly cutoff: number | null;
  readonly edgeTolerance: number;
  /** Whether levels beyond the window are cut off. */
  readonly open: OpenEnds;
}

export interface MachineSubject extends SpectralSubject {
  /** Where its file has evolutions begin. @throws {ParameterError} */
  readonly initial: () => InitialState;
}

/** The paper's device on the window that is given, or on one that holds it, in a potential without that. */
export function millOn(parameters: DeviceParameters, truncation: Truncation): Device {
  if (!hasPotential(parameters)) return steadyState(parameters, truncation).device;
  requireLevels(parameters, truncation);
  return device(parameters, startWindow(parameters, truncation));
}

/** @throws {NoSteadyStateError} */
export function millSubject(parameters: DeviceParameters, truncation: Truncation): SpectralSubject {
  const of = millOn(parameters, truncation);
  const { model, cutoff: _, ...numbers } = parameters;
  const { system, cutoff } = of;
  return {
    name: `mill, ${model}`,
    system,
    operators: millOperators(of),
    formulas: millFormulas(system.window, numbers),
    cutoff,
    edgeTolerance: truncation.edgeTolerance,
    open: WITHOUT_END,
  };
}

/** @throws {MachineError} */
export function machineSubject(
  described: DescribedMachine,
  values: Values,
  window: Window,
  edgeTolerance: number,
): MachineSubject {
  const numbers = new MachineSystem(described).on(window, values);
  const { name, ladder, scope } = described;
  return {
    name,
    system: numbers.system,
    operators: machineOperators(numbers),
    formulas: { scope, values },
    cutoff: null,
    edgeTolerance,
    open: ladder.open,
    initial: () => machineInitial(numbers),
  };
}
