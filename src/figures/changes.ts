/** The paper's figures at other parameters than the paper's. */
import { type DeviceInput, type DeviceParameters, deviceParameters } from '../model/parameters.js';

/** What is other than in the paper; nothing for the paper's own figure. */
export type Changes = Readonly<Partial<DeviceInput>>;

/** Parameters with the changes. @throws {ParameterError} */
export const withChanges = (parameters: DeviceParameters, changes: Changes): DeviceParameters =>
  isUnchanged(changes) ? parameters : deviceParameters({ ...parameters, ...changes });

/** Whether the figure is the paper's, and its claims can be held against it. */
export const isUnchanged = (changes: Changes): boolean => Object.keys(changes).length === 0;
