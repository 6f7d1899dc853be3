/** How a command ends that could not do its work: an exit status and one line, never a stack trace. */
import { getSystemErrorMap } from 'node:util';
import { BAD_INPUT, NOT_CONVERGED, STORE_FAILED } from './command.js';
import { oneLine } from './terminal.js';

export interface Ending {
  readonly status: number;
  /** For stderr; null where it was said already. */
  readonly line: string | null;
}

/** By name: the modules of the classes would be loaded with them. Their messages say what is wrong. */
const STATUSES: Readonly<Record<string, number>> = {
  ParameterError: BAD_INPUT,
  UnknownKeyError: BAD_INPUT,
  MachineError: BAD_INPUT,
  OpenSystemError: BAD_INPUT,
  NoAdapterError: BAD_INPUT,
  PrecisionError: BAD_INPUT,
  OutOfDeviceMemoryError: BAD_INPUT,
  NoSteadyStateError: NOT_CONVERGED,
  NonUniqueSteadyStateError: NOT_CONVERGED,
  OutOfRangeError: NOT_CONVERGED,
  StoreError: STORE_FAILED,
  SlurmError: STORE_FAILED,
  MissingPackageError: STORE_FAILED,
  PackageLoadError: STORE_FAILED,
  DeviceLostError: STORE_FAILED,
  DeviceValidationError: STORE_FAILED,
};

/** What V8 says where memory, or the longest array or string, is not enough. */
const OUT_OF_MEMORY =
  /allocation failed|invalid (typed )?array length|invalid string length|array buffer.*size|map maximum size/i;

/** What the operating system refused, in its own words. */
function systemReason({ code, errno, path }: NodeJS.ErrnoException): string {
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  const what = words === undefined ? `${code}` : `${words} (${code})`;
  return path === undefined ? what : `${path}: ${what}`;
}

/** The file and line of this program where an error arose. */
function placeOf({ stack = '' }: Error): string {
  const place = /([\w.-]+\.(?:js|ts):\d+):\d+\)?$/m.exec(stack)?.[1];
  return place === undefined ? '' : ` at ${place}`;
}

function reasonOf(error: Error): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined) return systemReason(error);
  // Node's resolver also says so of files that it could not open.
  if (code?.endsWith('MODULE_NOT_FOUND')) {
    return `not all of the program could be loaded (${error.message}): is it installed whole, and may it open enough files (ulimit -n)?`;
  }
  if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message)) {
    return `memory was not enough (${error.message}): ask for less at once`;
  }
  return `a fault of this program: ${error.name}: ${error.message}${placeOf(error)}`;
}

export function endingOf(error: unknown): Ending {
  if (!(error instanceof Error)) {
    return { status: STORE_FAILED, line: oneLine(`error: ${String(error)}`) };
  }
  if (error.name === 'CommanderError') {
    const { exitCode } = error as Error & { readonly exitCode: number };
    return { status: exitCode === 0 ? 0 : BAD_INPUT, line: null };
  }
  const known = STATUSES[error.name];
  if (known !== undefined) return { status: known, line: oneLine(`error: ${error.message}`) };
  return { status: STORE_FAILED, line: oneLine(`error: ${reasonOf(error)}`) };
}
