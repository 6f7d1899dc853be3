/** What of fluctuations has a frequency, a counting field or a time, as users ask for it. */
import type { DynamicRequest, WaitingRequest } from '../fluctuations/dynamics.js';
import { UnknownJumpsError } from '../fluctuations/waitingTimes.js';
import { ParameterError } from '../model/parameters.js';
import { readFrequencies, readTimes } from './times.js';

interface Asked {
  readonly frequency?: unknown;
  readonly counting?: unknown;
  readonly waiting?: unknown;
  readonly tau?: unknown;
}

/** What is asked for; undefined for nothing. @throws {ParameterError} */
export function readDynamics({ frequency, counting, waiting, tau }: Asked) {
  if (tau !== undefined && waiting === undefined) {
    throw new ParameterError('tau', tau, 'given with waiting');
  }
  if (frequency === undefined && counting === undefined && waiting === undefined) return undefined;
  const asked: DynamicRequest = {
    frequencies: frequency === undefined ? null : readFrequencies(frequency),
    fields: counting === undefined ? null : readFrequencies(counting, 'counting'),
    waiting: waiting === undefined ? null : readWaiting(String(waiting), tau),
  };
  return asked;
}

function readWaiting(given: string, tau: unknown): WaitingRequest {
  const jumps = given.split(',').map((text) => {
    const [, bath, direction] = /^\s*(.+?)(?::(in|out))?\s*$/.exec(text) ?? [];
    if (bath === undefined) {
      throw new ParameterError('waiting', given, 'names of baths, each alone or with :in or :out');
    }
    return { bath, direction: direction === undefined ? null : (direction as 'in' | 'out') };
  });
  return { jumps, times: tau === undefined ? [] : readTimes(tau, 'tau') };
}

/** An error of what was asked for, as its user shall read it. */
export const dynamicsError = (error: unknown, { waiting }: Asked): unknown =>
  error instanceof UnknownJumpsError
    ? new ParameterError('waiting', waiting, error.message)
    : error;
