/** What of fluctuations has a frequency, a counting field or a time, as users ask for it. */
import {
  type CountedName,
  type CountedTogether,
  type DynamicRequest,
  UnknownCounterError,
  type WaitingRequest,
} from '../fluctuations/dynamics.js';
import { UnknownJumpsError } from '../fluctuations/waitingTimes.js';
import { ParameterError } from '../model/parameters.js';
import { readFrequencies, readTimes } from './times.js';

interface Asked {
  readonly frequency?: unknown;
  readonly counting?: unknown;
  readonly counted?: unknown;
  readonly waiting?: unknown;
  readonly tau?: unknown;
}

/** What is asked for; undefined for nothing. @throws {ParameterError} */
export function readDynamics({ frequency, counting, counted, waiting, tau }: Asked) {
  if (tau !== undefined && waiting === undefined) {
    throw new ParameterError('tau', tau, 'given with waiting');
  }
  if (counted !== undefined && counting === undefined) {
    throw new ParameterError('counted', counted, 'given with counting');
  }
  if (frequency === undefined && counting === undefined && waiting === undefined) return undefined;
  const asked: DynamicRequest = {
    frequencies: frequency === undefined ? null : readFrequencies(frequency),
    fields: counting === undefined ? null : readFrequencies(counting, 'counting'),
    ...(counted === undefined ? {} : { counted: readCounted(String(counted)) }),
    waiting: waiting === undefined ? null : readWaiting(String(waiting), tau),
  };
  return asked;
}

function readCounted(given: string): CountedTogether[] {
  return given.split(',').map((text): CountedTogether => {
    const names = text.split('+').map((name): CountedName => {
      const [, heat, bath] = /^\s*(heat:)?(.+?)\s*$/.exec(name) ?? [];
      return { kind: heat === undefined ? 'quanta' : 'heat', bath: bath ?? '' };
    });
    const [first, second, ...others] = names;
    if (others.length > 0 || names.some(({ bath }) => bath === '')) {
      throw new ParameterError(
        'counted',
        given,
        'names of baths, with heat: before, or two with +',
      );
    }
    return second === undefined ? [first] : [first, second];
  });
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
export function dynamicsError(error: unknown, { waiting, counted }: Asked): unknown {
  if (error instanceof UnknownJumpsError) {
    return new ParameterError('waiting', waiting, error.message);
  }
  if (error instanceof UnknownCounterError) {
    return new ParameterError('counted', counted, error.message);
  }
  return error;
}
