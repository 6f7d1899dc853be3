/** What an error means to whoever called: an exit status, or that it is a fault of ours. */
import { BAD_INPUT, NOT_CONVERGED, STORE_FAILED } from './command.js';

/** By name: the modules of the classes would be loaded with them. */
const statuses: Readonly<Record<string, number>> = {
  ParameterError: BAD_INPUT,
  UnknownKeyError: BAD_INPUT,
  NoAdapterError: BAD_INPUT,
  PrecisionError: BAD_INPUT,
  OutOfDeviceMemoryError: BAD_INPUT,
  NonUniqueSteadyStateError: NOT_CONVERGED,
  StoreError: STORE_FAILED,
  SlurmError: STORE_FAILED,
  MissingPackageError: STORE_FAILED,
};

/** The exit status of an error whose message says what is wrong; null where nobody foresaw it. */
export const statusOf = (error: unknown): number | null =>
  error instanceof Error ? (statuses[error.name] ?? null) : null;
